import { Command } from 'commander';
import { addCommonOptions, type CommonOptions } from './run-options.ts';

export function createCheckCommand(): Command {
  return addCommonOptions(new Command('check'))
    .description('read the settings, contact every source, say what a run would do; changes nothing')
    .addHelpText(
      'after',
      `
Names that the credentials may not read are printed here and nowhere else.

Exit codes: 0 all can be read · 3 something cannot · 69 no source answered · 77 credentials refused · 78 settings

Example:
  $ registry-homepage check --config /etc/registry-homepage.yaml`,
    )
    .action(async (options: CommonOptions) => {
      const { checkSources } = await import('./check-action.ts');
      await checkSources(options);
    });
}
