/** One run says as much of the machine's mood as of what was run: where it is short it is done this often, and the median counts. */
export const rounds = 3;

export function pickMedian<Item>(items: readonly Item[], toNumber: (item: Item) => number): Item {
  const middle = items.toSorted((a, b) => toNumber(a) - toNumber(b))[items.length >> 1];
  if (middle === undefined) throw new RangeError('the median of nothing');
  return middle;
}

/** How often something was measured beside its limit, and what came of it; nothing where that was once. */
export function formatPairs(what: string, ratios: readonly number[]): readonly string[] {
  if (ratios.length < 2) return [];
  return [
    `of ${ratios.length} ${what}, the one of the median ratio: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`,
  ];
}
