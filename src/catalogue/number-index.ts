/** Many numbers, each once and in order, so that something can be counted of each without an object for it. */
export interface NumberIndex {
  readonly count: number;
  /** The place of a number, from 0; -1 where it is none of them. */
  placeOf(number: number): number;
}

/** Indexes numbers, of which some may come more than once. */
export function indexNumbers(lists: Iterable<Iterable<number> & { readonly length: number }>): NumberIndex {
  const given = [...lists];
  const sorted = new Float64Array(given.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const list of given) for (const number of list) sorted[end++] = number;
  sorted.sort();
  let count = 0;
  for (const number of sorted) {
    if (count === 0 || sorted[count - 1] !== number) sorted[count++] = number;
  }
  return {
    count,
    placeOf(number) {
      let [from, to] = [0, count - 1];
      while (from <= to) {
        const middle = (from + to) >>> 1;
        const found = sorted[middle] as number;
        if (found === number) return middle;
        if (found < number) from = middle + 1;
        else to = middle - 1;
      }
      return -1;
    },
  };
}
