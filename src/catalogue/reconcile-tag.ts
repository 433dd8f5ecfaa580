/** What a run makes of one tag: the part of `reconcile` that is the same for every tag of a repository. */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { findRemoval, type Happening, toInterval } from './events.ts';
import type { CatalogueEvent, Instant, Interval, TagRecord } from './model.ts';
import type { Finding, TagObservation } from './observation.ts';
import { type ReconcilePolicy, runsThatConvince } from './reconcile-policy.ts';

export interface TagContext {
  readonly name: RepositoryName;
  readonly source: string;
  readonly tag: Tag;
  readonly policy: ReconcilePolicy;
  readonly now: Instant;
  /** When it was last seen as it was, and when a new one was last known not to be there. */
  readonly lastLookAt: Instant | null;
  readonly lastAbsentAt: Instant | null;
  /** When it was last asked about at the earliest, where that was not when it was last seen in the list. */
  readonly lastAskedAt: Instant | null;
  /** Whether what is new here is news, rather than part of a repository that is new itself or what settings hid before. */
  readonly isNews: boolean;
  readonly events: readonly CatalogueEvent[];
}

export interface ReconciledTag {
  readonly record: TagRecord | null;
  readonly isDue: boolean;
  readonly happenings: readonly Happening[];
  readonly findings: readonly Finding[];
}

export function reconcileTag(record: TagRecord | null, seen: TagObservation, context: TagContext): ReconciledTag {
  const { name, source, tag, policy, now } = context;
  const finding = (code: Finding['code'], text: string): Finding => ({ code, source, repository: name, tag, text });
  const removal = record === null ? findRemoval(context.events, tag) : null;
  const plain = { isDue: false, happenings: [], findings: [] };
  switch (seen.outcome) {
    case 'points':
      return pointAt(record ?? newRecord(removal, context), seen.digest, seen.missing, context);
    case 'dangling': {
      const waited = record?.state === 'settling' ? countMiss(record.missedRuns, policy) : 1;
      const missedRuns = Math.min(waited, policy.confirmRuns);
      const base = record ?? newRecord(removal, context);
      const observedAt = observedAtOf(record, context);
      const isNoted = missedRuns >= policy.confirmRuns;
      const findings = isNoted ? [finding('tag-dangling', 'it is listed, and its manifest is not there')] : [];
      return { ...plain, record: changeRecord(base, { state: 'settling', observedAt, missedRuns }), findings };
    }
    case 'absent': {
      if (record === null) return { record: null, isDue: false, happenings: [], findings: [] };
      const missedRuns = record.state === 'stale' ? countMiss(record.missedRuns, policy) : 1;
      const observedAt = record.observedAt ?? context.lastLookAt ?? now;
      const stale = changeRecord(record, { state: 'stale', observedAt, missedRuns });
      return { ...plain, record: stale, isDue: missedRuns >= policy.confirmRuns };
    }
    case 'failed': {
      const code = seen.failure.code === 'DIGEST_MISMATCH' ? 'digest-mismatch' : 'tag-failed';
      const findings = [finding(code, seen.failure.message)];
      if (record === null) {
        return {
          ...plain,
          record: { ...newRecord(removal, context), state: 'settling', observedAt: now },
          findings,
        };
      }
      return { ...keepUnseen(record, context), findings };
    }
  }
}

function pointAt(base: TagRecord, digest: Digest, missing: number, context: TagContext): ReconciledTag {
  const { name, source, tag, policy, now } = context;
  const lastSeenAt = base.observedAt ?? context.lastAskedAt ?? context.lastLookAt;
  const hasMoved = base.digest !== null && base.digest !== digest;
  const interval = toInterval(lastSeenAt, now);
  const appearance = base.digest === null && base.moved !== null ? tellAppearance(base.moved, digest, context) : null;
  const moved = hasMoved ? interval : appearance === null ? base.moved : appearance.moved;
  const happenings: readonly Happening[] = hasMoved
    ? [{ type: 'moved', tag, from: base.digest, to: digest, ...interval }]
    : appearance === null
      ? []
      : [appearance.happening];
  if (missing === 0) {
    const current = changeRecord(base, { digest, moved, state: 'current', observedAt: null, missedRuns: 0 });
    return { record: current, isDue: false, happenings, findings: [] };
  }
  const waited = !hasMoved && base.digest === digest && base.state !== 'stale' ? base.missedRuns : 0;
  const missedRuns = Math.min(countMiss(waited, policy), policy.confirmRuns);
  const settled = missedRuns >= policy.confirmRuns;
  const text = `${missing} of the manifests and configs that it names ${missing === 1 ? 'is' : 'are'} not there`;
  return {
    record: changeRecord(base, {
      digest,
      moved,
      state: settled ? 'current' : 'settling',
      observedAt: null,
      missedRuns,
    }),
    isDue: false,
    happenings,
    findings: settled ? [{ code: 'content-missing', source, repository: name, tag, text }] : [],
  };
}

/** A tag that this run could say nothing about: it stays, and since when that is so stays with it. */
export function keepUnseen(record: TagRecord | null, context: TagContext): ReconciledTag {
  const plain = { isDue: false, happenings: [], findings: [] };
  if (record === null) return { ...plain, record };
  const state = record.state === 'settling' ? 'settling' : 'stale';
  return { ...plain, record: changeRecord(record, { state, observedAt: observedAtOf(record, context) }) };
}

/** The record with `changes`; the very same one where they change nothing. */
function changeRecord(record: TagRecord, changes: Partial<TagRecord>): TagRecord {
  const isSame = Object.entries(changes).every(([key, value]) => record[key as keyof TagRecord] === value);
  return isSame ? record : { ...record, ...changes };
}

/**
 * The record of a tag that appears; one that was there before, and was removed, is not seen for the first time. Where that is
 * news, `moved` keeps when it was until a digest is known, for only then is it told.
 */
function newRecord(removal: CatalogueEvent | null, { now, lastAbsentAt, isNews }: TagContext): TagRecord {
  const came = toInterval(lastAbsentAt, now);
  const firstSeenAt = removal?.firstSeenAt ?? came.notAfter;
  const moved = isNews || removal !== null ? came : null;
  return { digest: null, state: 'current', firstSeenAt, moved, observedAt: null, missedRuns: 0 };
}

/**
 * That a tag appeared, once it is known what it points at. It may have pointed at something else while it could not be read,
 * so the interval goes on until now.
 */
function tellAppearance({ notBefore, notAfter }: Interval, digest: Digest, { tag, now, events }: TagContext) {
  const removal = findRemoval(events, tag);
  const interval = { notBefore, notAfter: notAfter > now ? notAfter : now };
  const type = removal === null ? 'added' : 'returned';
  const happening: Happening = { type, tag, from: null, to: digest, ...interval };
  return { happening, moved: (removal?.firstSeenAt ?? null) === null ? null : interval };
}

/** Whether a tag is there of which nothing was told yet, for it was never readable. */
export function isUntold({ digest, moved }: TagRecord): boolean {
  return digest === null && moved !== null;
}

function observedAtOf(record: TagRecord | null, { lastAskedAt, lastLookAt, now }: TagContext): Instant {
  return record === null ? now : (record.observedAt ?? lastAskedAt ?? lastLookAt ?? now);
}

/** One more miss, unless this is the run that counted it already. More than decide anything are not counted. */
export function countMiss(missedRuns: number, { run, lastRun, confirmRuns }: ReconcilePolicy): number {
  if (lastRun === run && missedRuns > 0) return missedRuns;
  return Math.min(missedRuns + 1, Math.max(confirmRuns, runsThatConvince));
}
