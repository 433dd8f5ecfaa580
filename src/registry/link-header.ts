/**
 * The `Link` header, by which one page of a listing names the next.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */

const link = /<([^<>]*)>((?:\s*;\s*[^;,"\s=]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^;,"]*))?)*)/g;
const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^;,\s]*))/i;
/** Without the angle brackets, as some registries write it. */
const bareLink = /^\s*([^\s<>;,"]+)\s*(;[^<>]*)$/;

/**
 * The target of the link whose `rel` holds `next`, as written, or null where there is none. Tolerates several links, several
 * rels and odd quoting; a header that speaks of a next page and cannot be read is `unreadable`, never the end of the list.
 */
export function parseNextLink(header: string | undefined): { readonly uri: string } | 'unreadable' | null {
  if (header === undefined) return null;
  const bare = bareLink.exec(header);
  for (const [, uri = '', parameters = ''] of bare === null ? header.matchAll(link) : [bare]) {
    if (isNext(parameters)) return { uri: uri.trim() };
  }
  return /\brel\b[\s="']*(?:[a-z]+ )*next\b/i.test(header) ? 'unreadable' : null;
}

function isNext(parameters: string): boolean {
  const [, quoted, singleQuoted, plain] = relation.exec(parameters) ?? [];
  return (quoted ?? singleQuoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next');
}

/** Where a next link leads, and whether it had to be bent back to the host that we asked. */
export interface NextPage {
  readonly url: URL;
  /** The link named another origin, as registries behind a proxy do that do not know their public name. */
  readonly reanchored: boolean;
}

/**
 * Resolves a next link against the page it stood on. It always stays on that page's origin, since the request carries
 * credentials: of another origin only path and query are taken. A path that ends as the listing's own does is the listing's
 * own, whatever a proxy cut off before it or put there.
 *
 * Returns null for a target that is no address at all.
 */
export function resolveNextLink(target: string, page: URL, listing: URL, base: URL): NextPage | null {
  if (!URL.canParse(target, page.href)) return null;
  const named = new URL(target, page);
  const url = new URL(page.origin);
  const endpoint = listing.pathname.slice(base.pathname.replace(/\/$/, '').length);
  url.pathname = named.pathname.endsWith(endpoint) ? listing.pathname : named.pathname;
  url.search = named.search;
  // A page of no entries looks like the end of the list.
  if (/^0*$/.test(url.searchParams.get('n') ?? '1')) url.searchParams.delete('n');
  return { url, reanchored: named.origin !== page.origin };
}
