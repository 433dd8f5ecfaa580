import { Command } from 'commander';
import { addCommonOptions, addDecisionOptions } from './run-options.ts';

export function createMergeCommand(): Command {
  return addDecisionOptions(addCommonOptions(new Command('merge')))
    .description('shards -> snapshot: joins what `crawl --shard` left, and decides what is gone')
    .option('--build', 'build the site from it and publish it, in the same run; without this nothing is published')
    .argument('[folders...]', 'where the shards left it; by default shards/ of the state folder')
    .addHelpText(
      'after',
      `
The shards are of one number, crawled with these settings and from the snapshot that stands. What a missing one would have read stays
as it was and is marked as stale. Where no shard ran since the last merge, there is nothing to merge (69).
To accept removals that were held back, crawl every shard again first.

Examples:
  $ registry-homepage merge --build --config /etc/registry-homepage.yaml
  $ registry-homepage merge --config /etc/registry-homepage.yaml /srv/shards/1-of-2 /srv/shards/2-of-2
  $ registry-homepage merge --config /etc/registry-homepage.yaml --accept-removals

Exit codes: 0 complete · 3 merged, but a shard is missing, or something is stale, settling or does not match its digest · 65 merged, but
removals were held back · 64 usage, or shards that do not belong together or are merged · 69 no shard can be used: nothing done · 70 defect ·
74 cannot write · 75 another run · 77 credentials refused · 78 settings, or a shard was crawled with others`,
    )
    .action(async (merge: readonly string[], options) => {
      const { runSteps } = await import('./run-steps.ts');
      const { resolve } = await import('node:path');
      const folders = merge.map((folder) => resolve(folder));
      await runSteps(options, { crawl: false, merge: folders, build: options.build === true });
    });
}
