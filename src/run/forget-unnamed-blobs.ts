/** What is newly hidden leaves no trace in what is known of blobs either: not even the digests that it alone named. */
import { access } from 'node:fs/promises';
import { keepNamed, toNamedTotals } from '../integrity/blob-inventory.ts';
import { createIntegrityStore, emptyIntegrityState, type IntegrityState } from '../integrity/integrity-store.ts';
import type { Settings } from '../settings/settings.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';
import { createShownNames } from './shown-names.ts';
import { takeInventory } from './take-inventory.ts';

/** What a newer program wrote is for that program to mend; it is no reason to end the hourly run. */
function nothingOfNewer(error: unknown): IntegrityState {
  if (error instanceof SnapshotError) return emptyIntegrityState;
  throw error;
}

/** Drops what nothing shown names. Where a verification is at work it does so itself, when it ends. */
export async function forgetUnnamedBlobs(settings: Settings, store: SnapshotStore): Promise<void> {
  const integrity = createIntegrityStore(settings.stateDir);
  const isThere = await access(integrity.folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const lock = await takeRunLock(integrity.folder).catch((error: unknown) => {
    if (error instanceof RunError && error.code === 'LOCKED') return null;
    throw error;
  });
  if (lock === null) return;
  try {
    const inventory = await takeInventory(
      store,
      settings.stateDir,
      createShownNames(settings),
      new Set(settings.sources.map(({ name }) => name)),
    );
    for (const mode of ['bytes', 'sizes'] as const) {
      const { cycle, checks } = await integrity.read(mode).catch(nothingOfNewer);
      if (cycle === 0) continue;
      await integrity.write(mode, {
        cycle,
        named: toNamedTotals(inventory),
        checks: keepNamed(checks, inventory.blobs),
      });
    }
  } finally {
    lock.release();
  }
}
