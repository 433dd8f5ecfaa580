/** Ascending whole numbers as the distances between them: what many images share becomes a row of ones. */

/** One number stands for itself. */
export type EncodedPositions = number | readonly number[];

export function encodePositions(ascending: readonly number[]): EncodedPositions {
  const distances = ascending.map((position, at) => position - (ascending[at - 1] ?? 0));
  return distances.length === 1 ? (distances[0] ?? 0) : distances;
}

export function decodePositions(encoded: EncodedPositions): number[] {
  if (typeof encoded === 'number') return [encoded];
  let position = 0;
  return encoded.map((distance) => {
    position += distance;
    return position;
  });
}
