/** How a name divides into parts and words, character by character. */
import { isDigitAt } from './natural-order.ts';

/** Where something was found: `start` inclusive, `end` exclusive, in UTF-16 code units. */
export type Span = readonly [start: number, end: number];

/** Separators as spaces, one for one, so that places stay the same. */
export function toPlainText(text: string): string {
  return text.replace(/[/._-]/g, ' ');
}

/** The words of a text, whatever separates them. A version stays in one piece, its numbers parted by spaces. */
export function toTokens(text: string): string[] {
  return text.split(' ').flatMap((word) => {
    const plain = toPlainText(word);
    return /^\d+(?:\.\d+)+$/.test(word) ? [plain] : plain.split(' ').filter((token) => token !== '');
  });
}

/** Whether what stands at `at` belongs to no word: in names a separator, in other texts any sign or space. */
export function isSeparatorAt(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 48 || (unit > 57 && unit < 65) || (unit > 90 && unit < 97) || (unit > 122 && unit < 128);
}

/** Whether a word begins or ends between the character before `at` and the one at `at`: `php|8|.|1`. */
export function isWordBoundary(name: string, at: number): boolean {
  if (at <= 0 || at >= name.length) return true;
  if (isSeparatorAt(name, at - 1) || isSeparatorAt(name, at)) return true;
  return isDigitAt(name, at - 1) !== isDigitAt(name, at);
}

/**
 * How much of a name is not covered. What stands before the last part counts a quarter: people remember the image better
 * than its folder.
 */
export function countLeftover(name: string, lastPartAt: number, covered: Uint8Array): number {
  const before = countUncovered(name, 0, lastPartAt, covered);
  return countUncovered(name, lastPartAt, name.length, covered) + Math.ceil(before / 4);
}

/**
 * The weight of the uncovered characters from `start` to `end`: two for a letter, one for a number however long it is, nothing
 * for separators. `node24` is nearer to `node` than `node-x` is.
 */
export function countUncovered(name: string, start: number, end: number, covered: Uint8Array): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    if (covered[at] === 1 || isSeparatorAt(name, at)) continue;
    if (!isDigitAt(name, at)) count += 2;
    else if (at === start || !isDigitAt(name, at - 1)) count++;
  }
  return count;
}

/** The runs of ones in `covered`. */
export function toSpans(covered: Uint8Array, length: number): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < length; start++) {
    if (covered[start] !== 1) continue;
    let end = start + 1;
    while (end < length && covered[end] === 1) end++;
    spans.push([start, end]);
    start = end;
  }
  return spans;
}
