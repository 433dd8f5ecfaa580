import type { Finding, RepositoryObservation } from '../catalogue/observation.ts';
import { type CrawlSource, tasksAtOnce } from '../crawl/crawl-source.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import type { SourceListing } from '../crawl/list-source.ts';
import { type ObserveOptions, observeRepository } from '../crawl/observe-repository.ts';
import { type Assignment, type CrawlPlan, spreadOut } from '../crawl/plan-crawl.ts';
import type { KnownRepository } from '../crawl/repository-outline.ts';
import { createRevalidation } from '../crawl/revalidation.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import { createIsStillHidden } from './hidden-names.ts';
import { createSettling, isOfferedElsewhere, type Looked, type SettlingContext } from './settle-repository.ts';
import { type Answers, createAnswers, type SourceAnswers, toSourceAnswers } from './source-verdicts.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

export interface LookInput extends SettlingContext {
  readonly plan: CrawlPlan;
  readonly listings: readonly SourceListing[];
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
  const { plan, previous, known, options } = input;
  const { sources, now, deadline, cancel } = options;
  const refused: Assignment[] = [];
  const answers = new Map(sources.map((source) => [source, createAnswers()]));
  const total = plan.assignments.length;
  let done = 0;

  /** One task that cannot go on ends the others. */
  const stop = new AbortController();
  const signal = AbortSignal.any([deadline, cancel, stop.signal]);
  const throwIfStopped = () => {
    throwIfCancelled(cancel);
    stop.signal.throwIfAborted();
  };
  const { findKnown, settle, settleAsKnown, looked, findings } = createSettling(input, signal, throwIfStopped);

  const isStillHidden = createIsStillHidden(previous, known);
  const lastRunAt = previous?.checkedAt ?? null;
  const revalidation = createRevalidation({ rules: options.revalidate, lastRunAt, now });
  const look = async (planned: Assignment): Promise<void> => {
    const knownHere = findKnown(planned);
    const { assignment, observation } = await observe(planned, knownHere, { ...options, revalidation, signal });
    throwIfStopped();
    const { outcome } = observation.listing;
    addAnswer(answers.get(assignment.source), observation);
    const isRefused =
      outcome === 'withheld' && !isOfferedElsewhere(assignment, known.get(assignment.name), observation);
    if (isRefused || (outcome === 'failed' && isStillHidden(assignment.name))) refused.push(assignment);
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

/** Observes at the source of the plan, and where that has nothing at the one that lists it besides. */
async function observe(assignment: Assignment, known: KnownRepository, options: ObserveOptions) {
  const observation = await observeRepository(assignment, known, options);
  const { fallback } = assignment;
  if (observation.listing.outcome !== 'absent' || fallback === null) return { assignment, observation };
  const next: Assignment = { ...assignment, source: fallback, standing: 'listed', fallback: null };
  return { assignment: next, observation: await observeRepository(next, known, options) };
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
