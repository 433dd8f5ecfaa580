/**
 * From sources to the next snapshot, one repository at a time: read what was known, look, reconcile, write. The memory it
 * takes grows with the largest repository, not with the catalogue.
 */
import { type GuardTotals, guardRemovals } from '../catalogue/guard.ts';
import type { HeldBackRemovals, Instant } from '../catalogue/model.ts';
import type { Finding } from '../catalogue/observation.ts';
import { removeDue } from '../catalogue/reconcile.ts';
import { createRedactor, type Redactor } from '../catalogue/redaction.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { listSource, type SourceListing } from '../crawl/list-source.ts';
import { planCrawl } from '../crawl/plan-crawl.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry, SnapshotIndex, SourceEntry } from '../snapshot/index.schema.ts';
import type { CrawlRunOptions } from './crawl-run-options.ts';
import { type CollectedNames, collectHiddenNames } from './hidden-names.ts';
import { fingerprintOfPatterns } from './hide-names.ts';
import { type Looked, lookAtRepositories, policyFor } from './look-at-repositories.ts';
import { redactEntry } from './redact-entry.ts';
import { countRepository, createRunCounts, type RunCounts } from './run-counts.ts';
import { throwIfNoneAnswered } from './source-verdicts.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

export interface CrawlRunResult {
  readonly index: SnapshotIndex;
  readonly counts: RunCounts;
  readonly findings: readonly Finding[];
  readonly listings: readonly SourceListing[];
  readonly hasChanged: boolean;
  /** Names that may not appear anywhere any more: those that the crawl's credentials may not read. */
  readonly withheldNames: readonly RepositoryName[];
  /** The same, and all that settings exclude: no file that is published may hold one of them. */
  readonly hiddenNames: ReadonlySet<string>;
}

/** Files read or written at once, where no registry is asked. */
const filesAtOnce = 8;

/** Crawls and commits the next snapshot. Throws a `RunError` when no source answered; then the old snapshot stands. */
export async function runCrawl(options: CrawlRunOptions): Promise<CrawlRunResult> {
  const { sources, store, now, isRepositoryShown, deadline, cancel } = options;
  const previous = await store.readIndex();
  const shown = (previous?.repositories ?? []).filter(({ name }) => isRepositoryShown(name));
  const known = new Map(shown.map((entry) => [entry.name, entry]));

  for (const { name, client } of sources) {
    if (previous?.sources.some((one) => one.name === name && one.ignoresConditions)) client.expectIgnoredConditions();
  }

  const signal = AbortSignal.any([deadline, cancel]);
  const listed = await Promise.all(sources.map((source) => listSource(source, isRepositoryShown, signal)));
  throwIfCancelled(cancel);
  options.onListed?.(listed);
  throwIfNoneAnswered(listed);
  const plan = planCrawl(listed, new Map([...known].filter(([, { state }]) => state !== 'removed')));

  const counts = createRunCounts();
  const hide = (withheldNames: readonly string[]) =>
    collectHiddenNames({
      leftOutNames: listed.flatMap(({ excludedNames }) => [...excludedNames]),
      withheldNames,
      knownNames: [...known.keys(), ...listed.flatMap(({ names }) => [...names])],
      patterns: options.patterns,
    });
  const redact = toRedactor(hide([]));
  const seen = await lookAtRepositories({ plan, listings: listed, previous, known, redact, counts, options });
  const { looked, withheldNames, listings } = seen;

  const withheld = new Set<string>(withheldNames);
  const readable = shown.filter(({ name }) => !withheld.has(name));
  const { kept, heldBack } = await removeWhatIsDue(looked, { shown: readable, previous, counts, options });
  const tombstones = readable.filter(({ name, state }) => state === 'removed' && !looked.has(name));
  const hidden = hide(withheldNames);
  const { fingerprint } = hidden;
  const isSearched = previous !== null && fingerprint === previous.hiddenNames;
  const isClean = ({ name, file }: IndexEntry) => isSearched && (withheld.size === 0 || file === known.get(name)?.file);
  const repositories = await redactEntries([...kept, ...tombstones], hidden, isClean, options);

  const hasChanged = !isSameContent(previous?.repositories ?? [], repositories);
  const index: SnapshotIndex = {
    checkedAt: now,
    changedAt: hasChanged || previous === null ? now : previous.changedAt,
    beganAt: previous?.beganAt ?? now,
    registry: previous?.registry ?? options.registry,
    runs: (previous?.runs ?? 0) + 1,
    withheldRepositories: withheldNames.length,
    unreadRepositories: repositories.filter(({ state }) => state === 'unread').length,
    hiddenNames: fingerprint,
    ...(previous === null || isSearched ? {} : { hiddenNamesChanged: true }),
    ...(options.publishEnvironment ? { environmentPublished: true } : {}),
    shownPatterns: fingerprintOfPatterns(options),
    heldBackRemovals: heldBack,
    sources: listings.map((listing) => toSourceState(listing, previous, now)),
    repositories,
  };
  throwIfCancelled(cancel);
  await store.commit(index);
  await store.removeUnnamed(index);
  await options.outlines.write(repositories);
  counts.repositories.withheld = withheldNames.length;
  counts.repositories.excluded = listings.reduce((sum, listing) => sum + listing.excluded, 0);
  const findings = cleanFindings([...seen.findings, ...describeHeldBack(heldBack)], withheld, hidden);
  return {
    index,
    counts,
    findings,
    listings: listings.map((listing) => cleanListing(listing, hidden)),
    hasChanged,
    withheldNames,
    hiddenNames: hidden.names,
  };
}

