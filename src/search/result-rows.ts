/** The elements of one result, and of what stands around them. Only text nodes are made of data: no name becomes markup. */
import { formatSize } from './format-facts.ts';
import type { Span } from './name-text.ts';
import { toPagePath } from './search-record.ts';
import type { SearchResult, Suggestion } from './search-result.ts';

/** `base` is the site's, and ends in a slash. */
export function renderResult(result: SearchResult, base: string): HTMLElement {
  const item = createElement('li', 'search-result');
  item.append(renderLink(result, base), renderFacts(result), createElement('span', 'search-why', result.why.text));
  if (result.why.code === 'description' && result.record.description !== null) {
    item.append(createElement('span', 'search-description', result.record.description));
  }
  return item;
}

/** The list of one folder's images, after the folder's name. */
export function renderGroup(folder: string): readonly [...HTMLElement[], HTMLElement] {
  const list = createElement('ol', 'search-group');
  list.setAttribute('aria-label', folder === '' ? 'Images without a folder' : `Images in ${folder}`);
  if (folder === '') return [list];
  const heading = createElement('p', 'search-folder', `${folder}/`);
  // The list is called the same; heard twice it would only be in the way.
  heading.setAttribute('aria-hidden', 'true');
  return [heading, list];
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

function renderLink({ name, matches, tag, tagMatches, record }: SearchResult, base: string): HTMLElement {
  const link = createElement('a', 'search-link');
  link.setAttribute('href', base + toPagePath(record) + (tag === null ? '' : `#tag:${encodeURIComponent(tag)}`));
  link.append(...renderMarked(name, matches));
  if (tag !== null) link.append(':', ...renderMarked(tag, tagMatches));
  return link;
}

function renderFacts({ tag, record }: SearchResult): HTMLElement {
  const facts = createElement('span', 'search-facts');
  if (record.state !== 'current') facts.append(createElement('strong', 'search-state', record.state));
  if (tag === null && record.recommendedTag !== null) {
    facts.append(createElement('code', 'search-tag', record.recommendedTag));
  }
  if (record.createdOn !== null) {
    const time = createElement('time', 'search-date', record.createdOn);
    time.setAttribute('datetime', record.createdOn);
    facts.append(time);
  }
  if (record.compressedSizeBytes !== null) {
    facts.append(createElement('span', 'search-size', formatSize(record.compressedSizeBytes)));
  }
  return facts;
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
