/** Adds to an index the descriptions that it names. */
import { type SearchIndex, withDescriptions } from './search-index.ts';
import type { DescriptionsFile } from './shard-files.ts';
import type { ReadShard } from './shard-lookups.ts';

/** The index with its descriptions; as it is where there are none. */
export async function readDescriptions(index: SearchIndex, readShard: ReadShard): Promise<SearchIndex> {
  const name = index.shards?.descriptions ?? null;
  if (name === null) return index;
  const { descriptions } = JSON.parse(await readShard(name)) as DescriptionsFile;
  const lines = descriptions.split('\n');
  return withDescriptions(
    index,
    lines.map((line) => (line === '' ? null : line)),
  );
}
