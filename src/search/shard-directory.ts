/**
 * Which small file answers which question. The files are named by their content and never change, so an index, old or new,
 * and the files that it names always belong together.
 *
 * A repository is meant by its position in the index, except in the files of digests: those are many, so they carry names
 * and stay as they are when a repository is added elsewhere.
 */

export interface ShardDirectory {
  /** Tags in order, with the repositories that have them. Shard `n` begins with `from[n]`, in lower case. */
  readonly tags: RangeShards<string>;
  /** The tags of each repository. Shard `n` begins with the repository at position `from[n]`. */
  readonly repositoryTags: RangeShards<number>;
  /** The file that lists the shards of digests: they are too many to name here. Null where there are none. */
  readonly digests: string | null;
  /** Labels by their key. */
  readonly labels: readonly string[];
  /** The descriptions of all repositories; null where none has one. */
  readonly descriptions: string | null;
}

/** The directory of a site without shards: nothing but names can be searched. */
export const noShards: ShardDirectory = {
  tags: { from: [], files: [] },
  repositoryTags: { from: [], files: [] },
  digests: null,
  labels: [],
  descriptions: null,
};

/** A directory of its own, for the digests: shard `n` of all is `files[n]`, and holds them by their first four digits. */
export interface DigestDirectory {
  readonly files: readonly string[];
}

/** Files that each hold one stretch of a sorted whole. */
export interface RangeShards<Key extends string | number> {
  readonly from: readonly Key[];
  readonly files: readonly string[];
}

/** Fewer digits of a digest than this are not looked up: the shards are divided by them. */
export const fewestDigestDigits = 4;

/** The shard that holds `key`, if it is anywhere; -1 when it comes before the first. */
export function rangeShardOf<Key extends string | number>(shards: RangeShards<Key>, key: Key): number {
  let low = 0;
  let high = shards.from.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shards.from[middle] as Key) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The shard of every digest that begins with `hex`: four hexadecimal digits or more. */
export function digestShardOf(hex: string, shardCount: number): number {
  return digestShardOfHead(Number.parseInt(hex.slice(0, fewestDigestDigits), 16), shardCount);
}

/** The same, for the first four digits as a number. */
export function digestShardOfHead(head: number, shardCount: number): number {
  return (head * shardCount) >> (4 * fewestDigestDigits);
}

/**
 * The shard of a label's key. Only what follows the last dot counts, so `source` is found beside
 * `org.opencontainers.image.source`.
 */
export function labelShardOf(key: string, shardCount: number): number {
  return hashText(shortLabelKey(key)) % shardCount;
}

/** What follows the last dot of a label's key, in lower case. */
export function shortLabelKey(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1).toLowerCase();
}

/** FNV-1a over UTF-16 code units, 32 bits: spreads keys evenly, and the same everywhere. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
