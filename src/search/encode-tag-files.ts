/** The tags of every repository, and the repositories of every tag, as shards. */
import { cutShards } from './cut-shards.ts';
import { encodeFrontCoded } from './front-coding.ts';
import { encodePositions } from './positions.ts';
import { type SearchFile, toSearchFile } from './search-file.ts';
import type { RangeShards } from './shard-directory.ts';
import { compareTags, type RepositoryTagsFile, type TagsFile } from './shard-files.ts';

/** A repository in its place, with its tags as `RepositoryTagsFile` has them. */
export interface TaggedRepository {
  readonly name: string;
  readonly tags: string;
}

/** Yields the shards, and returns how they are found. `repositories` are in the order of the index. */
export function* encodeRepositoryTags(
  repositories: readonly TaggedRepository[],
): Generator<SearchFile, RangeShards<number>> {
  const from: number[] = [];
  const files: string[] = [];
  let position = 0;
  const cut = {
    keyOf: (item: TaggedRepository) => item.name,
    weightOf: (item: TaggedRepository) => item.tags.length + 3,
  };
  for (const shard of cutShards(repositories, cut)) {
    const content: RepositoryTagsFile = { tags: shard.map((repository) => repository.tags) };
    const file = toSearchFile('images', content);
    from.push(position);
    files.push(file.name);
    position += shard.length;
    yield file;
  }
  return { from, files };
}

/** Tags that differ in nothing but case: they stay in one shard, because they are looked up as one. */
interface TagGroup {
  readonly lower: string;
  readonly positionsOf: Map<string, number[]>;
}

/** Yields the shards, and returns how they are found. `repositories` are in the order of the index. */
export function* encodeTags(repositories: readonly TaggedRepository[]): Generator<SearchFile, RangeShards<string>> {
  const from: string[] = [];
  const files: string[] = [];
  const cut = { keyOf: (group: TagGroup) => group.lower, weightOf: (group: TagGroup) => group.lower.length + 5 };
  for (const shard of cutShards(groupByTag(repositories), cut)) {
    const entries = shard.flatMap(({ positionsOf }) => [...positionsOf].sort(([a], [b]) => compareTags(a, b)));
    const content: TagsFile = {
      tags: encodeFrontCoded(entries.map(([tag]) => tag)),
      repositories: entries.map(([, positions]) => encodePositions(positions)),
    };
    const file = toSearchFile('tags', content);
    from.push(shard[0]?.lower ?? '');
    files.push(file.name);
    yield file;
  }
  return { from, files };
}

function groupByTag(repositories: readonly TaggedRepository[]): TagGroup[] {
  const groups = new Map<string, TagGroup>();
  for (const [tag, positions] of listPositions(repositories)) {
    const lower = tag.toLowerCase();
    const group = groups.get(lower);
    if (group === undefined) groups.set(lower, { lower, positionsOf: new Map([[tag, positions]]) });
    else group.positionsOf.set(tag, positions);
  }
  return [...groups.values()].sort((a, b) => (a.lower < b.lower ? -1 : 1));
}

/** Most tags are in many repositories, and each is looked up once for each of them. */
function listPositions(repositories: readonly TaggedRepository[]): ReadonlyMap<string, number[]> {
  const positionsOf = new Map<string, number[]>();
  repositories.forEach(({ tags }, position) => {
    for (const tag of tags === '' ? [] : tags.split(' ')) {
      const positions = positionsOf.get(tag);
      if (positions === undefined) positionsOf.set(tag, [position]);
      else positions.push(position);
    }
  });
  return positionsOf;
}
