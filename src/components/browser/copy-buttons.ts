/**
 * Copy buttons: for each command and digest, and for each row of tags and images, whose reference is put together from what
 * the row says. A row gets its buttons when a pointer or the focus comes to it, or when it is about to be seen, where nothing
 * hovers or the row has nothing for the focus: thousands of rows are not held up for their buttons. One live region says what happened.
 */
import { copyText } from './copy-text.ts';
import { type CopyPlace, linklessRowSelector, listCopyPlaces, rowSelector } from './row-references.ts';

const shownForMs = 2000;
/** The focus goes from a row that is seen to one that soon will be, and finds its button there. */
const servedAhead = '100% 0px';
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
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        serve(target);
      }
    },
    { rootMargin: servedAhead },
  );
  /** Sees to it that rows get their buttons to which neither a pointer comes nor the focus. */
  const attend = (rows: Element) => {
    const isOfImages = rows.closest('.images') !== null;
    // Images all have a link for the focus, and are too many to be looked through.
    const unreached = matchMedia('(hover: hover)').matches ? (isOfImages ? null : linklessRowSelector) : rowSelector;
    if (unreached !== null) for (const row of rows.querySelectorAll(unreached)) if (!served.has(row)) seen.observe(row);
  };
  // A filter, or another order, brings the rows of other pages.
  const added = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) attend(node);
  });
  for (const table of document.querySelectorAll('table[data-reference]')) {
    attend(table);
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
