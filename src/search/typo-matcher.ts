/** Compares what may be mistyped with names: fewest mistakes first, then the same ranking as without any. */
import { type Alignment, alignText } from './align-text.ts';
import { type MatchKind, toScore } from './match-score.ts';
import { countLeftover, isSeparatorAt, isWordBoundary, type Span, toSpans, toTokens } from './name-text.ts';
import { literalKinds, rankOccurrence, scoreOccurrence, wordsKinds } from './occurrence.ts';
import type { QueryWord } from './query.ts';

export interface TypoMatch {
  /** 0 where only the separators are others. */
  readonly edits: number;
  readonly score: number;
  readonly spans: readonly Span[];
}

/** With fewer letters than this, one mistake would match everything: then it must be the whole name, or its last part. */
export const fewestLetters = 4;
const worstShortRank = 3;

/** How many mistakes a word of that length may have. */
function mostEditsOf(length: number): number {
  return length < fewestLetters ? 0 : length < 6 ? 1 : length < 10 ? 2 : 3;
}

export class TypoMatcher {
  /** The one word of a query of one word, with its separators. */
  readonly #literal: string | null;
  readonly #phrase: string;
  readonly #tokens: readonly string[];
  readonly #digits: string;

  /** Quoted words are meant letter by letter: with one of them nothing matches. */
  constructor(words: readonly QueryWord[]) {
    const tokens = words.some((word) => word.isQuoted) ? [] : words.flatMap((word) => toTokens(word.text));
    this.#literal = words.length === 1 ? (words[0]?.text ?? null) : null;
    this.#phrase = tokens.join(' ');
    this.#tokens = tokens;
    this.#digits = toDigits(this.#phrase);
  }

  /** The best reading of a name, or null. `plain` is the name with its separators as spaces. */
  matchName(name: string, plain: string, lastPartAt: number): TypoMatch | null {
    if (this.#phrase === '') return null;
    const asOne = this.#matchAsOne(name, plain, lastPartAt);
    if (this.#tokens.length === 1 || asOne?.edits === 1) return this.#withNumbers(asOne, name);
    return this.#withNumbers(pickBetter(asOne, this.#matchApart(name, plain, lastPartAt)), name);
  }

  /** The reading of a text that is no name: every word somewhere, as a whole word. Comes after every name as near. */
  matchText(text: string): TypoMatch | null {
    let edits = 0;
    for (const token of this.#tokens) {
      const found = alignWord(token, text, text);
      if (found === null || roughnessOf(text, found.start, found.end) > 0) return null;
      edits += found.edits;
    }
    return this.#withNumbers({ edits, score: toScore('description', 0, 0), spans: [] }, text);
  }

  /** One slip may hit a number. With more of them a number that is not there is another version, and not what was meant. */
  #withNumbers(match: TypoMatch | null, text: string): TypoMatch | null {
    return match === null || match.edits < 2 || toDigits(text).includes(this.#digits) ? match : null;
  }

  #matchAsOne(name: string, plain: string, lastPartAt: number): TypoMatch | null {
    const asTyped = this.#literal === null ? null : matchStretch(this.#literal, name, name, lastPartAt, literalKinds);
    const asWords = matchStretch(this.#phrase, plain, name, lastPartAt, wordsKinds);
    return pickBetter(asTyped, asWords);
  }

  #matchApart(name: string, plain: string, lastPartAt: number): TypoMatch | null {
    const covered = new Uint8Array(name.length);
    let edits = 0;
    let roughness = 0;
    for (const token of this.#tokens) {
      const found = alignWord(token, plain, name);
      if (found === null) return null;
      edits += found.edits;
      roughness += roughnessOf(name, found.start, found.end);
      covered.fill(1, found.start, found.end);
    }
    const leftover = countLeftover(name, lastPartAt, covered);
    return { edits, score: toScore('any-order', roughness, leftover), spans: toSpans(covered, name.length) };
  }
}

/** Reads `typed` as one stretch of `text`, which is the name with or without its separators. */
function matchStretch(
  typed: string,
  text: string,
  name: string,
  lastPartAt: number,
  kinds: readonly MatchKind[],
): TypoMatch | null {
  const isShort = typed.length < fewestLetters;
  const found = alignText(typed, text, isShort ? 1 : mostEditsOf(typed.length), {
    start: (start) => rankStart(name, start),
    whole: (start, end) => rankOccurrence(name, start, end),
  });
  if (found === null) return null;
  const rank = rankOccurrence(name, found.start, found.end);
  if (isShort && rank > worstShortRank) return null;
  const covered = new Uint8Array(name.length).fill(1, found.start, found.end);
  const score = scoreOccurrence(rank, kinds, countLeftover(name, lastPartAt, covered));
  return { edits: found.edits, score, spans: toSpans(covered, name.length) };
}

function pickBetter(a: TypoMatch | null, b: TypoMatch | null): TypoMatch | null {
  if (a === null || b === null) return a ?? b;
  return compareTypoMatches(a, b) <= 0 ? a : b;
}

function toDigits(text: string): string {
  return text.replace(/[^0-9]/g, '');
}

/** Negative when `a` comes before `b`: fewer mistakes, else the better score. */
export function compareTypoMatches(a: TypoMatch, b: TypoMatch): number {
  return a.edits - b.edits || a.score - b.score;
}

function alignWord(word: string, text: string, name: string): Alignment | null {
  return alignText(word, text, mostEditsOf(word.length), {
    start: (start) => rankStart(name, start),
    whole: (start, end) => roughnessOf(name, start, end),
  });
}

/** 0 for the beginning of a part, 1 for that of a word, 2 for any other place. */
function rankStart(name: string, start: number): number {
  if (start === 0 || name.charCodeAt(start - 1) === 47) return 0;
  return !isSeparatorAt(name, start) && isWordBoundary(name, start) ? 1 : 2;
}

function roughnessOf(name: string, start: number, end: number): number {
  return isWordBoundary(name, start) ? (isWordBoundary(name, end) ? 0 : 1) : 3;
}
