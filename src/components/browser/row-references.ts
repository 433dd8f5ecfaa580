/** What a row of tags or images names: put together from the table's own reference and the words of the row. */

/** Something to copy, and the element that the button stands in. */
export interface CopyPlace {
  readonly place: Element;
  readonly text: string;
}

/** Rows that name something. Their table says what comes before: `host/name` for tags, `host` for images. */
export const rowSelector = 'table[data-reference] tr:has(> th[scope="row"])';

/** Rows of such a table that the focus never comes to. */
export const linklessRowSelector = 'tr:has(> th[scope="row"]):not(:has(a))';

/** The reference by tag, and the one by digest where the row has one. */
export function listCopyPlaces(row: Element): readonly CopyPlace[] {
  const table = row.closest<HTMLTableElement>('table[data-reference]');
  const head = row.querySelector(':scope > th');
  if (table === null || head === null) return [];
  const { reference } = table.dataset;
  const isOfImages = table.classList.contains('images');
  const cell = isOfImages ? row.querySelector(':scope > td') : head;
  const tag = cell?.querySelector('code')?.textContent;
  const name = isOfImages ? `/${head.textContent}` : '';
  const digest = row.querySelector<HTMLElement>('code[title]');
  return [
    ...(cell && tag ? [{ place: cell, text: `${reference}${name}:${tag}` }] : []),
    ...(digest?.parentElement ? [{ place: digest.parentElement, text: `${reference}@${digest.title}` }] : []),
  ];
}
