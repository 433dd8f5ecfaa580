/**
 * Dates for people, always in UTC and always absolute: the same bytes in every time zone. What is relative ("2 days ago") is
 * added in the browser, which knows the time of reading.
 */

import { constructFromSymbol } from 'date-fns/constants';
import { format } from 'date-fns/format';
import type { Instant } from '../catalogue/model.ts';

/** `2026-08-16`: an instant begins with it. */
export function formatDay(at: Instant): string {
  return at.slice(0, 10);
}

/** `2026-08-16 13:07`; the page says once that its times are UTC. */
export function formatMinute(at: Instant): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}

/** `16 August 2026, 13:07 UTC`. */
export function formatLong(at: Instant): string {
  return format(new UtcDate(at), "d MMMM yyyy, HH:mm 'UTC'");
}

/** A date whose local time is UTC: date-fns formats local time only, and the host's must not show. */
class UtcDate extends Date {
  override getFullYear(): number {
    return this.getUTCFullYear();
  }
  override getMonth(): number {
    return this.getUTCMonth();
  }
  override getDate(): number {
    return this.getUTCDate();
  }
  override getDay(): number {
    return this.getUTCDay();
  }
  override getHours(): number {
    return this.getUTCHours();
  }
  override getMinutes(): number {
    return this.getUTCMinutes();
  }
  override getSeconds(): number {
    return this.getUTCSeconds();
  }
  override getMilliseconds(): number {
    return this.getUTCMilliseconds();
  }
  override getTimezoneOffset(): number {
    return 0;
  }
  /** date-fns copies dates; the copy must be one of these too. */
  [constructFromSymbol](value: Date | number | string): Date {
    return new UtcDate(value);
  }
}
