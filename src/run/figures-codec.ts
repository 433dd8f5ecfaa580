/** The figures of repositories ↔ one file: a head that says what stands there, all numbers side by side, and a digest of that. */
import { endianness } from 'node:os';
import type { FigureColumns, InventoryFigures } from '../catalogue/inventory-figures.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { findSeal, sealBytes } from '../view/sealed-bytes.ts';
import type { KeptPlace, TextsHead } from './kept-texts.ts';

export interface KeptFigures {
  readonly name: RepositoryName;
  /** The file of the snapshot that they were made from. */
  readonly file: string;
  /** Where the inventory stands as a text. */
  readonly place: KeptPlace;
  readonly figures: InventoryFigures;
  readonly recommendedTag: Tag | null;
}

export interface FiguresHead extends TextsHead {
  /** What they were made with. */
  readonly fingerprint: string;
  /** Of the names that must be found in no text. */
  readonly hiddenNames: string | null;
  /** The digest of the file that these go beyond; null where they are of all repositories. */
  readonly beyond: string | null;
}

export interface FiguresFile extends FiguresHead {
  readonly kept: readonly KeptFigures[];
}

export interface ReadFigures extends FiguresFile {
  /** Of the file. */
  readonly digest: string;
}

type Column = keyof FigureColumns;
const doubleColumns = ['sizesBytes', 'foreignBytes', 'chains', 'digests'] as const satisfies readonly Column[];
const wordColumns = ['keys', 'tagCounts', 'flags', 'ends', 'reached'] as const satisfies readonly Column[];
const alignment = Float64Array.BYTES_PER_ELEMENT;

interface WrittenHead extends FiguresHead {
  readonly endianness: string;
  readonly kept: readonly (Omit<KeptFigures, 'figures'> & {
    readonly figures: Omit<InventoryFigures, 'columns'>;
    readonly lengths: readonly number[];
  })[];
}

/** In pieces, for the numbers are long, and nearly all of them stand in memory as they were read. */
export function encodeFigures({ kept, ...head }: FiguresFile): Iterable<Uint8Array> {
  const written: WrittenHead = {
    ...head,
    endianness: endianness(),
    kept: kept.map(({ figures: { columns, ...figures }, ...each }) => ({
      ...each,
      figures,
      lengths: [...doubleColumns, ...wordColumns].map((column) => columns[column].length),
    })),
  };
  const lineBytes = Buffer.from(JSON.stringify(written));
  const padding = (alignment - ((lineBytes.length + 1) % alignment)) % alignment;
  return sealBytes([
    ...[lineBytes, Buffer.from(`${' '.repeat(padding)}\n`)],
    ...listColumns(kept, doubleColumns),
    ...listColumns(kept, wordColumns),
  ]);
}

/** Null for what was made with other means. Throws where the bytes are not those that were written. */
export function decodeFigures(bytes: Buffer, fingerprint: string): ReadFigures | null {
  const seal = findSeal(bytes);
  if (seal === null) throw new TypeError('the figures are not those that were written');
  const lineEnd = bytes.indexOf('\n') + 1;
  const { kept, ...head } = JSON.parse(bytes.toString('utf8', 0, lineEnd)) as WrittenHead;
  if (head.fingerprint !== fingerprint || head.endianness !== endianness()) return null;
  const doubleCount = countAll(kept, 0, doubleColumns.length);
  const wordCount = countAll(kept, doubleColumns.length);
  const doublesEnd = lineEnd + doubleCount * Float64Array.BYTES_PER_ELEMENT;
  const cutDoubles = createCutter(new Float64Array(toAligned(bytes.subarray(lineEnd, doublesEnd))));
  const wordsEnd = doublesEnd + wordCount * Uint32Array.BYTES_PER_ELEMENT;
  const cutWords = createCutter(new Uint32Array(toAligned(bytes.subarray(doublesEnd, wordsEnd))));
  return {
    ...head,
    digest: bytes.toString('latin1', seal, bytes.length - 1),
    kept: kept.map(({ lengths, figures, ...each }) => {
      const ofWords = lengths.slice(doubleColumns.length);
      const columns = {
        ...Object.fromEntries(doubleColumns.map((column, at) => [column, cutDoubles(lengths[at] as number)])),
        ...Object.fromEntries(wordColumns.map((column, at) => [column, cutWords(ofWords[at] as number)])),
      } as unknown as FigureColumns;
      return { ...each, figures: { ...figures, columns } };
    }),
  };
}

/** Cuts numbers into stretches, one after the other. */
function createCutter<Numbers extends Float64Array | Uint32Array>(numbers: Numbers): (length: number) => Numbers {
  let from = 0;
  return (length) => {
    from += length;
    return numbers.subarray(from - length, from) as Numbers;
  };
}

function* listColumns(kept: readonly KeptFigures[], columns: readonly Column[]): Generator<Uint8Array> {
  for (const { figures } of kept) {
    for (const column of columns) {
      const { buffer, byteOffset, byteLength } = figures.columns[column];
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
  }
}

function countAll(kept: WrittenHead['kept'], from: number, end?: number): number {
  return kept.reduce((sum, { lengths }) => sum + lengths.slice(from, end).reduce((a, b) => a + b, 0), 0);
}

function toAligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
