import { Command } from 'commander';
import { addCommonOptions, addCrawlOptions } from './run-options.ts';

export function createRefreshCommand(): Command {
  return addCrawlOptions(addCommonOptions(new Command('refresh')))
    .description('crawl, guard, build, validate, publish: what the timer calls')
    .addHelpText(
      'after',
      `
Examples:
  $ registry-homepage refresh --registry http://localhost:5000 --site-dir ./site
  $ registry-homepage refresh --config /etc/registry-homepage.yaml --log-format json
  $ registry-homepage refresh --config /etc/registry-homepage.yaml --accept-removals`,
    )
    .action(async (options) => {
      const { runSteps } = await import('./run-steps.ts');
      await runSteps(options, { crawl: true, build: true });
    });
}
