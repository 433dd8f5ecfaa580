/**
 * How far one repository reaches: its pages, and the content behind its tags. Kept beside the summary and apart from it, for
 * it is longer, and listings do without it.
 */
import { listIndexes, listLeaves } from '../catalogue/facts.ts';
import type { Repository } from '../catalogue/model.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import { type Digest, digestHex } from '../oci/digest.ts';
import type { SiteSettings } from './site.ts';
import { countTagPages, listManifestPages, listTagRows } from './tag-rows.ts';

export interface RepositoryExtent {
  /** How many pages its rows fill. */
  readonly tagPageCount: number;
  /** The digests that have pages of their own. */
  readonly manifestPages: readonly Digest[];
  /** Distinct manifests that tags lead to: indexes, and what is in them. */
  readonly manifestCount: number;
  /** Every distinct layer that tags lead to, by its key, and its compressed bytes at the same place. */
  readonly layerKeys: readonly number[];
  readonly layerSizesBytes: readonly number[];
  /** Whether these are all layers: no tag leads to something that could not be read. */
  readonly areLayersKnown: boolean;
  /** The keys of the distinct configs. */
  readonly configKeys: readonly number[];
}

/** Enough hexadecimal digits to tell the layers of any one registry apart, few enough to be an exact number. */
const keyLength = 13;

/** What stands for a layer or a config where those of all repositories are in memory: numbers take a tenth of what texts do. */
export function toLayerKey(digest: Digest): number {
  return Number.parseInt(digestHex(digest).slice(0, keyLength), 16);
}

/** Measures a repository. */
export function toRepositoryExtent(repository: Repository, settings: SiteSettings): RepositoryExtent {
  const recommended = pickRecommendedTag(repository, settings.movingTags);
  const listing = listTagRows(repository, recommended?.tag ?? null);
  return {
    tagPageCount: countTagPages(listing),
    manifestPages: listManifestPages(listing, recommended?.digest ?? null),
    ...measureContent(repository),
  };
}

function measureContent(repository: Repository): Omit<RepositoryExtent, 'tagPageCount' | 'manifestPages'> {
  const tagged = new Set<Digest>();
  const manifests = new Set<Digest>();
  const layers = new Map<number, number>();
  const configs = new Set<number>();
  let areLayersKnown = true;
  for (const { digest } of repository.tags.values()) {
    if (digest === null) areLayersKnown = false;
    if (digest === null || tagged.has(digest)) continue;
    tagged.add(digest);
    for (const index of listIndexes(digest, repository)) manifests.add(index);
    for (const leaf of listLeaves(digest, repository)) {
      manifests.add(leaf.digest);
      if (leaf.facts?.shape !== 'manifest') {
        areLayersKnown = false;
        continue;
      }
      configs.add(toLayerKey(leaf.facts.config.digest));
      for (const layer of leaf.facts.layers) layers.set(toLayerKey(layer.digest), layer.sizeBytes);
    }
  }
  const sorted = [...layers].sort(([a], [b]) => a - b);
  return {
    manifestCount: manifests.size,
    layerKeys: sorted.map(([key]) => key),
    layerSizesBytes: sorted.map(([, sizeBytes]) => sizeBytes),
    areLayersKnown,
    configKeys: [...configs].sort((a, b) => a - b),
  };
}
