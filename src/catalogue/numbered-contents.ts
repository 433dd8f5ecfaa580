/**
 * The contents of many repositories, numbered, and what the rows of each reach by these numbers. To number them is most of the work of a
 * ledger, and may be done before it is known which of the repositories changed.
 */
import { createContentNumbers } from './content-numbers.ts';
import type { InventoryFigures } from './inventory-figures.ts';

export interface NumberedContents {
  /** Whether they all can be numbered. */
  hasRoomFor(figures: readonly InventoryFigures[]): boolean;
  /**
   * What the rows of a repository reach, one row behind the other. It is numbered when it is first asked for, which there must be room
   * for.
   */
  reachedBy(figures: InventoryFigures): Int32Array;
  /** The bytes of each content, by its number: the least that any of the repositories says. */
  sizesBytes(): Float64Array;
  /** Whether any two of the repositories name a content with two sizes: one of them errs, and the lesser is what is sure. */
  areContradicted(): boolean;
  /** Whether sizes and contradictions are those of these repositories, all of them numbered, whoever else was. */
  holdFor(figures: readonly InventoryFigures[]): boolean;
  /** The words of a content's key. */
  keyOf(content: number): Uint32Array;
}

/** Room for more than is there: who numbers ahead knows not what will have changed. */
const roomAhead = { share: 1.1, contents: 10_000 } as const;

/** For so many contents at most. `scatter` is what nobody can know who chooses digests. */
export function createNumberedContents(most: number, scatter: Uint32Array): NumberedContents {
  const numbers = createContentNumbers(most, scatter);
  const sizes = new Float64Array(most);
  const sources = new Map<string, number>();
  const known = new Map<InventoryFigures, Int32Array>();
  const contradicted = new Set<number>();

  const numberEach = ({ source, columns }: InventoryFigures): Int32Array => {
    const sourceNumber = sources.get(source) ?? sources.size;
    sources.set(source, sourceNumber);
    const found = new Int32Array(columns.sizesBytes.length);
    for (let at = 0; at < found.length; at++) {
      const sizeBytes = columns.sizesBytes[at] as number;
      const before = numbers.count();
      const number = numbers.numberOf(sourceNumber, columns.keys, at);
      if (number === before) sizes[number] = sizeBytes;
      if (sizes[number] !== sizeBytes) {
        sizes[number] = Math.min(sizes[number] as number, sizeBytes);
        contradicted.add(number);
      }
      found[at] = number;
    }
    return found;
  };

  return {
    hasRoomFor(figures) {
      return numbers.count() + countContents(figures.filter((each) => !known.has(each))) <= most;
    },
    reachedBy(figures) {
      const before = known.get(figures);
      if (before !== undefined) return before;
      const reached = replacePlaces(figures.columns.reached, numberEach(figures));
      known.set(figures, reached);
      return reached;
    },
    sizesBytes: () => sizes.slice(0, numbers.count()),
    areContradicted: () => contradicted.size > 0,
    holdFor(figures) {
      if (contradicted.size === 0) return true;
      const held = new Set(figures);
      const others = [...known.keys()].filter((each) => !held.has(each));
      return others.every((each) => numberEach(each).every((number) => !contradicted.has(number)));
    },
    keyOf: numbers.keyOf,
  };
}

/** Numbers what these repositories hold, and leaves room for what else may come. */
export function numberContentsAhead(figures: readonly InventoryFigures[], scatter: Uint32Array): NumberedContents {
  const held = figures.filter(({ state }) => state !== 'removed');
  const most = Math.ceil(countContents(held) * roomAhead.share) + roomAhead.contents;
  const numbered = createNumberedContents(most, scatter);
  for (const each of held) numbered.reachedBy(each);
  return numbered;
}

/** Of all repositories together, those counted several times that several hold. */
export function countContents(figures: readonly InventoryFigures[]): number {
  return figures.reduce((sum, { columns }) => sum + columns.sizesBytes.length, 0);
}

/** A small function for what is done a million times: an engine is done with it sooner. */
function replacePlaces(places: Uint32Array, numbers: Int32Array): Int32Array {
  const reached = new Int32Array(places.length);
  for (let at = 0; at < places.length; at++) reached[at] = numbers[places[at] as number] as number;
  return reached;
}
