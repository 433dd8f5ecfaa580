import { Command, InvalidArgumentError } from 'commander';
import type { InstallOptions } from './install-action.ts';
import { parsePath } from './run-options.ts';

export function createInstallCommand(): Command {
  return new Command('install')
    .description('write systemd units for a settings file, and say what to do with them; needs no rights of its own')
    .requiredOption('--systemd', 'systemd is what there is')
    .requiredOption('--config <file>', 'the settings that the units are for', parsePath)
    .option('--output <dir>', 'where the units are written', parsePath, 'registry-homepage-units')
    .option('--user <name>', 'the system user that runs it', parseUser, 'registry-homepage')
    .option(
      '--instance <name>',
      'one of several registries of this host: units with @, folders with its name',
      parseInstance,
    )
    .option('--metrics-file <file>', 'where the runs leave their numbers for Prometheus', parsePath)
    .addHelpText(
      'after',
      `
Examples:
  $ registry-homepage install --systemd --config /etc/registry-homepage.yaml
  $ registry-homepage install --systemd --config /etc/registry-homepage/ml.yaml --instance ml --output ./units`,
    )
    .action(async (options: InstallOptions) => {
      const { writeUnits } = await import('./install-action.ts');
      await writeUnits(options);
    });
}

/** What systemd takes behind the `@` of a unit as it stands. */
function parseInstance(text: string): string {
  if (/^[\w:.-]+$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a name of letters, digits, dots, colons, hyphens and underscores.');
}

/** @see https://systemd.io/USER_NAMES/ */
function parseUser(text: string): string {
  if (/^[a-z_][a-z0-9_-]{0,30}$/i.test(text)) return text;
  throw new InvalidArgumentError('Expected the name of a user: letters, digits, hyphens and underscores.');
}
