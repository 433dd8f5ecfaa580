/**
 * The rows of a list's other pages. What sorts or filters a page alone would look as if it spoke of the whole list; so it
 * fetches the rest first, when it is used.
 */

const pagesAtOnce = 4;

const loading = new WeakMap<HTMLTableElement, Promise<HTMLTableSectionElement | null>>();

/**
 * Appends the rows of the pages that `data-pages` names, in a table body that is hidden, and resolves to that; null where there
 * are no other pages. Does so once; rejects when a page cannot be had, and tries again when it is called again.
 */
export function loadFurtherRows(table: HTMLTableElement): Promise<HTMLTableSectionElement | null> {
  const known = loading.get(table);
  if (known !== undefined) return known;
  const begun = appendFurtherRows(table);
  loading.set(table, begun);
  begun.catch(() => loading.delete(table));
  return begun;
}

async function appendFurtherRows(table: HTMLTableElement): Promise<HTMLTableSectionElement | null> {
  const hrefs = listFurtherPages(table);
  if (hrefs.length === 0) return null;
  const pages = await Array.fromAsync(visitPages(hrefs, fetchPage));
  const body = document.createElement('tbody');
  body.hidden = true;
  for (const page of pages) {
    const rows = page.querySelectorAll<HTMLTableRowElement>(`#${table.id} tr:has(> th[scope="row"])`);
    body.append(...[...rows].map((row) => document.adoptNode(row)));
  }
  table.append(body);
  return body;
}

/** The addresses of the pages that have a list's other rows. */
export function listFurtherPages({ dataset }: HTMLTableElement): readonly string[] {
  return dataset['pages']?.split(' ') ?? [];
}

/** What `visit` finds on each page, in their order; it is asked a few at a time. */
export async function* visitPages<Found>(
  hrefs: readonly string[],
  visit: (href: string) => Promise<Found>,
): AsyncGenerator<Found> {
  for (let from = 0; from < hrefs.length; from += pagesAtOnce) {
    yield* await Promise.all(hrefs.slice(from, from + pagesAtOnce).map(visit));
  }
}

/** The page of that address. Rejects when it cannot be had. */
export async function fetchPage(href: string): Promise<Document> {
  const response = await fetch(href);
  if (!response.ok) throw new Error(`${href} answered ${response.status}`);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}
