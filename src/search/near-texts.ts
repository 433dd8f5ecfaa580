/**
 * Sees in a moment which texts cannot be alike: those that lack too many of the letters, or of the pairs of letters, that
 * were typed. What is left is few enough to be compared properly.
 */

const pairWords = 8;
const wordBits = 32;

/** What a text is made of: a bit for each letter, and a bit for each pair of neighbours within a word. */
interface Traces {
  readonly letters: Int32Array;
  readonly pairs: Int32Array;
}

export class NearTexts {
  readonly #texts: readonly string[];
  readonly #traces: Traces;

  /** `texts` are in lower case, their words parted by spaces. */
  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#traces = { letters: new Int32Array(texts.length), pairs: new Int32Array(texts.length * pairWords) };
    texts.forEach((text, position) => {
      trace(text, position, this.#traces);
    });
  }

  /** The positions of all texts in which `tokens` may be found with at most that many mistakes, and of some others. */
  select(tokens: readonly string[], mostEdits: number): number[] {
    const typed: Traces = { letters: new Int32Array(1), pairs: new Int32Array(pairWords) };
    trace(tokens.join(' '), 0, typed);
    const { letters, pairs } = this.#traces;
    const positions: number[] = [];
    for (let position = 0; position < this.#texts.length; position++) {
      const missingLetters = countBits((typed.letters[0] as number) & ~(letters[position] as number));
      if (missingLetters > mostEdits) continue;
      // Two neighbours swapped cost three pairs and no letter; any other mistake costs two pairs at most.
      const mostMissing = 3 * mostEdits - missingLetters;
      let missing = 0;
      for (let word = 0; word < pairWords && missing <= mostMissing; word++) {
        missing += countBits((typed.pairs[word] as number) & ~(pairs[position * pairWords + word] as number));
      }
      if (missing <= mostMissing) positions.push(position);
    }
    return positions;
  }
}

function trace(text: string, position: number, { letters, pairs }: Traces): void {
  let previous = space;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== space) {
      letters[position] = (letters[position] as number) | (1 << (unit % wordBits));
      if (previous !== space) {
        const pair = (Math.imul(previous, 31) + unit) % (pairWords * wordBits);
        const word = position * pairWords + (pair >> 5);
        pairs[word] = (pairs[word] as number) | (1 << (pair % wordBits));
      }
    }
    previous = unit;
  }
}

const space = 32;

function countBits(bits: number): number {
  let rest = bits;
  let count = 0;
  for (; rest !== 0; count++) rest &= rest - 1;
  return count;
}
