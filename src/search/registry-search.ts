/**
 * `<registry-search>`: makes the search form within it answer while one types. The form works without it, and so does the
 * page; nothing is fetched before the box is used.
 *
 * The results are a plain list of links that the focus really moves to: a screen reader reads it as any list, and a link can
 * be opened in a new tab or copied, which no option of a combobox can.
 */
import type { GivenAnswer } from './answer-names.ts';
import { formatTotal } from './format-facts.ts';
import { firstResults, moreResults, ResultList } from './result-list.ts';
import { createSearchClient, type SearchClient } from './search-client.ts';
import { isSearchKeyOn } from './search-key.ts';
import type { Answer } from './search-result.ts';

/** Screen readers finish their sentence before they are given another. */
const announceAfterMs = 400;
/** To write it costs a frame, because browsers look at the site's icon again: whoever types on never pays for it. */
const addressAfterMs = 600;

class RegistrySearch extends HTMLElement {
  #input!: HTMLInputElement;
  #results!: HTMLElement;
  #list!: ResultList;
  #status!: HTMLElement;
  #client: SearchClient | null = null;
  #listeners = new AbortController();
  #most = firstResults;
  /** The text that the shown results answer; null while they do not. */
  #answered: string | null = null;
  #opensFirst = false;
  /** Another search was chosen, and not typed: the one before is worth a way back. */
  #isNewSearch = false;
  #announceTimer = 0;
  #addressTimer = 0;

