/**
 * The second half of a crawl: from what was seen to the next snapshot. All that only the whole catalogue can say is decided
 * here: how the sources fared, what may not be read, what may go, and which names stand in no text.
 */
import { type GuardTotals, guardRemovals } from '../catalogue/guard.ts';
import type { HeldBackRemovals, Instant } from '../catalogue/model.ts';
import type { Finding } from '../catalogue/observation.ts';
import { toPossibleRun } from '../catalogue/possible-run.ts';
import { reconcile, removeDue } from '../catalogue/reconcile.ts';
import { forgetRedactedFacts } from '../catalogue/redact-facts.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { observeNothing } from '../crawl/observe-repository.ts';
import { shadowed } from '../crawl/plan-crawl.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { IndexEntry, JoinedShards, SnapshotIndex, SourceEntry } from '../snapshot/index.schema.ts';
import { countTags } from './count-tags.ts';
import type { CrawlRunOptions, LookOptions } from './crawl-run-options.ts';
import { toCrawlExitCode } from './exit-code.ts';
import {
  type CollectedNames,
  collectHiddenNames,
  keepHidden,
  listStillHidden,
  toHiddenPart,
  toRedactor,
} from './hidden-names.ts';
import { fingerprintOfPatterns } from './hide-names.ts';
import type { Look, LookedListing, Unanswered } from './look.ts';
import { redactEntry } from './redact-entry.ts';
import { countRepository, type RunCounts } from './run-counts.ts';
import { type Looked, policyFor } from './settle-repository.ts';
import {
  isHealthy,
  judgeList,
  judgeSource,
  refusedByAll,
  type SourceAnswers,
  throwIfNoneAnswered,
} from './source-verdicts.ts';
import { toTagPatterns } from './tag-patterns.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/** What is decided with, of all that a crawl is told. */
export type ConcludeOptions = Omit<
  CrawlRunOptions,
  'sources' | 'now' | 'movingTags' | 'revalidate' | 'deadline' | 'onListed' | 'onProgress'
> & {
  readonly onListed?: (listings: readonly LookedListing[]) => void;
  /** Of which shards the snapshot is made. */
  readonly joined?: Omit<JoinedShards, 'exitCode'>;
};

export interface CrawlRunResult {
  readonly index: SnapshotIndex;
  readonly counts: RunCounts;
  readonly findings: readonly Finding[];
  readonly listings: readonly LookedListing[];
  readonly hasChanged: boolean;
  readonly heldBack: HeldBackRemovals;
  /** 0, incomplete, or removals held back. */
  readonly exitCode: number;
  /** Names that may not appear anywhere any more: those that the crawl's credentials may not read. */
  readonly withheldNames: readonly RepositoryName[];
  /** The same, and all that settings exclude: no file that is published may hold one of them. */
  readonly hiddenNames: ReadonlySet<string>;
}

/** Files read or written at once, where no registry is asked. */
export const filesAtOnce = 8;