interface RemovalContext {
  readonly shown: readonly IndexEntry[];
  readonly previous: SnapshotIndex | null;
  readonly counts: RunCounts;
  readonly options: CrawlRunOptions;
}

/** Removes what is due and what the guard lets go, and counts what is left. */
async function removeWhatIsDue(
  looked: ReadonlyMap<RepositoryName, Looked>,
  { shown, previous, counts, options }: RemovalContext,
): Promise<{ kept: readonly IndexEntry[]; heldBack: HeldBackRemovals }> {
  const { store, now } = options;
  const due = new Map([...looked].flatMap(([name, look]) => (look.due === null ? [] : [[name, look.due] as const])));
  const { allowed, heldBack } = guardRemovals(due, toTotals(shown), options);
  const kept: IndexEntry[] = [];
  await forEachConcurrently([...looked], filesAtOnce, async ([name, look]) => {
    const { source, entry } = look;
    if (entry === null) return;
    if (look.due === null) {
      kept.push(entry);
      return;
    }
    const before = await store.readRepository(entry);
    const removals = allowed.get(name);
    const next =
      removals === undefined
        ? before
        : removeDue(await store.readHistory(before), removals, policyFor(source, previous, options), now);
    const written = next === before ? entry : await store.writeRepository(next);
    kept.push(written);
    counts.tags.removed += removals?.tags.size ?? 0;
    countRepository(counts, look, next, shown.find((one) => one.name === name)?.file !== written.file);
  });
  return { kept, heldBack };
}

/** The index's entries in its order, none of whose files holds a hidden name. */
async function redactEntries(
  entries: readonly IndexEntry[],
  hidden: CollectedNames,
  isClean: (entry: IndexEntry) => boolean,
  options: CrawlRunOptions,
): Promise<readonly IndexEntry[]> {
  const redact = toRedactor(hidden);
  const clean: IndexEntry[] = [];
  await forEachConcurrently(entries, filesAtOnce, async (entry) => {
    clean.push(redact === null || isClean(entry) ? entry : await redactEntry(entry, redact, options));
  });
  return clean.sort(byName);
}

function toRedactor(hidden: CollectedNames): Redactor | null {
  return hidden.fingerprint === undefined ? null : createRedactor(hidden);
}

function describeHeldBack({ repositories, tags }: HeldBackRemovals): readonly Finding[] {
  if (repositories + tags === 0) return [];
  const text = `${repositories} repositories and ${tags} tags are gone, too many to believe at once`;
  return [{ code: 'removals-held-back', source: null, repository: null, tag: null, text }];
}

function cleanFindings(findings: readonly Finding[], withheld: ReadonlySet<string>, hidden: CollectedNames) {
  const redact = toRedactor(hidden);
  return findings
    .filter(({ repository }) => repository === null || !withheld.has(repository))
    .map((finding) => (redact === null ? finding : { ...finding, text: redact(finding.text) }));
}

/** A failure tells where in the list it happened, and that may be at a hidden name. */
function cleanListing(listing: SourceListing, hidden: CollectedNames): SourceListing {
  const redact = toRedactor(hidden);
  const { failure } = listing;
  if (redact === null || failure === null) return listing;
  return { ...listing, failure: { ...failure, message: redact(failure.message) } };
}

function toSourceState({ source, outcome }: SourceListing, previous: SnapshotIndex | null, now: Instant): SourceEntry {
  const before = previous?.sources.find(({ name }) => name === source.name)?.completeAt ?? null;
  const completeAt = outcome === 'complete' ? now : before;
  const { ignoresConditions } = source.client;
  return { name: source.name, outcome, completeAt, ...(ignoresConditions ? { ignoresConditions } : {}) };
}

function toTotals(entries: readonly IndexEntry[]): GuardTotals {
  const listed = entries.filter(({ state }) => state === 'listed');
  return { repositories: listed.length, tags: listed.reduce((sum, { tags }) => sum + tags, 0) };
}

function isSameContent(before: readonly IndexEntry[], after: readonly IndexEntry[]): boolean {
  const files = new Map(before.map(({ name, file }) => [name, file]));
  return before.length === after.length && after.every(({ name, file }) => files.get(name) === file);
}

function byName(a: IndexEntry, b: IndexEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
