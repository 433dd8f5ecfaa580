/** The page's search over a snapshot, for one question in a terminal. Nothing but the cache is written. */
import { readFile } from 'node:fs/promises';
import { completeSearchables, toSearchableRepository } from '../api/searchable-repository.ts';
import { answerQuery } from '../search/answer-query.ts';
import type { SearchableRepository } from '../search/encode-search-files.ts';
import { openSearch } from '../search/open-search.ts';
import type { Answer } from '../search/search-result.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { listPastedHosts } from '../view/pasted-hosts.ts';
import { toRepositorySummary } from '../view/repository-summary.ts';
import { createSite, toSiteSettings } from '../view/site.ts';
import { decodeWholeViews, type WholeViews } from '../view/whole-views.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import { readSiteExtras } from './read-site-extras.ts';
import { requireIndex } from './require-index.ts';
import { readSearchables, toSearchFingerprint } from './searchables.ts';
import { createShownNames, type ShownNames } from './shown-names.ts';
import { toStockFolder, toViewsFile } from './stock-files.ts';

export interface SearchRunOptions {
  /** How many results are written out; the total counts all. */
  readonly most: number;
}

/**
 * Answers `text` from the snapshot as its site would. What the settings hide by now stays hidden, even where the snapshot is
 * of a time when they did not. Throws a `RunError` where there is no snapshot.
 */
export async function runSearch(
  settings: Settings,
  store: SnapshotStore,
  text: string,
  { most }: SearchRunOptions,
): Promise<Answer> {
  const index = await requireIndex(store, settings.stateDir);
  const { extras } = await readSiteExtras(settings);
  const siteSettings = toSiteSettings(settings, extras);
  const shown = createShownNames(settings);
  const searchables = readSearchables({
    stateDir: settings.stateDir,
    fingerprint: toSearchFingerprint(await readProgramFingerprint(), siteSettings),
    wanted: index.repositories.filter(({ state }) => state === 'listed'),
    renew: async (entry) => {
      const repository = await store.readRepository(entry);
      return toSearchableRepository(repository, toRepositorySummary(repository, siteSettings), siteSettings);
    },
    isGuest: true,
  });
  const repositories: SearchableRepository[] = [];
  const site = createSite(siteSettings, index.repositories);
  for await (const searchable of completeSearchables(searchables, site, await readLineages(settings.stateDir))) {
    if (shown.isRepositoryShown(searchable.name)) repositories.push(withoutHidden(searchable, shown));
  }
  return answerQuery(openSearch(repositories), text, { most, hosts: listPastedHosts(siteSettings) });
}

/** As the last build worked them out. Before the first one only annotations tell what an image is built on. */
async function readLineages(stateDir: string): Promise<WholeViews['images']> {
  try {
    return decodeWholeViews(await readFile(toViewsFile(toStockFolder(stateDir)), 'utf8')).images;
  } catch {
    return new Map();
  }
}

function withoutHidden(searchable: SearchableRepository, { isRepositoryShown, isTagShown }: ShownNames) {
  const tags = searchable.tags.filter(isTagShown);
  const bases = searchable.bases.filter((base) => isRepositoryShown(base.replace(/[:@].*$/, '')));
  if (tags.length === searchable.tags.length && bases.length === searchable.bases.length) return searchable;
  const { recommendedTag } = searchable;
  const isTagGone = recommendedTag !== null && !isTagShown(recommendedTag);
  const digests = Iterator.from(searchable.digests)
    .filter(({ tag }) => tag === null || isTagShown(tag))
    .toArray();
  return {
    ...searchable,
    tags,
    bases,
    digests,
    tagCount: tags.length,
    recommendedTag: isTagGone ? null : recommendedTag,
  };
}
