/** The elements of one result, and of what stands around them. Only text nodes are made of data: no name becomes markup. */
import { formatSize } from './format-facts.ts';
import type { Span } from './name-text.ts';
import { toPagePath } from './search-record.ts';
import { figuresOf, type SearchResult, type Suggestion } from './search-result.ts';

/**
 * A row that shows one result after another: with each letter typed most of it stays as it is, and what is not made anew
 * costs a slow processor nothing. An empty part takes no room.
 */
export class ResultRow {
  readonly element = createElement('li', 'search-result');
  readonly link = createElement('a', 'search-link') as HTMLAnchorElement;
  readonly #folder = createElement('p', 'search-folder');
  readonly #state = createElement('strong', 'search-state');
  readonly #tag = createElement('code', 'search-tag');
  readonly #date = createElement('time', 'search-date');
  readonly #size = createElement('span', 'search-size');
  readonly #why = createElement('span', 'search-why');
  readonly #description = createElement('span', 'search-description');
  #name = '';

  constructor() {
    // The name has its folder; heard twice it would only be in the way.
    this.#folder.setAttribute('aria-hidden', 'true');
    const facts = createElement('span', 'search-facts');
    facts.append(this.#state, ' ', this.#tag, ' ', this.#date, ' ', this.#size);
    this.element.append(this.#folder, this.link, ' ', facts, ' ', this.#why, ' ', this.#description);
  }

  /** `folder` stands above the first of a group. `base` is the site's, and ends in a slash. */
  show(result: SearchResult, folder: string | null, base: string): void {
    const { name, matches, tag, tagMatches, record, why } = result;
    const { createdOn, compressedSizeBytes } = figuresOf(result);
    setText(this.#folder, folder ?? '');
    const href = base + toPagePath(record) + (tag === null ? '' : `#tag:${encodeURIComponent(tag)}`);
    const isOther = this.link.getAttribute('href') !== href;
    if (isOther) this.link.setAttribute('href', href);
    const shown = JSON.stringify([name, matches, tag, tagMatches]);
    if (shown !== this.#name) {
      this.#name = shown;
      const tagged = tag === null ? [] : [':', ...renderMarked(tag, tagMatches)];
      this.link.replaceChildren(...renderMarked(name, matches), ...tagged);
    }
    setText(this.#state, record.state === 'current' ? '' : record.state);
    setText(this.#tag, tag === null ? (record.recommendedTag ?? '') : '');
    if (this.#date.textContent !== (createdOn ?? '')) {
      this.#date.textContent = createdOn ?? '';
      this.#date.setAttribute('datetime', createdOn ?? '');
      // How long ago that was is said of each date when it is pointed at.
      this.#date.removeAttribute('title');
    }
    setText(this.#size, compressedSizeBytes === null ? '' : formatSize(compressedSizeBytes));
    setText(this.#why, why.text);
    setText(this.#description, why.code === 'description' ? (record.description ?? '') : '');
    // Who stands on a link hears that it leads elsewhere now.
    if (isOther && document.activeElement === this.link) {
      this.link.blur();
      this.link.focus();
    }
  }
}

/** Links to other searches. `data-query` is the text of each. */
export function renderSuggestions(suggestions: readonly Suggestion[], base: string): HTMLElement {
  const paragraph = createElement('p', 'search-suggestions', 'Nearest: ');
  suggestions.forEach(({ text }, at) => {
    const link = createElement('a', 'search-suggestion', text);
    link.setAttribute('href', `${base}?q=${encodeURIComponent(text)}`);
    link.dataset['query'] = text;
    paragraph.append(...(at > 0 ? [', '] : []), link);
  });
  return paragraph;
}

export function createElement(name: string, className: string, text?: string): HTMLElement {
  const created = document.createElement(name);
  if (className !== '') created.className = className;
  if (text !== undefined) created.textContent = text;
  return created;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function renderMarked(text: string, spans: readonly Span[]): (string | HTMLElement)[] {
  const parts: (string | HTMLElement)[] = [];
  let written = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(written, start), createElement('mark', '', text.slice(start, end)));
    written = end;
  }
  return [...parts, text.slice(written)].filter((part) => part !== '');
}
