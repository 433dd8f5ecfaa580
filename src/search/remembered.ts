/** What a reader chose, for the next page that they open in this browser. */

/** Null where nothing was chosen, or nothing can be remembered. */
export function readRemembered(name: string): string | null {
  try {
    return localStorage.getItem(toKey(name));
  } catch {
    // Storage may be switched off.
    return null;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(toKey(name), value);
  } catch {
    // As above.
  }
}

function toKey(name: string): string {
  return `registry-homepage.${name}`;
}
