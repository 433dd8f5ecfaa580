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
  const stretches = cutStretches(sorted.subarray(0, count));
  return {
    count,
    placeOf(number) {
      const stretch = stretches.of(number);
      let from = stretches.begins[stretch] ?? 0;
      let to = (stretches.begins[stretch + 1] ?? 0) - 1;
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

/** Sorted numbers, cut into as many stretches of one width as there are numbers: of what digests give, most hold one or none. */
function cutStretches(sorted: Float64Array) {
  const count = sorted.length;
  const least = sorted[0] ?? 0;
  const width = ((sorted[count - 1] ?? 0) - least) / count || 1;
  const of = (number: number) => Math.floor((number - least) / width);
  // The greatest begins a stretch of its own.
  const begins = new Uint32Array(count + 2);
  for (const number of sorted) begins[of(number) + 1] = (begins[of(number) + 1] as number) + 1;
  for (let stretch = 1; stretch < begins.length; stretch++) {
    begins[stretch] = (begins[stretch] as number) + (begins[stretch - 1] as number);
  }
  return { begins, of };
}
