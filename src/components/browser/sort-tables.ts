/**
 * Sorts a table by a column: first the way one most often wants it, then the other way round, then as it was. Sorted, it is
 * one list: headings of groups go, and folded rows stand among the others, and so do those of the other pages of a long list.
 */
import { loadFurtherRows } from '../../search/further-rows.ts';

type Direction = 'ascending' | 'descending';

/** Makes the headings of tables into buttons. */
export function addSorting(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) {
    // Rows of tables within it, which are folded away, are sorted among its own.
    if (table.rows.length > 3 || table.querySelectorAll('tbody tbody > tr').length > 1) makeSortable(table);
  }
}

/** Where everything stood before it was sorted. Found out at the first click, for most tables are never sorted. */
interface Original {
  readonly bodies: readonly HTMLTableSectionElement[];
  readonly rows: readonly HTMLTableRowElement[];
  readonly homes: readonly { row: HTMLTableRowElement; parent: ParentNode | null; next: ChildNode | null }[];
}

function makeSortable(table: HTMLTableElement): void {
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  let original: Original | null = null;
  let note: HTMLElement | null = null;
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', async () => {
      try {
        await loadFurtherRows(table);
      } catch {
        note ??= addNote(table);
        note.textContent = 'Not sorted: the other pages could not be loaded. Try again.';
        return;
      }
      note?.remove();
      note = null;
      original ??= remember(table);
      const { rows, bodies } = original;
      const next = nextDirection(heading.getAttribute('aria-sort'), firstDirection(rows, column));
      for (const other of headings) other.removeAttribute('aria-sort');
      restore(table, original);
      if (next === null) return;
      heading.setAttribute('aria-sort', next);
      const body = document.createElement('tbody');
      body.append(...sortRows(rows, column, next));
      for (const each of bodies) each.remove();
      table.append(body);
    });
  }
}

/** Said at once, and seen above the table. */
function addNote(table: HTMLTableElement): HTMLElement {
  const note = document.createElement('p');
  note.setAttribute('role', 'alert');
  table.before(note);
  return note;
}

function remember(table: HTMLTableElement): Original {
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tr:has(> th[scope="row"])')];
  const homes = rows.map((row) => ({ row, parent: row.parentNode, next: row.nextSibling }));
  return { bodies: [...table.tBodies], rows, homes };
}

function restore(table: HTMLTableElement, { bodies, homes }: Original): void {
  // From last to first, so that what stood behind a row is in its place again before the row is.
  for (const { row, parent, next } of homes.toReversed()) parent?.insertBefore(row, next);
  for (const body of [...table.tBodies]) if (!bodies.includes(body)) body.remove();
  table.append(...bodies);
}

function nextDirection(current: string | null, first: Direction): Direction | null {
  if (current === null) return first;
  if (current !== first) return null;
  return first === 'ascending' ? 'descending' : 'ascending';
}

/** Newest and largest first; names from A to Z. */
function firstDirection(rows: readonly HTMLTableRowElement[], column: number): Direction {
  return hasFigures(rows, column) ? 'descending' : 'ascending';
}

/** Whether the column is one of times or sizes: then a cell that has none says in words that it is not known. */
function hasFigures(rows: readonly HTMLTableRowElement[], column: number): boolean {
  return rows.some((row) => row.cells[column]?.querySelector('time, data'));
}

function sortRows(rows: readonly HTMLTableRowElement[], column: number, direction: Direction): HTMLTableRowElement[] {
  const sign = direction === 'ascending' ? 1 : -1;
  const isOfFigures = hasFigures(rows, column);
  const keyed = rows.map((row) => ({ row, key: toKey(row.cells[column], isOfFigures) }));
  return keyed
    .sort((a, b) => {
      // What is unknown comes last, whichever way the rest goes.
      if (a.key === '' || b.key === '') return Number(a.key === '') - Number(b.key === '');
      return sign * compareKeys(a.key, b.key);
    })
    .map(({ row }) => row);
}

/** The greatest of a cell's figures, its time, or in a column without such its text; empty where it is not known. */
function toKey(cell: HTMLTableCellElement | undefined, isOfFigures: boolean): number | string {
  const figures = [...(cell?.querySelectorAll('data') ?? [])].map(({ value }) => Number(value));
  if (figures.length > 0) return Math.max(...figures);
  const time = cell?.querySelector('time')?.dateTime;
  if (time) return time;
  if (isOfFigures) return '';
  const text = (cell?.querySelector('code') ?? cell)?.textContent?.trim() ?? '';
  return /^[\d,]+$/.test(text) ? Number(text.replaceAll(',', '')) : text;
}

/** Made when something is sorted: it takes longer to make than all the rest of a page's scripts to run. */
let collator: Intl.Collator | null = null;

function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(String(a), String(b));
}
