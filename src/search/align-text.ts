/** How many typing mistakes lie between what was typed and some stretch of a text. */

export interface Alignment {
  /** Letters left out, added or replaced, and neighbours swapped. */
  readonly edits: number;
  /** The stretch that was meant: `start` inclusive, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

interface Row {
  readonly edits: Uint16Array;
  readonly starts: Uint16Array;
}

/** Which of two stretches that are as near was meant: the one whose number is smaller. */
export interface StretchRank {
  readonly start: (start: number) => number;
  readonly whole: (start: number, end: number) => number;
}

/** Any stretch is as good as another. */
export const anyStretch: StretchRank = { start: () => 0, whole: () => 0 };

/** The stretch of `text` that is nearest to `typed`; null when even that needs more than `mostEdits`. */
export function alignText(typed: string, text: string, mostEdits: number, rank: StretchRank): Alignment | null {
  const startRanks = Uint8Array.from({ length: text.length + 1 }, (_, start) => rank.start(start));
  let beforeLast = createRow(text.length);
  let last = createRow(text.length);
  let current = createRow(text.length);
  // The match may begin anywhere: nothing typed costs nothing.
  for (let column = 0; column <= text.length; column++) last.starts[column] = column;
  for (let row = 1; row <= typed.length; row++) {
    const fewest = fillRow(typed, text, row, [beforeLast, last, current], startRanks);
    if (fewest > mostEdits) return null;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return pickEnd(last, text.length, mostEdits, rank.whole);
}

function createRow(length: number): Row {
  return { edits: new Uint16Array(length + 1), starts: new Uint16Array(length + 1) };
}

/** Fills `current` for the first `row` letters typed, and returns its smallest number. */
function fillRow(
  typed: string,
  text: string,
  row: number,
  [beforeLast, last, current]: readonly [Row, Row, Row],
  startRanks: Uint8Array,
): number {
  const letter = typed.charCodeAt(row - 1);
  const before = row > 1 ? typed.charCodeAt(row - 2) : -1;
  current.edits[0] = row;
  current.starts[0] = 0;
  let fewest = row;
  for (let column = 1; column <= text.length; column++) {
    const isSame = text.charCodeAt(column - 1) === letter;
    let edits = at(last.edits, column - 1) + (isSame ? 0 : 1);
    let start = at(last.starts, column - 1);
    const offer = (from: Row, fromColumn: number) => {
      const offered = at(from.edits, fromColumn) + 1;
      const offeredStart = at(from.starts, fromColumn);
      if (offered > edits || (offered === edits && at(startRanks, offeredStart) >= at(startRanks, start))) return;
      edits = offered;
      start = offeredStart;
    };
    offer(last, column);
    offer(current, column - 1);
    const isSwapped = column > 1 && text.charCodeAt(column - 2) === letter && text.charCodeAt(column - 1) === before;
    if (isSwapped) offer(beforeLast, column - 2);
    current.edits[column] = edits;
    current.starts[column] = start;
    if (edits < fewest) fewest = edits;
  }
  return fewest;
}

function pickEnd(
  row: Row,
  length: number,
  mostEdits: number,
  rank: (start: number, end: number) => number,
): Alignment | null {
  let best: Alignment | null = null;
  let bestRank = 0;
  for (let end = 1; end <= length; end++) {
    const edits = at(row.edits, end);
    const start = at(row.starts, end);
    if (edits > mostEdits || start >= end || (best !== null && edits > best.edits)) continue;
    const ranked = rank(start, end);
    if (best === null || edits < best.edits || ranked < bestRank) {
      best = { edits, start, end };
      bestRank = ranked;
    }
  }
  return best;
}

/** The rows are as long as the text, so the place is always there. */
function at(row: Uint16Array | Uint8Array, column: number): number {
  return row[column] as number;
}
