/**
 * Writes answers into the page: with the keystroke no more than a frame has time for, and the rest when that has been shown.
 */
import { groupResults } from './group-results.ts';
import { createElement, renderGroup, renderResult, renderSuggestions } from './result-rows.ts';
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
  /** Counts what was written, so that the rest of something older is not written after it. */
  #turn = 0;
  /** What is written: the same again need not be. */
  #written: Answer | null = null;

  constructor(container: HTMLElement, options: ResultListOptions) {
    this.#container = container;
    this.#options = options;
  }

  get links(): HTMLAnchorElement[] {
    return [...this.#container.querySelectorAll<HTMLAnchorElement>('a.search-link')];
  }

  /** Puts `answer` in place of the one before. A link that had the focus gives it to the one that comes in its place. */
  write(answer: Answer): void {
    const active = document.activeElement;
    const focused = this.#container.contains(active) ? this.links.indexOf(active as HTMLAnchorElement) : -1;
    if (isSame(answer, this.#written)) return;
    this.#written = answer;
    const turn = ++this.#turn;
    const rows = new RowWriter(answer.results, this.#options.base);
    const first = document.createDocumentFragment();
    if (answer.notice !== null) first.append(createElement('p', 'search-notice', answer.notice));
    rows.writeTo(first, focused === -1 ? rowsAtOnce : answer.results.length);
    this.#container.replaceChildren(first);
    if (focused >= 0) this.links[focused]?.focus();
    const goOn = () => {
      if (turn !== this.#turn) return;
      rows.writeTo(this.#container, rowsPerPortion);
      if (rows.isDone) this.#writeEnd(answer);
      else setTimeout(goOn, portionAfterMs);
    };
    if (rows.isDone) this.#writeEnd(answer);
    else setTimeout(goOn, restAfterMs);
  }

  clear(): void {
    this.#turn++;
    this.#written = null;
    this.#container.replaceChildren();
  }

  #writeEnd(answer: Answer): void {
    if (answer.suggestions.length > 0)
      this.#container.append(renderSuggestions(answer.suggestions, this.#options.base));
    if (answer.total <= answer.results.length) return;
    const more = createElement('button', 'search-more', 'Show more');
    more.setAttribute('type', 'button');
    more.addEventListener('click', this.#options.showMore);
    this.#container.append(more);
  }
}

interface FolderRow {
  readonly folder: string;
  readonly result: SearchResult;
}

/** Writes rows one portion after another, and a group's head before its first. */
class RowWriter {
  readonly #rows: readonly FolderRow[];
  readonly #base: string;
  #written = 0;
  #list: HTMLElement | null = null;

  constructor(results: readonly SearchResult[], base: string) {
    const groups = groupResults(results);
    this.#rows = groups.flatMap(({ folder, results: grouped }) => grouped.map((result) => ({ folder, result })));
    this.#base = base;
  }

  get isDone(): boolean {
    return this.#written === this.#rows.length;
  }

  writeTo(target: ParentNode, most: number): void {
    const next = this.#rows.slice(this.#written, this.#written + most);
    for (const { folder, result } of next) {
      if (this.#list === null || this.#rows[this.#written - 1]?.folder !== folder) {
        const group = renderGroup(folder);
        target.append(...group);
        this.#list = group[group.length - 1] as HTMLElement;
      }
      this.#list.append(renderResult(result, this.#base));
      this.#written++;
    }
  }
}

/** Most answers are to another text, which is soon seen. */
function isSame(answer: Answer, other: Answer | null): boolean {
  return answer.text === other?.text && JSON.stringify(answer) === JSON.stringify(other);
}
