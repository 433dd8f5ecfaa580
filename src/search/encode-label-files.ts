/** Labels and the repositories that have them, as shards. */
import { toPowerOfTwo } from './cut-shards.ts';
import { encodePositions } from './positions.ts';
import { type SearchFile, toSearchFile } from './search-file.ts';
import { labelShardOf } from './shard-directory.ts';
import type { LabelsFile } from './shard-files.ts';

/** Key, then value, then the repositories that have it. */
export type LabelTable = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

const keysEach = 16;
const mostShards = 256;

/** Yields the shards, and returns their names. `rankOf` gives a repository's place in the index. */
export function* encodeLabels(
  table: LabelTable,
  rankOf: (repository: number) => number,
): Generator<SearchFile, readonly string[]> {
  if (table.size === 0) return [];
  const shardCount = Math.min(mostShards, toPowerOfTwo(table.size / keysEach));
  const keys = [...table.keys()].sort();
  const files: string[] = [];
  for (let shard = 0; shard < shardCount; shard++) {
    const content: LabelsFile = {
      keys: keys
        .filter((key) => labelShardOf(key, shardCount) === shard)
        .map((key) => ({ key, ...toColumns(table.get(key) ?? new Map(), rankOf) })),
    };
    const file = toSearchFile('labels', content);
    files.push(file.name);
    yield file;
  }
  return files;
}

function toColumns(values: ReadonlyMap<string, readonly number[]>, rankOf: (repository: number) => number) {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    values: sorted.map(([value]) => value),
    repositories: sorted.map(([, repositories]) => encodePositions(repositories.map(rankOf).sort((a, b) => a - b))),
  };
}
