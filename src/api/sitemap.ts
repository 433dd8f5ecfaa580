/** `/sitemap.xml` and the `robots.txt` that names it: what there is to be found, and when each page's facts last changed. */
import type { Instant } from '../catalogue/model.ts';
import { fixedAddresses, imageAddress, pathAddress } from '../view/addresses.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { listPathsAbove, type Site, toAbsoluteHref } from '../view/site.ts';
import { escapeHtml } from './escape-html.ts';
import type { OutputFile } from './output-file.ts';

/** The most that the protocol allows one file. */
const mostAddresses = 50_000;
const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9';

interface Entry {
  readonly href: string;
  readonly changedAt: Instant;
}

/**
 * Writes them: several sitemaps and an index of them where one is too small. Nothing without `siteUrl`, for they need whole
 * addresses. `changedAt` is the catalogue's own.
 *
 * @see https://www.sitemaps.org/protocol.html
 */
export function* listSitemapFiles(
  summaries: Iterable<RepositorySummary>,
  changedAt: Instant,
  site: Site,
): Generator<OutputFile> {
  const href = toAbsoluteHref(site, fixedAddresses.sitemap);
  if (href === null) return;
  const entries = listEntries(summaries, changedAt, site);
  yield { path: 'robots.txt', text: `User-agent: *\nAllow: /\n\nSitemap: ${href}\n` };
  if (entries.length <= mostAddresses) {
    yield { path: fixedAddresses.sitemap, text: encodeList('urlset', 'url', entries) };
    return;
  }
  const parts: Entry[] = [];
  for (let from = 0; from < entries.length; from += mostAddresses) {
    const path = `sitemap-${parts.length + 1}.xml`;
    const part = entries.slice(from, from + mostAddresses);
    yield { path, text: encodeList('urlset', 'url', part) };
    parts.push({ href: toAbsoluteHref(site, path) ?? '', changedAt: newestOf(part) });
  }
  yield { path: fixedAddresses.sitemap, text: encodeList('sitemapindex', 'sitemap', parts) };
}

/** The homepage, the paths, the images: sorted by address. */
function listEntries(summaries: Iterable<RepositorySummary>, changedAt: Instant, site: Site): readonly Entry[] {
  const pages = new Map<string, Instant>([[fixedAddresses.home, changedAt]]);
  for (const { name, state, changedAt: at } of summaries) {
    if (state === 'removed') continue;
    pages.set(imageAddress(name), at);
    for (const path of listPathsAbove(name)) {
      const address = pathAddress(path, site.isRepository);
      const before = pages.get(address);
      if (before === undefined || before < at) pages.set(address, at);
    }
  }
  return [...pages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, at]) => ({ href: toAbsoluteHref(site, address) ?? '', changedAt: at }));
}

function newestOf(entries: readonly Entry[]): Instant {
  return entries.reduce((newest, { changedAt }) => (changedAt > newest ? changedAt : newest), '');
}

function encodeList(list: string, item: string, entries: readonly Entry[]): string {
  const lines = entries.map(
    ({ href, changedAt }) => `<${item}><loc>${escapeHtml(href)}</loc><lastmod>${changedAt}</lastmod></${item}>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${list} xmlns="${namespace}">\n${lines.join('\n')}\n</${list}>\n`;
}
