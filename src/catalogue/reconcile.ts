/**
 * The one place that decides what stays, what is stale and what is gone. Pure: the same arguments give the same answer.
 *
 * One missing answer never deletes anything. What is not seen is kept and called stale; what several runs in a row were
 * told is gone becomes due for removal, and goes only when the guard agrees.
 */
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import { appendEvents, type Happening, toInterval } from './events.ts';
import { keepReachableFacts, withholdEnvironment } from './fact-keeping.ts';
import { toReferrersTag } from './kinds.ts';
import type { ConfigFacts, Instant, Repository, TagRecord } from './model.ts';
import type { Finding, RepositoryObservation } from './observation.ts';
import type { ReconcilePolicy } from './reconcile-policy.ts';
import { countMiss, isUntold, keepUnseen, reconcileTag } from './reconcile-tag.ts';

/** What enough runs found gone. */
export interface DueRemovals {
  readonly repository: boolean;
  /** How many runs in a row found each of them gone. */
  readonly tags: ReadonlyMap<Tag, number>;
  readonly missedRuns: number;
}

export interface Reconciled {
  /** Null: nothing is to be kept of it, because it is withheld or was never there. */
  readonly next: Repository | null;
  readonly due: DueRemovals;
  readonly findings: readonly Finding[];
}

const nothingDue: DueRemovals = { repository: false, tags: new Map(), missedRuns: 0 };

/** Reconciles what was known of a repository with what a run saw of it. */
export function reconcile(
  previous: Repository | null,
  observation: RepositoryObservation,
  policy: ReconcilePolicy,
  now: Instant,
): Reconciled {
  const known = previous === null ? null : dropHiddenTags(previous, policy);
  const { listing } = observation;
  switch (listing.outcome) {
    case 'withheld':
      return { next: null, due: nothingDue, findings: [] };
    case 'failed':
      return keepStale(known, observation, listing.failure.message, policy, now);
    case 'absent':
      return keepAbsent(known, observation, policy, now);
    case 'empty':
    case 'tags':
      return update(known, observation, policy, now);
  }
}

/** The repository without what is due. A whole repository leaves a tombstone that keeps its last facts. */
export function removeDue(repository: Repository, due: DueRemovals, policy: ReconcilePolicy, now: Instant): Repository {
  const lastLookAt = (record: TagRecord | undefined) => record?.observedAt ?? repository.staleSince ?? policy.lastRunAt;
  if (due.repository) {
    const gone: Happening = {
      type: 'removed',
      tag: null,
      from: null,
      to: null,
      ...toInterval(repository.staleSince ?? policy.lastRunAt, now),
    };
    const events = appendEvents(repository.events, [gone], policy.run);
    return { ...repository, state: 'removed', events };
  }
  const gone = [...due.tags.keys()].sort().flatMap((tag): readonly Happening[] => {
    const record = repository.tags.get(tag);
    if (record !== undefined && isUntold(record)) return [];
    const firstSeenAt = record?.firstSeenAt ?? null;
    const interval = toInterval(lastLookAt(record), now);
    return [{ type: 'removed', tag, from: record?.digest ?? null, to: null, ...interval, firstSeenAt }];
  });
  const tags = new Map([...repository.tags].filter(([tag]) => !due.tags.has(tag)));
  const events = appendEvents(repository.events, gone, policy.run);
  return keepReachableFacts({ ...repository, tags, events });
}

function keepStale(
  previous: Repository | null,
  observation: RepositoryObservation,
  text: string,
  policy: ReconcilePolicy,
  now: Instant,
): Reconciled {
  const { name, source } = observation;
  const finding: Finding = { code: 'repository-failed', source, repository: name, tag: null, text };
  const findings = [...observation.findings, finding];
  if (previous === null) return { next: createUnread(observation, policy, now), due: nothingDue, findings };
  if (previous.state === 'removed') return { next: setMissedRuns(previous, 0), due: nothingDue, findings };
  if (previous.state === 'unread' || previous.staleSince !== null) return { next: previous, due: nothingDue, findings };
  return { next: { ...previous, staleSince: policy.lastRunAt ?? now }, due: nothingDue, findings };
}

