/**
 * Which bytes each tag leads to, over the whole catalogue. Every content (manifest, config, layer) has a number, and so has
 * every row (a digest that tags point at), which has the numbers of all that it reaches, each once. A registry keeps a content
 * once however many repositories name it; two sources keep it twice.
 *
 * In memory are numbers. The texts of the rows are put away, and read for one repository at a time.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { type ContentKey, type InventoryRow, type RepositoryInventory, toContentKey } from './inventory.ts';
import { keepInMemory, type PutAway } from './put-away.ts';

/** A digest that tags point at, with everything it reaches. */
export interface LedgerRow {
  /** Its number. */
  readonly at: number;
  readonly row: Omit<InventoryRow, 'images' | 'manifest'>;
  readonly sizeBytes: number;
  /** Whether all that it reaches is known; else its bytes are the least that it holds. */
  readonly isWhole: boolean;
  /** The manifests that it reaches, itself first, each before what it holds. */
  readonly manifests: readonly Digest[];
}

export interface LedgerRepository {
  readonly name: RepositoryName;
  readonly source: string;
  readonly isStale: boolean;
  /** The numbers of its rows: from, and up to but not including. */
  readonly stretch: readonly [number, number];
  readonly unreadTagCount: number;
  /** Brings its rows back, newest first. */
  readRows(): readonly LedgerRow[];
}

/** What counts of each row, by its number. */
export interface RowFigures {
  readonly tagCounts: Int32Array;
  readonly sizesBytes: Float64Array;
  /** Layers that registries do not keep, beside `sizesBytes`. */
  readonly foreignBytes: Float64Array;
  /** 1 where all that it reaches is known. */
  readonly areWhole: Uint8Array;
}

export interface StorageLedger {
  /** Sorted by name, so that all that lies beneath a path stands together. */
  readonly repositories: readonly LedgerRepository[];
  readonly rows: RowFigures;
  /** The numbers of all content that a row reaches, each once. */
  contentsOf(row: number): Int32Array;
  /** The bytes of each content, by its number. */
  readonly sizesBytes: Float64Array;
  readonly contentKeys: readonly ContentKey[];
  /** Whether every tag's content is wholly known, and nobody contradicts anybody about a size. */
  readonly isWhole: boolean;
}

/** Adds repositories one at a time, so that none needs to be held for longer. */
export interface LedgerBuilder {
  /** What was removed holds nothing and is left out. */
  add(inventory: RepositoryInventory): void;
  /** To be called once. */
  finish(): StorageLedger;
}

/** What of a row is text. */
type PutRow = Pick<LedgerRow, 'row' | 'manifests'>;

