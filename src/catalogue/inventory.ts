/**
 * What one repository holds, small enough to keep for all repositories at once: which bytes its tags lead to, and what its
 * images stand on. Whatever repeats stands once in a table and is named by its place there. It follows from the repository
 * alone, so it is kept until that changes.
 */
import { createHash } from 'node:crypto';
import { annotationKeys } from '../oci/annotations.ts';
import { sumBytes } from '../oci/byte-count.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { type Digest, isDigest } from '../oci/digest.ts';
import type { HistoryEntry, ImageConfig } from '../oci/image-config.ts';
import { isForeignLayerType } from '../oci/media-type.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { pickBuildDate } from './dates.ts';
import { imageConfigOf, isAttestationChild, type Leaf, listPlacedLeaves } from './facts.ts';
import { isReferrersTag, isVersion, pickKindOfFacts } from './kinds.ts';
import type { Facts, Instant, Repository, TagState } from './model.ts';
import { seenAtOf } from './recommended-tag.ts';
import { compareTags } from './tag-order.ts';

/** Sixteen bytes of a digest, which tell the content of any registry apart; where a digest is shown, the whole is kept. */
export type ContentKey = string & { readonly contentKey: never };

/** The image that a manifest says it is based on. */
export interface BaseClaim {
  readonly name: string | null;
  readonly digest: Digest | null;
}

/** A manifest that a tag leads to. */
export interface InventoryManifest {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Places in `contents`: its config and layers, without the layers that are kept elsewhere. */
  readonly contents: readonly number[];
  /** Places in `manifests`: what it holds as an index. */
  readonly children: readonly number[];
  /** Whether all that it holds is known. */
  readonly isWhole: boolean;
  readonly foreignBytes: number;
}

/** One platform of what a row's tags point at. */
export interface InventoryImage {
  /** A place in `manifests`. */
  readonly manifest: number;
  /** As `formatPlatform` writes it, with the variant that an architecture implies left out; null where nobody says. */
  readonly platform: string | null;
  /** Places in `diffIds`, base first; empty where the config could not be read. */
  readonly chain: readonly number[];
  /** Four characters for each step of the build, standing for it and all before it; empty where the steps do not fit the layers. */
  readonly history: string;
  readonly claim: BaseClaim | null;
}

/** A digest that tags point at. */
export interface InventoryRow {
  /** The tag that says most exactly what it is, then the others, newest first. */
  readonly tags: readonly Tag[];
  readonly digest: Digest;
  /** A place in `manifests`; null where nothing of it could be read. */
  readonly manifest: number | null;
  /** What is about another manifest: signatures, attestations, bills of materials. */
  readonly isAttachment: boolean;
  /** The manifest that it says it is about. */
  readonly subject: Digest | null;
  readonly state: TagState;
  readonly builtAt: Instant | null;
  /** When the first of its tags was first seen, and when the last of them came to point here. */
  readonly firstSeenAt: Instant;
  readonly touchedAt: Instant;
  readonly images: readonly InventoryImage[];
}

export interface RepositoryInventory {
  readonly name: RepositoryName;
  readonly source: string;
  readonly state: Repository['state'];
  readonly isStale: boolean;
  readonly contents: readonly (readonly [ContentKey, number])[];
  readonly manifests: readonly InventoryManifest[];
  readonly diffIds: readonly ContentKey[];
  /** Newest first. */
  readonly rows: readonly InventoryRow[];
  /** Tags that were never readable: what they hold is unknown. */
  readonly unreadTags: readonly Tag[];
  /** Manifests that no tag leads to, and the registry lists as being about one that a tag does: what they hold is unknown. */
  readonly unseenReferrerCount: number;
  /** Digests that tags pointed at before, oldest first. */
  readonly former: readonly (readonly [Tag, Digest])[];
}

