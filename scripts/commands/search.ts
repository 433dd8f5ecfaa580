import { Command, InvalidArgumentError } from 'commander';
import { runSearch } from '../../src/run/search-run.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { addCommonOptions, type CommonOptions, readCommandSettings } from './run-options.ts';
import { describeAnswer, describeRemarks, encodeResults } from './search-output.ts';

interface SearchCommandOptions extends CommonOptions {
  readonly json?: boolean;
  readonly limit: number;
}

/** As with grep: nothing was found, and nothing went wrong. */
const nothingFound = 1;

export function createSearchCommand(): Command {
  return addCommonOptions(new Command('search'))
    .description("the page's search, in the terminal: from the snapshot, without asking the registry")
    .argument('<query...>', 'what would be typed in the box')
    .option('--json', 'print an array, best first')
    .option('--limit <number>', 'print at most so many results', parseLimit, 20)
    .addHelpText(
      'after',
      `
A query is words, name:tag, :tag, sha256:…, arch:arm64, label:key=value, base:name, kind:helm-chart, in any mixture.

Examples:
  $ registry-homepage search --config /etc/registry-homepage.yaml python 3.11
  $ registry-homepage search --state-dir ./state --registry http://localhost:5000 node24:latest
  $ registry-homepage search --json --limit 1 :2026-08-16 arch:arm64

Exit codes: 0 found · 1 nothing found · 64 usage, or there is no snapshot · 74 the snapshot cannot be read · 78 settings`,
    )
    .action(async (words: readonly string[], options: SearchCommandOptions) => {
      const settings = await readCommandSettings(options);
      const store = createSnapshotStore(settings.stateDir);
      const answer = await runSearch(settings, store, words.join(' '), { most: options.limit });
      const { stdout, stderr } = process;
      stdout.write(options.json ? encodeResults(answer, settings.publicHost) : describeAnswer(answer, stdout));
      if (!options.quiet) stderr.write(describeRemarks(answer));
      process.exitCode = answer.total > 0 ? 0 : nothingFound;
    });
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('Expected a number of results, from 1 on.');
  return limit;
}
