/** When each tag was built: from the date in its name where there is one, else between those of its neighbours. */
import type { RepositoryName, Tag } from '../../../src/oci/reference.ts';
import { drawBetween, drawFraction } from './seeded.ts';

export const dayMs = 86_400_000;

/** Nothing in the demo is newer. */
export const newestBuildMs: number = Date.UTC(2026, 7, 22);

/** Milliseconds since 1970 for every tag; `versions` are oldest first. */
export function toBuildTimes(name: RepositoryName, versions: readonly Tag[]): ReadonlyMap<Tag, number> {
  const dated = versions.map((tag) => parseTimeOfTag(name, tag));
  const lastDated = Math.max(...dated.map((time) => time ?? Number.NEGATIVE_INFINITY));
  const times = new Map<Tag, number>();
  let nextKnown = Math.min(Math.max(endOfEra(name), lastDated + 5 * dayMs), newestBuildMs);
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const tag = versions[index] as Tag;
    const previousKnown = dated.slice(0, index).findLast((time) => time !== null) ?? null;
    const time = dated[index] ?? timeBefore(nextKnown, previousKnown, name, tag);
    times.set(tag, time);
    nextKnown = Math.min(time, nextKnown);
  }
  return times;
}

/** `…-20260816` was built in the night of that day; `2026-08-06-230932-…` says it to the second. */
function parseTimeOfTag(name: RepositoryName, tag: Tag): number | null {
  const exact = /^(20\d\d)-(\d\d)-(\d\d)-(\d\d)(\d\d)(\d\d)(?:-|$)/.exec(tag);
  if (exact) {
    const [, year, month, day, hours, minutes, seconds] = exact.map(Number) as [number, ...number[]];
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds);
  }
  const day = /(?:^|[^\d])(20\d\d)(\d\d)(\d\d)(?:-\d)?$/.exec(tag);
  if (!day) return null;
  const midnight = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return midnight + Math.floor(drawBetween(2 * 3600, 6 * 3600, name, tag)) * 1000;
}

/** A time some days or weeks before `next`, but after `previous` where that is known. */
function timeBefore(next: number, previous: number | null, name: RepositoryName, tag: Tag): number {
  const wanted = next - drawBetween(1, 40, 'gap', name, tag) * dayMs;
  const earliest = previous === null ? Number.NEGATIVE_INFINITY : previous + (next - previous) * 0.2;
  return Math.floor(Math.max(wanted, Math.min(earliest, next)) / 1000) * 1000;
}

const eras: readonly (readonly [pattern: RegExp, from: number, to: number])[] = [
  [/jessie|hhvm|php5|jsduck|npm6|node6/, Date.UTC(2018, 0), Date.UTC(2019, 6)],
  [/stretch|php7[0-2]|npm-|cergen|certcentral|tiller/, Date.UTC(2019, 6), Date.UTC(2021, 6)],
  [/buster|php7[34]|node1[024]|java8/, Date.UTC(2021, 6), Date.UTC(2023, 6)],
  [/bullseye|php8[01]|node1[68]|java11/, Date.UTC(2024, 0), Date.UTC(2025, 9)],
];

/** About when the last undated build of such a repository was made. */
function endOfEra(name: RepositoryName): number {
  const [, from, to] = eras.find(([pattern]) => pattern.test(name)) ?? [null, Date.UTC(2025, 6), newestBuildMs];
  return drawBetween(from, to, 'era', name);
}

/** To the second, as BuildKit writes it. */
export function formatSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/** To the nanosecond, as Docker writes it. */
export function formatNanoseconds(timeMs: number): string {
  const nanoseconds = Math.floor(drawFraction(timeMs) * 1e9);
  return `${new Date(timeMs).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`;
}
