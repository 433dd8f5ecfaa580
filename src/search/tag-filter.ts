/**
 * `<tag-filter>`: narrows a table of tags, which stands in the page with all its rows, to those with certain words and a
 * certain platform. Builds that are folded away are unfolded when they match, and tags on the other pages of a long list come here.
 */
import { formatCount } from './format-facts.ts';
import { loadFurtherRows } from './further-rows.ts';
import { countMeant, selectTags, type TagText } from './select-tags.ts';

/** Screen readers finish their sentence before they are given another. */
const announceAfterMs = 400;
const addressAfterMs = 200;
/** The other pages of a long list are worth a pause in typing. */
const loadAfterMs = 150;

interface TagRow extends TagText {
  readonly element: HTMLElement;
}

/** A row beneath the row of a tag: with a table of its own for the earlier builds, or with what became of the tag. */
interface Fold {
  readonly element: HTMLElement;
  readonly details: HTMLDetailsElement | null;
  /** Those that lay in it at first: sorting may since have taken them out. */
  readonly rows: readonly TagRow[];
  /** The row that it is about, if it has none of its own. */
  readonly owner: TagRow | null;
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
  #loadTimer = 0;
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
    this.#folds = [...table.querySelectorAll<HTMLElement>('tr.fold')].map((element) => {
      const rows = this.#rows.filter((row) => element.contains(row.element));
      const owner = rows.length > 0 ? null : (this.#rows.find((row) => row.element === rowBefore(element)) ?? null);
      return { element, details: element.querySelector('details'), rows, owner };
    });
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    this.addEventListener('input', () => this.#change(), { signal });
    // All platforms of the list are to be chosen from.
    this.#select?.addEventListener('focus', () => void this.#loadFurther(), { signal });
    this.addEventListener('submit', (event) => event.preventDefault(), { signal });
    this.addEventListener('keydown', (event) => this.#pressKey(event), { signal });
    window.addEventListener('popstate', () => this.#readAddress(), { signal });
    if (location.search !== '') this.#readAddress();
  }

  disconnectedCallback(): void {
    this.#listeners.abort();
    for (const timer of [this.#announceTimer, this.#loadTimer, this.#addressTimer]) clearTimeout(timer);
  }

  #readRows(): void {
    const known = new Map(this.#rows.map((row) => [row.element, row]));
    const elements = [...this.#table.querySelectorAll<HTMLElement>('tr[id^="tag:"]')];
    this.#rows = elements.map((element) => known.get(element) ?? readRow(element));
    this.#fillPlatforms();
  }

  /** One platform leaves nothing to choose; the first option is any. */
  #fillPlatforms(): void {
    const select = this.#select;
    if (select === null) return;
    // Added one by one, because the list may be open.
    const known = new Set([...select.options].map(({ value }) => value));
    for (const platform of new Set(this.#rows.flatMap((row) => row.platforms))) {
      if (known.has(platform)) continue;
      const next = [...select.options].find(({ value }) => value > platform);
      select.add(new Option(platform, platform), next ?? null);
    }
    const label = select.closest('label') ?? select;
    label.hidden = select.options.length < 3 && !this.#isPart;
  }

  #readAddress(): void {
    const parameters = new URLSearchParams(location.search);
    this.#input.value = parameters.get('q') ?? '';
    const platform = parameters.get('platform') ?? '';
    if (this.#select !== null) {
      // It may be one that only other pages have, which are still to come.
      if (![...this.#select.options].some(({ value }) => value === platform)) this.#select.append(new Option(platform));
      this.#select.value = platform;
    }
    this.#apply();
  }

  /** Whether tags stand on other pages, and are not here yet. */
  get #isPart(): boolean {
    return this.#table.dataset['pages'] !== undefined && this.#further === null;
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
    const chosen = selectTags(this.#rows, this.#input.value, this.#select?.value ?? '');
    for (const row of this.#rows) row.element.hidden = !chosen.has(row);
    for (const fold of this.#folds) {
      const hasRows = fold.rows.some((row) => chosen.has(row));
      fold.element.hidden = !hasRows && !(fold.owner !== null && chosen.has(fold.owner));
      if (fold.details !== null && fold.rows.length > 0) fold.details.open = hasRows && this.#isActive;
    }
    if (this.#further !== null) this.#further.hidden = !this.#isActive;
    clearTimeout(this.#loadTimer);
    if (this.#isPart && this.#isActive) {
      this.#loadTimer = window.setTimeout(() => void this.#loadFurther(), loadAfterMs);
      return;
    }
    // A row has a digest's tags, and what is counted is what the heading counts.
    let meant = 0;
    for (const row of chosen) meant += countMeant(row, this.#input.value);
    const all = this.#rows.reduce((sum, { tags }) => sum + tags.length, 0);
    this.#announce(`${formatCount(meant)} of ${formatCount(all)} ${all === 1 ? 'tag' : 'tags'}`);
  }

  async #loadFurther(): Promise<void> {
    if (!this.#isPart) return;
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

/** The row that folds beneath it are about. */
function rowBefore(fold: HTMLElement): Element | null {
  let before = fold.previousElementSibling;
  while (before?.classList.contains('fold')) before = before.previousElementSibling;
  return before;
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
