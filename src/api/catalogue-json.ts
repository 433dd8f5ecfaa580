/** Summaries -> `catalogue.json`. */

import { fixedAddresses, imageAddress, repositoryJsonAddress } from '../view/addresses.ts';
import type { CatalogueTotals } from '../view/catalogue-totals.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { type Site, toHref } from '../view/site.ts';
import type { StatusView } from '../view/status-view.ts';
import { apiVersion, type CatalogueJson } from './catalogue-json.schema.ts';
import { encodeJson } from './encode-json.ts';
import type { OutputFile } from './output-file.ts';

/** The counts as both `catalogue.json` and `status.json` give them. */
export function toCounts(totals: CatalogueTotals, withheldRepositories: number): CatalogueJson['counts'] {
  const { repositories, emptyRepositories, tags, manifests, uniqueCompressedSizeBytes } = totals;
  return { repositories, emptyRepositories, withheldRepositories, tags, manifests, uniqueCompressedSizeBytes };
}

/** The recommended tag as every file gives it. */
export function toRecommendedJson(summary: RepositorySummary): CatalogueJson['repositories'][number]['recommended'] {
  const { recommended, createdAt, platforms } = summary;
  if (recommended === null) return null;
  const { tag, digest, reason } = recommended;
  return {
    ...{ tag, digest, reason: { code: reason.code, text: reason.text }, createdAt },
    platforms: platforms.map(({ platform, compressedSizeBytes }) => ({ platform, compressedSizeBytes })),
  };
}

/** Writes the catalogue. Removed repositories are left out. */
export function encodeCatalogueJson(
  summaries: Iterable<RepositorySummary>,
  status: StatusView,
  site: Site,
): OutputFile {
  const { title, publicHost } = site.settings;
  const json: CatalogueJson = {
    schemaVersion: apiVersion,
    title,
    publicHost,
    changedAt: status.changedAt,
    complete: status.complete,
    counts: toCounts(status.totals, status.withheldRepositories),
    repositories: [...summaries]
      .filter(({ state }) => state === 'listed')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((summary) => toRepositoryEntry(summary, site)),
  };
  return { path: fixedAddresses.catalogueJson, text: encodeJson(json) };
}

function toRepositoryEntry(summary: RepositorySummary, site: Site): CatalogueJson['repositories'][number] {
  const { name, kinds, tagCount, firstSeenAt, changedAt, staleSince } = summary;
  return {
    ...{ name, kinds: [...kinds], tagCount },
    recommended: toRecommendedJson(summary),
    ...{ firstSeenAt, changedAt, staleSince },
    links: { html: toHref(site, imageAddress(name)), json: toHref(site, repositoryJsonAddress(name)) },
  };
}
