/**
 * Which blobs are next. A cycle has every blob once; it may take many runs, and a run ends with it. Pure.
 */
import type { BlobCheck } from './blob-check.ts';
import { type InventoryBlob, toBlobKey } from './blob-inventory.ts';

export interface BlobPlan {
  /** The cycle that is under way, or the next one where that was over. */
  readonly cycle: number;
  /** What it has not had yet: first what was never checked, then the longest unchecked. */
  readonly pending: readonly InventoryBlob[];
}

/** Plans the rest of a cycle. `cycle` is the newest one that was begun; 0 for none. */
export function planBlobs(
  blobs: readonly InventoryBlob[],
  checks: ReadonlyMap<string, BlobCheck>,
  cycle: number,
): BlobPlan {
  const open = blobs.filter((blob) => (checks.get(toBlobKey(blob))?.cycle ?? 0) < cycle);
  const isOver = cycle === 0 || open.length === 0;
  return { cycle: isOver ? cycle + 1 : cycle, pending: sortByAge(isOver ? blobs : open, checks) };
}

function sortByAge(blobs: readonly InventoryBlob[], checks: ReadonlyMap<string, BlobCheck>): readonly InventoryBlob[] {
  const aged = blobs.map((blob) => {
    const key = toBlobKey(blob);
    return { blob, key, age: checks.get(key)?.checkedAt ?? '' };
  });
  // Among equals by digest: an order that no author can choose, and that is the same in every run.
  aged.sort((a, b) => (a.age === b.age ? (a.key < b.key ? -1 : 1) : a.age < b.age ? -1 : 1));
  return aged.map(({ blob }) => blob);
}
