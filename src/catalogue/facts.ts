/** Questions about the facts behind a digest that several parts ask. */

import { annotationKeys } from '../oci/annotations.ts';
import type { ChildDescriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { isIndexType } from '../oci/media-type.ts';
import { isUnknownPlatform } from '../oci/platform.ts';
import type { Facts, Repository } from './model.ts';

/** The parts of a repository that facts live in. */
export type FactTables = Pick<Repository, 'manifests' | 'configs'>;

/** The image config of a manifest, or null where it has none, or one that could not be read. */
export function imageConfigOf(facts: Facts, { configs }: Pick<Repository, 'configs'>): ImageConfig | null {
  if (facts.shape !== 'manifest') return null;
  const config = configs.get(facts.config.digest);
  return config !== undefined && 'diffIds' in config ? config : null;
}

/**
 * Whether a child of an index is about its sibling instead of being a platform: an attestation, as BuildKit files them.
 *
 * @see https://github.com/moby/buildkit/blob/v0.25.0/docs/attestations/attestation-storage.md
 */
export function isAttestationChild(child: ChildDescriptor): boolean {
  if (annotationKeys.attestationType in child.annotations) return true;
  return child.platform !== null && isUnknownPlatform(child.platform);
}

/** A manifest beneath a digest, with what the index said about it. `facts` is null where it could not be read. */
export interface Leaf {
  readonly digest: Digest;
  readonly child: ChildDescriptor | null;
  readonly facts: Facts | null;
}

/** How deep an index of indexes is followed; deeper ones are hostile or broken. */
const deepestNesting = 4;

/** Everything runnable or storable beneath `digest`: itself if it is a manifest, else the leaves of its index, in order. */
export function listLeaves(digest: Digest, tables: Pick<Repository, 'manifests'>): readonly Leaf[] {
  const seen = new Set<Digest>();
  return listPlacedLeaves(digest, tables).filter((leaf) => seen.size < seen.add(leaf.digest).size);
}

/** The same, with a leaf once for each time that an index names it: one manifest may serve several platforms. */
export function listPlacedLeaves(digest: Digest, { manifests }: Pick<Repository, 'manifests'>): readonly Leaf[] {
  const entered = new Set<Digest>();
  const walk = (at: Digest, child: ChildDescriptor | null, depth: number): readonly Leaf[] => {
    const facts = manifests.get(at) ?? null;
    if (facts?.shape !== 'index' || depth === deepestNesting) return [{ digest: at, child, facts }];
    if (entered.has(at)) return [];
    entered.add(at);
    return facts.children.flatMap((next) => walk(next.digest, next, depth + 1));
  };
  return walk(digest, null, 0);
}

/** The indexes on the way to its leaves, each once: itself if it is one, and those within it. */
export function listIndexes(digest: Digest, { manifests }: Pick<Repository, 'manifests'>): readonly Digest[] {
  const entered = new Set<Digest>();
  const walk = (at: Digest, depth: number) => {
    const facts = manifests.get(at);
    if (facts?.shape !== 'index' || depth === deepestNesting || entered.has(at)) return;
    entered.add(at);
    for (const child of facts.children) walk(child.digest, depth + 1);
  };
  walk(digest, 0);
  return [...entered];
}

/** Whether `digest` names an index that holds another index. */
export function holdsIndex(digest: Digest, { manifests }: Pick<Repository, 'manifests'>): boolean {
  const facts = manifests.get(digest);
  return facts?.shape === 'index' && facts.children.some((child) => isIndexType(child.mediaType));
}