  connectedCallback(): void {
    const form = this.querySelector('form');
    const input = this.querySelector<HTMLInputElement>('input[type="search"]');
    const results = this.querySelector<HTMLElement>('[data-search-results]');
    const status = this.querySelector<HTMLElement>('[role="status"]');
    if (form === null || input === null || results === null || status === null) return;
    this.#input = input;
    this.#results = results;
    this.#list = new ResultList(results, {
      base: this.dataset['base'] ?? '/',
      showMore: () => this.#search(this.#most + moreResults),
      takeFocus: () => input.focus(),
    });
    this.#status = status;
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    input.addEventListener('focus', () => this.#enter(), { signal });
    input.addEventListener('input', () => this.#search(firstResults), { signal });
    form.addEventListener('submit', (event) => this.#submit(event), { signal });
    this.addEventListener('keydown', (event) => this.#pressKey(event), { signal });
    this.addEventListener('focusout', ({ relatedTarget }) => this.#leave(relatedTarget), { signal });
    document.addEventListener('pointerdown', ({ target }) => this.#leave(target), { signal });
    results.addEventListener('click', (event) => this.#click(event), { signal });
    document.addEventListener('keydown', (event) => this.#pressAnywhere(event), { signal });
    window.addEventListener('popstate', () => this.#readAddress(), { signal });
    // A result may be on the very page that the results lie over.
    if (!this.#hasAddress) window.addEventListener('hashchange', () => this.#show('idle'), { signal });
    // The address is copied elsewhere than in the page.
    window.addEventListener('blur', () => this.#writeAddress(), { signal });
    // Whoever was quicker than this script has typed already: what they mean is newer than the address.
    if (input.value === '') this.#readAddress();
    else if (this.#hasAddress) this.#search(firstResults);
    if (document.activeElement === input) this.#enter();
  }

  disconnectedCallback(): void {
    this.#listeners.abort();
    clearTimeout(this.#announceTimer);
    clearTimeout(this.#addressTimer);
  }

  /** Whether the search is what the page is about: then its text stands in the address, and its results in the page. */
  get #hasAddress(): boolean {
    return this.hasAttribute('data-address');
  }

  /** `host/base/` of the very page. */
  get #ownPlace(): string {
    return location.host + (this.dataset['base'] ?? '/');
  }

  #open(): SearchClient {
    this.#client ??= createSearchClient({
      indexUrl: new URL(this.dataset['index'] ?? '', document.baseURI).href,
      shardsUrl: new URL(this.dataset['shards'] ?? '', document.baseURI).href,
      // Addresses are copied from where the page is, which may be a name that nobody told the settings.
      hosts: [...(this.dataset['hosts'] ?? '').split(' ').filter((host) => host !== ''), this.#ownPlace],
      most: firstResults,
    });
    return this.#client;
  }

  #enter(): void {
    this.#open().prepare();
    if (this.#answered !== this.#input.value || this.#results.hidden) this.#search(firstResults);
  }

  /** Results that lie over the page go when the focus does; those that are the page stay. */
  #leave(target: EventTarget | null): void {
    if (target === null || this.contains(target as Node)) return;
    if (this.#hasAddress) this.#writeAddress();
    else this.#show('idle');
  }

  #readAddress(): void {
    if (!this.#hasAddress) return;
    const text = new URLSearchParams(location.search).get('q') ?? '';
    if (text === this.#input.value && text === '') return;
    this.#input.value = text;
    this.#search(firstResults);
  }

  #search(most: number): void {
    const text = this.#input.value;
    this.#most = most;
    this.#answered = null;
    this.#opensFirst = false;
    clearTimeout(this.#addressTimer);
    this.#addressTimer = window.setTimeout(() => this.#writeAddress(), addressAfterMs);
    if (text.trim() === '') {
      this.#close();
      return;
    }
    this.#open().ask(text, most, (given) => this.#receive(text, given));
  }

  #receive(text: string, given: GivenAnswer | null): void {
    if (text !== this.#input.value) return;
    if (given === null) {
      const message = 'The search could not be loaded. Type on to try again.';
      this.#show('error');
      this.#list.clear(message);
      this.#announce(message);
      return;
    }
    const { answer, isFinal } = given;
    // Nothing yet is no answer: what is shown may stay until it is known.
    if (!isFinal && answer.results.length === 0) return;
    this.#list.write(answer);
    this.#show('results');
    // What is first may not be first in the end: who asks to open it waits.
    if (!isFinal) return;
    this.#answered = text;
    this.#announce(describe(answer));
    if (this.#opensFirst) this.#openFirst();
  }

  #show(state: 'idle' | 'results' | 'error'): void {
    this.dataset['state'] = state;
    this.#results.hidden = state === 'idle';
    const hides = document.getElementById(this.dataset['hides'] ?? '');
    hides?.toggleAttribute('data-search-hidden', state === 'results');
  }

  #close(): void {
    this.#list.clear();
    this.#show('idle');
    this.#announce('');
  }

  /** What is seen at once is said a moment later. */
  #announce(text: string): void {
    clearTimeout(this.#announceTimer);
    this.#announceTimer = window.setTimeout(() => {
      this.#status.textContent = text;
    }, announceAfterMs);
  }

  /** Puts what is searched for into the address, if it is not there yet. */
  #writeAddress(): void {
    clearTimeout(this.#addressTimer);
    if (!this.#hasAddress) return;
    const text = this.#input.value;
    const address = new URL(location.href);
    if (text.trim() === '') address.searchParams.delete('q');
    else address.searchParams.set('q', text);
    const isOther = this.#isNewSearch;
    this.#isNewSearch = false;
    if (address.href === location.href) return;
    // Back leads to the page as it was before one began to search, and not through every letter.
    const isNew = isOther || !new URL(location.href).searchParams.has('q');
    if (isNew) history.pushState(history.state, '', address);
    else history.replaceState(history.state, '', address);
  }

  #submit(event: Event): void {
    // Where the search cannot be loaded, the page of the address is a fresh start.
    if (this.#input.value.trim() === '' || this.dataset['state'] === 'error') return;
    event.preventDefault();
    if (this.#answered === this.#input.value) this.#openFirst();
    else this.#opensFirst = true;
  }

  #openFirst(): void {
    this.#list.links[0]?.click();
  }

  #pressKey(event: KeyboardEvent): void {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const { links } = this.#list;
    const at = links.indexOf(event.target as HTMLAnchorElement);
    const isInBox = event.target === this.#input;
    if (event.key === 'Escape') this.#escape(!isInBox);
    else if (at === -1 && !isInBox) return;
    else if (event.key === 'ArrowDown' && links.length > 0) links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === 'ArrowUp' && at >= 0) (links[at - 1] ?? this.#input).focus();
    else if (event.key === 'Home' && at >= 0) links[0]?.focus();
    else if (event.key === 'End' && at >= 0) links.at(-1)?.focus();
    else {
      // Who goes on typing while on a result means the box.
      if (at >= 0 && event.key.length === 1 && event.key !== ' ') this.#input.focus();
      return;
    }
    event.preventDefault();
  }

  #escape(isOnResult: boolean): void {
    this.#input.focus();
    if (isOnResult) return;
    this.#input.value = '';
    this.#search(firstResults);
  }

  #pressAnywhere(event: KeyboardEvent): void {
    if (event.key !== '/' || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (!isSearchKeyOn()) return;
    const target = event.target as HTMLElement;
    if (target.closest('input, textarea, select, [contenteditable]') !== null) return;
    if (document.querySelector('registry-search') !== this) return;
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }

  /** A suggestion is another search; any other link leads away, and back to this one. */
  #click(event: MouseEvent): void {
    this.#writeAddress();
    const query = (event.target as HTMLElement).closest<HTMLElement>('[data-query]')?.dataset['query'];
    if (query === undefined || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#input.value = query;
    this.#isNewSearch = true;
    this.#input.focus();
    this.#search(firstResults);
  }
}

function describe(answer: Answer): string {
  const [first] = answer.results;
  const best = first === undefined ? '' : `, first ${first.name}${first.tag === null ? '' : `:${first.tag}`}`;
  const nearest = answer.suggestions.map((suggestion) => suggestion.text).join(', ');
  const notice = answer.notice === null ? '' : ` ${answer.notice}`;
  return `${formatTotal(answer)}${best}.${notice}${nearest === '' ? '' : ` Nearest: ${nearest}.`}`;
}

customElements.define('registry-search', RegistrySearch);
