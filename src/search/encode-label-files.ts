/** Labels and the repositories that have them, as shards. */
import { toPowerOfTwo } from './cut-shards.ts';
import { encodePositions } from './positions.ts';
import { type SearchFile, toSearchFile } from './search-file.ts';
import { labelShardOf } from './shard-directory.ts';
import type { LabelsFile } from './shard-files.ts';

/** Key, then value, then the repositories that have it. */
export type LabelTable = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

const targetWeight = 24_000;
const mostShards = 256;

/** Yields the shards, and returns their names. `rankOf` gives a repository's place in the index. */
export function* encodeLabels(
  table: LabelTable,
  rankOf: (repository: number) => number,
): Generator<SearchFile, readonly string[]> {
  if (table.size === 0) return [];
  const shardCount = Math.min(mostShards, toPowerOfTwo(weigh(table) / targetWeight));
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

/** How many characters the table takes, about. A key is never divided, so more shards than keys would only be empty. */
function weigh(table: LabelTable): number {
  let weight = 0;
  for (const values of table.values()) for (const [value, { length }] of values) weight += value.length + 4 * length;
  return Math.min(weight, table.size * targetWeight);
}

function toColumns(values: ReadonlyMap<string, readonly number[]>, rankOf: (repository: number) => number) {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    values: sorted.map(([value]) => value),
    repositories: sorted.map(([, repositories]) => encodePositions(repositories.map(rankOf).sort((a, b) => a - b))),
  };
}
