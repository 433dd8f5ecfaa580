/** Looks up in repositories that are all at hand: for a program that reads the snapshot and asks one question. */
import type { SearchableRepository } from './encode-search-files.ts';
import type { DigestFound, Lookups } from './lookups.ts';
import { nearestTags } from './nearest-tags.ts';
import { compareTags } from './shard-files.ts';

type Lookable = Pick<SearchableRepository, 'tags' | 'digests' | 'labels'>;

/** The tags that are wanted, each with the repositories that have it. */
function collectTags(repositories: readonly Lookable[], isWanted: (tag: string) => boolean): Map<string, number[]> {
  const collected = new Map<string, number[]>();
  repositories.forEach(({ tags }, position) => {
    for (const tag of tags) {
      if (!isWanted(tag)) continue;
      const positions = collected.get(tag);
      if (positions === undefined) collected.set(tag, [position]);
      else positions.push(position);
    }
  });
  return collected;
}

/** `repositories` are in the order of the index, as `sortRecords` puts them. */
export function createMemoryLookups(repositories: readonly Lookable[]): Lookups {
  return {
    async tags(beginning) {
      const lower = beginning.toLowerCase();
      const begins = collectTags(repositories, (tag) => tag.toLowerCase().startsWith(lower));
      const sorted = [...begins.keys()].sort(compareTags);
      const tags = sorted.map((tag) => ({ tag, positions: begins.get(tag) ?? [] }));
      const isFound = tags.length > 0;
      const all = isFound ? [] : [...collectTags(repositories, () => true).keys()].sort(compareTags);
      return { tags, isComplete: true, nearest: isFound ? [] : nearestTags(beginning, all) };
    },

    async tagsOf(position) {
      return repositories[position]?.tags ?? [];
    },

    async digests(hex) {
      const found = new Map<string, DigestFound & { repositories: { position: number; tag: string | null }[] }>();
      repositories.forEach(({ digests }, position) => {
        const seen = new Set<string>();
        for (const { digest, kind, tag } of digests) {
          if (!digest.includes(`:${hex}`) || seen.has(digest)) continue;
          seen.add(digest);
          const known = found.get(digest);
          if (known === undefined) found.set(digest, { digest, kind, repositories: [{ position, tag }], total: 1 });
          else
            found.set(digest, {
              ...known,
              repositories: [...known.repositories, { position, tag }],
              total: known.total + 1,
            });
        }
      });
      return [...found.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
    },

    async labels(key) {
      const found = new Map<string, { key: string; value: string; positions: number[] }>();
      repositories.forEach(({ labels }, position) => {
        for (const [labelKey, value] of labels) {
          const lower = labelKey.toLowerCase();
          if (lower !== key && !lower.endsWith(`.${key}`)) continue;
          const id = JSON.stringify([labelKey, value]);
          const known = found.get(id) ?? { key: labelKey, value, positions: [] };
          if (known.positions.at(-1) !== position) known.positions.push(position);
          found.set(id, known);
        }
      });
      return [...found.values()];
    },
  };
}
