/**
 * The images that listings list, and what lies beneath each path. A catalogue may have as many paths as images: whoever went through
 * all images for each would take time by the square of them.
 */
import { sortByName } from './compare-names.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { listPathsAbove } from './site.ts';

export interface ListedImages {
  /** In the order of pages. */
  readonly summaries: readonly RepositorySummary[];
  /** Those beneath a path, in the same order; beneath `''` are all. */
  beneath(path: string): readonly RepositorySummary[];
  /** The image of that name. */
  find(name: string): RepositorySummary | undefined;
}

/** Lists images: removed repositories are left out. */
export function listImages(all: Iterable<RepositorySummary>): ListedImages {
  const listed = [...all].filter(({ state }) => state === 'listed');
  const summaries = sortByName(listed, ({ name }) => name);
  const byName = new Map<string, RepositorySummary>(summaries.map((summary) => [summary.name, summary]));
  const byPath = new Map<string, RepositorySummary[]>([['', summaries]]);
  const add = (path: string, summary: RepositorySummary) => {
    const members = byPath.get(path);
    if (members === undefined) byPath.set(path, [summary]);
    else members.push(summary);
  };
  for (const summary of summaries) for (const path of listPathsAbove(summary.name)) add(path, summary);
  return { summaries, beneath: (path) => byPath.get(path) ?? [], find: (name) => byName.get(name) };
}
