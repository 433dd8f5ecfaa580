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
  const dateMs = parseHttpDate(text, nowMs);
  return dateMs === null ? null : Math.max(0, dateMs - nowMs);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
/** `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`, always in UTC. */
const httpDates = [
  String.raw`[A-Z][a-z]{2}, (?<day>\d{1,2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${time} (?:GMT|UTC)`,
  String.raw`[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) ${time} GMT`,
  String.raw`[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${time} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** The three forms that a recipient has to read. https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats */
function parseHttpDate(text: string, nowMs: number): number | null {
  const parts = httpDates.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  const month = months.indexOf(parts?.month ?? '');
  if (parts === undefined || month === -1) return null;
  const at = (year: number) =>
    Date.UTC(year, month, Number(parts.day), Number(parts.hour), Number(parts.minute), Number(parts.second));
  const year = Number(parts.year);
  if (parts.year?.length === 4) return at(year);
  // Two digits mean the latest such year that is not more than fifty years ahead.
  const nowYear = new Date(nowMs).getUTCFullYear();
  const candidate = nowYear - (nowYear % 100) + 100 + year;
  return at(candidate - 100 * Math.ceil((candidate - nowYear - 50) / 100));
}