/** Commits the next snapshot. Throws a `RunError` when no source answered; then the old snapshot stands. */
export async function concludeLook(
  look: Look,
  previous: SnapshotIndex | null,
  options: ConcludeOptions,
): Promise<CrawlRunResult> {
  const { store, isRepositoryShown, cancel } = options;
  const { lookedAt: now, counts, names } = look;
  const shown = (previous?.repositories ?? []).filter(({ name }) => isRepositoryShown(name));
  const known = new Map(shown.map((entry) => [entry.name, entry]));

  const answersOf = ({ source }: LookedListing) => look.answers.get(source.name) ?? noAnswers;
  const omitted = countOmitted(look);
  const listings = look.listings.map((listing) =>
    judgeList(judgeSource(listing, answersOf(listing)), omitted.get(listing.source.name) ?? 0),
  );
  options.onListed?.(listings);
  throwIfNoneAnswered(listings);
  const isOwnRefusal = new Map(
    look.listings.map((listing) => [listing.source.name, isHealthy(listing.outcome, answersOf(listing))]),
  );
  const isWithheld = ({ name, source }: Look['refused'][number]) => isOwnRefusal.get(source) || !known.has(name);
  const refusedNames = [
    ...look.refused.filter(isWithheld).map(({ name }) => name),
    ...listStillHidden(look, previous, known),
  ];
  const refused = look.refused.filter((one) => !isWithheld(one)).map((one) => ({ ...one, failure: refusedByAll }));
  const context = { known, previous, now, counts, isOwnRefusal, options };
  const kept = await keepAsWas([...look.unanswered, ...refused], context);
  const looked = new Map([...look.looked, ...kept.looked]);

  const refusedSet = new Set<string>(refusedNames);
  const readable = shown.filter(({ name }) => !refusedSet.has(name));
  const { entries, withheldNow, findings: found, heldBack } = await removeWhatIsDue(looked, readable, context);
  const withheldNames = [...refusedNames, ...withheldNow];
  const withheld = new Set<string>(withheldNames);
  const tombstones = readable.filter(({ name, state }) => state === 'removed' && !looked.has(name));
  const { leftOutNames, shownNames: knownNames } = names;
  const areListed = previous === null || listings.every(({ outcome }) => outcome === 'complete');
  const elsewhere = areListed
    ? names.elsewhere
    : keepHidden(names.elsewhere, previous, looked.keys(), withheldNames, leftOutNames);
  const hidden = collectHiddenNames({ leftOutNames, withheldNames, knownNames, patterns: options.patterns, elsewhere });
  const { fingerprint } = hidden;
  const isSearched = previous !== null && fingerprint === previous.hiddenNames;
  const isClean = ({ name, file }: IndexEntry) =>
    isSearched && (file === known.get(name)?.file || fingerprint === names.searchedFor);
  const repositories = await redactEntries([...entries, ...tombstones], hidden, isClean, options);

  const findings = cleanFindings(
    [
      ...listings.flatMap((listing) => listing.findings),
      ...[...look.findings, ...kept.findings, ...found, ...describeHeldBack(heldBack)],
    ],
    withheld,
    hidden,
  );
  const exitCode = toCrawlExitCode({ counts, findings, listings, heldBack });
  const hasChanged = !isSameContent(previous?.repositories ?? [], repositories);
  const withheldRepositories = withheldNames.length + (elsewhere?.withheld ?? 0);
  const index: SnapshotIndex = {
    checkedAt: now,
    changedAt: hasChanged || previous === null ? now : toPossibleRun(previous.changedAt, now),
    beganAt: previous?.beganAt ?? now,
    registry: previous?.registry ?? options.registry,
    runs: (previous?.runs ?? 0) + 1,
    withheldRepositories,
    unreadRepositories: repositories.filter(({ state }) => state === 'unread').length,
    ...toHiddenPart(hidden),
    ...(isToBeReadAnew(look, previous, isSearched) ? { hiddenNamesChanged: true } : {}),
    ...(options.publishEnvironment ? { environmentPublished: true } : {}),
    shownPatterns: fingerprintOfPatterns(options),
    tagPatterns: toTagPatterns(previous, options.patterns, now),
    heldBackRemovals: heldBack,
    sources: listings.map((listing) => toSourceState(listing, previous, now)),
    ...(options.joined === undefined ? {} : { joined: { ...options.joined, exitCode } }),
    repositories,
  };
  throwIfCancelled(cancel);
  await store.commit(index);
  await store.removeUnnamed(index);
  counts.repositories.withheld = withheldRepositories;
  counts.repositories.excluded = listings.reduce((sum, listing) => sum + listing.excluded, 0);
  return {
    index,
    counts,
    findings,
    listings: listings.map((listing) => cleanListing(listing, hidden)),
    hasChanged,
    heldBack,
    exitCode,
    withheldNames,
    hiddenNames: hidden.plainNames,
  };
}

/** How many repositories with tags each source's list omits. One without is left out by many a registry. */
function countOmitted({ findings, looked }: Look): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { code, source, repository } of findings) {
    if (code !== 'catalog-omits' || source === null || repository === null || looked.get(repository)?.isEmpty) continue;
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return counts;
}

const noAnswers: SourceAnswers = {
  ...{ answered: 0, refused: 0, failed: 0, firstFailure: null },
  ...{ isGiven: false, isOpen: false },
};

/** Whether the next run must read anew what something was taken out of: other names are hidden now, or were before this look knew. */
function isToBeReadAnew({ base }: Look, previous: SnapshotIndex | null, isSearched: boolean): boolean {
  if (previous === null) return false;
  return !isSearched || (previous.hiddenNamesChanged === true && base?.hiddenNamesChanged !== true);
}

interface Context {
  readonly known: ReadonlyMap<RepositoryName, IndexEntry>;
  readonly previous: SnapshotIndex | null;
  readonly now: Instant;
  readonly counts: RunCounts;
  /** Whether a source's refusals are about the repositories, by its name. */
  readonly isOwnRefusal: ReadonlyMap<string, boolean>;
  readonly options: ConcludeOptions;
}

/** What was known of repositories that could not be asked about stands, and is stale. */
async function keepAsWas(unanswered: readonly Unanswered[], { known, previous, now, counts, options }: Context) {
  const { store, outlines, cancel } = options;
  const looked = new Map<RepositoryName, Looked>();
  const findings: Finding[] = [];
  await forEachConcurrently(unanswered, filesAtOnce, async ({ name, source, failure }) => {
    throwIfCancelled(cancel);
    const entryBefore = known.get(name) ?? null;
    const read = entryBefore === null ? null : await store.readRepository(entryBefore);
    const before = read !== null && previous?.hiddenNamesChanged ? forgetRedactedFacts(read) : read;
    const observation = observeNothing({ name, source: { name: source } }, failure);
    const { next, findings: found } = reconcile(before, observation, policyFor(source, previous, options, now), now);
    const isSame = next === null || next === before;
    const entry = isSame ? entryBefore : await store.writeRepository(next);
    if (entry !== null && next !== null) outlines.note(entry, next);
    const looking = { isEmpty: false, isNew: before === null || before.state === 'unread' };
    looked.set(name, { ...looking, source, entry, due: null, heir: null });
    findings.push(...found);
    countRepository(counts, looking, next, entry?.file !== entryBefore?.file);
  });
  return { looked, findings };
}