export function createLedgerBuilder(putAway: PutAway = keepInMemory): LedgerBuilder {
  const numbers = new Map<string, Map<ContentKey, number>>();
  const contentKeys: ContentKey[] = [];
  const sizes: number[] = [];
  const added: (Omit<LedgerRepository, 'readRows'> & { readonly readRows: () => readonly PutRow[] })[] = [];
  const reached = { contents: [] as number[], ends: [] as number[] };
  const figures = { tagCounts: [] as number[], foreignBytes: [] as number[], areWhole: [] as number[] };
  let isWhole = true;

  const numberOf = (source: Map<ContentKey, number>, key: ContentKey, sizeBytes: number): number => {
    const known = source.get(key);
    if (known === undefined) {
      source.set(key, sizes.length);
      contentKeys.push(key);
      return sizes.push(sizeBytes) - 1;
    }
    // Two manifests that name one layer with two sizes: one of them errs, and the lesser is what is sure.
    if (sizes[known] !== sizeBytes) {
      sizes[known] = Math.min(sizes[known] ?? sizeBytes, sizeBytes);
      isWhole = false;
    }
    return known;
  };

  return {
    add({ name, source, state, isStale, contents, manifests, rows, unreadTags, unseenReferrerCount }) {
      if (state === 'removed') return;
      const ofSource = numbers.get(source) ?? new Map<ContentKey, number>();
      numbers.set(source, ofSource);
      const contentNumbers = contents.map(([key, sizeBytes]) => numberOf(ofSource, key, sizeBytes));
      const manifestNumbers = manifests.map(({ digest, sizeBytes }) =>
        numberOf(ofSource, toContentKey(digest), sizeBytes),
      );
      if (isStale || unreadTags.length > 0 || unseenReferrerCount > 0) isWhole = false;
      const first = reached.ends.length;
      const texts = rows.map(({ images: _, manifest, ...row }): PutRow => {
        const found = reach(manifest, manifests, contentNumbers, manifestNumbers);
        if (!found.isWhole || row.state !== 'current') isWhole = false;
        for (const content of found.contents) reached.contents.push(content);
        reached.ends.push(reached.contents.length);
        figures.tagCounts.push(row.tags.length);
        figures.foreignBytes.push(found.foreignBytes);
        figures.areWhole.push(found.isWhole ? 1 : 0);
        return { row, manifests: found.manifests };
      });
      added.push({
        ...{ name, source, isStale },
        stretch: [first, reached.ends.length],
        unreadTagCount: unreadTags.length,
        readRows: putAway(texts),
      });
    },
    finish() {
      const sizesBytes = Float64Array.from(sizes);
      numbers.clear();
      const contents = Int32Array.from(reached.contents);
      const ends = Int32Array.from(reached.ends);
      reached.contents.length = 0;
      const contentsOf = (row: number) => contents.subarray(row === 0 ? 0 : ends[row - 1], ends[row]);
      const rows: RowFigures = {
        tagCounts: Int32Array.from(figures.tagCounts),
        sizesBytes: Float64Array.from(ends, (_, row) => sumOf(contentsOf(row), sizesBytes)),
        foreignBytes: Float64Array.from(figures.foreignBytes),
        areWhole: Uint8Array.from(figures.areWhole),
      };
      const repositories = added
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((repository): LedgerRepository => {
          const [first] = repository.stretch;
          const readRows = () => repository.readRows().map((texts, place) => toLedgerRow(first + place, texts, rows));
          return { ...repository, readRows };
        });
      return { repositories, rows, contentsOf, sizesBytes, contentKeys, isWhole };
    },
  };
}

function toLedgerRow(at: number, texts: PutRow, { sizesBytes, areWhole }: RowFigures): LedgerRow {
  return { at, ...texts, sizeBytes: sizesBytes[at] as number, isWhole: areWhole[at] === 1 };
}

function sumOf(contents: Int32Array, sizesBytes: Float64Array): number {
  return contents.reduce((sum, number) => sum + (sizesBytes[number] ?? 0), 0);
}

interface Reached {
  readonly contents: Iterable<number>;
  readonly foreignBytes: number;
  readonly isWhole: boolean;
  readonly manifests: readonly Digest[];
}

function reach(
  own: InventoryRow['manifest'],
  manifests: RepositoryInventory['manifests'],
  contentNumbers: readonly number[],
  manifestNumbers: readonly number[],
): Reached {
  const places = new Set<number>();
  const contents = new Set<number>();
  let foreignBytes = 0;
  let isWhole = own !== null;
  const pending = own === null ? [] : [own];
  for (let place = pending.shift(); place !== undefined; place = pending.shift()) {
    const manifest = manifests[place];
    if (manifest === undefined || places.has(place)) continue;
    places.add(place);
    contents.add(manifestNumbers[place] as number);
    for (const content of manifest.contents) contents.add(contentNumbers[content] as number);
    foreignBytes += manifest.foreignBytes;
    isWhole &&= manifest.isWhole;
    pending.push(...manifest.children);
  }
  return { contents, foreignBytes, isWhole, manifests: [...places].flatMap((place) => manifests[place]?.digest ?? []) };
}
