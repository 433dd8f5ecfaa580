import { Command, Option } from 'commander';
import { parseByteCount, parseDuration } from './parse-limits.ts';
import { addCommonOptions } from './run-options.ts';
import type { VerifyCommandOptions } from './verify-action.ts';

export function createVerifyCommand(): Command {
  return addCommonOptions(new Command('verify'))
    .description('read every layer and config of the snapshot, and compare it with its digest and size')
    .option('--max-bytes <bytes>', 'read at most so much in this run, such as 20GiB', parseByteCount)
    .option('--max-duration <duration>', 'end after so long, such as 30m or 1h30m', parseDuration)
    .addOption(
      new Option('--sizes-only', 'ask for lengths by HEAD and read nothing: finds less, and quickly').conflicts(
        'maxBytes',
      ),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
What was never read comes first, then what was unchecked for longest. Each result is kept in the state folder at once: a run
that ends early, however it does, is taken up by the next one, and nothing is read twice before everything was read once.
What does not fit is read a second time before it is believed. What cannot be read is not checked, and never called corrupt.
The status page shows the results after the next refresh, which may run at the same time.

Examples:
  $ registry-homepage verify --config /etc/registry-homepage.yaml
  $ registry-homepage verify --config /etc/registry-homepage.yaml --max-bytes 20GiB --max-duration 30m
  $ registry-homepage verify --config /etc/registry-homepage.yaml --sizes-only --json

Exit codes: 0 all that was checked is sound · 3 something is corrupt, missing or misstated · 64 usage, or there is no snapshot ·
69 no source answered · 74 cannot write · 75 another verification · 77 credentials refused · 78 settings`,
    )
    .action(async (options: VerifyCommandOptions) => {
      const { verifyBlobs } = await import('./verify-action.ts');
      await verifyBlobs(options);
    });
}
