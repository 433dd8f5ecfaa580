/**
 * `<tag-filter>`: narrows a table of tags, which stands in the page with all its rows, to those with certain words and a
 * certain platform. Builds that are folded away are unfolded when they match, and tags on the other pages of a long list come here.
 */
import { loadFurtherRows } from './further-rows.ts';
import { selectTags, type TagText } from './select-tags.ts';

/** Screen readers finish their sentence before they are given another. */
const announceAfterMs = 400;
const addressAfterMs = 200;

interface TagRow extends TagText {
  readonly element: HTMLElement;
}

/** A row whose own table holds the earlier builds of the row before. */
interface Fold {
  readonly element: HTMLElement;
  readonly details: HTMLDetailsElement | null;
  /** Those that lay in it at first: sorting may since have taken them out. */
  readonly rows: readonly TagRow[];
}

class TagFilter extends HTMLElement {
  #input!: HTMLInputElement;
  #select: HTMLSelectElement | null = null;
  #status: HTMLElement | null = null;
  #table!: HTMLTableElement;
  #rows: readonly TagRow[] = [];
  #folds: readonly Fold[] = [];
  /** The rows of the list's other pages, once they are here. */
  #further: HTMLTableSectionElement | null = null;
  #listeners = new AbortController();
  #announceTimer = 0;
  #addressTimer = 0;

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>('input[type="search"]');
    const table = document.getElementById(this.dataset['table'] ?? '');
    if (input === null || !(table instanceof HTMLTableElement)) return;
    this.#input = input;
    this.#table = table;
    this.#select = this.querySelector('select');
    this.#status = this.querySelector('[role="status"]');
    this.#readRows();
    this.#folds = [...table.querySelectorAll<HTMLElement>('tr.fold')].map((element) => ({
      element,
      details: element.querySelector('details'),
      rows: this.#rows.filter((row) => element.contains(row.element)),
    }));
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.addEventListener('input', () => this.#change(), { signal });
    this.addEventListener('submit', (event) => event.preventDefault(), { signal });
    this.addEventListener('keydown', (event) => this.#pressKey(event), { signal });
    window.addEventListener('popstate', () => this.#readAddress(), { signal });
    this.#readAddress();
  }

  disconnectedCallback(): void {
    this.#listeners.abort();
    clearTimeout(this.#announceTimer);
    clearTimeout(this.#addressTimer);
  }

  #readRows(): void {
    this.#rows = [...this.#table.querySelectorAll<HTMLElement>('tr[id^="tag:"]')].map(readRow);
    this.#fillPlatforms();
  }

  /** One platform leaves nothing to choose. */
  #fillPlatforms(): void {
    const select = this.#select;
    if (select === null) return;
    const platforms = [...new Set(this.#rows.flatMap((row) => row.platforms))].sort();
    const chosen = select.value;
    select.replaceChildren(new Option('any', ''), ...platforms.map((platform) => new Option(platform, platform)));
    select.value = chosen;
    const label = select.closest('label') ?? select;
    label.hidden = platforms.length < 2;
  }

  #readAddress(): void {
    const parameters = new URLSearchParams(location.search);
    this.#input.value = parameters.get('q') ?? '';
    if (this.#select !== null) this.#select.value = parameters.get('platform') ?? '';
    if (this.#isActive) this.#apply();
  }

  get #isActive(): boolean {
    return this.#input.value.trim() !== '' || (this.#select?.value ?? '') !== '';
  }

  #change(): void {
    this.#apply();
    clearTimeout(this.#addressTimer);
    this.#addressTimer = window.setTimeout(() => this.#writeAddress(), addressAfterMs);
  }

  #apply(): void {
    const hasAll = this.#table.dataset['pages'] === undefined || this.#further !== null;
    const chosen = selectTags(this.#rows, this.#input.value, this.#select?.value ?? '');
    for (const row of this.#rows) row.element.hidden = !chosen.has(row);
    for (const fold of this.#folds) {
      const hasRows = fold.rows.some((row) => chosen.has(row));
      fold.element.hidden = !hasRows;
      if (fold.details !== null) fold.details.open = hasRows && this.#isActive;
    }
    if (this.#further !== null) this.#further.hidden = !this.#isActive;
    if (!hasAll && this.#isActive) {
      void this.#loadFurther();
      return;
    }
    this.#announce(`${chosen.size} of ${this.#rows.length} ${this.#rows.length === 1 ? 'tag' : 'tags'}`);
  }

  async #loadFurther(): Promise<void> {
    try {
      const further = await loadFurtherRows(this.#table);
      if (this.#further !== null) return;
      this.#further = further;
    } catch {
      this.#announce('Of this page only: the others could not be loaded. Type on to try again.');
      return;
    }
    this.#readRows();
    this.#apply();
  }

  #announce(text: string): void {
    clearTimeout(this.#announceTimer);
    this.#announceTimer = window.setTimeout(() => {
      if (this.#status !== null) this.#status.textContent = this.#isActive ? text : '';
    }, announceAfterMs);
  }

  #writeAddress(): void {
    const address = new URL(location.href);
    const values = { q: this.#input.value.trim(), platform: this.#select?.value ?? '' };
    for (const [key, value] of Object.entries(values)) {
      if (value === '') address.searchParams.delete(key);
      else address.searchParams.set(key, value);
    }
    if (address.href !== location.href) history.replaceState(history.state, '', address);
  }

  #pressKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing || event.target !== this.#input) return;
    event.preventDefault();
    this.#input.value = '';
    this.#change();
  }
}

/** A row and its aliases are addresses of their own, and its sizes say for which platform they are. */
function readRow(element: HTMLElement): TagRow {
  const named = [element, ...element.querySelectorAll<HTMLElement>('[id^="tag:"]')];
  return {
    element,
    tags: named.map(({ id }) => id.slice('tag:'.length)),
    platforms: Array.from(
      element.querySelectorAll<HTMLElement>('[data-platform]'),
      ({ dataset }) => dataset['platform'] ?? '',
    ),
    digest: element.querySelector<HTMLElement>('code[title^="sha"]')?.title ?? '',
  };
}

customElements.define('tag-filter', TagFilter);
