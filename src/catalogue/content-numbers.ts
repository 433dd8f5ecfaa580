/** Numbers for contents, by their keys: a table of a fixed size without an object for each. */
import { keyWords } from './inventory-figures.ts';

export interface ContentNumbers {
  /** The number of the content whose key stands at `at` of `keys`; a new one is one more than the last. Two sources' are two. */
  numberOf(source: number, keys: Uint32Array, at: number): number;
  count(): number;
  /** The words of a content's key. */
  keyOf(number: number): Uint32Array;
}

/** So many numbers by chance decide where in the table a content lies; none of that is seen from outside. */
export const scatterLength = 2 * keyWords + 1;

/** For so many contents at most. `scatter` is what nobody can know who chooses digests. */
export function createContentNumbers(most: number, scatter: Uint32Array): ContentNumbers {
  const slotBits = Math.ceil(Math.log2(2 * most + 2));
  const slotCount = 2 ** slotBits;
  const toSlot = createToSlot(32 - slotBits, scatter);
  /** The number behind each slot, and one more: 0 is none. */
  const slots = new Int32Array(slotCount);
  const known = new Uint32Array(most * keyWords);
  const sources = new Int32Array(most);
  let count = 0;
  const isSame = (number: number, source: number, keys: Uint32Array, from: number) => {
    if (sources[number] !== source) return false;
    for (let word = 0; word < keyWords; word++) {
      if (known[number * keyWords + word] !== keys[from + word]) return false;
    }
    return true;
  };
  return {
    numberOf(source, keys, at) {
      const from = at * keyWords;
      let slot = toSlot(source, keys, from);
      for (let taken = slots[slot] as number; taken !== 0; taken = slots[slot] as number) {
        if (isSame(taken - 1, source, keys, from)) return taken - 1;
        slot = (slot + 1) & (slotCount - 1);
      }
      for (let word = 0; word < keyWords; word++) known[count * keyWords + word] = keys[from + word] as number;
      sources[count] = source;
      count++;
      slots[slot] = count;
      return count - 1;
    },
    count: () => count,
    keyOf: (number) => known.subarray(number * keyWords, (number + 1) * keyWords),
  };
}

/** Where to look for a key first, so that nobody can choose digests which all lie in one place. */
function createToSlot(
  shift: number,
  scatter: Uint32Array,
): (source: number, keys: Uint32Array, from: number) => number {
  if (scatter.length !== scatterLength) throw new RangeError(`${scatter.length} numbers are not ${scatterLength}`);
  const factors = scatter.map((factor) => factor | 1);
  return (source, keys, from) => {
    let sum = Math.imul(source, factors[2 * keyWords] as number);
    for (let word = 0; word < keyWords; word++) {
      const bits = keys[from + word] as number;
      sum += Math.imul(bits & 0xffff, factors[2 * word] as number);
      sum += Math.imul(bits >>> 16, factors[2 * word + 1] as number);
    }
    return (sum >>> 0) >>> shift;
  };
}
