/**
 * `<nearest-images>`: on the page for addresses at which nothing lives, the images whose names are nearest to the one in the
 * address. Without a script, or where nothing is near, it stays hidden.
 */
import { toMistypedName } from './mistyped-name.ts';
import { createElement } from './result-rows.ts';
import { createSearchClient } from './search-client.ts';
import { toPagePath } from './search-record.ts';

const mostNames = 5;

class NearestImages extends HTMLElement {
  connectedCallback(): void {
    const base = this.dataset['base'] ?? '/';
    const name = toMistypedName(location.pathname, base);
    const list = this.querySelector('ul');
    if (name === null || list === null) return;
    const client = createSearchClient({
      indexUrl: new URL(this.dataset['index'] ?? '', document.baseURI).href,
      shardsUrl: new URL(this.dataset['shards'] ?? '', document.baseURI).href,
      hosts: [],
    });
    client.ask(name, mostNames, (given) => {
      if (given === null || !given.isFinal || given.answer.results.length === 0) return;
      list.replaceChildren(
        ...given.answer.results.map(({ record }) => {
          const item = document.createElement('li');
          const link = createElement('a', 'nearest', record.name);
          link.setAttribute('href', base + toPagePath(record));
          item.append(link);
          return item;
        }),
      );
      this.hidden = false;
    });
  }
}

customElements.define('nearest-images', NearestImages);
