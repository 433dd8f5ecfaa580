import { Command } from 'commander';
import { addCommonOptions, addCrawlOptions } from './run-options.ts';
import { runSteps } from './run-steps.ts';

export function createCrawlCommand(): Command {
  return addCrawlOptions(addCommonOptions(new Command('crawl')))
    .description('sources -> snapshot; nothing is published')
    .addHelpText(
      'after',
      `
Example:
  $ registry-homepage crawl --registry http://localhost:5000 --state-dir /var/lib/registry-homepage`,
    )
    .action((options) => runSteps(options, { crawl: true, build: false }));
}
