import { Command } from 'commander';
import { addCommonOptions } from './run-options.ts';

export function createBuildCommand(): Command {
  return addCommonOptions(new Command('build'))
    .description('snapshot -> published site; from any snapshot folder, so that one host can crawl and many serve')
    .addHelpText(
      'after',
      `
The settings must name the registry, for its host stands in the pull commands; it is not contacted.

Example:
  $ registry-homepage build --config /etc/registry-homepage.yaml --state-dir /srv/copy --site-dir /srv/homepage`,
    )
    .action(async (options) => {
      const { runSteps } = await import('./run-steps.ts');
      await runSteps(options, { crawl: false, build: true });
    });
}
