/** The files that plain writers make, by what their bytes depend on. */
import type { Repository } from '../catalogue/model.ts';
import { badgeAddress, repositoryJsonAddress } from '../view/addresses.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import type { Site } from '../view/site.ts';
import type { StatusView } from '../view/status-view.ts';
import { toTheme } from '../view/theme.ts';
import { listIndexFiles } from './api-index.ts';
import { encodeBadge } from './badge-svg.ts';
import { encodeCatalogueJson } from './catalogue-json.ts';
import { encodeGoneMap } from './gone-map.ts';
import { encodeOpenSearch } from './open-search.ts';
import type { OutputFile } from './output-file.ts';
import { encodeRecommendedText } from './recommended-text.ts';
import { encodeRepositoryJson } from './repository-json.ts';
import { listSitemapFiles } from './sitemap.ts';

/** Files that change with one repository. `summary` is its own. */
export function* listRepositoryFiles(
  repository: Repository,
  summary: RepositorySummary,
  site: Site,
): Generator<OutputFile> {
  yield encodeRepositoryJson(repository, summary);
  const recommended = encodeRecommendedText(summary, site);
  if (recommended !== null) yield recommended;
  yield encodeBadge(summary, site);
}

/** Where `listRepositoryFiles` writes, known without the repository itself. */
export function listRepositoryFilePaths(summary: RepositorySummary, site: Site): readonly string[] {
  const recommended = encodeRecommendedText(summary, site);
  return [
    repositoryJsonAddress(summary.name),
    ...(recommended === null ? [] : [recommended.path]),
    badgeAddress(summary.name),
  ];
}

/** Files that change with the catalogue. Of `status` they hold nothing that changes with the hour. */
export function* listCatalogueFiles(
  summaries: readonly RepositorySummary[],
  status: StatusView,
  site: Site,
): Generator<OutputFile> {
  yield* listIndexFiles(site);
  const theme = toTheme(site.settings);
  if (theme !== null) yield { path: theme.address, text: theme.css };
  yield encodeCatalogueJson(summaries, status, site);
  yield encodeGoneMap(summaries, site);
  const openSearch = encodeOpenSearch(site);
  if (openSearch !== null) yield openSearch;
  yield* listSitemapFiles(summaries, status.changedAt, site);
}
