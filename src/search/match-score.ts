/** A match as one number: the smaller, the better. Its kind weighs most, then its roughness, then what is left over. */

/** The kinds of match, the best first. A kind that ends in `-words` took any separator for any other. */
export const matchKinds = [
  'exact',
  'exact-words',
  'last-part',
  'last-part-words',
  'prefix',
  'prefix-words',
  'part-prefix',
  'part-prefix-words',
  'word',
  'word-words',
  'substring',
  'substring-words',
  'any-order',
  'description',
] as const;

export type MatchKind = (typeof matchKinds)[number];

const roughnessLimit = 32;
/** Added to the roughness of what nobody should choose: it comes after all that match in the same way. */
const unwantedRoughness = 16;
const leftoverLimit = 512;

/** Greater than every score. */
export const scoreLimit = matchKinds.length * roughnessLimit * leftoverLimit;

/**
 * `roughness` says how badly the match falls on whole words, `leftover` how much of the name it does not explain. Both are
 * whole numbers from 0, and what is too great for its place counts as the greatest.
 */
export function toScore(kind: MatchKind, roughness: number, leftover: number): number {
  const head = matchKinds.indexOf(kind) * roughnessLimit + Math.min(roughness, unwantedRoughness - 1);
  return head * leftoverLimit + Math.min(leftover, leftoverLimit - 1);
}

/** The score of an image that is deprecated or has no tags. */
export function toUnwanted(score: number): number {
  return score + unwantedRoughness * leftoverLimit;
}

/** The kind and the roughness of a score, without what is left over: enough to tell the better from the worse. */
export function headOf(score: number): number {
  return Math.floor(score / leftoverLimit);
}

export function scoredKind(score: number): MatchKind {
  return matchKinds[Math.floor(score / (roughnessLimit * leftoverLimit))] ?? 'description';
}
