/**
 * How many images a layer is in, roughly: to the page of one image among five hundred on the same base it makes no difference
 * that there is one more, and it need not be rendered anew for it.
 */
import { indexNumbers } from '../catalogue/number-index.ts';
import type { Digest } from '../oci/digest.ts';
import { type RepositoryExtent, toLayerKey } from './repository-extent.ts';

/** The number of repositories that a layer is in, rounded down beyond nine. 0 for one that no tag leads to. */
export type LayerUses = (layer: Digest) => number;

type Extent = Pick<RepositoryExtent, 'layerKeys'>;

/** In how many repositories a layer is, by its key. */
export type LayerCounts = (key: number) => number;

/** Counts in how many repositories each layer is. */
export function countLayerUses(extents: Iterable<Extent>): LayerCounts {
  const lists = [...extents].map(({ layerKeys }) => layerKeys);
  const index = indexNumbers(lists);
  const counts = new Uint32Array(index.count);
  for (const keys of lists) {
    for (const key of keys) {
      const place = index.placeOf(key);
      counts[place] = (counts[place] as number) + 1;
    }
  }
  return (key) => counts[index.placeOf(key)] ?? 0;
}

/** Looks counted uses up by digest. */
export function createLayerUses(countOf: LayerCounts): LayerUses {
  return (layer) => roundUses(countOf(toLayerKey(layer)));
}

/** All that one repository's pages say of uses: the same text as long as none of them would change. */
export function fingerprintUses({ layerKeys }: Extent, countOf: LayerCounts): string {
  return layerKeys.map((key) => roundUses(countOf(key))).join(' ');
}

/** Exact up to nine; then 10, 20, 50, 100, 200, 500, … */
export function roundUses(count: number): number {
  if (count < 10) return count;
  let magnitude = 10;
  while (10 * magnitude <= count) magnitude *= 10;
  if (count < 2 * magnitude) return magnitude;
  return (count < 5 * magnitude ? 2 : 5) * magnitude;
}
