/** What a clock said, held against what cannot be: without a battery it says 1970 after a boot, and set wrongly 2099. */
import type { Instant } from './model.ts';

/** There was no such program before. */
const earliestRun: Instant = '2026-01-01T00:00:00Z';

/** Whether a run can have been at `at`, neither later than `now` nor before there were any. A `now` that cannot be right refutes nothing. */
export function isPossibleRun(at: Instant, now: Instant): boolean {
  return now < earliestRun || (at >= earliestRun && at <= now);
}

/** `at`, or `now` where no run can have been then: a time to come would count for the newest until it came. */
export function toPossibleRun(at: Instant, now: Instant): Instant {
  return isPossibleRun(at, now) ? at : now;
}

/** So far ahead of now, a last run is a sign that the clock was set back since, and more than that that it ran ahead then. */
const mostSetBackMs = 31 * 86_400_000;

/** Whether the newest run can have been at `at`. What a clock that was set back says now proves nothing against it. */
export function isPossibleLastRun(at: Instant, now: Instant): boolean {
  return isPossibleRun(at, now) || (at > now && Date.parse(at) - Date.parse(now) <= mostSetBackMs);
}
