/** What is known of a blob from earlier runs. No names: what is hidden later must not stand here. */
import type { BlobFaultKind } from '../catalogue/blob-faults.ts';
import type { Instant } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';

export type BlobOutcome = 'sound' | BlobFaultKind;

/** Mark, and since when. */
export type BlobLack = readonly [mark: string, foundAt: Instant];

export interface BlobCheck {
  readonly source: string;
  readonly digest: Digest;
  /** The newest cycle in which it was checked, or could not be read. */
  readonly cycle: number;
  /** The newest check that came to an end, and what came of it. Null where there was none yet. */
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
  const foundAt = outcome === 'sound' ? null : isKnown ? before.foundAt : now;
  const known = new Map(before?.lacks);
  const lacks = lackMarks.toSorted().map((mark) => [mark, known.get(mark) ?? now] as const);
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
  return { ...known, source, digest, cycle, unreadSince: known.unreadSince ?? now };
}

/** The record with no time after `now`: one that a clock set which ran ahead would outdo every newer check for years. */
export function dateNoLater(check: BlobCheck, now: Instant): BlobCheck {
  const clamp = <Time extends Instant | null>(at: Time) => (at !== null && at > now ? now : at);
  return {
    ...check,
    checkedAt: clamp(check.checkedAt),
    foundAt: clamp(check.foundAt),
    lacks: check.lacks.map(([mark, since]) => [mark, clamp(since)] as const),
    unreadSince: clamp(check.unreadSince),
  };
}
