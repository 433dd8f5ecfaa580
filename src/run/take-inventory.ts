/** Which blobs the shown repositories of a snapshot name. */
import { type BlobInventory, createInventoryTaker } from '../integrity/blob-inventory.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { requireIndex } from './require-index.ts';
import type { ShownNames } from './shown-names.ts';

export interface TakenInventory extends BlobInventory {
  /** The index of the snapshot that it was taken of. */
  readonly index: SnapshotIndex;
}

/** A crawl that commits meanwhile takes files away that the index named; so often that does not happen in a row. */
const mostAttempts = 3;

/** Reads every repository of these sources once. Throws a `RunError` where there is no snapshot. */
export async function takeInventory(
  store: SnapshotStore,
  stateDir: string,
  { isRepositoryShown, isTagShown }: Pick<ShownNames, 'isRepositoryShown' | 'isTagShown'>,
  sourceNames: ReadonlySet<string>,
): Promise<TakenInventory> {
  for (let attempt = 1; ; attempt++) {
    const index = await requireIndex(store, stateDir);
    try {
      const taker = createInventoryTaker();
      for (const entry of index.repositories) {
        if (entry.state !== 'listed' || !isRepositoryShown(entry.name) || !sourceNames.has(entry.source)) continue;
        const repository = await store.readRepository(entry);
        taker.add({ ...repository, tags: new Map([...repository.tags].filter(([tag]) => isTagShown(tag))) });
      }
      return { ...taker.finish(), index };
    } catch (error) {
      if (!(error instanceof SnapshotError) || attempt === mostAttempts) throw error;
      if ((await store.readIndex())?.checkedAt === index.checkedAt) throw error;
    }
  }
}
