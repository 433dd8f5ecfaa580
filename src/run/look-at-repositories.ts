/** The looking itself: every repository of the plan is read as it was known, observed, reconciled and written. */
import type { Repository } from '../catalogue/model.ts';
import type { Finding, RepositoryListing, RepositoryObservation } from '../catalogue/observation.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import { type DueRemovals, reconcile } from '../catalogue/reconcile.ts';
import type { ReconcilePolicy } from '../catalogue/reconcile-policy.ts';
import { type ReferrersObservation, reconcileReferrers } from '../catalogue/reconcile-referrers.ts';
import { forgetRedactedFacts, redactConfigs, redactManifests, redactReferrers } from '../catalogue/redact-facts.ts';
import type { Redactor } from '../catalogue/redaction.ts';
import { type CrawlSource, tasksAtOnce } from '../crawl/crawl-source.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import type { SourceListing } from '../crawl/list-source.ts';
import { listSubjects, observeReferrers, type ReferrersQuestion } from '../crawl/observe-referrers.ts';
import { type ObserveOptions, observeRepository } from '../crawl/observe-repository.ts';
import { type Assignment, type CrawlPlan, spreadOut } from '../crawl/plan-crawl.ts';
import type { KnownRepository } from '../crawl/repository-outline.ts';
import { createRevalidation } from '../crawl/revalidation.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import type { LookOptions } from './crawl-run-options.ts';
import { countAsKnown, countRepository, type Looking, type RunCounts } from './run-counts.ts';
import { type Answers, createAnswers, type SourceAnswers, toSourceAnswers } from './source-verdicts.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

export interface LookInput {
  readonly plan: CrawlPlan;
  readonly listings: readonly SourceListing[];
  readonly previous: SnapshotIndex | null;
  /** What settings still show of it. */
  readonly known: ReadonlyMap<RepositoryName, IndexEntry>;
  /** Keeps hidden names out of what is written; null where there are none. */
  readonly redact: Redactor | null;
  readonly counts: RunCounts;
  readonly options: LookOptions;
}

/** One repository, looked at and written. */
export interface Looked extends Looking {
  /** The name of its source. */
  readonly source: string;
  readonly entry: IndexEntry | null;
  /** What may be removed, if the guard agrees; only after that is it counted. Null where there is nothing. */
  readonly due: DueRemovals | null;
}

export interface LookResult {
  readonly looked: ReadonlyMap<RepositoryName, Looked>;
  /** Repositories that a source refuses. What that says is known only when all of its answers are. */
  readonly refused: readonly Assignment[];
  /** Of each source, by its name. */
  readonly answers: ReadonlyMap<string, SourceAnswers>;
  readonly findings: readonly Finding[];
}

