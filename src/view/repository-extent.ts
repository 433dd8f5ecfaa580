/**
 * How far one repository reaches: its pages, and the content behind its tags. Kept beside the summary and apart from it, for
 * it is longer, and listings do without it.
 */
import { listLeaves } from '../catalogue/facts.ts';
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
  /** Every distinct layer that tags lead to: the first 13 hexadecimal digits of its digest, and its compressed bytes. */
  readonly layers: readonly (readonly [string, number])[];
  /** The same digits of the distinct configs. */
  readonly configs: readonly string[];
}

/** Enough digits to tell the layers of any one registry apart, few enough to be an exact number. */
export const layerKeyLength = 13;

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

function measureContent(repository: Repository): Pick<RepositoryExtent, 'manifestCount' | 'layers' | 'configs'> {
  const manifests = new Set<Digest>();
  const layers = new Map<string, number>();
  const configs = new Set<string>();
  for (const { digest } of repository.tags.values()) {
    if (digest === null || manifests.has(digest)) continue;
    manifests.add(digest);
    for (const leaf of listLeaves(digest, repository)) {
      manifests.add(leaf.digest);
      if (leaf.facts?.shape !== 'manifest') continue;
      configs.add(toLayerKey(leaf.facts.config.digest));
      for (const layer of leaf.facts.layers) layers.set(toLayerKey(layer.digest), layer.sizeBytes);
    }
  }
  return {
    manifestCount: manifests.size,
    layers: [...layers].sort(([a], [b]) => (a < b ? -1 : 1)),
    configs: [...configs].sort(),
  };
}

function toLayerKey(digest: Digest): string {
  return digestHex(digest).slice(0, layerKeyLength);
}
