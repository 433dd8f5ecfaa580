/**
 * Every image of the catalogue, to be found by its layers: images that begin with the same layers share a path in one tree
 * of uncompressed layers' digests.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import {
  type BaseClaim,
  type ContentKey,
  historyStepLength,
  type InventoryRow,
  type RepositoryInventory,
} from './inventory.ts';
import { emptyLayers } from './inventory-figures.ts';

/** One platform of an image. */
export interface IndexedImage {
  readonly repository: IndexedRepository;
  /** The rows whose tags lead to it. */
  readonly rows: readonly IndexedRow[];
  readonly digest: Digest;
  readonly platform: string | null;
  /** Where its layers end in the tree; 0 where they are unknown, or all empty. */
  readonly node: number;
  readonly history: string;
  readonly claim: BaseClaim | null;
}

/** A digest that tags point at. */
export interface IndexedRow {
  readonly repository: IndexedRepository;
  readonly tags: readonly Tag[];
  readonly digest: Digest;
  readonly builtAt: InventoryRow['builtAt'];
  readonly images: readonly IndexedImage[];
}

export interface IndexedRepository {
  readonly name: RepositoryName;
  readonly isRemoved: boolean;
  /** What one could build upon, newest first. */
  readonly rows: readonly IndexedRow[];
  readonly former: RepositoryInventory['former'];
}

export interface LineageIndex {
  readonly repositories: ReadonlyMap<string, IndexedRepository>;
  /** The node beneath; 0 is the root. */
  parentOf(node: number): number;
  /** The images whose last layer a node is. */
  endingAt(node: number): readonly IndexedImage[];
  /** Whether the layers that end at `node` are the first of those that end at `at`, or all of them. */
  isBeneath(node: number, at: number): boolean;
  /** What a digest that some image names as its base is, or was. */
  findClaimed(digest: Digest): ClaimedDigest | null;
}

export interface ClaimedDigest {
  readonly rows: readonly IndexedRow[];
  readonly images: readonly IndexedImage[];
  /** Tags that pointed at it before. */
  readonly former: readonly { readonly repository: IndexedRepository; readonly tag: Tag }[];
}

/** Adds repositories one at a time, so that none needs to be held for longer. */
export interface LineageIndexBuilder {
  add(inventory: RepositoryInventory): void;
  /** To be called once. */
  finish(): LineageIndex;
}

interface GrowingImage extends IndexedImage {
  rows: IndexedRow[];
}

/** More nodes and more layers than this no catalogue has; their product is still an exact number. */
const mostNumbers = 2 ** 26;

export function createLineageIndexBuilder(): LineageIndexBuilder {
  const layerNumbers = new Map<ContentKey, number>();
  const platforms = new Map<string, string>();
  const steps = new Map<number, number>();
  const parents: number[] = [0];
  const endings = new Map<number, IndexedImage[]>();
  const repositories = new Map<string, IndexedRepository>();

  const numberOf = (key: ContentKey): number => {
    const known = layerNumbers.get(key);
    if (known !== undefined) return known;
    layerNumbers.set(key, layerNumbers.size);
    return layerNumbers.size - 1;
  };
  const platformOf = (platform: string | null): string | null => {
    if (platform === null) return null;
    const known = platforms.get(platform) ?? platform;
    platforms.set(known, known);
    return known;
  };
  const stepTo = (from: number, layer: number): number => {
    const step = from * mostNumbers + layer;
    const known = steps.get(step);
    if (known !== undefined) return known;
    const node = parents.push(from) - 1;
    steps.set(step, node);
    return node;
  };

  return {
    add({ name, state, manifests, diffIds, rows, former }) {
      const layers = diffIds.map(numberOf);
      const isEmpty = diffIds.map((key) => emptyLayers.has(key));
      const own: IndexedRow[] = [];
      const repository: IndexedRepository = { name, isRemoved: state === 'removed', rows: own, former };
      const known = new Map<string, GrowingImage>();
      repositories.set(name, repository);
      for (const { tags, digest, builtAt, isAttachment, images } of rows) {
        if (isAttachment) continue;
        const ofRow = images.map(({ manifest, platform, chain, history, claim }): GrowingImage => {
          const key = `${manifest} ${platform}`;
          const before = known.get(key);
          if (before !== undefined) return before;
          const isVoid = chain.every((layer) => isEmpty[layer]);
          const node = isVoid ? 0 : chain.reduce((at, layer) => stepTo(at, layers[layer] as number), 0);
          const leaf = manifests[manifest]?.digest ?? digest;
          // One text for both: most rows are one manifest, and their texts are half of what all of this takes.
          const shared = { digest: leaf === digest ? digest : leaf, platform: platformOf(platform) };
          const image: GrowingImage = { repository, rows: [], ...shared, node, history, claim };
          known.set(key, image);
          const others = endings.get(node);
          if (others !== undefined) others.push(image);
          else if (node !== 0) endings.set(node, [image]);
          return image;
        });
        const row: IndexedRow = { repository, tags, digest, builtAt, images: ofRow };
        own.push(row);
        for (const image of ofRow) {
          // An array that is pushed to makes room for seventeen, and nearly all images have one row.
          if (image.rows.length === 0) image.rows = [row];
          else if (!image.rows.includes(row)) image.rows.push(row);
        }
      }
    },
    finish() {
      steps.clear();
      layerNumbers.clear();
      const claimed = collectClaimed(repositories);
      const parentOf = (node: number) => parents[node] ?? 0;
      return {
        repositories,
        parentOf,
        endingAt: (node) => endings.get(node) ?? [],
        isBeneath(node, at) {
          // A node is made after the one that it stands on, so numbers only fall on the way down.
          let reached = at;
          while (reached > node) reached = parentOf(reached);
          return reached === node;
        },
        findClaimed: (digest) => claimed.get(digest) ?? null,
      };
    },
  };
}

/** How the steps of two builds agree: a number of steps that the second has and the first begins with, or not, or unknown. */
export function compareHistories(image: IndexedImage, base: IndexedImage): number | 'contradicted' | 'unknown' {
  if (image.history === '' || base.history === '') return 'unknown';
  const { length } = base.history;
  const end = length - historyStepLength;
  if (image.history.length < length || image.history.slice(end, length) !== base.history.slice(end))
    return 'contradicted';
  return length;
}

interface Claimed {
  readonly rows: IndexedRow[];
  readonly images: IndexedImage[];
  readonly former: { readonly repository: IndexedRepository; readonly tag: Tag }[];
}

function collectClaimed(repositories: ReadonlyMap<string, IndexedRepository>): ReadonlyMap<Digest, Claimed> {
  const claimed = new Map<Digest, Claimed>();
  const forEachImage = (visit: (image: IndexedImage) => void) => {
    for (const { rows } of repositories.values()) {
      for (const { images } of rows) for (const image of images) visit(image);
    }
  };
  forEachImage(({ claim }) => {
    if (claim?.digest != null) claimed.set(claim.digest, { rows: [], images: [], former: [] });
  });
  if (claimed.size === 0) return claimed;
  for (const repository of repositories.values()) {
    for (const row of repository.rows) {
      const found = claimed.get(row.digest);
      found?.rows.push(row);
      found?.images.push(...row.images);
    }
    for (const [tag, digest] of repository.former) claimed.get(digest)?.former.push({ repository, tag });
  }
  forEachImage((image) => {
    const found = claimed.get(image.digest);
    if (found === undefined || found.images.includes(image)) return;
    found.images.push(image);
    for (const row of image.rows) if (!found.rows.includes(row)) found.rows.push(row);
  });
  return claimed;
}