/** Takes stock of a repository. */
export function toInventory(repository: Repository): RepositoryInventory {
  const { name, source, state, staleSince, events } = repository;
  const stock = createStock(repository);
  const unreadTags = [...repository.tags].filter(([, { digest }]) => digest === null).map(([tag]) => tag);
  return {
    ...{ name, source, state },
    isStale: staleSince !== null,
    ...stock.tables,
    rows: listTaggedDigests(repository).map(({ digest, tags }) => toRow(digest, tags, repository, stock)),
    unreadTags: unreadTags.sort(compareTags),
    unseenReferrerCount: countUnseenReferrers(repository),
    former: events.flatMap(({ tag, from }) => (tag === null || from === null ? [] : [[tag, from] as const])),
  };
}

/** The digests that tags point at, each with its tags, in the order of the rows. */
export function listTaggedDigests({
  tags,
}: Pick<Repository, 'tags'>): readonly Pick<InventoryRow, 'digest' | 'tags'>[] {
  const byDigest = new Map<Digest, Tag[]>();
  for (const [tag, { digest }] of tags) {
    if (digest === null) continue;
    const own = byDigest.get(digest);
    if (own === undefined) byDigest.set(digest, [tag]);
    else own.push(tag);
  }
  return [...byDigest]
    .map(([digest, own]) => ({ digest, tags: own.sort(compareTags) }))
    .sort((a, b) => compareTags(a.tags[0] ?? '', b.tags[0] ?? ''));
}

function countUnseenReferrers({ referrers, manifests }: Repository): number {
  const unseen = [...referrers.values()].flat().filter(({ digest }) => !manifests.has(digest));
  return new Set(unseen.map(({ digest }) => digest)).size;
}

/** The key of a digest. */
export function toContentKey(digest: Digest): ContentKey {
  const at = digest.indexOf(':') + 1;
  return Buffer.from(digest.slice(at, at + 32), 'hex').toString('base64url') as ContentKey;
}

interface Stock {
  readonly tables: Pick<RepositoryInventory, 'contents' | 'manifests' | 'diffIds'>;
  /** Null where the manifest was never read. */
  placeManifest(digest: Digest): number | null;
  placeDiffId(digest: Digest): number;
}

function createStock({ manifests: facts }: Repository): Stock {
  const contents: [ContentKey, number][] = [];
  const manifests: InventoryManifest[] = [];
  const diffIds: ContentKey[] = [];
  const placeOf = { content: new Map<Digest, number>(), diffId: new Map<Digest, number>() };
  const placeOfManifest = new Map<Digest, number | null>();

  const placeContent = ({ digest, sizeBytes }: Descriptor) => {
    const known = placeOf.content.get(digest);
    if (known !== undefined) return known;
    placeOf.content.set(digest, contents.length);
    return contents.push([toContentKey(digest), sizeBytes]) - 1;
  };
  const placeDiffId = (digest: Digest) => {
    const known = placeOf.diffId.get(digest);
    if (known !== undefined) return known;
    placeOf.diffId.set(digest, diffIds.length);
    return diffIds.push(toContentKey(digest)) - 1;
  };
  const placeManifest = (digest: Digest): number | null => {
    const known = placeOfManifest.get(digest);
    if (known !== undefined) return known;
    const own = facts.get(digest);
    // An index cannot hold itself: what would lead back here is as good as missing.
    placeOfManifest.set(digest, null);
    if (own === undefined) return null;
    const manifest = toManifest(digest, own, placeContent, placeManifest);
    const place = manifests.push(manifest) - 1;
    placeOfManifest.set(digest, place);
    return place;
  };
  return { tables: { contents, manifests, diffIds }, placeManifest, placeDiffId };
}

