/**
 * Which tags a run asks about again. By default every one, every run. Where settings say that some tags look as if they
 * never moved, each of those has an hour of its own, spread evenly, in which it is asked about.
 */
import type { Instant } from '../catalogue/model.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { spreadOf } from './spread.ts';

export interface RevalidationRule {
  readonly matches: (tag: string) => boolean;
  readonly everyHours: number;
}

export interface RevalidationOptions {
  /** The first that matches a tag decides; a tag that none matches is asked about in every run. */
  readonly rules: readonly RevalidationRule[];
  readonly lastRunAt: Instant | null;
  readonly now: Instant;
}

export interface Revalidation {
  /** Whether this run must ask. A run that comes late asks also for the hours that were missed. */
  isDue(name: RepositoryName, tag: Tag): boolean;
  /**
   * The tag's own hour that came last before this run, or before `staleSince` where its repository is stale: it was asked
   * about then or later. Null where that is the run before, for no rule speaks of it.
   */
  lastDueAt(name: RepositoryName, tag: Tag, staleSince: Instant | null): Instant | null;
}

const hourMs = 3_600_000;

/** Pure: the same name, tag, rules and times give the same answer on every host. */
export function createRevalidation({ rules, lastRunAt, now }: RevalidationOptions): Revalidation {
  const last = lastRunAt === null ? null : hourOf(lastRunAt);
  const current = hourOf(now);

  /** The newest hour of the tag's own up to `hour`; null where every hour is. */
  function lastHour(name: RepositoryName, tag: Tag, hour: number): number | null {
    const rule = rules.find(({ matches }) => matches(tag));
    if (rule === undefined) return null;
    const slot = spreadOf(`${name}:${tag}`) % rule.everyHours;
    return hour - ((((hour - slot) % rule.everyHours) + rule.everyHours) % rule.everyHours);
  }

  return {
    isDue(name, tag) {
      // A clock that went back proves nothing about what was asked when.
      if (last === null || current < last) return true;
      const due = lastHour(name, tag, current);
      return due === null || due > last;
    },
    lastDueAt(name, tag, staleSince) {
      const lookedAt = staleSince ?? lastRunAt;
      const due = lookedAt === null ? null : lastHour(name, tag, hourOf(lookedAt));
      return due === null ? null : toInstantOf(due);
    },
  };
}

function hourOf(instant: Instant): number {
  return Math.floor(Date.parse(instant) / hourMs);
}

function toInstantOf(hour: number): Instant {
  return `${new Date(hour * hourMs).toISOString().slice(0, 19)}Z`;
}
