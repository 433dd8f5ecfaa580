/**
 * From sources to the next snapshot, one repository at a time: read what was known, look, reconcile, write. The memory it
 * takes grows with the largest repository, not with the catalogue.
 */
import { type GuardTotals, guardRemovals } from '../catalogue/guard.ts';
import type { Instant, Repository, SourceState } from '../catalogue/model.ts';
import type { Failure, Finding, RepositoryObservation } from '../catalogue/observation.ts';
import { type DueRemovals, type ReconcilePolicy, reconcile, removeDue } from '../catalogue/reconcile.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { listSource, type SourceListing } from '../crawl/list-source.ts';
import { observeNothing, observeRepository } from '../crawl/observe-repository.ts';
import { type Assignment, planCrawl } from '../crawl/plan-crawl.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { countRemoval, countRepository, createRunCounts, type RunCounts } from './run-counts.ts';
import { RunError } from './run-error.ts';

export interface CrawlRunOptions {
  readonly sources: readonly CrawlSource[];
  readonly store: SnapshotStore;
  readonly now: Instant;
  /** Whether settings show a repository, or a tag. What they do not show is kept nowhere. */
  readonly isRepositoryShown: (name: string) => boolean;
  readonly isTagShown: (tag: string) => boolean;
  readonly publishEnvironment: boolean;
  readonly confirmRuns: number;
  readonly acceptRemovals: boolean;
  /** Ends the looking: what was not seen by then is stale. */
  readonly deadline: AbortSignal;
  /** Ends the run: nothing is committed. */
  readonly cancel: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface CrawlRunResult {
  readonly index: SnapshotIndex;
  readonly counts: RunCounts;
  readonly findings: readonly Finding[];
  readonly listings: readonly SourceListing[];
  readonly hasChanged: boolean;
  /** Names that may not appear anywhere any more: those that the crawl's credentials may not read. */
  readonly withheldNames: readonly RepositoryName[];
}

interface Looked {
  readonly assignment: Assignment;
  readonly entry: IndexEntry | null;
  readonly due: DueRemovals;
}

/** Crawls and commits the next snapshot. Throws a `RunError` when no source answered; then the old snapshot stands. */
export async function runCrawl(options: CrawlRunOptions): Promise<CrawlRunResult> {
  const { sources, store, now, isRepositoryShown, deadline, cancel } = options;
  const previous = await store.readIndex();
  const shown = (previous?.repositories ?? []).filter(({ name }) => isRepositoryShown(name));
  const known = new Map(shown.map((entry) => [entry.name, entry]));
  const signal = AbortSignal.any([deadline, cancel]);

  const listings = await Promise.all(sources.map((source) => listSource(source, isRepositoryShown, signal)));
  throwIfCancelled(cancel);
  throwIfNoneAnswered(listings);
  const plan = planCrawl(listings, new Map([...known].filter(([, { state }]) => state !== 'removed')));

  const counts = createRunCounts();
  const findings: Finding[] = [...listings.flatMap((listing) => listing.findings), ...plan.findings];
  const looked = new Map<RepositoryName, Looked>();
  const withheld: Assignment[] = [];
  const readableSources = new Set<string>();

  const settle = async (assignment: Assignment, before: Repository | null, observation: RepositoryObservation) => {
    const result = reconcile(before, observation, policyFor(assignment.source, previous, options), now);
    const entryBefore = known.get(assignment.name) ?? null;
    const isSame = result.next !== null && result.next === before;
    const entry = result.next === null ? null : isSame ? entryBefore : await store.writeRepository(result.next);
    looked.set(assignment.name, { assignment, entry, due: result.due });
    findings.push(...result.findings);
    countRepository(counts, observation, before, result.next, entry?.file !== entryBefore?.file);
  };

  let done = 0;
  const total = plan.assignments.length;
  const look = async (assignment: Assignment) => {
    const { name, source } = assignment;
    const entry = known.get(name);
    const before = entry === undefined ? null : await store.readRepository(entry);
    const observation = await observeRepository(assignment, before, { isTagShown: options.isTagShown, signal });
    throwIfCancelled(cancel);
    const { outcome } = observation.listing;
    if (outcome === 'withheld') withheld.push(assignment);
    else {
      if (outcome !== 'failed') readableSources.add(source.name);
      await settle(assignment, before, observation);
    }
    done++;
    options.onProgress?.(done, total);
  };
  await Promise.all(
    sources.map((source) => {
      const own = plan.assignments.filter((assignment) => assignment.source === source);
      return forEachConcurrently(own, source.concurrency, look);
    }),
  );

  const keepAsWas = async (assignment: Assignment, failure: Failure) => {
    const entry = known.get(assignment.name);
    const before = entry === undefined ? null : await store.readRepository(entry);
    await settle(assignment, before, observeNothing(assignment, failure));
  };
  for (const assignment of plan.unanswered) {
    const listing = listings.find(({ source }) => source === assignment.source);
    await keepAsWas(assignment, listing?.failure ?? { code: 'UNREACHABLE', message: 'the source did not answer' });
  }
  const withheldNames: RepositoryName[] = [];
  for (const assignment of withheld) {
    if (readableSources.has(assignment.source.name)) {
      withheldNames.push(assignment.name);
      continue;
    }
    const message = 'the source refused every repository: its credentials may have expired';
    if (known.has(assignment.name)) await keepAsWas(assignment, { code: 'FORBIDDEN', message });
    else withheldNames.push(assignment.name);
  }

  const guard = guardRemovals(
    new Map(
      [...looked].filter(([, { due }]) => due.repository || due.tags.size > 0).map(([name, { due }]) => [name, due]),
    ),
    toTotals(shown),
    options,
  );
  for (const [name, due] of guard.allowed) {
    const { entry, assignment } = looked.get(name) ?? {};
    if (!entry || !assignment) continue;
    const policy = policyFor(assignment.source, previous, options);
    const next = removeDue(await store.readRepository(entry), due, policy, now);
    looked.set(name, { assignment, entry: await store.writeRepository(next), due });
    countRemoval(counts, due);
  }
  const { heldBack } = guard;
  if (heldBack.repositories + heldBack.tags > 0) {
    const text = `${heldBack.repositories} repositories and ${heldBack.tags} tags are gone, too many to believe at once`;
    findings.push({ code: 'removals-held-back', source: null, repository: null, tag: null, text });
  }

  const tombstones = shown.filter(({ name, state }) => state === 'removed' && !looked.has(name));
  const entries = [...[...looked.values()].flatMap(({ entry }) => (entry === null ? [] : [entry])), ...tombstones];
  const hidden = new Set<string>(withheldNames);
  const repositories = entries.filter(({ name }) => !hidden.has(name)).sort(byName);
  const hasChanged = !isSameContent(previous?.repositories ?? [], repositories);
  const index: SnapshotIndex = {
    checkedAt: now,
    changedAt: hasChanged || previous === null ? now : previous.changedAt,
    beganAt: previous?.beganAt ?? now,
    withheldRepositories: withheldNames.length,
    unreadRepositories: repositories.filter(({ state }) => state === 'unread').length,
    heldBackRemovals: heldBack,
    sources: listings.map((listing) => toSourceState(listing, previous, now)),
    repositories,
  };
  throwIfCancelled(cancel);
  await store.commit(index);
  await store.removeUnnamed(index);
  counts.repositories.withheld = withheldNames.length;
  counts.repositories.excluded = listings.reduce((sum, listing) => sum + listing.excluded, 0);
  return {
    index,
    counts,
    findings: findings.filter(({ repository }) => repository === null || !hidden.has(repository)),
    listings,
    hasChanged,
    withheldNames,
  };
}

function policyFor(source: CrawlSource, previous: SnapshotIndex | null, options: CrawlRunOptions): ReconcilePolicy {
  return {
    confirmRuns: options.confirmRuns,
    lastRunAt: previous?.checkedAt ?? null,
    lastListedAt: previous?.sources.find(({ name }) => name === source.name)?.completeAt ?? null,
    isTagShown: options.isTagShown,
    publishEnvironment: options.publishEnvironment,
  };
}

function toSourceState({ source, outcome }: SourceListing, previous: SnapshotIndex | null, now: Instant): SourceState {
  const before = previous?.sources.find(({ name }) => name === source.name)?.completeAt ?? null;
  return { name: source.name, outcome, completeAt: outcome === 'complete' ? now : before };
}

function toTotals(entries: readonly IndexEntry[]): GuardTotals {
  const listed = entries.filter(({ state }) => state === 'listed');
  return { repositories: listed.length, tags: listed.reduce((sum, { tags }) => sum + tags, 0) };
}

function throwIfCancelled(cancel: AbortSignal): void {
  if (cancel.aborted)
    throw new RunError('CANCELLED', 'the run was stopped', 'Nothing was published; the old site stands.');
}

function throwIfNoneAnswered(listings: readonly SourceListing[]): void {
  const silent = listings.filter(({ outcome }) => outcome === 'failed' || outcome === 'refused');
  if (silent.length < listings.length) return;
  const refused = silent.every(({ outcome }) => outcome === 'refused');
  const message = silent.map(({ source, failure }) => `${source.name}: ${failure?.message ?? 'no answer'}`).join('\n');
  throw new RunError(refused ? 'ALL_SOURCES_REFUSED' : 'NO_SOURCE_ANSWERED', message, silent[0]?.hint ?? '');
}

function isSameContent(before: readonly IndexEntry[], after: readonly IndexEntry[]): boolean {
  const files = new Map(before.map(({ name, file }) => [name, file]));
  return before.length === after.length && after.every(({ name, file }) => files.get(name) === file);
}

function byName(a: IndexEntry, b: IndexEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
