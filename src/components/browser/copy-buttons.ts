/**
 * Copy buttons: for each command and digest, and for each row of tags and images, whose reference is put together from what
 * the row says. One listener serves them all, and one live region tells listeners what happened.
 */
import { copyText } from './copy-text.ts';

const shownForMs = 2000;

/** Adds a button wherever there is something to copy. */
export function addCopyButtons(): void {
  const texts = new WeakMap<HTMLButtonElement, string>();
  const add = (place: Element, text: string, label: string) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${label}`);
    texts.set(button, text);
    place.append(button);
  };
  for (const place of document.querySelectorAll('[data-copy]')) {
    const text = place.querySelector('code')?.textContent;
    if (text) add(place, text, text);
  }
  for (const { place, reference } of listRowReferences()) add(place, reference, reference);

  const announcer = createAnnouncer();
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>('button.copy') : null;
    const text = button === null ? undefined : texts.get(button);
    if (button === null || text === undefined) return;
    const isCopied = await copyText(text);
    button.textContent = isCopied ? 'Copied' : 'Not copied';
    announcer.textContent = isCopied ? `Copied ${text}` : 'Copying is not allowed here. Select the text and copy it.';
    setTimeout(() => {
      button.textContent = 'Copy';
      announcer.textContent = '';
    }, shownForMs);
  });
}

/** The rows of tables that name a reference: `host/name` for tags, `host` for images. */
function* listRowReferences(): Generator<{ place: Element; reference: string }> {
  for (const table of document.querySelectorAll<HTMLTableElement>('table[data-reference]')) {
    const { reference } = table.dataset;
    const isOfImages = table.classList.contains('images');
    for (const row of table.querySelectorAll('tr:has(> th[scope="row"])')) {
      const [head, ...cells] = row.children;
      const tag = (isOfImages ? cells[0] : head)?.querySelector('code');
      if (head === undefined || !tag?.parentElement) continue;
      const name = isOfImages ? `/${head.textContent}` : '';
      const place = tag.closest('a')?.parentElement ?? tag.parentElement;
      yield { place, reference: `${reference}${name}:${tag.textContent}` };
      const digest = row.querySelector<HTMLElement>('code[title]');
      if (digest?.parentElement) yield { place: digest.parentElement, reference: `${reference}@${digest.title}` };
    }
  }
}

function createAnnouncer(): HTMLElement {
  const announcer = document.createElement('p');
  announcer.className = 'unseen';
  announcer.setAttribute('role', 'status');
  document.body.append(announcer);
  return announcer;
}
