/** Addresses that an image's author wrote: only those that a browser opens as a web page become links. */

const longestHref = 2000;

/** `text` as an `http:` or `https:` address in its normal form, or null: `javascript:`, relative, with a password, not one. */
export function toSafeHref(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || trimmed.length > longestHref) return null;
  try {
    const url = new URL(trimmed);
    return url.username === '' && url.password === '' && url.hostname !== '' ? url.href : null;
  } catch {
    return null;
  }
}
