/** Many numbers, each once and in order, so that something can be counted of each without an object for it. */
export interface NumberIndex {
  readonly count: number;
  /** The place of a number, from 0; -1 where it is none of them. */
  placeOf(number: number): number;
}

/** Indexes numbers, of which some may come more than once. */
export function indexNumbers(lists: readonly ArrayLike<number>[]): NumberIndex {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const list of lists) {
    all.set(list, end);
    end += list.length;
  }
  const sorted = keepFirsts(all.sort());
  const count = sorted.length;
  const stretches = cutStretches(sorted);
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

/** Of sorted numbers each once, in their place. */
function keepFirsts(sorted: Float64Array): Float64Array {
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at] as number;
  }
  return sorted.subarray(0, count);
}

/** Sorted numbers, cut into as many stretches of one width as there are numbers: of what digests give, most hold one or none. */
function cutStretches(sorted: Float64Array) {
  const count = sorted.length;
  const least = sorted[0] ?? 0;
  const width = ((sorted[count - 1] ?? 0) - least) / count || 1;
  const of = (number: number) => Math.floor((number - least) / width);
  // The greatest begins a stretch of its own.
  const begins = new Uint32Array(count + 2);
  for (let at = 0; at < count; at++) {
    const stretch = of(sorted[at] as number) + 1;
    begins[stretch] = (begins[stretch] as number) + 1;
  }
  for (let stretch = 1; stretch < begins.length; stretch++) {
    begins[stretch] = (begins[stretch] as number) + (begins[stretch - 1] as number);
  }
  return { begins, of };
}
