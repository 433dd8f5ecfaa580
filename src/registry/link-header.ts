/**
 * The `Link` header, by which one page of a listing names the next.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */

/** The target of the link whose `rel` holds `next`, as written, or null. Tolerates several links, several rels and odd quoting. */
export function parseNextLink(header: string | readonly string[] | undefined): string | null {
  const text = Array.isArray(header) ? header.join(', ') : ((header as string | undefined) ?? '');
  for (const match of text.matchAll(/<([^<>]*)>((?:\s*;\s*[^;,"\s=]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^;,"]*))?)*)/g)) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^;,\s]*))/i.exec(match[2] ?? '');
    const relations = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next')) return match[1]?.trim() ?? null;
  }
  return null;
}

/** Where a next link leads, and whether it had to be bent back to the host that we asked. */
export interface NextPage {
  readonly url: URL;
  /** The link named another origin, as registries behind a proxy do that do not know their public name. */
  readonly reanchored: boolean;
}

/**
 * Resolves a next link against the page it stood on. It always stays on that page's origin, since the request carries
 * credentials: of another origin only path and query are taken, and beneath `base` when the proxy had cut its path off.
 *
 * Returns null for a target that is no address at all.
 */
export function resolveNextLink(target: string, page: URL, base: URL): NextPage | null {
  let url: URL;
  try {
    url = new URL(target, page);
  } catch {
    return null;
  }
  const reanchored = url.origin !== page.origin;
  const anchored = new URL(page.origin);
  const folder = base.pathname.replace(/\/$/, '');
  anchored.pathname = folder !== '' && url.pathname.startsWith('/v2/') ? folder + url.pathname : url.pathname;
  anchored.search = url.search;
  return { url: anchored, reanchored };
}
