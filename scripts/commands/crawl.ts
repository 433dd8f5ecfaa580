import { Command } from 'commander';
import { addCommonOptions, addCrawlOptions } from './run-options.ts';

export function createCrawlCommand(): Command {
  return addCrawlOptions(addCommonOptions(new Command('crawl')))
    .description('sources -> snapshot; nothing is published')
    .addHelpText(
      'after',
      `
Example:
  $ registry-homepage crawl --registry http://localhost:5000 --state-dir /var/lib/registry-homepage`,
    )
    .action(async (options) => {
      const { runSteps } = await import('./run-steps.ts');
      await runSteps(options, { crawl: true, build: false });
    });
}
