/**
 * Leads to the tag that the address names where it stands on another page of a long list: whoever made the link knew the image
 * and the tag, and not the page.
 */
import { fetchPage } from '../../search/further-rows.ts';

/** Follows the address of the page, and each that it is changed to. */
export function followTag(): void {
  window.addEventListener('hashchange', () => void leadToTag(location.hash));
  void leadToTag(location.hash);
}

async function leadToTag(fragment: string): Promise<void> {
  const id = decodeId(fragment);
  if (!id.startsWith('tag:') || isShown(id)) return;
  const links = document.querySelectorAll<HTMLAnchorElement>('nav.pages a:not([aria-current])');
  for (const href of new Set(Array.from(links, (link) => link.href))) {
    // A page that cannot be had leads nowhere, and the reader stays where the image is.
    const page = await fetchPage(href).catch(() => null);
    if (location.hash !== fragment) return;
    if (page?.getElementById(id)) {
      location.replace(href + fragment);
      return;
    }
  }
}

/** Rows that were brought here to be sorted or filtered are hidden otherwise. */
function isShown(id: string): boolean {
  const element = document.getElementById(id);
  return element !== null && element.closest('tbody[hidden]') === null;
}

function decodeId(fragment: string): string {
  try {
    return decodeURIComponent(fragment.slice(1));
  } catch {
    return '';
  }
}
