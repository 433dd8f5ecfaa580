/** When something happened, as exactly as it is known: between two looks. */
import type { Interval } from '../catalogue/model.ts';
import { formatDay, formatMinute } from './format-date.ts';

/** `between 13:07 and 14:07 UTC on 2026-11-20`, or as much as is known of it. */
export function formatInterval({ notBefore, notAfter }: Interval): string {
  if (notBefore === null) return `before ${formatMinute(notAfter)} UTC`;
  const [from, until] = [formatMinute(notBefore), formatMinute(notAfter)];
  if (from === until) return `at ${until} UTC`;
  const day = formatDay(notAfter);
  if (formatDay(notBefore) !== day) return `between ${from} and ${until} UTC`;
  return `between ${from.slice(11)} and ${until.slice(11)} UTC on ${day}`;
}
