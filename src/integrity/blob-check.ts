/** What is known of a blob from earlier runs. No names: what is hidden later must not stand here. */
import type { BlobFaultKind } from '../catalogue/blob-faults.ts';
import type { Instant } from '../catalogue/model.ts';
import { isPossibleRun, toPossibleRun } from '../catalogue/possible-run.ts';
import type { Digest } from '../oci/digest.ts';

export type BlobOutcome = 'sound' | BlobFaultKind;

/** Mark, and since when. */
export type BlobLack = readonly [mark: string, foundAt: Instant];

export interface BlobCheck {
  readonly source: string;
  readonly digest: Digest;
  /** The newest cycle in which it was checked, or could not be read. */
  readonly cycle: number;
  /** The newest check that came to an end, and what came of it. Null where there was none yet, or nobody knows when. */
  readonly checkedAt: Instant | null;
  readonly outcome: BlobOutcome | null;
  /** How many bytes there were; null where that is unknown. */
  readonly sizeBytes: number | null;
  /** Since when the outcome has been the same fault; null for what is sound. */
  readonly foundAt: Instant | null;
  /** The marks of repositories that name it and lack it, though another one has it, and since when. Sorted. */
  readonly lacks: readonly BlobLack[];
  /** Since when it could not be read, be it by any failure; null where the newest attempt came to an end. */
  readonly unreadSince: Instant | null;
}

type Target = Pick<BlobCheck, 'source' | 'digest'>;

/** The record after a check. */
export function noteOutcome(
  { source, digest }: Target,
  before: BlobCheck | undefined,
  found: { readonly outcome: BlobOutcome; readonly sizeBytes: number | null; readonly lackMarks?: readonly string[] },
  now: Instant,
  cycle: number,
): BlobCheck {
  const { outcome, sizeBytes, lackMarks = [] } = found;
  const isKnown = before?.outcome === outcome && before.foundAt !== null;
  const foundAt = outcome === 'sound' ? null : isKnown ? toPossibleRun(before.foundAt, now) : now;
  const known = new Map(before?.lacks);
  const lacks = lackMarks.toSorted().map((mark) => [mark, toPossibleRun(known.get(mark) ?? now, now)] as const);
  return { source, digest, cycle, checkedAt: now, outcome, sizeBytes, foundAt, lacks, unreadSince: null };
}

/** The record after an attempt that told nothing: what was known of it stands. */
export function noteUnread(
  { source, digest }: Target,
  before: BlobCheck | undefined,
  now: Instant,
  cycle: number,
): BlobCheck {
  const known = before ?? {
    checkedAt: null,
    outcome: null,
    sizeBytes: null,
    foundAt: null,
    lacks: [],
    unreadSince: null,
  };
  return { ...known, source, digest, cycle, unreadSince: toPossibleRun(known.unreadSince ?? now, now) };
}

/**
 * The checks as they are to be read at `now`. When one was that a clock dated which ran ahead, nobody knows: it is older than all
 * that has a date, and its faults were found by the newest check that has one at the latest. For reading only: it may be `now`
 * that is wrong, and what is kept must outlast that.
 */
export function readChecks(checks: ReadonlyMap<string, BlobCheck>, now: Instant): ReadonlyMap<string, BlobCheck> {
  const isPossible = (at: Instant) => isPossibleRun(at, now);
  const dates = [...checks.values()].flatMap(({ checkedAt }) => checkedAt ?? []).filter(isPossible);
  const newest = dates.reduce<Instant | null>((one, other) => (one === null || other > one ? other : one), null);
  const found = <Time extends Instant | null>(at: Time) => (at === null || isPossible(at) ? at : (newest ?? at));
  return new Map(
    [...checks].map(([key, check]) => {
      const { checkedAt, foundAt, lacks } = check;
      const isDated = checkedAt !== null && isPossible(checkedAt);
      const dated = lacks.map(([mark, since]) => [mark, found(since)] as const);
      return [key, { ...check, checkedAt: isDated ? checkedAt : null, foundAt: found(foundAt), lacks: dated }];
    }),
  );
}
