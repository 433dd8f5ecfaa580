/** Adding up bytes. What descriptors say of sizes is what somebody wrote, and 10 million tags hold more than a number can say. */

/** The most bytes that a sum says. Who reaches it holds at least so many. */
export const mostBytes = Number.MAX_SAFE_INTEGER;

/** The sum of two counts of bytes, each exact and at most `mostBytes`: exact as well, or `mostBytes`. */
export function addBytes(a: number, b: number): number {
  return Math.min(a + b, mostBytes);
}

/** So many times a count of bytes. */
export function multiplyBytes(sizeBytes: number, times: number): number {
  return Math.min(sizeBytes * times, mostBytes);
}

/** The bytes of all of these together. */
export function sumBytes<Item>(items: Iterable<Item>, toBytes: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum = addBytes(sum, toBytes(item));
  return sum;
}
