/**
 * Whether `/` goes to the search box. Who speaks to their computer may say it and mean no key, so it can be switched off
 * (https://www.w3.org/TR/2024/REC-WCAG21-20241212/#character-key-shortcuts).
 */
import { readRemembered, remember } from './remembered.ts';

const name = 'search-key';

export function isSearchKeyOn(): boolean {
  return readRemembered(name) !== 'off';
}

export function switchSearchKey(isOn: boolean): void {
  remember(name, isOn ? 'on' : 'off');
}
