import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { RunError } from './run-error.ts';

/** The index of the snapshot that is kept in `stateDir`. Throws a `RunError` that says what to do where there is none. */
export async function requireIndex(store: SnapshotStore, stateDir: string): Promise<SnapshotIndex> {
  const index = await store.readIndex();
  if (index !== null) return index;
  const hint = 'Run `registry-homepage crawl` or `refresh` first, or name the folder of a snapshot with --state-dir.';
  throw new RunError('NO_SNAPSHOT', `there is no snapshot in ${stateDir}`, hint);
}
