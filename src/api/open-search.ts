/** `/-/opensearch.xml`: how a browser learns to search here from its address bar. */
import { fixedAddresses } from '../view/addresses.ts';
import { type Site, toAbsoluteHref } from '../view/site.ts';
import { escapeHtml } from './escape-html.ts';
import type { OutputFile } from './output-file.ts';

/** The most that the specification allows a short name. */
const longestShortName = 16;

/**
 * Writes the description. Null without `siteUrl`, for it needs whole addresses.
 *
 * @see https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
 */
export function encodeOpenSearch(site: Site): OutputFile | null {
  const home = toAbsoluteHref(site, fixedAddresses.home);
  if (home === null) return null;
  const { title, publicHost } = site.settings;
  const shortName = [...title].length > longestShortName ? 'Images' : title;
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
    `  <ShortName>${escapeHtml(shortName)}</ShortName>`,
    `  <Description>${escapeHtml(`Images, tags and digests of ${publicHost}`)}</Description>`,
    '  <InputEncoding>UTF-8</InputEncoding>',
    `  <Image width="32" height="32" type="image/svg+xml">${escapeHtml(`${home}favicon.svg`)}</Image>`,
    `  <Url type="text/html" method="get" template="${escapeHtml(`${home}?q={searchTerms}`)}"/>`,
    '</OpenSearchDescription>',
    '',
  ].join('\n');
  return { path: fixedAddresses.openSearch, text };
}
