/**
 * Leads to the tag that the address names where it stands on another page of a long list: whoever made the link knew the image
 * and the tag, and not the page.
 */
import { fetchPage, listFurtherPages, visitPages } from '../../search/further-rows.ts';

/** Most links that lead nowhere are to tags that are gone: for one of those no reader is to fetch tens of megabytes. */
const mostPages = 50;

/** Follows the address of the page, and each that it is changed to. */
export function followTag(): void {
  window.addEventListener('hashchange', () => void leadToTag(location.hash));
  void leadToTag(location.hash);
}

async function leadToTag(fragment: string): Promise<void> {
  const id = decodeId(fragment);
  if (!id.startsWith('tag:') || isShown(id)) return;
  const table = document.querySelector<HTMLTableElement>('table#tags');
  const hrefs = table === null ? [] : listFurtherPages(table).slice(0, mostPages);
  // A page that cannot be had leads nowhere, and the reader stays where the image is.
  const hasTag = async (href: string) => (await fetchPage(href).catch(() => null))?.getElementById(id) != null;
  for await (const found of visitPages(hrefs, async (href) => ((await hasTag(href)) ? href : null))) {
    if (location.hash !== fragment) return;
    if (found === null) continue;
    location.replace(found + fragment);
    return;
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
