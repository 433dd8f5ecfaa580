/**
 * Names without their separators: `php81fpm` and `php-81.fpm` are both `php8.1-fpm` to whoever does not remember where the
 * separators stand.
 */
import { countLeftover, isWordBoundary, type Span } from './name-text.ts';
import { rankOccurrence, scoreOccurrence, wordsKinds } from './occurrence.ts';

export interface CompactMatch {
  readonly score: number;
  readonly spans: readonly Span[];
}

/** Shorter texts occur by chance in too many names. */
const fewestCharacters = 5;
const separators = /[\s/._-]+/g;

export class CompactNames {
  readonly #names: readonly string[];
  readonly #compact: readonly string[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#compact = names.map((name) => name.replace(separators, ''));
  }

  /** The positions of all names in which `typed` stands when separators do not count, with how well it does. */
  *find(typed: string): Generator<CompactMatch & { readonly position: number }> {
    const wanted = typed.replace(separators, '');
    if (wanted.length < fewestCharacters) return;
    for (const [position, compact] of this.#compact.entries()) {
      const at = compact.lastIndexOf(wanted);
      if (at === -1) continue;
      const name = this.#names[position] as string;
      const start = placeIn(name, at);
      // `ejessie` is no part of `quibble-jessie`: nobody begins in the middle of a word and goes on after it.
      if (isWordBoundary(name, start))
        yield { position, ...toMatch(name, start, placeIn(name, at + wanted.length - 1) + 1) };
    }
  }
}

function toMatch(name: string, start: number, end: number): CompactMatch {
  const covered = new Uint8Array(name.length).fill(1, start, end);
  const leftover = countLeftover(name, name.lastIndexOf('/') + 1, covered);
  return { score: scoreOccurrence(rankOccurrence(name, start, end), wordsKinds, leftover), spans: [[start, end]] };
}

/** Where in a name the character stands that is the `at`th without its separators. */
function placeIn(name: string, at: number): number {
  let left = at;
  for (let place = 0; place < name.length; place++) {
    if (/[/._-]/.test(name.charAt(place))) continue;
    if (left === 0) return place;
    left--;
  }
  return name.length;
}
