/** Which blobs there are to verify, each once for a source, however many repositories name it. */

import { toLackMark } from '../catalogue/blob-faults.ts';
import type { Repository } from '../catalogue/model.ts';
import { listNamingManifests } from '../catalogue/named-blobs.ts';
import { sumBytes } from '../oci/byte-count.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { BlobCheck } from './blob-check.ts';
import type { NamedTotals } from './integrity-state.schema.ts';

/** A manifest of a repository that names the blob: a way to it. */
export interface BlobHolder {
  readonly name: RepositoryName;
  readonly manifest: Digest;
}

export interface InventoryBlob {
  readonly source: string;
  readonly digest: Digest;
  /** What manifests say that its length is: most often one number. Sorted. */
  readonly sizesBytes: readonly number[];
  /** Some of those that name it, each of another repository. */
  readonly holders: readonly BlobHolder[];
}

export interface BlobInventory {
  /** In the order in which they were met. */
  readonly blobs: readonly InventoryBlob[];
  /** Layers that registries need not hold. They are not read. */
  readonly foreignBlobs: number;
}

/** Of so many repositories a blob is asked for, of one after the other until it is found, and of the others whether they have it. */
const mostHolders = 50;

/** Takes stock of repositories, one by one, so that they need not be held. */
export function createInventoryTaker(): { add(repository: Repository): void; finish(): BlobInventory } {
  const blobs = new Map<string, { source: string; digest: Digest; sizes: Set<number>; holders: BlobHolder[] }>();
  const foreign = new Set<string>();
  return {
    add(repository) {
      const { source, name } = repository;
      for (const { digest: manifest, blobs: named } of listNamingManifests(repository)) {
        for (const { digest, sizeBytes, isForeign } of named) {
          const key = toBlobKey({ source, digest });
          if (isForeign) {
            foreign.add(key);
            continue;
          }
          const blob = blobs.get(key) ?? { source, digest, sizes: new Set(), holders: [] };
          blobs.set(key, blob);
          blob.sizes.add(sizeBytes);
          const isKnown = blob.holders.some((holder) => holder.name === name);
          if (!isKnown && blob.holders.length < mostHolders) blob.holders.push({ name, manifest });
        }
      }
    },
    finish: () => ({
      blobs: [...blobs.values()].map(({ source, digest, sizes, holders }) => ({
        ...{ source, digest, holders },
        sizesBytes: [...sizes].sort((a, b) => a - b),
      })),
      foreignBlobs: [...foreign].filter((key) => !blobs.has(key)).length,
    }),
  };
}

/** Tells the blobs of all sources apart. */
export function toBlobKey({ source, digest }: Pick<InventoryBlob, 'source' | 'digest'>): string {
  return `${digest} ${source}`;
}

/** What a blob is taken to cost: the least that is said, so that nobody keeps a layer from being read by naming it as huge. */
export function plannedSizeBytes({ sizesBytes }: Pick<InventoryBlob, 'sizesBytes'>): number {
  return sizesBytes[0] ?? 0;
}

/** Checks of blobs that the inventory still has. */
export function keepNamed(
  checks: ReadonlyMap<string, BlobCheck>,
  blobs: readonly InventoryBlob[],
): Map<string, BlobCheck> {
  const kept = blobs.flatMap((blob) => {
    const key = toBlobKey(blob);
    const check = checks.get(key);
    return check === undefined ? [] : [[key, keepLacks(check, blob)] as const];
  });
  return new Map(kept);
}

/** A mark that no holder has any more is that of a repository which is gone, or hidden. */
function keepLacks(check: BlobCheck, { source, digest, holders }: InventoryBlob): BlobCheck {
  if (check.lacks.length === 0) return check;
  const marks = new Set(holders.map(({ name }) => toLackMark(source, name, digest)));
  return { ...check, lacks: check.lacks.filter(([mark]) => marks.has(mark)) };
}

export function toNamedTotals({ blobs, foreignBlobs }: BlobInventory): NamedTotals {
  return {
    blobs: blobs.length,
    sizeBytes: sumBytes(blobs, plannedSizeBytes),
    foreignBlobs,
  };
}
