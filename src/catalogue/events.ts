/** Events: what happened, between which two looks. */
import { createHash } from 'node:crypto';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { CatalogueEvent, EventType, Instant, Interval } from './model.ts';

/** What happened, before it has its identity. */
export interface Happening extends Interval {
  readonly type: EventType;
  readonly tag: Tag | null;
  readonly from: Digest | null;
  readonly to: Digest | null;
}

/**
 * The interval between the last look that saw it otherwise and this one. When the clock ran backwards in between, the true
 * time is known less well: the interval takes in both readings, and nothing is put in another order.
 */
export function toInterval(lastLookAt: Instant | null, now: Instant): Interval {
  if (lastLookAt === null) return { notBefore: null, notAfter: now };
  return lastLookAt <= now ? { notBefore: lastLookAt, notAfter: now } : { notBefore: now, notAfter: lastLookAt };
}

/**
 * Appends events to a repository's own. An event's id is made from the repository, what happened, and how often just that
 * happened before; never from the time, so that two hosts which watched at different minutes agree on it.
 */
export function appendEvents(
  name: RepositoryName,
  events: readonly CatalogueEvent[],
  happenings: readonly Happening[],
): readonly CatalogueEvent[] {
  if (happenings.length === 0) return events;
  const occurrences = new Map<string, number>();
  const count = (key: string) => {
    const before = occurrences.get(key) ?? 0;
    occurrences.set(key, before + 1);
    return before;
  };
  for (const event of events) count(keyOf(event));
  const added = happenings.map((happening) => {
    const key = keyOf(happening);
    const id = createHash('sha256')
      .update(JSON.stringify([name, key, count(key)]))
      .digest('hex')
      .slice(0, 32);
    const { type, tag, from, to, notBefore, notAfter } = happening;
    return { id, type, tag, from, to, notBefore, notAfter };
  });
  return [...events, ...added];
}

function keyOf({ type, tag, from, to }: Pick<CatalogueEvent, 'type' | 'tag' | 'from' | 'to'>): string {
  return JSON.stringify([type, tag, from, to]);
}

/** Whether `tag` (null: the repository itself) was removed when it was last heard of. */
export function wasRemoved(events: readonly CatalogueEvent[], tag: Tag | null): boolean {
  return events.findLast((event) => event.tag === tag)?.type === 'removed';
}
