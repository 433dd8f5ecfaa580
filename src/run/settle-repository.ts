/**
 * What a look at a repository comes to: its observation is reconciled with what was known, what is about its digests is asked
 * for, and the result is written and counted.
 */
import type { Instant, Repository } from '../catalogue/model.ts';
import type { Finding, RepositoryListing, RepositoryObservation } from '../catalogue/observation.ts';
import { isPossibleLastRun } from '../catalogue/possible-run.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import { type DueRemovals, reconcile } from '../catalogue/reconcile.ts';
import type { ReconcilePolicy } from '../catalogue/reconcile-policy.ts';
import { type ReferrersObservation, reconcileReferrers } from '../catalogue/reconcile-referrers.ts';
import { forgetRedactedFacts, redactConfigs, redactManifests, redactReferrers } from '../catalogue/redact-facts.ts';
import type { Redactor } from '../catalogue/redaction.ts';
import type { SourceListing } from '../crawl/list-source.ts';
import { listSubjects, observeReferrers, type ReferrersQuestion } from '../crawl/observe-referrers.ts';
import { observeAbsence } from '../crawl/observe-repository.ts';
import { type Assignment, mayBeListedLater, shadowed } from '../crawl/plan-crawl.ts';
import type { KnownRepository } from '../crawl/repository-outline.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import type { LookOptions } from './crawl-run-options.ts';
import { createIsStillHidden, createWasHidden } from './hidden-names.ts';
import { countAsKnown, countRepository, type Looking, type RunCounts } from './run-counts.ts';
import { createMayHaveHiddenTags } from './tag-patterns.ts';

/** One repository, looked at and written. */
export interface Looked extends Looking {
  /** The name of its source. */
  readonly source: string;
  readonly entry: IndexEntry | null;
  /** What may be removed, if the guard agrees; only after that is it counted. Null where there is nothing. */
  readonly due: DueRemovals | null;
  /** What takes its place, and no tombstone, where it is due and goes: an earlier source lists it as well. */
  readonly heir: Heir | null;
}

/** A repository as a source has it that is believed only if another one's removal is. */
export interface Heir {
  readonly source: string;
  /** Null where this source refuses it: then it is withheld if the other one's removal is believed. */
  readonly entry: IndexEntry | null;
  readonly isEmpty: boolean;
  /** To be told only where it is believed. */
  readonly findings: readonly Finding[];
}

/** What became of a repository by what one source said of it. Neither counted nor told yet. */
interface Settled extends Omit<Looked, 'heir'> {
  readonly next: Repository | null;
  readonly findings: readonly Finding[];
}

export interface SettlingContext {
  readonly previous: SnapshotIndex | null;
  /** What settings still show of it. */
  readonly known: ReadonlyMap<RepositoryName, IndexEntry>;
  readonly listings: readonly SourceListing[];
  /** Keeps hidden names out of what is written; null where there are none. */
  readonly redact: Redactor | null;
  readonly counts: RunCounts;
  readonly options: LookOptions;
}

export interface Settling {
  /** What is known of a repository; its file is read when that is asked for, once. */
  findKnown(assignment: Assignment): KnownRepository;
  /** Keeps nothing of what was hidden so far and may be hidden still. */
  settle(assignment: Assignment, before: Repository | null, observation: RepositoryObservation): Promise<void>;
  /** Reads nothing of a repository of which all is as it was known, and what is about it too. */
  settleAsKnown(assignment: Assignment, known: KnownRepository, observation: RepositoryObservation): Promise<void>;
  /** What was settled so far. */
  readonly looked: ReadonlyMap<RepositoryName, Looked>;
  readonly findings: readonly Finding[];
}