/** Looks at all of them. Throws a `RunError` when the run is stopped, and whatever reading or writing the snapshot throws. */
export async function lookAtRepositories(input: LookInput): Promise<LookResult> {
  const { plan, previous, known, redact, counts, options } = input;
  const { sources, store, outlines, now, deadline, cancel } = options;
  const looked = new Map<RepositoryName, Looked>();
  const findings: Finding[] = [];
  const refused: Assignment[] = [];
  const answers = new Map(sources.map((source) => [source, createAnswers()]));
  const total = plan.assignments.length;
  let done = 0;

  /** One task that cannot go on ends the others. */
  const stop = new AbortController();
  const signal = AbortSignal.any([deadline, cancel, stop.signal]);

  const findKnown = ({ name }: Assignment): KnownRepository => {
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

  /** Nothing is read of a repository of which all is as it was known, and what is about it too. */
  const settleAsKnown = async (
    assignment: Assignment,
    { outline, read }: KnownRepository,
    observation: RepositoryObservation,
  ): Promise<void> => {
    const { name, source } = assignment;
    const entryBefore = known.get(name);
    if (outline === null || entryBefore === undefined) throw new TypeError(`${name} has no outline`);
    const seen = await lookAtReferrers(assignment, observation.listing, () => outline);
    throwIfCancelled(cancel);
    stop.signal.throwIfAborted();
    const isEmpty = observation.listing.outcome === 'empty';
    const looking: Looking = { isEmpty, isNew: false };
    if (reconcileReferrers(outline, seen, now) === outline) {
      countAsKnown(counts, isEmpty, outline.tags.length);
      looked.set(name, { ...looking, source: source.name, entry: entryBefore, due: null });
    } else {
      const before = await read();
      const next = before === null ? null : reconcileReferrers(before, seen, now);
      const entry = next === null || next === before ? entryBefore : await write(next);
      looked.set(name, { ...looking, source: source.name, entry, due: null });
      countRepository(counts, looking, next, entry.file !== entryBefore.file);
    }
    findings.push(...observation.findings);
  };

  const write = async (repository: Repository): Promise<IndexEntry> => {
    const entry = await store.writeRepository(repository);
    outlines.note(entry, repository);
    return entry;
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

  const settle = async (
    assignment: Assignment,
    before: Repository | null,
    observation: RepositoryObservation,
  ): Promise<void> => {
    const { name, source } = assignment;
    const clean = redact === null ? observation : redactObservation(observation, redact);
    const policy = policyFor(source.name, previous, options);
    const first = reconcile(before, clean, policy, now);
    const isNumbered = before === null || before.archives.length === 0 || first.next?.events === before.events;
    // What happened is numbered by all that ever did, which is read only in the hours in which something happens.
    const reconciled =
      isNumbered || first.next === null ? first : reconcile(await store.readHistory(before), clean, policy, now);
    const { due, findings: found } = reconciled;
    const next = reconciled.next === null ? null : await addReferrers(assignment, reconciled.next, observation);
    throwIfCancelled(cancel);
    stop.signal.throwIfAborted();
    const entryBefore = known.get(name) ?? null;
    const isSame = next !== null && next === before;
    const entry = next === null ? null : isSame ? entryBefore : await write(next);
    if (isSame && entry !== null) outlines.note(entry, next);
    const isEmpty = observation.listing.outcome === 'empty';
    const looking: Looking = { isEmpty, isNew: before === null || before.state === 'unread' };
    const isDue = due.repository || due.tags.size > 0;
    looked.set(name, { ...looking, source: source.name, entry, due: isDue ? due : null });
    findings.push(...found);
    if (!isDue) countRepository(counts, looking, next, entry?.file !== entryBefore?.file);
  };

  const lastRunAt = previous?.checkedAt ?? null;
  const revalidation = createRevalidation({ rules: options.revalidate, lastRunAt, now });
  const look = async (planned: Assignment): Promise<void> => {
    const knownHere = findKnown(planned);
    const { assignment, observation } = await observe(planned, knownHere, { ...options, revalidation, signal });
    throwIfCancelled(cancel);
    stop.signal.throwIfAborted();
    const { outcome } = observation.listing;
    addAnswer(answers.get(assignment.source), observation);
    if (outcome === 'withheld') refused.push(assignment);
    else if (observation.isAsKnown) await settleAsKnown(assignment, knownHere, observation);
    else if (outcome !== 'absent' || !isTakenAway(assignment, known.get(assignment.name), previous, sources)) {
      await settle(assignment, await knownHere.read(), observation);
    }
    options.onProgress?.(++done, total);
  };
  const ends = await Promise.allSettled(
    sources.map(async (source) => {
      const own = spreadOut(plan.assignments.filter((assignment) => assignment.source === source));
      await forEachConcurrently(own, tasksAtOnce(source), look).catch((error) => {
        stop.abort(error);
        throw error;
      });
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw stop.signal.reason;

  const given = input.listings.map((listing) => {
    const answered = answers.get(listing.source) ?? createAnswers();
    return [listing.source.name, toSourceAnswers(answered, listing)] as const;
  });
  return { looked, refused, answers: new Map(given), findings };
}

/** What settings say about how to reconcile. */
export type PolicySettings = Pick<LookOptions, 'confirmRuns' | 'isTagShown' | 'publishEnvironment'>;

/** By what rules a source's repositories are reconciled. */
export function policyFor(
  source: string,
  previous: SnapshotIndex | null,
  { confirmRuns, isTagShown, publishEnvironment }: PolicySettings,
): ReconcilePolicy {
  const lastListedAt = previous?.sources.find(({ name }) => name === source)?.completeAt ?? null;
  const lastRun = previous?.runs ?? 0;
  const rules = { confirmRuns, isTagShown, publishEnvironment };
  return { run: lastRun + 1, lastRun, ...rules, lastRunAt: previous?.checkedAt ?? null, lastListedAt };
}

/** Observes at the source of the plan, and where that has nothing at the one that lists it besides. */
async function observe(assignment: Assignment, known: KnownRepository, options: ObserveOptions) {
  const observation = await observeRepository(assignment, known, options);
  const { fallback } = assignment;
  if (observation.listing.outcome !== 'absent' || fallback === null) return { assignment, observation };
  const next: Assignment = { ...assignment, source: fallback, standing: 'listed', fallback: null };
  return { assignment: next, observation: await observeRepository(next, known, options) };
}

function redactObservation(observation: RepositoryObservation, redact: Redactor): RepositoryObservation {
  const manifests = redactManifests(observation.manifests, redact);
  return { ...observation, manifests, configs: redactConfigs(observation.configs, redact) };
}

function addAnswer(answers: Answers | undefined, { listing }: RepositoryObservation): void {
  if (answers === undefined) return;
  if (listing.outcome === 'withheld') answers.refused++;
  else if (listing.outcome !== 'failed') answers.answered++;
  else {
    answers.failed++;
    answers.firstFailure ??= listing.failure;
  }
}

/**
 * Whether settings, and not the registry, are why a known repository is not there any more: its source serves it no longer,
 * or is named no longer since this run. Where a source is new it may be the old one under another name, and then nothing was
 * taken away.
 */
function isTakenAway(
  { name, source }: Assignment,
  entry: IndexEntry | undefined,
  previous: SnapshotIndex | null,
  sources: readonly CrawlSource[],
): boolean {
  if (entry === undefined || entry.source === source.name) return false;
  const holder = sources.find((one) => one.name === entry.source);
  if (holder !== undefined) return !holder.serves(name) || holder.fixedNames !== null;
  const before = new Set(previous?.sources.map((one) => one.name));
  return before.has(entry.source) && sources.every((one) => before.has(one.name));
}
