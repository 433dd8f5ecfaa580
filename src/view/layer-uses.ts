/**
 * How many images a layer is in, roughly: to the page of one image among five hundred on the same base it makes no difference
 * that there is one more, and it need not be rendered anew for it.
 */
import type { Digest } from '../oci/digest.ts';
import { type RepositoryExtent, toLayerKey } from './repository-extent.ts';

/** The number of repositories that a layer is in, rounded down beyond nine. 0 for one that no tag leads to. */
export type LayerUses = (layer: Digest) => number;

type Extent = Pick<RepositoryExtent, 'layerKeys'>;

/** Counts in how many repositories each layer is, by its key. */
export function countLayerUses(extents: Iterable<Extent>): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const { layerKeys } of extents) for (const key of layerKeys) uses.set(key, (uses.get(key) ?? 0) + 1);
  return uses;
}

/** Looks counted uses up by digest. */
export function createLayerUses(counted: ReadonlyMap<number, number>): LayerUses {
  return (layer) => roundUses(counted.get(toLayerKey(layer)) ?? 0);
}

/** All that one repository's pages say of uses: the same text as long as none of them would change. */
export function fingerprintUses({ layerKeys }: Extent, counted: ReadonlyMap<number, number>): string {
  return layerKeys.map((key) => roundUses(counted.get(key) ?? 0)).join(' ');
}

/** Exact up to nine; then 10, 20, 50, 100, 200, 500, … */
export function roundUses(count: number): number {
  if (count < 10) return count;
  const magnitude = 10 ** Math.floor(Math.log10(count));
  return [5, 2, 1].map((step) => step * magnitude).find((step) => step <= count) ?? count;
}
