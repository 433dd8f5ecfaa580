/**
 * What of an inventory is counted and compared, as numbers: small enough that those of all repositories are read whenever anything
 * changed. What is text is read of the repositories that it is shown of.
 */
import { createHash } from 'node:crypto';
import { addBytes } from '../oci/byte-count.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import {
  type BaseClaim,
  type ContentKey,
  type InventoryRow,
  type RepositoryInventory,
  toContentKey,
} from './inventory.ts';

export interface InventoryFigures {
  readonly source: string;
  readonly state: RepositoryInventory['state'];
  readonly isStale: boolean;
  readonly unreadTagCount: number;
  readonly hasUnseenReferrers: boolean;
  /** What its images say they are based on, each once. */
  readonly claims: readonly BaseClaim[];
  /** So many of `chains` are whole: an image has just these layers. They stand first. */
  readonly wholeChains: number;
  readonly columns: FigureColumns;
}

export interface FigureColumns {
  /** The key of each content, as `keyWords` words. */
  readonly keys: Uint32Array;
  readonly sizesBytes: Float64Array;
  /** Of each row. */
  readonly tagCounts: Uint32Array;
  readonly foreignBytes: Float64Array;
  /** `rowFlags`, added. */
  readonly flags: Uint32Array;
  /** Where each row ends in `reached`. */
  readonly ends: Uint32Array;
  /** Places of contents that rows lead to, each once in a row. */
  readonly reached: Uint32Array;
  /** What stands for the first layers of some image, each number of them; of images whose layers are known, and not all empty. */
  readonly chains: Float64Array;
  /** What stands for digests that its tags lead to or pointed at before, without attachments. */
  readonly digests: Float64Array;
}

/** An inventory whose figures are at hand. */
export interface HeldInventory {
  readonly name: RepositoryName;
  /** Stands for all of it. */
  readonly key: string;
  readonly figures: InventoryFigures;
  /** Reads the whole of it. */
  read(): RepositoryInventory;
}

export const keyWords = 4;

export const rowFlags = {
  /** All that it reaches is known. */
  whole: 1,
  current: 2,
} as const;

/** Layers without a file, as the common builders write them: many unrelated images begin with one. */
export const emptyLayers: ReadonlySet<ContentKey> = new Set(
  [
    'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    'sha256:84ff92691f909a05b224e1c56abb4864f01b4f8e3c854e4bb4c7baf1d3f6d652',
  ].map((digest) => toContentKey(digest as Digest)),
);

export function toInventoryFigures(inventory: RepositoryInventory): InventoryFigures {
  const { source, state, isStale, contents, manifests, rows, unreadTags, unseenReferrerCount, former } = inventory;
  const places = new Map<ContentKey, number>();
  const listed = [...contents, ...manifests.map(({ digest, sizeBytes }) => [toContentKey(digest), sizeBytes] as const)];
  // One that is listed twice is reached by its first place; the other says whether they agree about its size.
  const placed = listed.map(([key], at) => {
    const place = places.get(key) ?? at;
    places.set(key, place);
    return place;
  });
  const reached: number[] = [];
  const ends: number[] = [];
  const found = rows.map(({ manifest }) => {
    const { isWhole, foreignBytes, places: held } = reachFrom(manifest, manifests);
    const own = new Set<number>();
    for (const place of held) {
      own.add(placed[contents.length + place] as number);
      for (const content of manifests[place]?.contents ?? []) own.add(placed[content] as number);
    }
    // One by one: as arguments they would stand on the stack, and there may be more than it takes.
    for (const place of own) reached.push(place);
    ends.push(reached.length);
    return { isWhole, foreignBytes };
  });
  const shown = rows.filter(({ isAttachment }) => !isAttachment);
  const images = shown.flatMap((row) => row.images);
  const { chains, wholeChains } = listChains(inventory);
  const digests = [
    ...shown.map(({ digest }) => digest),
    ...images.flatMap(({ manifest }) => manifests[manifest]?.digest ?? []),
    ...former.map(([, digest]) => digest),
  ];
  const claims = images.flatMap(({ claim }) => (claim === null ? [] : [[JSON.stringify(claim), claim] as const]));
  return {
    ...{ source, state, isStale, wholeChains },
    unreadTagCount: unreadTags.length,
    hasUnseenReferrers: unseenReferrerCount > 0,
    claims: [...new Map(claims).values()],
    columns: {
      keys: Uint32Array.from(listed.flatMap(([key]) => toKeyWords(key))),
      sizesBytes: Float64Array.from(listed, ([, sizeBytes]) => sizeBytes),
      tagCounts: Uint32Array.from(rows, ({ tags }) => tags.length),
      foreignBytes: Float64Array.from(found, ({ foreignBytes }) => foreignBytes),
      flags: Uint32Array.from(
        rows,
        ({ state: own }, at) => (found[at]?.isWhole ? rowFlags.whole : 0) + (own === 'current' ? rowFlags.current : 0),
      ),
      ends: Uint32Array.from(ends),
      reached: Uint32Array.from(reached),
      chains: Float64Array.from(chains),
      digests: Float64Array.from(new Set(digests.map(toDigestNumber))),
    },
  };
}

/** A number that stands for a digest. Two may have the same one, so it may only say that they differ. */
export function toDigestNumber(digest: Digest): number {
  const at = digest.indexOf(':') + 1;
  return Number.parseInt(digest.slice(at, at + 12), 16);
}

interface Reached {
  readonly foreignBytes: number;
  readonly isWhole: boolean;
  /** Of the manifests, the first itself, each before what it holds. */
  readonly places: readonly number[];
}

/** What a manifest leads to, itself and everything beneath it. */
export function reachFrom(own: InventoryRow['manifest'], manifests: RepositoryInventory['manifests']): Reached {
  const places = new Set<number>();
  let foreignBytes = 0;
  let isWhole = own !== null;
  const pending = own === null ? [] : [own];
  for (let place = pending.shift(); place !== undefined; place = pending.shift()) {
    const manifest = manifests[place];
    if (manifest === undefined || places.has(place)) continue;
    places.add(place);
    foreignBytes = addBytes(foreignBytes, manifest.foreignBytes);
    isWhole &&= manifest.isWhole;
    pending.push(...manifest.children);
  }
  return { foreignBytes, isWhole, places: [...places] };
}

/** The key of a content, as its bytes stand. */
function toKeyWords(key: ContentKey): readonly number[] {
  const bytes = Buffer.from(key, 'base64url');
  return Array.from({ length: keyWords }, (_, word) => bytes.readUInt32BE(4 * word));
}

function listChains({ rows, diffIds }: RepositoryInventory) {
  const whole = new Set<number>();
  const begun = new Set<number>();
  for (const { images, isAttachment } of rows) {
    if (isAttachment) continue;
    for (const { chain } of images) {
      if (chain.every((layer) => emptyLayers.has(diffIds[layer] as ContentKey))) continue;
      let before = '';
      let number = 0;
      for (const layer of chain) {
        const hash = createHash('sha256')
          .update(before)
          .update(diffIds[layer] as ContentKey)
          .digest();
        before = hash.toString('latin1', 0, 16);
        number = hash.readUIntBE(0, 6);
        begun.add(number);
      }
      whole.add(number);
    }
  }
  return { chains: [...whole, ...begun.difference(whole)], wholeChains: whole.size };
}
