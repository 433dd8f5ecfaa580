import { Command, InvalidArgumentError } from 'commander';
import { addCommonOptions } from './run-options.ts';
import type { SearchCommandOptions } from './search-action.ts';

export function createSearchCommand(): Command {
  return addCommonOptions(new Command('search'))
    .description("the page's search, in the terminal: from the snapshot, without asking the registry")
    .argument('<query...>', 'what would be typed in the box')
    .option('--json', 'print an array, best first')
    .option('--limit <number>', 'print at most so many results', parseLimit, 20)
    .addHelpText(
      'after',
      `
A query is words, name:tag, :tag, sha256:…, arch:arm64, label:key=value, base:name, is:outdated, kind:helm-chart,
in any mixture.

Examples:
  $ registry-homepage search --config /etc/registry-homepage.yaml python 3.11
  $ registry-homepage search --state-dir ./state --registry http://localhost:5000 node24:latest
  $ registry-homepage search --json --limit 1 :2026-08-16 arch:arm64

Exit codes: 0 found · 1 nothing found · 64 usage, or there is no snapshot · 74 the snapshot cannot be read · 78 settings`,
    )
    .action(async (words: readonly string[], options: SearchCommandOptions) => {
      const { searchSnapshot } = await import('./search-action.ts');
      await searchSnapshot(words, options);
    });
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('Expected a number of results, from 1 on.');
  return limit;
}