function keepAbsent(
  previous: Repository | null,
  { findings }: RepositoryObservation,
  policy: ReconcilePolicy,
  now: Instant,
): Reconciled {
  if (previous === null || previous.state === 'unread') return { next: null, due: nothingDue, findings };
  if (previous.state === 'removed') {
    return { next: setMissedRuns(previous, Math.max(1, previous.missedRuns)), due: nothingDue, findings };
  }
  const missedRuns = countMiss(previous.missedRuns, policy);
  const staleSince = previous.staleSince ?? policy.lastRunAt ?? now;
  const isSame = missedRuns === previous.missedRuns && staleSince === previous.staleSince;
  const next = isSame ? previous : { ...previous, missedRuns, staleSince };
  return { next, due: { repository: missedRuns >= policy.confirmRuns, tags: new Map(), missedRuns }, findings };
}

function update(
  previous: Repository | null,
  observation: RepositoryObservation,
  policy: ReconcilePolicy,
  now: Instant,
): Reconciled {
  const { name, source, listing } = observation;
  const before = previous ?? createUnread(observation, policy, now);
  const returns = before.state === 'removed';
  const firstRead = before.state === 'unread';
  const lastLookAt = before.staleSince ?? policy.lastRunAt;
  const isNews = !firstRead && !policy.mayHaveHiddenTags(lastLookAt);
  const lastAbsentAt = returns ? lastAbsenceOf(before, policy) : lastLookAt;
  const happenings: Happening[] = returns
    ? [{ type: 'returned', tag: null, from: null, to: null, ...toInterval(lastAbsentAt, now) }]
    : [];
  const findings = [...observation.findings];
  const tags = new Map<Tag, TagRecord>();
  const due = new Map<Tag, number>();

  const isWhole = listing.outcome === 'empty' || (listing.outcome === 'tags' && listing.failure === null);
  for (const tag of [...new Set([...before.tags.keys(), ...observation.tags.keys()])].sort()) {
    if (!policy.isTagShown(tag)) continue;
    const record = before.tags.get(tag) ?? null;
    const seen = observation.tags.get(tag) ?? null;
    const context = {
      name,
      source,
      tag,
      policy,
      now,
      lastLookAt,
      lastAbsentAt,
      lastAskedAt: observation.lastAskedAt.get(tag) ?? null,
      isNews,
      events: before.events,
    };
    const stayedAway = returns && (seen === null ? isWhole : seen.outcome === 'absent');
    if (stayedAway && record !== null) {
      const interval = toInterval(record.observedAt ?? lastLookAt, now);
      const { digest, firstSeenAt } = record;
      if (!isUntold(record))
        happenings.push({ type: 'removed', tag, from: digest, to: null, ...interval, firstSeenAt });
      continue;
    }
    const result = seen === null ? keepUnseen(record, context) : reconcileTag(record, seen, context);
    if (result.record !== null) tags.set(tag, result.record);
    if (result.record !== null && result.isDue) due.set(tag, result.record.missedRuns);
    happenings.push(...result.happenings);
    findings.push(...result.findings);
  }

  const listingFailure = listing.outcome === 'tags' ? listing.failure : null;
  if (listingFailure !== null) {
    findings.push({ code: 'listing-incomplete', source, repository: name, tag: null, text: listingFailure.message });
  }
  const manifests = addFacts(before.manifests, observation.manifests, () => false);
  const configs = addFacts(before.configs, observation.configs, isPartial);
  const next: Repository = {
    name,
    source,
    state: 'listed',
    firstSeenAt: before.firstSeenAt,
    staleSince: listingFailure === null ? null : (before.staleSince ?? policy.lastRunAt ?? now),
    missedRuns: 0,
    tags,
    manifests,
    configs,
    referrers: before.referrers,
    events: appendEvents(before.events, happenings, policy.run),
    archives: before.archives,
  };
  const mayShowAll = !observation.readWithCredentials || policy.publishEnvironment;
  const learnedNothing = manifests === before.manifests && configs === before.configs;
  const isUnchanged = learnedNothing && happenings.length === 0 && isSameState(before, next);
  const kept = isUnchanged ? before : keepReachableFacts(next);
  const visible = mayShowAll ? kept : withholdEnvironment(kept);
  return { next: visible, due: { repository: false, tags: due, missedRuns: 0 }, findings };
}

