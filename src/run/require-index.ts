import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { RunError } from './run-error.ts';

/** The index of the snapshot that is kept in `stateDir`. Throws a `RunError` that says what to do where there is none. */
export async function requireIndex(store: SnapshotStore, stateDir: string): Promise<SnapshotIndex> {
  const index = await store.readIndex();
  if (index === null) throw noSnapshot(stateDir);
  return index;
}

/** What a run fails with that needs a snapshot. */
export function noSnapshot(stateDir: string): RunError {
  const hint = 'Run `registry-homepage crawl` or `refresh` first, or name the folder of a snapshot with --state-dir.';
  return new RunError('NO_SNAPSHOT', `there is no snapshot in ${stateDir}`, hint);
}
