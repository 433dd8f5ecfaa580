/** Looks up in the shards of a site. Nothing is read twice, and no query reads more than two files. */
import { decodeFrontCoded } from './front-coding.ts';
import type { DigestFound, LabelFound, Lookups, TagFound, TagsFound } from './lookups.ts';
import { compareNaturally } from './natural-order.ts';
import { nearestTags } from './nearest-tags.ts';
import { decodePositions } from './positions.ts';
import type { SearchIndex } from './search-index.ts';
import {
  type DigestDirectory,
  digestShardOf,
  labelShardOf,
  rangeShardOf,
  type ShardDirectory,
} from './shard-directory.ts';
import {
  type DigestsFile,
  digestKinds,
  type LabelsFile,
  type RepositoryTagsFile,
  type TagsFile,
} from './shard-files.ts';

/** Reads a file of the directory by its name. */
export type ReadShard = (name: string) => Promise<string>;

const noTags: TagsFound = { tags: [], isComplete: true, nearest: [] };

export function createShardLookups(index: SearchIndex, shards: ShardDirectory, readShard: ReadShard): Lookups {
  const read = readOnce(readShard);

  const readTags = async (shard: number): Promise<TagFound[]> => {
    const file = (await read(shards.tags.files[shard] ?? '')) as TagsFile;
    const repositories = file.repositories;
    return decodeFrontCoded(file.tags).map((tag, at) => ({ tag, positions: decodePositions(repositories[at] ?? []) }));
  };

  return {
    async tags(beginning, mostFiles) {
      const { from } = shards.tags;
      if (from.length === 0) return noTags;
      const lower = beginning.toLowerCase();
      const begins = ({ tag }: TagFound) => tag.toLowerCase().startsWith(lower);
      const goesOn = (shard: number) => from[shard]?.startsWith(lower) === true;
      const first = Math.max(0, rangeShardOf(shards.tags, lower));
      const near = await readTags(first);
      const found = near.filter(begins);
      let next = first + 1;
      for (; goesOn(next) && next < first + mostFiles; next++) found.push(...(await readTags(next)).filter(begins));
      const nearest =
        found.length > 0
          ? []
          : nearestTags(
              beginning,
              near.map(({ tag }) => tag),
            );
      return { tags: found, isComplete: !goesOn(next), nearest };
    },

    async tagsOf(position) {
      const shard = rangeShardOf(shards.repositoryTags, position);
      if (shard === -1) return [];
      const file = (await read(shards.repositoryTags.files[shard] ?? '')) as RepositoryTagsFile;
      const tags = file.tags[position - (shards.repositoryTags.from[shard] ?? 0)] ?? '';
      return tags === '' ? [] : tags.split(' ');
    },

    async digests(hex) {
      if (shards.digests === null) return [];
      const { files } = (await read(shards.digests)) as DigestDirectory;
      const file = (await read(files[digestShardOf(hex, files.length)] ?? '')) as DigestsFile;
      return readDigests(file, hex, index);
    },

    async labels(key) {
      if (shards.labels.length === 0) return [];
      const file = (await read(shards.labels[labelShardOf(key, shards.labels.length)] ?? '')) as LabelsFile;
      return file.keys.flatMap((column): LabelFound[] => {
        const lower = column.key.toLowerCase();
        if (lower !== key && !lower.endsWith(`.${key}`)) return [];
        return column.values.map((value, at) => ({
          key: column.key,
          value,
          positions: decodePositions(column.repositories[at] ?? []),
        }));
      });
    },
  };
}

/** A stored digest may be shorter than the one that is wanted: then its digits are all there is to compare. */
function readDigests(file: DigestsFile, hex: string, index: SearchIndex): DigestFound[] {
  const names = decodeFrontCoded(file.names);
  const tags = file.tags.split('\n');
  const totals = new Map(file.totals);
  return file.digests.split('\n').flatMap((digits, at) => {
    if (digits === '' || (!digits.startsWith(hex) && !hex.startsWith(digits))) return [];
    const letter = file.kinds.charAt(at);
    const isLower = letter === letter.toLowerCase();
    const tagOf = (tags[at] ?? '').split(' ');
    const repositories = decodePositions(file.repositories[at] ?? []).map((place, row) => ({
      position: positionOf(index, names[place] ?? ''),
      tag: tagOf[row] || null,
    }));
    return {
      digest: `${isLower ? 'sha256' : 'sha512'}:${digits}`,
      kind: digestKinds[letter.toLowerCase()] ?? 'other',
      repositories: repositories.filter(({ position }) => position !== -1),
      total: totals.get(at) ?? repositories.length,
    };
  });
}

function positionOf({ names }: SearchIndex, name: string): number {
  let low = 0;
  let high = names.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const difference = compareNaturally(names[middle] ?? '', name);
    if (difference === 0) return middle;
    if (difference < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The files of the same session again and again are the same; one that could not be read may be there the next time. */
function readOnce(readShard: ReadShard): (name: string) => Promise<unknown> {
  const known = new Map<string, Promise<unknown>>();
  return (name) => {
    const reading = known.get(name) ?? readShard(name).then((text) => JSON.parse(text) as unknown);
    known.set(name, reading);
    reading.catch(() => known.delete(name));
    return reading;
  };
}
