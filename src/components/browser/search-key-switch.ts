/** Shows the switch of the search key, and says of the key only where it is on. */
import { isSearchKeyOn, switchSearchKey } from '../../search/search-key.ts';

export function addSearchKeySwitch(): void {
  for (const hint of document.querySelectorAll<HTMLElement>('[data-search-key-hint]')) hint.hidden = !isSearchKeyOn();
  const place = document.querySelector<HTMLElement>('[data-search-key-switch]');
  const input = place?.querySelector('input');
  if (!place || !input) return;
  input.checked = isSearchKeyOn();
  input.addEventListener('change', () => switchSearchKey(input.checked));
  place.hidden = false;
}
