/** The files that plain writers make, by what their bytes depend on. */
import type { Repository } from '../catalogue/model.ts';
import { badgeAddress, historyJsonAddress, imageFeedAddress, repositoryJsonAddress } from '../view/addresses.ts';
import type { ChangeDay } from '../view/changes-view.ts';
import { mergeFaults } from '../view/fault-text.ts';
import { toFaultFigures } from '../view/integrity-view.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { type Site, toAbsoluteHref } from '../view/site.ts';
import type { StatusView } from '../view/status-view.ts';
import { toTheme } from '../view/theme.ts';
import { listIndexFiles } from './api-index.ts';
import { encodeBadge } from './badge-svg.ts';
import { encodeCatalogueJson } from './catalogue-json.ts';
import { encodeChangesJson } from './changes-json.ts';
import { encodeImageFeed, type FeedOrigin, listFeedFiles } from './feed.ts';
import { encodeGoneMap } from './gone-map.ts';
import { encodeHistoryJson } from './history-json.ts';
import { encodeOpenSearch } from './open-search.ts';
import type { OutputFile } from './output-file.ts';
import { encodeRecommendedText } from './recommended-text.ts';
import { encodeRepositoryJson } from './repository-json.ts';
import { listSitemapFiles } from './sitemap.ts';

/** Files that change with one repository, whose whole history was read. `summary` is its own. */
export function* listRepositoryFiles(
  repository: Repository,
  summary: RepositorySummary,
  origin: FeedOrigin,
  site: Site,
): Generator<OutputFile> {
  yield encodeHistoryJson(repository);
  const changes = repository.events.map((event) => ({ ...event, name: repository.name })).reverse();
  const faults = mergeFaults(toFaultFigures(repository, site.faults));
  const feed = encodeImageFeed(repository.name, changes, origin, site, faults);
  if (feed !== null) yield feed;
  yield encodeRepositoryJson(repository, summary);
  const recommended = encodeRecommendedText(summary, site);
  if (recommended !== null) yield recommended;
  yield encodeBadge(summary, site);
}

/** Where `listRepositoryFiles` writes, known without the repository itself. */
export function listRepositoryFilePaths(summary: RepositorySummary, site: Site): readonly string[] {
  const recommended = encodeRecommendedText(summary, site);
  const feed = toAbsoluteHref(site, '') === null ? [] : [imageFeedAddress(summary.name)];
  return [
    historyJsonAddress(summary.name),
    ...feed,
    repositoryJsonAddress(summary.name),
    ...(recommended === null ? [] : [recommended.path]),
    badgeAddress(summary.name),
  ];
}

/** Files that change with the catalogue. Of `status` they hold nothing that changes with the hour. */
export function* listCatalogueFiles(
  summaries: readonly RepositorySummary[],
  days: readonly ChangeDay[],
  origin: FeedOrigin,
  status: StatusView,
  site: Site,
  hasCleanup: boolean,
): Generator<OutputFile> {
  yield* listIndexFiles(site, hasCleanup);
  const theme = toTheme(site.settings);
  if (theme !== null) yield { path: theme.address, text: theme.css };
  yield encodeCatalogueJson(summaries, status, site);
  yield encodeGoneMap(summaries, site);
  const changes = days.flatMap((day) => day.changes);
  yield encodeChangesJson(changes, origin.beganAt, site);
  yield* listFeedFiles(changes, origin, site, mergeFaults(status.integrity?.faults ?? []));
  const openSearch = encodeOpenSearch(site);
  if (openSearch !== null) yield openSearch;
  yield* listSitemapFiles(summaries, status.changedAt, site);
}
