import { Command } from 'commander';
import type { Shard } from '../../src/crawl/shard.ts';
import { addCommonOptions, addCrawlOptions, type CommonOptions, type CrawlOptions } from './run-options.ts';
import { createShardOption } from './shard-option.ts';

type CrawlCommandOptions = CommonOptions & CrawlOptions & { readonly shard?: Shard };

export function createCrawlCommand(): Command {
  return addCrawlOptions(addCommonOptions(new Command('crawl')))
    .description('sources -> snapshot; nothing is published')
    .addOption(createShardOption().conflicts('acceptRemovals'))
    .addHelpText(
      'after',
      `
With --shard the snapshot is read and not changed: crawl every shard, at once or one after the other, then \`merge\`. Which name is
of which shard follows from the name alone. Removals are decided by \`merge\`, so --accept-removals is given there.

Examples:
  $ registry-homepage crawl --registry http://localhost:5000 --state-dir /var/lib/registry-homepage
  $ registry-homepage crawl --config /etc/registry-homepage.yaml --shard 2/8`,
    )
    .action(async ({ shard, ...options }: CrawlCommandOptions) => {
      const { crawlShard, runSteps } = await import('./run-steps.ts');
      await (shard === undefined ? runSteps(options, { crawl: true, build: false }) : crawlShard(options, shard));
    });
}
