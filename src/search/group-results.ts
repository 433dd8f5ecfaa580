/** Results by the folder that their images lie in. */
import type { SearchResult } from './search-result.ts';

export interface ResultGroup {
  /** What stands before the last slash; empty for images without a folder. */
  readonly folder: string;
  readonly results: readonly SearchResult[];
}

/**
 * The group of the best result first, and within each the order of the ranking. What is only spelled alike stands in groups of
 * its own: otherwise it would come before what has the very words, and lies in another folder.
 */
export function groupResults(results: readonly SearchResult[]): ResultGroup[] {
  const groups = new Map<string, SearchResult[]>();
  for (const result of results) {
    const folder = result.name.slice(0, Math.max(0, result.name.lastIndexOf('/')));
    const key = result.why.code === 'similar' ? `${folder}/` : folder;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return Array.from(groups, ([key, grouped]) => ({ folder: key.replace(/\/$/, ''), results: grouped }));
}
