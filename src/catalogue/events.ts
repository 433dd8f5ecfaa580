/** Events: what happened, between which two looks. */
import { createHash } from 'node:crypto';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { CatalogueEvent, EventType, Instant, Interval } from './model.ts';

type WhatHappened = Pick<CatalogueEvent, 'type' | 'tag' | 'from' | 'to'>;

/** What happened, before it has its number. */
export interface Happening extends Interval {
  readonly type: EventType;
  readonly tag: Tag | null;
  readonly from: Digest | null;
  readonly to: Digest | null;
  /** When a tag that is removed was first seen. */
  readonly firstSeenAt?: Instant | null;
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
 * Appends to a repository's whole history what a run found to have happened. Each event is numbered by how often just that
 * happened before.
 */
export function appendEvents(
  events: readonly CatalogueEvent[],
  happenings: readonly Happening[],
  run: number,
): readonly CatalogueEvent[] {
  if (happenings.length === 0) return events;
  const occurrences = new Map<string, number>();
  const count = (key: string) => {
    const before = occurrences.get(key) ?? 0;
    occurrences.set(key, before + 1);
    return before;
  };
  for (const event of events) count(keyOf(event));
  const added = happenings.map(({ type, tag, from, to, notBefore, notAfter, firstSeenAt = null }) => {
    const ordinal = count(keyOf({ type, tag, from, to }));
    return { type, tag, from, to, notBefore, notAfter, ordinal, run, firstSeenAt };
  });
  return [...events, ...added];
}

/**
 * An event's id, 32 hexadecimal digits. It is made from the repository, what happened, and how often just that happened
 * before; never from the time, so that two hosts which watched at different minutes agree on it.
 */
export function toEventId(name: RepositoryName, event: WhatHappened & Pick<CatalogueEvent, 'ordinal'>): string {
  return createHash('sha256')
    .update(JSON.stringify([name, keyOf(event), event.ordinal]))
    .digest('hex')
    .slice(0, 32);
}

function keyOf({ type, tag, from, to }: WhatHappened): string {
  return JSON.stringify([type, tag, from, to]);
}

/** The removal of `tag` (null: of the repository itself), if that is what was last heard of it. */
export function findRemoval(events: readonly CatalogueEvent[], tag: Tag | null): CatalogueEvent | null {
  const last = events.findLast((event) => event.tag === tag);
  return last?.type === 'removed' ? last : null;
}