/**
 * Removes what is due and what the guard lets go, or puts in its place what another source has, and counts what is left. What
 * another source has and refuses leaves no tombstone either: it is withheld.
 */
async function removeWhatIsDue(
  looked: ReadonlyMap<RepositoryName, Looked>,
  shown: readonly IndexEntry[],
  { known, previous, now, counts, isOwnRefusal, options }: Context,
): Promise<{
  entries: readonly IndexEntry[];
  withheldNow: readonly RepositoryName[];
  findings: readonly Finding[];
  heldBack: HeldBackRemovals;
}> {
  const { store } = options;
  // Who refuses everything has not said what becomes of this one: it waits, as for one who cannot be heard.
  const isTold = (heir: Looked['heir']) => heir === null || heir.entry !== null || isOwnRefusal.get(heir.source);
  const due = new Map(
    [...looked].flatMap(([name, look]) => (look.due !== null && isTold(look.heir) ? [[name, look.due] as const] : [])),
  );
  const { allowed, heldBack } = guardRemovals(due, toTotals(shown), options);
  const entries: IndexEntry[] = [];
  const withheldNow: RepositoryName[] = [];
  const findings: Finding[] = [];
  await forEachConcurrently([...looked], filesAtOnce, async ([name, look]) => {
    const { source, entry } = look;
    if (entry === null) return;
    if (look.due === null) {
      entries.push(entry);
      return;
    }
    const removals = allowed.get(name);
    if (look.heir !== null && !removals?.repository) {
      findings.push(shadowed(name, { name: look.heir.source }, { name: source }));
    } else if (look.heir !== null) {
      const { entry: its, isEmpty } = look.heir;
      if (its === null) {
        withheldNow.push(name);
        return;
      }
      entries.push(its);
      findings.push(...look.heir.findings);
      countRepository(counts, { isEmpty, isNew: false }, await store.readRepository(its), true);
      return;
    }
    const before = await store.readRepository(entry);
    const next =
      removals === undefined
        ? before
        : removeDue(await store.readHistory(before), removals, policyFor(source, previous, options, now), now);
    const written = next === before ? entry : await store.writeRepository(next);
    entries.push(written);
    counts.tags.removed += removals?.tags.size ?? 0;
    countRepository(counts, look, next, known.get(name)?.file !== written.file);
  });
  return { entries, withheldNow, findings, heldBack };
}

/** The index's entries in its order, none of whose files holds a hidden name. */
export async function redactEntries(
  entries: readonly IndexEntry[],
  hidden: CollectedNames,
  isClean: (entry: IndexEntry) => boolean,
  options: Pick<LookOptions, 'store' | 'isTagShown'>,
): Promise<readonly IndexEntry[]> {
  const redact = toRedactor(hidden);
  const clean: IndexEntry[] = [];
  await forEachConcurrently(entries, filesAtOnce, async (entry) => {
    clean.push(redact === null || isClean(entry) ? entry : await redactEntry(entry, redact, options));
  });
  return clean.sort(byName);
}

function describeHeldBack({ repositories, tags }: HeldBackRemovals): readonly Finding[] {
  if (repositories + tags === 0) return [];
  const text = `${repositories} repositories and ${tags} tags are gone, too many to believe at once`;
  return [{ code: 'removals-held-back', source: null, repository: null, tag: null, text }];
}

/** The findings without what may not be named. */
export function cleanFindings(
  findings: readonly Finding[],
  withheld: ReadonlySet<string>,
  hidden: CollectedNames,
): readonly Finding[] {
  const redact = toRedactor(hidden);
  return findings
    .filter(({ repository }) => repository === null || !(withheld.has(repository) || hidden.names.has(repository)))
    .map((finding) => (redact === null ? finding : { ...finding, text: redact(finding.text) }));
}

/** A failure tells where in the list it happened, and that may be at a hidden name. */
export function cleanListing<Listing extends LookedListing>(listing: Listing, hidden: CollectedNames): Listing {
  const redact = toRedactor(hidden);
  const { failure } = listing;
  if (redact === null || failure === null) return listing;
  return { ...listing, failure: { ...failure, message: redact(failure.message) } };
}

function toSourceState(
  { source, outcome, ignoresConditions }: LookedListing,
  previous: SnapshotIndex | null,
  now: Instant,
): SourceEntry {
  const before = previous?.sources.find(({ name }) => name === source.name)?.completeAt ?? null;
  const completeAt = outcome === 'complete' ? now : before;
  return { name: source.name, outcome, completeAt, ...(ignoresConditions ? { ignoresConditions } : {}) };
}

function toTotals(entries: readonly IndexEntry[]): GuardTotals {
  const listed = entries.filter(({ state }) => state === 'listed');
  return { repositories: listed.length, tags: countTags(listed) };
}

function isSameContent(before: readonly IndexEntry[], after: readonly IndexEntry[]): boolean {
  const files = new Map(before.map(({ name, file }) => [name, file]));
  return before.length === after.length && after.every(({ name, file }) => files.get(name) === file);
}

function byName(a: IndexEntry, b: IndexEntry): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
