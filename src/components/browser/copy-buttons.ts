/**
 * Copy buttons: for each command and digest, and for each row of tags and images, whose reference is put together from what
 * the row says. A row gets its buttons when a pointer or the focus comes to it, or, where nothing hovers, when it is seen:
 * a page of a thousand rows is not held up for a thousand buttons. One live region says what happened.
 */
import { copyText } from './copy-text.ts';
import { type CopyPlace, linklessRowSelector, listCopyPlaces, rowSelector } from './row-references.ts';

const shownForMs = 2000;
const texts = new WeakMap<HTMLButtonElement, string>();

/** Adds a button wherever there is something to copy. */
export function addCopyButtons(): void {
  for (const place of document.querySelectorAll('[data-copy]')) {
    const text = place.querySelector('code')?.textContent;
    if (text) addButton({ place, text });
  }
  addButtonsToRows();
  announceCopies();
}

function addButton({ place, text }: CopyPlace): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy ${text}`);
  texts.set(button, text);
  place.append(button);
}

function addButtonsToRows(): void {
  const served = new WeakSet<Element>();
  const serve = (row: Element) => {
    if (served.has(row)) return;
    served.add(row);
    for (const place of listCopyPlaces(row)) addButton(place);
  };
  const serveTarget = ({ target }: Event) => {
    const row = target instanceof Element ? target.closest(rowSelector) : null;
    if (row !== null) serve(row);
  };
  document.addEventListener('pointerover', serveTarget);
  document.addEventListener('focusin', serveTarget);
  const seen = matchMedia('(hover: hover)').matches
    ? null
    : new IntersectionObserver((entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) serve(target);
      });
  /** Sees to it that rows get their buttons to which no pointer comes, and no focus. */
  const attend = (rows: Element, isOfImages: boolean) => {
    // Images all have a link for the focus, and are too many to be looked through.
    if (!isOfImages) for (const row of rows.querySelectorAll(linklessRowSelector)) serve(row);
    if (seen !== null) for (const row of rows.querySelectorAll(rowSelector)) seen.observe(row);
  };
  for (const table of document.querySelectorAll('table[data-reference]')) {
    const isOfImages = table.matches('.images');
    attend(table, isOfImages);
    // A filter, or another order, brings the rows of other pages.
    const added = new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (node instanceof Element) attend(node, isOfImages);
      }
    });
    added.observe(table, { childList: true });
  }
}

function announceCopies(): void {
  const announcer = document.createElement('p');
  announcer.className = 'unseen';
  announcer.setAttribute('role', 'status');
  document.body.append(announcer);
  document.addEventListener('click', async ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button.copy') : null;
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
