/** What stands in each kind of shard, as it is transferred. Texts of many values have one to a line. */
import type { EncodedPositions } from './positions.ts';

export interface TagsFile {
  /** Front-coded, in the order of `compareTags`. */
  readonly tags: string;
  /** The positions of the repositories that have each tag. */
  readonly repositories: readonly EncodedPositions[];
}

export interface RepositoryTagsFile {
  /** For each repository, its tags with spaces between. */
  readonly tags: readonly string[];
}

export interface DigestsFile {
  /** Front-coded: the repositories that are spoken of here, in natural order. */
  readonly names: string;
  /** Hexadecimal digits, ascending. Of configs and layers, and of digests longer than 64 digits, the first ones only. */
  readonly digests: string;
  /** A letter for each: `i` index, `m` manifest, `c` config, `l` layer, `o` other. In upper case it is a `sha512` digest. */
  readonly kinds: string;
  /** The places in `names` of the repositories that have each. */
  readonly repositories: readonly EncodedPositions[];
  /** For each digest a line, on it for each of its repositories one tag that leads to it, with spaces between. */
  readonly tags: string;
  /** Where not all repositories are listed: the place of the digest, and how many there are. */
  readonly totals: readonly (readonly [number, number])[];
}

export interface LabelsFile {
  readonly keys: readonly {
    readonly key: string;
    readonly values: readonly string[];
    /** The positions of the repositories that have each value. */
    readonly repositories: readonly EncodedPositions[];
  }[];
}

export interface DescriptionsFile {
  /** A line for each repository; empty for none. */
  readonly descriptions: string;
}

/** What a digest names. */
export type DigestKind = 'index' | 'manifest' | 'config' | 'layer' | 'other';

/** The letters of `DigestsFile.kinds`. */
export const digestKinds: Readonly<Record<string, DigestKind>> = {
  i: 'index',
  m: 'manifest',
  c: 'config',
  l: 'layer',
  o: 'other',
};

/** The order of tags in shards: without regard to case, so that a beginning finds all that begin so. */
export function compareTags(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return compareTexts(left, right) || compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
