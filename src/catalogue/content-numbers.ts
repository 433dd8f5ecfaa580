/** Numbers for contents, by their keys: a table of a fixed size without an object for each. */
import { keyWords } from './inventory-figures.ts';

export interface ContentNumbers {
  /** The number of the content whose key stands at `at` of `keys`; a new one is one more than the last. Two sources' are two. */
  numberOf(source: number, keys: Uint32Array, at: number): number;
  count(): number;
  /** The words of a content's key. */
  keyOf(number: number): Uint32Array;
}

/** For so many contents at most. */
export function createContentNumbers(most: number): ContentNumbers {
  const slotCount = 2 ** Math.ceil(Math.log2(2 * most + 2));
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
      // Keys are cut from digests: any of their words is as good as a hash.
      let slot = ((keys[from] as number) ^ source) & (slotCount - 1);
      for (let taken = slots[slot] as number; taken !== 0; taken = slots[slot] as number) {
        if (isSame(taken - 1, source, keys, from)) return taken - 1;
        slot = (slot + 1) & (slotCount - 1);
      }
      known.set(keys.subarray(from, from + keyWords), count * keyWords);
      sources[count] = source;
      count++;
      slots[slot] = count;
      return count - 1;
    },
    count: () => count,
    keyOf: (number) => known.subarray(number * keyWords, (number + 1) * keyWords),
  };
}
