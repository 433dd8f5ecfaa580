/**
 * Writes answers into the page: with the keystroke no more than a frame has time for, and the rest when that has been shown.
 * Rows stay where they are and show something else, so nothing is thrown away with each letter, and nothing flickers.
 */
import { groupResults } from './group-results.ts';
import { createElement, ResultRow, renderSuggestions } from './result-rows.ts';
import type { Answer, SearchResult } from './search-result.ts';

const rowsAtOnce = 4;
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
}

export class ResultList {
  readonly #container: HTMLElement;
  readonly #options: ResultListOptions;
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
    container.replaceChildren(this.#notice, this.#list, this.#end);
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
    const next = this.#end.contains(document.activeElement) ? this.#shownRows : -1;
    this.#notice.textContent = answer.notice ?? '';
    this.#end.replaceChildren();
    this.#cut(rows.length);
    writeOn(next === -1 ? rowsAtOnce : rows.length);
    this.#rows[next]?.link.focus();
    if (written === rows.length) return;
    this.#container.setAttribute('aria-busy', 'true');
    setTimeout(goOn, restAfterMs);
  }

  clear(): void {
    this.#turn++;
    this.#written = null;
    this.#container.removeAttribute('aria-busy');
    this.#notice.textContent = '';
    this.#end.replaceChildren();
    this.#cut(0);
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

  /** Takes away what a shorter answer has no rows for. A link that had the focus gives it to the last one that is left. */
  #cut(count: number): void {
    const surplus = this.#rows.slice(count, this.#shownRows);
    const hadFocus = surplus.some(({ link }) => link === document.activeElement);
    for (const { element } of surplus) element.remove();
    this.#shownRows = Math.min(this.#shownRows, count);
    if (hadFocus) this.#rows[count - 1]?.link.focus();
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

function listRows(results: readonly SearchResult[]): ListRow[] {
  const groups = groupResults(results);
  return groups.flatMap(({ folder, results: grouped }) => {
    const heading = folder !== '' ? `${folder}/` : groups.length > 1 ? 'top level' : null;
    return grouped.map((result, at) => ({ result, folder: at === 0 ? heading : null }));
  });
}

/** Most answers are to another text, which is soon seen. */
function isSame(answer: Answer, other: Answer | null): boolean {
  return answer.text === other?.text && JSON.stringify(answer) === JSON.stringify(other);
}
