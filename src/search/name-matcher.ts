/** Compares the words of a query with names, one after another, without making anything that has to be thrown away. */
import { type MatchKind, toScore } from './match-score.ts';
import { countLeftover, countUncovered, isWordBoundary, type Span, toSpans, toTokens } from './name-text.ts';
import { literalKinds, rankOccurrence, scoreOccurrence, wordsKinds } from './occurrence.ts';
import type { QueryWord } from './query.ts';

const longestName = 256;

export class NameMatcher {
  /** What stands in every name that matches, letter by letter; null where nothing has to. */
  readonly needle: string | null;
  /** The one word of a query of one word. */
  readonly #literal: string | null;
  /** The one word has no separator, so reading it as words finds nothing more. */
  readonly #isPlain: boolean;
  /** The query ends in a separator: more is to come, so it does not name anything yet. */
  readonly #isOpen: boolean;
  /** All words in their order; null where quotes forbid to read them as one. */
  readonly #phrase: string | null;
  /** All words apart, the longest first, so that `php8` does not take the place of `php81`. */
  readonly #tokens: readonly string[];
  readonly #quoted: readonly string[];
  /** Where the latest best occurrence begins. */
  #placedAt = -1;
  /** Which characters of the latest name are part of the match. */
  readonly #covered = new Uint8Array(longestName);

  constructor(words: readonly QueryWord[]) {
    const quoted = words.filter((word) => word.isQuoted).map((word) => word.text);
    const tokens = words.flatMap((word) => (word.isQuoted ? [] : toTokens(word.text)));
    this.#literal = words.length === 1 ? (words[0]?.text ?? null) : null;
    this.#isPlain = quoted.length === 1 || (tokens.length === 1 && tokens[0] === this.#literal);
    this.#isOpen = /[/._-]$/.test(words.at(-1)?.text ?? '');
    this.#phrase = quoted.length === 0 && tokens.length > 0 ? tokens.join(' ') + (this.#isOpen ? ' ' : '') : null;
    this.#tokens = [...new Set(tokens)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
    this.#quoted = quoted;
    // A token with a space is a version, which may stand in a name without its dots.
    const needles = [...this.#quoted, ...this.#tokens.filter((token) => !token.includes(' '))];
    this.needle = needles.reduce<string | null>(
      (best, each) => (each.length > (best?.length ?? 0) ? each : best),
      null,
    );
  }

  /** The score of a name, or -1 when it does not match. `plain` is the name with its separators as spaces. */
  score(name: string, plain: string, lastPartAt: number): number {
    const rank = this.#literal === null ? -1 : this.#place(name, name, this.#literal);
    if (rank !== -1) return this.#cover(name, lastPartAt, rank, this.#literal ?? '', literalKinds);
    return this.#scoreWords(name, plain, lastPartAt);
  }

  /** The same, without what is left over where that takes time to find out. */
  estimate(name: string, plain: string, lastPartAt: number): number {
    const rank = this.#literal === null ? -1 : this.#place(name, name, this.#literal);
    return rank === -1 ? this.#scoreWords(name, plain, lastPartAt) : scoreOccurrence(rank, literalKinds, 0);
  }

  /** What of the name was matched by the latest call of `score`, if it did not return -1. */
  spans(name: string): Span[] {
    return toSpans(this.#covered, name.length);
  }

  #scoreWords(name: string, plain: string, lastPartAt: number): number {
    if (this.#isPlain) return -1;
    const apart = this.#scoreApart(name, plain, lastPartAt);
    const phrase = this.#phrase;
    const rank = apart === -1 || phrase === null ? -1 : this.#place(name, plain, phrase);
    if (rank === -1 || phrase === null) return apart;
    const asOne = this.#cover(name, lastPartAt, rank, phrase, wordsKinds);
    return asOne <= apart ? asOne : this.#scoreApart(name, plain, lastPartAt);
  }

  /** Finds the best occurrence of `phrase`, and returns its rank; -1 for none. */
  #place(name: string, text: string, phrase: string): number {
    let best = -1;
    for (let at = text.indexOf(phrase); at !== -1; at = text.indexOf(phrase, at + 1)) {
      const rank = rankOccurrence(name, at, at + phrase.length);
      // Of two that are as good, the later one is nearer to the image's own name.
      if (best !== -1 && rank > best) continue;
      best = rank;
      this.#placedAt = at;
    }
    return best;
  }

  #cover(name: string, lastPartAt: number, rank: number, phrase: string, kinds: readonly MatchKind[]): number {
    this.#covered.fill(0, 0, name.length);
    this.#covered.fill(1, this.#placedAt, this.#placedAt + phrase.length);
    return scoreOccurrence(rank, kinds, countLeftover(name, lastPartAt, this.#covered));
  }

  #scoreApart(name: string, plain: string, lastPartAt: number): number {
    if (this.#tokens.length + this.#quoted.length === 0) return -1;
    this.#covered.fill(0, 0, name.length);
    let roughness = 0;
    for (const word of this.#quoted) {
      const rough = this.#coverBest(name, name, word);
      if (rough === -1) return -1;
      roughness += rough;
    }
    for (const token of this.#tokens) {
      const rough = this.#coverToken(name, plain, token);
      if (rough === -1) return -1;
      roughness += rough;
    }
    const leftover = countLeftover(name, lastPartAt, this.#covered);
    return toScore(
      roughness > 0 || this.#isOpen ? 'any-order' : this.#kindOfWhole(name, lastPartAt),
      roughness,
      leftover,
    );
  }

  /** A version may stand in a name without its dots: `php82` is of 8.2. */
  #coverToken(name: string, plain: string, token: string): number {
    const rough = this.#coverBest(name, plain, token);
    return rough === -1 && token.includes(' ') ? this.#coverBest(name, plain, token.replaceAll(' ', '')) : rough;
  }

  /** Covers the best free occurrence of `token`: 0 for a whole word, 1 for the beginning of one, 3 within; -1 for none. */
  #coverBest(name: string, text: string, token: string): number {
    let best = -1;
    let bestAt = -1;
    for (let at = text.indexOf(token); at !== -1; at = text.indexOf(token, at + 1)) {
      const end = at + token.length;
      if (this.#covered[at] === 1 || this.#covered[end - 1] === 1) continue;
      const rough = isWordBoundary(name, at) ? (isWordBoundary(name, end) ? 0 : 1) : 3;
      if (best === -1 || rough <= best) {
        best = rough;
        bestAt = at;
      }
    }
    if (best !== -1) this.#covered.fill(1, bestAt, bestAt + token.length);
    return best;
  }

  /** Words that explain all of a name, or all of its last part, name it, in whatever order they come. */
  #kindOfWhole(name: string, lastPartAt: number): MatchKind {
    if (countUncovered(name, lastPartAt, name.length, this.#covered) > 0) return 'any-order';
    return countUncovered(name, 0, lastPartAt, this.#covered) === 0 ? 'exact-words' : 'last-part-words';
  }
}
