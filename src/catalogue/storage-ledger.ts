/**
 * Which bytes each tag leads to, over the whole catalogue. Every content (manifest, config, layer) has a number, and so has
 * every row (a digest that tags point at), which has the numbers of all that it reaches, each once. A registry keeps a content
 * once however many repositories name it; two sources keep it twice.
 *
 * In memory are numbers. The texts of the rows are read for one repository at a time.
 */
import { addBytes, mostBytes } from '../oci/byte-count.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { ContentKey, InventoryRow, RepositoryInventory } from './inventory.ts';
import { type HeldInventory, type InventoryFigures, keyWords, reachFrom, rowFlags } from './inventory-figures.ts';
import { countContents, createNumberedContents, type NumberedContents } from './numbered-contents.ts';

/** A digest that tags point at, with everything it reaches. */
export interface LedgerRow {
  /** Its number. */
  readonly at: number;
  readonly row: Omit<InventoryRow, 'images' | 'manifest'>;
  readonly sizeBytes: number;
  /** Whether all that it reaches is known and counted; else its bytes are the least that it holds. */
  readonly isWhole: boolean;
  /** The manifests that it reaches, itself first, each before what it holds. */
  readonly manifests: readonly Digest[];
}

export interface LedgerRepository {
  readonly name: RepositoryName;
  /** Stands for all that it holds. */
  readonly key: string;
  readonly source: string;
  readonly isStale: boolean;
  /** The numbers of its rows: from, and up to but not including. */
  readonly stretch: readonly [number, number];
  readonly unreadTagCount: number;
  /** Reads its rows, newest first. */
  readRows(): readonly LedgerRow[];
}

/** What counts of each row, by its number. */
export interface RowFigures {
  readonly tagCounts: Int32Array;
  readonly sizesBytes: Float64Array;
  /** Layers that registries do not keep, beside `sizesBytes`. */
  readonly foreignBytes: Float64Array;
  /** 1 where all that it reaches is known and counted. */
  readonly areWhole: Uint8Array;
}

export interface StorageLedger {
  /** Sorted by name, so that all that lies beneath a path stands together. */
  readonly repositories: readonly LedgerRepository[];
  readonly rows: RowFigures;
  /** The numbers of all content that rows reach, each once in a row, one row behind the other. */
  readonly contents: Int32Array;
  /** Where in `contents` each row begins, and where the last ends. */
  readonly begins: Int32Array;
  /** The bytes of each content, by its number. Some are reached by no row: they are not this ledger's. */
  readonly sizesBytes: Float64Array;
  keyOf(content: number): ContentKey;
  /** Whether every tag's content is wholly known and counted, and nobody contradicts anybody about a size. */
  readonly isWhole: boolean;
}

/**
 * Opens the ledger of these repositories. What was removed holds nothing and is left out. `scatter` is `scatterLength` numbers by
 * chance, which nobody who chooses digests may know; what comes of it does not depend on them, nor on what was numbered `ahead`, to
 * which what is new is added.
 */
