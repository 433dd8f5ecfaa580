/**
 * The images that listings list, and what lies beneath each path. A catalogue may have as many paths as images: whoever went through
 * all images for each would take time by the square of them.
 */
import { sortByName } from './compare-names.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { listPathsAbove } from './site.ts';

/** What is named and listed of an image; that is enough to list its path. */
export type Listable = Pick<RepositorySummary, 'name' | 'state'>;

export interface ListedImages<Image extends Listable = RepositorySummary> {
  /** In the order of pages. */
  readonly summaries: readonly Image[];
  /** Those beneath a path, in the same order; beneath `''` are all. */
  beneath(path: string): readonly Image[];
  /** The image of that name. */
  find(name: string): Image | undefined;
}

/** Lists images: removed repositories are left out. */
export function listImages<Image extends Listable>(all: Iterable<Image>): ListedImages<Image> {
  const listed = [...all].filter(({ state }) => state === 'listed');
  const summaries = sortByName(listed, ({ name }) => name);
  const byName = new Map<string, Image>(summaries.map((summary) => [summary.name, summary]));
  const byPath = new Map<string, Image[]>([['', summaries]]);
  const add = (path: string, summary: Image) => {
    const members = byPath.get(path);
    if (members === undefined) byPath.set(path, [summary]);
    else members.push(summary);
  };
  for (const summary of summaries) for (const path of listPathsAbove(summary.name)) add(path, summary);
  return { summaries, beneath: (path) => byPath.get(path) ?? [], find: (name) => byName.get(name) };
}