function toManifest(
  digest: Digest,
  facts: Facts,
  placeContent: (descriptor: Descriptor) => number,
  placeManifest: (digest: Digest) => number | null,
): InventoryManifest {
  const common = { digest, sizeBytes: facts.sizeBytes };
  const nothing = { contents: [], children: [], foreignBytes: 0 };
  if (facts.shape === 'opaque') return { ...common, ...nothing, isWhole: false };
  if (facts.shape === 'index') {
    const children = [...new Set(facts.children.map((child) => placeManifest(child.digest)))];
    const known = children.filter((place) => place !== null);
    return { ...common, ...nothing, children: known, isWhole: known.length === children.length };
  }
  const layers = [...new Map(facts.layers.map((layer) => [layer.digest, layer])).values()];
  const foreign = layers.filter((layer) => isForeignLayerType(layer.mediaType));
  const stored = layers.filter((layer) => !isForeignLayerType(layer.mediaType));
  return {
    ...common,
    contents: [...new Set([facts.config, ...stored].map(placeContent))],
    children: [],
    isWhole: true,
    foreignBytes: sumBytes(foreign, ({ sizeBytes }) => sizeBytes),
  };
}

function toRow(digest: Digest, tags: readonly Tag[], repository: Repository, stock: Stock): InventoryRow {
  const records = tags.flatMap((tag) => repository.tags.get(tag) ?? []);
  const seen = records.map(seenAtOf).sort();
  const [firstSeenAt = '', touchedAt = firstSeenAt] = [seen[0], seen.at(-1)];
  const isAttachment = tags.every(isReferrersTag) || !isVersion(digest, repository);
  return {
    tags,
    digest,
    manifest: stock.placeManifest(digest),
    isAttachment,
    subject: repository.manifests.get(digest)?.subject ?? null,
    state: records.find(({ state }) => state !== 'current')?.state ?? 'current',
    builtAt: pickBuildDate(digest, repository, firstSeenAt),
    ...{ firstSeenAt, touchedAt },
    images: isAttachment ? [] : listImages(digest, repository, stock),
  };
}

function listImages(digest: Digest, repository: Repository, stock: Stock): readonly InventoryImage[] {
  const own = repository.manifests.get(digest);
  return listPlacedLeaves(digest, repository).flatMap((leaf) => {
    const { child, facts } = leaf;
    if (facts === null || pickKindOfFacts(facts) !== 'image') return [];
    if (child !== null && isAttestationChild(child)) return [];
    const manifest = stock.placeManifest(leaf.digest);
    if (manifest === null) return [];
    const config = imageConfigOf(facts, repository);
    const platform = child?.platform ?? config?.platform ?? null;
    return {
      manifest,
      platform: platform === null ? null : formatPlatform(withoutImpliedVariant(platform)),
      chain: (config?.diffIds ?? []).map(stock.placeDiffId),
      history: config === null ? '' : encodeHistory(config),
      claim: toClaim(leaf, own ?? facts),
    };
  });
}

/** 64-bit ARM is its eighth version unless something else is said, and builders differ in saying so. */
function withoutImpliedVariant(platform: Platform): Platform {
  return platform.architecture === 'arm64' && platform.variant === 'v8' ? { ...platform, variant: null } : platform;
}

/** The platform's own word first, then what the index says of it, then of the whole: that digest may name another platform's base. */
function toClaim({ child, facts }: Leaf, whole: Facts): BaseClaim | null {
  const texts = [facts?.annotations, child?.annotations, whole.annotations];
  for (const annotations of texts) {
    const name = annotations?.[annotationKeys.baseName]?.trim() || null;
    const recorded = annotations?.[annotationKeys.baseDigest]?.trim();
    const digest = isDigest(recorded) ? recorded : null;
    if (name !== null || digest !== null) return { name, digest };
  }
  return null;
}

/**
 * Whoever builds upon an image keeps its steps and adds to them. Recorded times are left out, so that an image that was built
 * again without a change keeps its history.
 */
function encodeHistory({ history, diffIds }: ImageConfig): string {
  if (history.filter(({ emptyLayer }) => !emptyLayer).length !== diffIds.length) return '';
  let encoded = '';
  let before = '';
  for (const step of history) {
    before = createHash('sha256').update(before).update(toStepText(step)).digest('base64url');
    encoded += before.slice(0, historyStepLength);
  }
  return encoded;
}

/** Characters for each step in an image's `history`. */
export const historyStepLength = 4;

function toStepText({ createdBy, emptyLayer }: HistoryEntry): string {
  return JSON.stringify([createdBy, emptyLayer]);
}