/** `throwIfStopped` is asked after each wait: nothing is written once the run is to end. */
export function createSettling(
  { previous, known, listings, redact, counts, options }: SettlingContext,
  signal: AbortSignal,
  throwIfStopped: () => void,
): Settling {
  const { store, outlines, now } = options;
  const wasHidden = createWasHidden(previous);
  const isStillHidden = createIsStillHidden(previous, known);
  const looked = new Map<RepositoryName, Looked>();
  const findings: Finding[] = [];
  let hasChanged = false;

  const write = async (repository: Repository): Promise<IndexEntry> => {
    const entry = await store.writeRepository(repository);
    outlines.note(entry, repository);
    if (!hasChanged) options.onFirstChange?.(previous);
    hasChanged = true;
    return entry;
  };

  /** What is about its digests. It is asked only now: which of them is recommended, its tags had to say. */
  const lookAtReferrers = async (
    { name, source }: Assignment,
    { outcome }: RepositoryListing,
    about: () => Pick<ReferrersQuestion, 'subjects' | 'referrers' | 'recommended'>,
  ): Promise<ReferrersObservation> => {
    if (outcome !== 'tags' || source.client.hasNoReferrers) return new Map();
    const turn = previous?.runs ?? 0;
    const { subjects, referrers, recommended } = about();
    const of = { source, name, subjects, referrers, recommended };
    const { seen, findings: found } = await observeReferrers({ ...of, turn, isTagShown: options.isTagShown, signal });
    findings.push(...found);
    return redact === null ? seen : redactReferrers(seen, redact);
  };

  const addReferrers = async (
    assignment: Assignment,
    repository: Repository,
    { listing }: RepositoryObservation,
  ): Promise<Repository> => {
    const seen = await lookAtReferrers(assignment, listing, () => ({
      subjects: listSubjects(repository),
      referrers: repository.referrers,
      recommended: pickRecommendedTag(repository, options.movingTags)?.digest ?? null,
    }));
    return reconcileReferrers(repository, seen, now);
  };

  const settleAt = async (
    assignment: Assignment,
    before: Repository | null,
    observation: RepositoryObservation,
  ): Promise<Settled> => {
    const { name, source } = assignment;
    const clean = redact === null ? observation : redactObservation(observation, redact);
    const rules = policyFor(source.name, previous, options, now);
    // That it was not there before nobody can say who would not have shown it.
    const policy = before === null && wasHidden(name) ? { ...rules, lastListedAt: null } : rules;
    const first = reconcile(before, clean, policy, now);
    const isNumbered = before === null || before.archives.length === 0 || first.next?.events === before.events;
    // What happened is numbered by all that ever did, which is read only in the hours in which something happens.
    const reconciled =
      isNumbered || first.next === null ? first : reconcile(await store.readHistory(before), clean, policy, now);
    const { due, findings: found } = reconciled;
    const next = reconciled.next === null ? null : await addReferrers(assignment, reconciled.next, observation);
    throwIfStopped();
    const entryBefore = known.get(name) ?? null;
    const isSame = next !== null && next === before;
    const entry = next === null ? null : isSame ? entryBefore : await write(next);
    if (isSame && entry !== null) outlines.note(entry, next);
    const isEmpty = observation.listing.outcome === 'empty';
    const looking: Looking = { isEmpty, isNew: before === null || before.state === 'unread' };
    const isDue = due.repository || due.tags.size > 0;
    return { ...looking, source: source.name, entry, due: isDue ? due : null, next, findings: found };
  };

  const keep = (name: RepositoryName, { next, findings: found, ...one }: Settled, heir: Heir | null) => {
    looked.set(name, { ...one, heir });
    findings.push(...found);
    if (one.due === null) countRepository(counts, one, next, one.entry?.file !== known.get(name)?.file);
  };

  return {
    looked,
    findings,

    findKnown({ name }: Assignment): KnownRepository {
      const entry = known.get(name);
      if (entry === undefined) return { outline: null, read: async () => null };
      let reading: Promise<Repository> | null = null;
      const read = async () => {
        const repository = await store.readRepository(entry);
        return previous?.hiddenNamesChanged ? forgetRedactedFacts(repository) : repository;
      };
      return {
        outline: previous?.hiddenNamesChanged ? null : outlines.find(entry, previous?.runs ?? 0),
        read: () => {
          reading ??= read();
          return reading;
        },
      };
    },

    async settle(assignment: Assignment, before: Repository | null, observation: RepositoryObservation): Promise<void> {
      const { name, source, askedFirst } = assignment;
      // Who refused it cannot be heard: what another has of it is no more to be shown than in the hour before.
      if (isStillHidden(name) && mayBeListedLater(name, source, listings)) return;
      if (!isOfferedElsewhere(assignment, before, observation)) {
        keep(name, await settleAt(assignment, before, observation), null);
        return;
      }
      // Who had it says that it is gone. Another takes its place when that is believed, and not before.
      const lost = await settleAt(
        { ...assignment, source: askedFirst },
        before,
        observeAbsence({ name, source: askedFirst }),
      );
      const offered = lost.due === null ? null : await settleAt(assignment, before, observation);
      if (offered === null) findings.push(shadowed(name, source, askedFirst));
      keep(name, lost, offered && toHeir(offered));
    },

    async settleAsKnown(
      assignment: Assignment,
      { outline, read }: KnownRepository,
      observation: RepositoryObservation,
    ): Promise<void> {
      const { name, source } = assignment;
      const entryBefore = known.get(name);
      if (outline === null || entryBefore === undefined) throw new TypeError(`${name} has no outline`);
      const seen = await lookAtReferrers(assignment, observation.listing, () => outline);
      throwIfStopped();
      const isEmpty = observation.listing.outcome === 'empty';
      const looking: Looking = { isEmpty, isNew: false };
      if (reconcileReferrers(outline, seen, now) === outline) {
        countAsKnown(counts, isEmpty, outline.tags.length);
        looked.set(name, { ...looking, source: source.name, entry: entryBefore, due: null, heir: null });
      } else {
        const before = await read();
        const next = before === null ? null : reconcileReferrers(before, seen, now);
        const entry = next === null || next === before ? entryBefore : await write(next);
        looked.set(name, { ...looking, source: source.name, entry, due: null, heir: null });
        countRepository(counts, looking, next, entry.file !== entryBefore.file);
      }
      findings.push(...observation.findings);
    },
  };
}

