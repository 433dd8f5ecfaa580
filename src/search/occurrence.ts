/** What it means where in a name something stands: at its beginning, at the beginning of a part, of a word, or within one. */
import { type MatchKind, toScore } from './match-score.ts';
import { isWordBoundary } from './name-text.ts';

/** The kinds of an unbroken match, the best first. */
export const literalKinds: readonly MatchKind[] = ['exact', 'last-part', 'prefix', 'part-prefix', 'word', 'substring'];

/** The same for matches that took any separator for any other. */
export const wordsKinds: readonly MatchKind[] = [
  'exact-words',
  'last-part-words',
  'prefix-words',
  'part-prefix-words',
  'word-words',
  'substring-words',
];

/** The rank of an occurrence: twice its place among the kinds, and one more when it ends within a word. */
export function rankOccurrence(name: string, start: number, end: number): number {
  return rankPlace(name, start, end) * 2 + (isWordBoundary(name, end) ? 0 : 1);
}

/** The score of an occurrence of that rank. */
export function scoreOccurrence(rank: number, kinds: readonly MatchKind[], leftover: number): number {
  return toScore(kinds[rank >> 1] ?? 'any-order', rank & 1, leftover);
}

function rankPlace(name: string, start: number, end: number): number {
  const isAtEnd = end === name.length;
  if (start === 0) return isAtEnd ? 0 : 2;
  if (name.charCodeAt(start - 1) === 47) return isAtEnd ? 1 : 3;
  return isWordBoundary(name, start) ? 4 : 5;
}
