/**
 * The `Retry-After` header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */

/** Milliseconds to wait, from a number of seconds or an HTTP date; null where the header is absent or unreadable. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3,9}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
