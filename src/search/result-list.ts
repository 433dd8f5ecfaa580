/**
 * Writes answers into the page: with the keystroke no more than a frame has time for, and the rest when that has been shown.
 * Rows stay where they are and show something else, so nothing is thrown away with each letter, and nothing flickers.
 */
import { formatTotal } from './format-facts.ts';
import { groupResults } from './group-results.ts';
import { createElement, ResultRow, renderSuggestions } from './result-rows.ts';
import type { Answer, SearchResult } from './search-result.ts';

/** As many as one screen shows; the rest is written when it is asked for. */
export const firstResults = 20;
export const moreResults = 50;

const rowsAtOnce = 3;
/** The rest comes in portions, each of which leaves a slow processor time within its frame. */
const rowsPerPortion = 6;
/** Whoever types fast never waits for rows that the next letter takes away again. */
const restAfterMs = 80;
const portionAfterMs = 20;

export interface ResultListOptions {
  /** The site's base, which ends in a slash. */
  readonly base: string;
  /** Asks for more of the same. */
  readonly showMore: () => void;
  /** What had the focus is gone, and nothing like it is left. */
  readonly takeFocus: () => void;
}

export class ResultList {
  readonly #container: HTMLElement;
  readonly #options: ResultListOptions;
  readonly #count = createElement('p', 'search-count');
  readonly #notice = createElement('p', 'search-notice');
  readonly #list = createElement('ol', 'search-list');
  readonly #end = createElement('div', 'search-end');
  /** All that were ever needed; the first of them are in the page. */
  readonly #rows: ResultRow[] = [];
  #shownRows = 0;
  /** Counts what was written, so that the rest of something older is not written after it. */
  #turn = 0;
  /** What is written: the same again need not be. */
  #written: Answer | null = null;

  constructor(container: HTMLElement, options: ResultListOptions) {
    this.#container = container;
    this.#options = options;
    this.#list.setAttribute('aria-label', 'Results');
    // Without its numbers it would not be called a list by every browser.
    this.#list.setAttribute('role', 'list');
    // The status says the same aloud.
    this.#count.setAttribute('aria-hidden', 'true');
    container.replaceChildren(this.#count, this.#notice, this.#list, this.#end);
  }

  get links(): HTMLAnchorElement[] {
    return this.#rows.slice(0, this.#shownRows).map(({ link }) => link);
  }

  /** Puts `answer` in place of the one before; until `aria-busy` is gone, its later rows may still be of that one. */
  write(answer: Answer): void {
    if (isSame(answer, this.#written)) return;
    this.#written = answer;
    const turn = ++this.#turn;
    const rows = listRows(answer.results);
    let written = 0;
    const writeOn = (most: number) => {
      for (const { result, folder } of rows.slice(written, written + most)) {
        this.#rowAt(written++).show(result, folder, this.#options.base);
      }
      if (written < rows.length) return;
      this.#container.removeAttribute('aria-busy');
      this.#writeEnd(answer);
    };
    const goOn = () => {
      if (turn !== this.#turn) return;
      writeOn(rowsPerPortion);
      if (written < rows.length) setTimeout(goOn, portionAfterMs);
    };
    // Whoever asked for more goes on with the first of what is more.
    const isMore = this.#end.contains(document.activeElement);
    const next = isMore ? this.#shownRows : -1;
    this.#count.textContent = formatTotal(answer);
    this.#notice.textContent = answer.notice ?? '';
    this.#end.replaceChildren();
    const hadFocus = this.#cut(rows.length);
    writeOn(Math.max(rowsAtOnce, next + 1));
    if (isMore || hadFocus) this.#focus(isMore ? next : rows.length - 1);
    if (written === rows.length) return;
    this.#container.setAttribute('aria-busy', 'true');
    setTimeout(goOn, restAfterMs);
  }

  /** Takes the results away, and says instead why there are none; nothing where nothing is asked. */
  clear(message = ''): void {
    this.#turn++;
    this.#written = null;
    this.#container.removeAttribute('aria-busy');
    const hadFocus = this.#end.contains(document.activeElement);
    this.#count.textContent = message;
    this.#notice.textContent = '';
    this.#end.replaceChildren();
    if (this.#cut(0) || hadFocus) this.#options.takeFocus();
  }

  #focus(place: number): void {
    const row = this.#rows[Math.min(place, this.#shownRows - 1)];
    if (row === undefined) this.#options.takeFocus();
    else row.link.focus();
  }

  /** The row at a place of the list, which is put there if the list is shorter. */
  #rowAt(place: number): ResultRow {
    const row = this.#rows[place] ?? new ResultRow();
    this.#rows[place] = row;
    if (place >= this.#shownRows) {
      this.#list.append(row.element);
      this.#shownRows = place + 1;
    }
    return row;
  }

  /** Takes away what a shorter answer has no rows for, and returns whether the focus was there. */
  #cut(count: number): boolean {
    const surplus = this.#rows.slice(count, this.#shownRows);
    const hadFocus = surplus.some(({ link }) => link === document.activeElement);
    for (const { element } of surplus) element.remove();
    this.#shownRows = Math.min(this.#shownRows, count);
    return hadFocus;
  }

  #writeEnd(answer: Answer): void {
    if (answer.suggestions.length > 0) this.#end.append(renderSuggestions(answer.suggestions, this.#options.base));
    if (answer.total <= answer.results.length) return;
    const more = createElement('button', 'search-more', 'Show more');
    more.setAttribute('type', 'button');
    more.addEventListener('click', this.#options.showMore);
    this.#end.append(more);
  }
}

interface ListRow {
  readonly result: SearchResult;
  /** What the first of a group is headed with. */
  readonly folder: string | null;
}

/** What is asked for in addition comes after what is there, in groups of its own. */
function listRows(results: readonly SearchResult[]): ListRow[] {
  const groups = groupResults(results.slice(0, firstResults));
  for (let from = firstResults; from < results.length; from += moreResults) {
    groups.push(...groupResults(results.slice(from, from + moreResults)));
  }
  return groups.flatMap(({ folder, results: grouped }) => {
    const heading = folder !== '' ? `${folder}/` : groups.length > 1 ? 'top level' : null;
    return grouped.map((result, at) => ({ result, folder: at === 0 ? heading : null }));
  });
}

/** Most answers are to another text, which is soon seen. */
function isSame(answer: Answer, other: Answer | null): boolean {
  return answer.text === other?.text && JSON.stringify(answer) === JSON.stringify(other);
}