export function createLedger(
  inventories: readonly HeldInventory[],
  scatter: Uint32Array,
  ahead: NumberedContents | null = null,
): StorageLedger {
  const held = inventories
    .filter(({ figures }) => figures.state !== 'removed')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const total = (length: (columns: HeldInventory['figures']['columns']) => number) =>
    held.reduce((sum, { figures }) => sum + length(figures.columns), 0);
  const rowCount = total(({ ends }) => ends.length);
  const rows: RowFigures = {
    tagCounts: new Int32Array(rowCount),
    sizesBytes: new Float64Array(rowCount),
    foreignBytes: new Float64Array(rowCount),
    areWhole: new Uint8Array(rowCount),
  };
  const begins = new Int32Array(rowCount + 1);
  const { contents, sizesBytes, areContradicted, keyWordsOf } = listContents(
    held.map(({ figures }) => figures),
    scatter,
    ahead,
  );
  let isWhole = !areContradicted;
  let [row, end] = [0, 0];

  const repositories = held.map((inventory): LedgerRepository => {
    const { name, key, figures } = inventory;
    const { source, isStale, unreadTagCount, hasUnseenReferrers, columns } = figures;
    if (isStale || unreadTagCount > 0 || hasUnseenReferrers) isWhole = false;
    const [first, firstEnd] = [row, end];
    end += columns.reached.length;
    for (let at = 0; at < columns.flags.length; at++) {
      const flags = columns.flags[at] as number;
      if (flags !== rowFlags.whole + rowFlags.current) isWhole = false;
      begins[row + 1] = firstEnd + (columns.ends[at] as number);
      rows.tagCounts[row] = columns.tagCounts[at] as number;
      rows.foreignBytes[row] = columns.foreignBytes[at] as number;
      rows.areWhole[row] = flags & rowFlags.whole;
      row++;
    }
    const readRows = () => toLedgerRows(inventory.read(), first, rows);
    return { ...{ name, key, source, isStale, unreadTagCount, readRows }, stretch: [first, row] };
  });
  for (let at = 0; at < rowCount; at++) {
    const sizeBytes = sumUp(contents, begins[at] as number, begins[at + 1] as number, sizesBytes);
    rows.sizesBytes[at] = sizeBytes;
    if (sizeBytes < mostBytes) continue;
    rows.areWhole[at] = 0;
    isWhole = false;
  }
  const keyOf = (at: number) => toContentKey(keyWordsOf(at));
  return { repositories, rows, contents, begins, sizesBytes, isWhole, keyOf };
}

interface ListedContents extends Pick<StorageLedger, 'contents' | 'sizesBytes'> {
  readonly areContradicted: boolean;
  readonly keyWordsOf: NumberedContents['keyOf'];
}

/** Of what is numbered no more stays in memory than this. */
function listContents(
  figures: readonly InventoryFigures[],
  scatter: Uint32Array,
  ahead: NumberedContents | null,
): ListedContents {
  const numbered = numberAll(figures, scatter, ahead);
  const contents = new Int32Array(figures.reduce((sum, { columns }) => sum + columns.reached.length, 0));
  let end = 0;
  for (const each of figures) {
    const reached = numbered.reachedBy(each);
    contents.set(reached, end);
    end += reached.length;
  }
  return {
    contents,
    sizesBytes: numbered.sizesBytes(),
    areContradicted: numbered.areContradicted(),
    keyWordsOf: numbered.keyOf,
  };
}

/** What was numbered ahead may be of repositories as they were, and a size may be contradicted by one of those. */
function numberAll(
  figures: readonly InventoryFigures[],
  scatter: Uint32Array,
  ahead: NumberedContents | null,
): NumberedContents {
  const number = (numbered: NumberedContents) => {
    for (const each of figures) numbered.reachedBy(each);
    return numbered;
  };
  if (ahead?.hasRoomFor(figures) && number(ahead).holdFor(figures)) return ahead;
  return number(createNumberedContents(countContents(figures), scatter));
}

/** A small function for what is done a million times: an engine is done with it sooner. */
function sumUp(contents: Int32Array, from: number, end: number, sizesBytes: Float64Array): number {
  let sum = 0;
  for (let place = from; place < end; place++) sum = addBytes(sum, sizesBytes[contents[place] as number] as number);
  return sum;
}

function toLedgerRows({ rows, manifests }: RepositoryInventory, first: number, figures: RowFigures) {
  return rows.map(({ images: _, manifest, ...row }, place): LedgerRow => {
    const at = first + place;
    const { places } = reachFrom(manifest, manifests);
    return {
      ...{ at, row },
      sizeBytes: figures.sizesBytes[at] as number,
      isWhole: figures.areWhole[at] === 1,
      manifests: places.flatMap((each) => manifests[each]?.digest ?? []),
    };
  });
}

function toContentKey(words: Uint32Array): ContentKey {
  const bytes = Buffer.alloc(4 * keyWords);
  for (const [at, word] of words.entries()) bytes.writeUInt32BE(word, 4 * at);
  return bytes.toString('base64url') as ContentKey;
}
