/** When something was built: recorded by whoever built it, so believed only when it is plausible. */
import { annotationKeys } from '../oci/annotations.ts';
import type { Digest } from '../oci/digest.ts';
import { type FactTables, imageConfigOf, isAttestationChild, listLeaves } from './facts.ts';
import type { Instant } from './model.ts';

/** 0001, 1970 and 1980 are what build tools write in order to write nothing. */
const earliestPlausible = Date.UTC(1990, 0, 1);
/** How far a builder's clock may run ahead of ours before its dates are called future. */
const clockToleranceMs = 3_600_000;

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** The time as ISO 8601 in UTC to the second, without a fraction: how every time is kept and shown. */
export function toInstant(time: Date): Instant {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/**
 * A recorded date as an instant, or null where it is absent, unreadable, a placeholder, or later than `observedAt` (the
 * time at which the content was first seen) by more than an hour.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#properties
 */
export function parsePlausibleDate(recorded: string | null | undefined, observedAt: Instant): Instant | null {
  const day = rfc3339.exec(recorded ?? '')?.[1];
  if (!recorded || day === undefined || !isCalendarDay(day)) return null;
  const time = Date.parse(recorded.replace(' ', 'T'));
  if (Number.isNaN(time) || time < earliestPlausible) return null;
  if (time > Date.parse(observedAt) + clockToleranceMs) return null;
  return toInstant(new Date(time));
}

/** `Date` itself takes the 30th of February for the 1st of March. */
function isCalendarDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).getUTCDate() === Number(day.slice(8));
}

/**
 * The build date of what `digest` names: its own `org.opencontainers.image.created` annotation, else the newest among its
 * image configs, attestations aside. Null is "not recorded".
 */
export function pickBuildDate(digest: Digest, tables: FactTables, observedAt: Instant): Instant | null {
  const own = tables.manifests.get(digest)?.annotations[annotationKeys.created];
  const fromAnnotation = parsePlausibleDate(own, observedAt);
  if (fromAnnotation !== null) return fromAnnotation;
  let newest: Instant | null = null;
  for (const { child, facts } of listLeaves(digest, tables)) {
    if (facts === null || (child !== null && isAttestationChild(child))) continue;
    const date =
      parsePlausibleDate(facts.annotations[annotationKeys.created], observedAt) ??
      parsePlausibleDate(imageConfigOf(facts, tables)?.createdAt, observedAt);
    if (date !== null && (newest === null || date > newest)) newest = date;
  }
  return newest;
}