/** What is known, and of what was seen that which is new; the very same map where nothing is. A digest's facts never change. */
function addFacts<Value>(
  known: ReadonlyMap<Digest, Value>,
  seen: ReadonlyMap<Digest, Value>,
  isProvisional: (facts: Value) => boolean,
): ReadonlyMap<Digest, Value> {
  const added = [...seen].filter(([digest, facts]) => {
    const had = known.get(digest);
    return had === undefined || (isProvisional(had) && !isProvisional(facts));
  });
  return added.length === 0 ? known : new Map([...known, ...added]);
}

/** Whether there may be more to know of a config: it was not fetched, or held back in part. Bytes that were read are final. */
function isPartial(config: ConfigFacts): boolean {
  if ('problem' in config) return config.problem !== 'invalid';
  return 'withheld' in config && config.withheld;
}

/** When a removed repository was last known not to be there: in the last list, unless since then it could not be asked. */
function lastAbsenceOf({ events, missedRuns }: Repository, { lastListedAt }: ReconcilePolicy): Instant | null {
  const removedAt = events.findLast(({ tag, type }) => tag === null && type === 'removed')?.notAfter ?? null;
  if (lastListedAt === null || missedRuns === 0) return removedAt;
  return removedAt !== null && removedAt > lastListedAt ? removedAt : lastListedAt;
}

function setMissedRuns(repository: Repository, missedRuns: number): Repository {
  return repository.missedRuns === missedRuns ? repository : { ...repository, missedRuns };
}

/** Whether two states of a repository say the same of each tag and of the whole; then the older one is kept as it is. */
function isSameState(before: Repository, next: Repository): boolean {
  return (
    before.state === next.state &&
    before.source === next.source &&
    before.staleSince === next.staleSince &&
    before.missedRuns === next.missedRuns &&
    before.tags.size === next.tags.size &&
    [...next.tags].every(([tag, record]) => before.tags.get(tag) === record)
  );
}

/** A repository that is listed and not read. It is news unless its source never gave a complete list before. */
function createUnread(
  { name, source }: RepositoryObservation,
  { lastListedAt, run }: ReconcilePolicy,
  now: Instant,
): Repository {
  const came = toInterval(lastListedAt, now);
  const happenings: readonly Happening[] =
    lastListedAt === null ? [] : [{ type: 'added', tag: null, from: null, to: null, ...came }];
  return {
    name,
    source,
    state: 'unread',
    firstSeenAt: came.notAfter,
    staleSince: null,
    missedRuns: 0,
    tags: new Map(),
    manifests: new Map(),
    configs: new Map(),
    referrers: new Map(),
    events: appendEvents([], happenings, run),
    archives: [],
  };
}

/** The repository without the tags that settings hide, and what they stand for, as if they had never been; the same one where it has none. */
export function dropHiddenTags(
  repository: Repository,
  { isTagShown }: Pick<ReconcilePolicy, 'isTagShown'>,
): Repository {
  const hides = [...repository.tags.keys()].some((tag) => !isTagShown(tag));
  const remembersHidden = repository.events.some(({ tag }) => tag !== null && !isTagShown(tag));
  const isListShown = (subject: Digest) => isTagShown(toReferrersTag(subject));
  const listsHidden = [...repository.referrers.keys()].some((subject) => !isListShown(subject));
  if (!hides && !remembersHidden && !listsHidden) return repository;
  return keepReachableFacts({
    ...repository,
    tags: new Map([...repository.tags].filter(([tag]) => isTagShown(tag))),
    referrers: new Map([...repository.referrers].filter(([subject]) => isListShown(subject))),
    events: repository.events.filter(({ tag }) => tag === null || isTagShown(tag)),
  });
}
