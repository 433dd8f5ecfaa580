/** Where blobs that are at fault stand: names are never kept with them, but found in the snapshot when they are to be said. */
import { type BlobFault, listManifestFaults, type ManifestFault } from '../catalogue/blob-faults.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';

export interface RepositoryFaults {
  readonly name: RepositoryName;
  readonly faults: readonly ManifestFault[];
}

/** The repositories among `entries` that are concerned, in their order. */
export async function locateFaults(
  store: SnapshotStore,
  entries: Iterable<Pick<IndexEntry, 'name' | 'file'>>,
  faults: readonly BlobFault[],
): Promise<readonly RepositoryFaults[]> {
  const located: RepositoryFaults[] = [];
  if (faults.length === 0) return located;
  for (const { name, file } of entries) {
    const own = listManifestFaults(await store.readRepository({ name, file }), faults);
    if (own.length > 0) located.push({ name, faults: own });
  }
  return located;
}
