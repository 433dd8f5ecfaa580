/**
 * The layers of all repositories. How many images one is in is said roughly: to the page of one image among five hundred on the
 * same base it makes no difference that there is one more, and it need not be rendered anew for it.
 */
import { indexNumbers } from '../catalogue/number-index.ts';
import { addBytes } from '../oci/byte-count.ts';
import type { Digest } from '../oci/digest.ts';
import { type RepositoryExtent, toLayerKey } from './repository-extent.ts';

/** The number of repositories that a layer is in, rounded down beyond nine. 0 for one that no tag leads to. */
export type LayerUses = (layer: Digest) => number;

type Extent = Pick<RepositoryExtent, 'layerKeys' | 'layerSizesBytes'>;

/** In how many repositories a layer is, by its key. */
export type LayerCounts = (key: number) => number;

/** Layers of one repository. Of one that was removed they are nothing that the registry still has. */
export interface TalliedExtent {
  readonly extent: Extent;
  readonly isStanding: boolean;
}

export interface LayerTally {
  readonly countOf: LayerCounts;
  /** The same of each layer of one repository, in their order: of those that were tallied it need not be looked for again. */
  countsOf(extent: Extent): Uint32Array;
  /** The compressed bytes of those that are standing, each layer once. */
  readonly standingSizeBytes: number;
}

/** Goes through all layers once: of a large catalogue there are half a million. */
export function tallyLayers(repositories: Iterable<TalliedExtent>): LayerTally {
  const tallied = [...repositories];
  const index = indexNumbers(tallied.map(({ extent }) => extent.layerKeys));
  const counts = new Uint32Array(index.count);
  const areCounted = new Uint8Array(index.count);
  const known = new Map<Extent, Int32Array>();
  let standingSizeBytes = 0;
  for (const { extent, isStanding } of tallied) {
    const { layerKeys, layerSizesBytes } = extent;
    const places = Int32Array.from(layerKeys, index.placeOf);
    known.set(extent, places);
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number;
      counts[place] = (counts[place] as number) + 1;
      if (!isStanding || areCounted[place] === 1) continue;
      areCounted[place] = 1;
      standingSizeBytes = addBytes(standingSizeBytes, layerSizesBytes[at] ?? 0);
    }
  }
  return {
    standingSizeBytes,
    countOf: (key) => counts[index.placeOf(key)] ?? 0,
    countsOf(extent) {
      const places = known.get(extent) ?? Int32Array.from(extent.layerKeys, index.placeOf);
      return Uint32Array.from(places, (place) => counts[place] ?? 0);
    },
  };
}

/** Counts in how many repositories each layer is. */
export function countLayerUses(extents: readonly Extent[]): LayerCounts {
  return tallyLayers(extents.map((extent) => ({ extent, isStanding: false }))).countOf;
}

/** Looks counted uses up by digest. */
export function createLayerUses(countOf: LayerCounts): LayerUses {
  return (layer) => roundUses(countOf(toLayerKey(layer)));
}

/**
 * All that one repository's pages say of uses, of the counts of its layers: the same text as long as none of them would change. Most
 * layers are in that repository alone; of those nothing need be said.
 */
export function fingerprintUses(counts: Uint32Array): string {
  let text = '';
  for (let at = 0; at < counts.length; at++) {
    const uses = roundUses(counts[at] as number);
    if (uses !== 1) text += `${at}:${uses} `;
  }
  return text;
}

/** Exact up to nine; then 10, 20, 50, 100, 200, 500, … */
export function roundUses(count: number): number {
  if (count < 10) return count;
  let magnitude = 10;
  while (10 * magnitude <= count) magnitude *= 10;
  if (count < 2 * magnitude) return magnitude;
  return (count < 5 * magnitude ? 2 : 5) * magnitude;
}