function toHeir({ source, entry, isEmpty, findings }: Settled): Heir {
  return { source, entry, isEmpty, findings };
}

/**
 * Whether an earlier source was asked in the place of the one that had the repository, and has it too. That it refuses it says no
 * more than what it shows of it: what was shown from the other one stands until its removal is believed.
 */
export function isOfferedElsewhere(
  { source, askedFirst }: Assignment,
  before: Pick<Repository, 'state'> | null | undefined,
  { listing: { outcome } }: RepositoryObservation,
): boolean {
  return source !== askedFirst && before?.state === 'listed' && outcome !== 'absent' && outcome !== 'failed';
}

/** What settings say about how to reconcile. */
export type PolicySettings = Pick<LookOptions, 'confirmRuns' | 'isTagShown' | 'patterns' | 'publishEnvironment'>;

/**
 * By what rules a source's repositories are reconciled. When a run was whose clock cannot have been right, nobody knows: there was
 * one, so what is new is news still, and that was after the first run of all.
 */
export function policyFor(
  source: string,
  previous: SnapshotIndex | null,
  { confirmRuns, isTagShown, patterns, publishEnvironment }: PolicySettings,
  now: Instant,
): ReconcilePolicy {
  const toKnown = (at: Instant | null | undefined) => (at != null && isPossibleLastRun(at, now) ? at : null);
  const completeAt = previous?.sources.find(({ name }) => name === source)?.completeAt ?? null;
  const lastListedAt = completeAt === null ? null : (toKnown(completeAt) ?? toKnown(previous?.beganAt));
  const lastRun = previous?.runs ?? 0;
  const mayHaveHiddenTags = createMayHaveHiddenTags(previous, patterns);
  const rules = { confirmRuns, isTagShown, mayHaveHiddenTags, publishEnvironment };
  return { run: lastRun + 1, lastRun, ...rules, lastRunAt: toKnown(previous?.checkedAt), lastListedAt };
}

function redactObservation(observation: RepositoryObservation, redact: Redactor): RepositoryObservation {
  const manifests = redactManifests(observation.manifests, redact);
  return { ...observation, manifests, configs: redactConfigs(observation.configs, redact) };
}
