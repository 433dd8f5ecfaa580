/** The blobs that a repository's manifests name, as far as tags lead to them: what a pull of any tag would ask for. */
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { isForeignLayerType } from '../oci/media-type.ts';
import type { Tag } from '../oci/reference.ts';
import { listLeaves } from './facts.ts';
import type { Repository } from './model.ts';

export interface NamedBlob extends Descriptor {
  readonly role: 'config' | 'layer';
  /** A layer that clients fetch from elsewhere, so that the registry need not hold it. */
  readonly isForeign: boolean;
}

/** A manifest that names blobs, and the tags that lead to it, sorted. */
export interface NamingManifest {
  readonly digest: Digest;
  readonly tags: readonly Tag[];
  /** Each digest once. */
  readonly blobs: readonly NamedBlob[];
}

/** Everything of a repository that names blobs, sorted by digest. What is gone names nothing. */
export function listNamingManifests(
  repository: Pick<Repository, 'state' | 'tags' | 'manifests'>,
): readonly NamingManifest[] {
  if (repository.state !== 'listed') return [];
  const tagsOf = new Map<Digest, Set<Tag>>();
  const leavesOf = new Map<Digest, readonly Digest[]>();
  for (const [tag, { digest }] of repository.tags) {
    if (digest === null) continue;
    const leaves = leavesOf.get(digest) ?? listLeaves(digest, repository).map((leaf) => leaf.digest);
    leavesOf.set(digest, leaves);
    for (const leaf of leaves) tagsOf.set(leaf, (tagsOf.get(leaf) ?? new Set()).add(tag));
  }
  return [...tagsOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([digest, tags]) => {
      const facts = repository.manifests.get(digest);
      if (facts?.shape !== 'manifest') return [];
      const blobs = new Map<Digest, NamedBlob>();
      for (const layer of facts.layers) {
        blobs.set(layer.digest, { ...layer, role: 'layer', isForeign: isForeignLayerType(layer.mediaType) });
      }
      blobs.set(facts.config.digest, { ...facts.config, role: 'config', isForeign: false });
      return { digest, tags: [...tags].sort(), blobs: [...blobs.values()] };
    });
}
