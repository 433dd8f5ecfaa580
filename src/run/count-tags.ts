import type { IndexEntry } from '../snapshot/index.schema.ts';

/** How many tags these repositories have, as the index says. */
export function countTags(entries: readonly Pick<IndexEntry, 'tags'>[]): number {
  return entries.reduce((sum, { tags }) => sum + tags, 0);
}
