import { runSearch } from '../../src/run/search-run.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { type CommonOptions, readCommandSettings } from './run-options.ts';
import { describeAnswer, describeRemarks, encodeResults } from './search-output.ts';

export interface SearchCommandOptions extends CommonOptions {
  readonly json?: boolean;
  readonly limit: number;
}

/** As with grep: nothing was found, and nothing went wrong. */
const nothingFound = 1;

/** Answers the query and prints what was found. */
export async function searchSnapshot(words: readonly string[], options: SearchCommandOptions): Promise<void> {
  const settings = await readCommandSettings(options);
  const store = createSnapshotStore(settings.stateDir);
  const answer = await runSearch(settings, store, words.join(' '), { most: options.limit });
  const { stdout, stderr } = process;
  stdout.write(options.json ? encodeResults(answer, settings.publicHost) : describeAnswer(answer, stdout));
  if (!options.quiet) stderr.write(describeRemarks(answer));
  process.exitCode = answer.total > 0 ? 0 : nothingFound;
}
