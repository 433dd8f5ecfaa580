/** What a pull transfers, per platform. A size is a sum of exact bytes or it is unknown: nothing is estimated. */
import { mostBytes, sumBytes } from '../oci/byte-count.ts';
import type { Digest } from '../oci/digest.ts';
import { comparePlatforms, type Platform } from '../oci/platform.ts';
import { pickBuildDate } from './dates.ts';
import { type FactTables, imageConfigOf, isAttestationChild, type Leaf, listPlacedLeaves } from './facts.ts';
import { type Kind, pickKindOfFacts } from './kinds.ts';
import type { Facts, Instant } from './model.ts';

/** One platform of an image. */
export interface PlatformImage {
  /** Null where neither the index nor the config says: "unknown platform", never a guess. */
  readonly platform: Platform | null;
  readonly digest: Digest;
  readonly compressedSizeBytes: number | null;
  readonly createdAt: Instant | null;
}

/**
 * The bytes of a manifest's layers as they are transferred, each distinct layer once. Null where the layers are unknown, or
 * say that they are more than a number can.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions
 */
export function toCompressedSize(facts: Facts | null): number | null {
  if (facts?.shape !== 'manifest') return null;
  const layers = new Map(facts.layers.map((layer) => [layer.digest, layer.sizeBytes]));
  const sizeBytes = sumBytes(layers.values(), (layer) => layer);
  return sizeBytes < mostBytes ? sizeBytes : null;
}

/**
 * The platforms of what `digest` names, in the usual order: one for a single image, one a child for an index, attestations
 * left out. What the index says of a platform wins; where it says nothing the config does. Empty for what is no image.
 */
export function listPlatforms(digest: Digest, tables: FactTables, observedAt: Instant): readonly PlatformImage[] {
  return listPlacedLeaves(digest, tables)
    .filter(isPlatform)
    .map(({ digest: leaf, child, facts }) => ({
      platform: child?.platform ?? (facts === null ? null : (imageConfigOf(facts, tables)?.platform ?? null)),
      digest: leaf,
      compressedSizeBytes: toCompressedSize(facts),
      createdAt: pickBuildDate(leaf, tables, observedAt),
    }))
    .sort(byPlatform);
}

/** An artifact that the index files under no platform stands beside them; a child that cannot be read is one, unknown. */
function isPlatform({ child, facts }: Leaf): boolean {
  const kind = facts === null ? 'unknown' : pickKindOfFacts(facts);
  if (child === null) return kind === 'image';
  if (isAttestationChild(child)) return false;
  return child.platform !== null || (child.artifactType === null && maybeImages.has(kind));
}

const maybeImages: ReadonlySet<Kind> = new Set<Kind>(['image', 'image-index', 'docker-schema1', 'unknown']);

function byPlatform(a: PlatformImage, b: PlatformImage): number {
  if (a.platform === null || b.platform === null) return Number(a.platform === null) - Number(b.platform === null);
  return comparePlatforms(a.platform, b.platform) || (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0);
}
