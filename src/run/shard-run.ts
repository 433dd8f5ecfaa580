/**
 * A crawl of one shard: looks at the repositories of its share, and leaves what it saw in a folder of its own for `merge`. Of the
 * whole's snapshot it reads what was known and changes nothing, so shards may run at once, on one disk or each on its own copy.
 */
import { join } from 'node:path';
import { toInstant } from '../catalogue/dates.ts';
import { type CrawlSource, closeSources } from '../crawl/crawl-source.ts';
import { formatShard, isOfShard, type Shard } from '../crawl/shard.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { Settings } from '../settings/settings.ts';
import { removeTemporaryFiles } from '../snapshot/durable-write.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import { createShardStore, type ShardStore } from '../snapshot/shard-store.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import { createSnapshotStore, type SnapshotStore } from '../snapshot/snapshot-store.ts';
import { cleanFindings, cleanListing, redactEntries } from './conclude-look.ts';
import { type LookOptions, toRevalidationRules } from './crawl-run-options.ts';
import { toCrawlExitCode } from './exit-code.ts';
import { fingerprintOfGiven } from './given-names.ts';
import { collectHiddenNames, listStillHidden } from './hidden-names.ts';
import { createLayeredStore, type RepositoryStore } from './layered-store.ts';
import { logFindings } from './log-findings.ts';
import type { Look } from './look.ts';
import { lookAround } from './look-around.ts';
import { openRunSources } from './open-sources.ts';
import { openOutlines } from './outlines.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import type { RunContext } from './refresh.ts';
import { describeError, type Report, toReport, writeReport } from './report.ts';
import { countRepository, sumRunCounts } from './run-counts.ts';
import { RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';
import type { Heir } from './settle-repository.ts';
import { encodeLook } from './shard-codec.ts';
import { fingerprintOfShardSettings, forgetIfOther, isSameRun, toShardBase, toShardFolder } from './shard-folders.ts';
import { createShownNames, type ShownNames } from './shown-names.ts';
import type { ListingState } from './source-verdicts.ts';
import { createStopwatch } from './stopwatch.ts';
import { collectUnvouched } from './unvouched-names.ts';

/** Crawls a shard. Resolves to its report; rejects with what stopped it, after a report of that was written where one could be. */
export async function runShard(
  settings: Settings,
  shard: Shard,
  context: RunContext,
  onReport: (report: Report) => void = () => undefined,
): Promise<Report> {
  const { clock, progress, log } = context;
  const startedAt = clock();
  const folder = toShardFolder(settings.stateDir, shard);
  const lock = await takeRunLock(folder);
  let sources: readonly CrawlSource[] = [];
  let listings: readonly ListingState[] = [];
  const { durationsMs, measure } = createStopwatch();
  const start = { command: 'crawl', shard: formatShard(shard), startedAt, build: null, durationsMs };
  try {
    for (const one of ['', 'cache']) await removeTemporaryFiles(join(folder, one));
    const own = createShardStore(folder);
    await forgetIfOther(own, settings);
    // If this run fails, an earlier look must not pass for it, nor what was merged for a shard that never ran.
    await own.begin(fingerprintOfShardSettings(settings));
    sources = await openRunSources(settings, context);
    const input = { settings, shard, sources, context, now: toInstant(startedAt) };
    const onListed = (listed: readonly ListingState[]) => {
      listings = listed;
    };
    const crawl = await measure('crawl', () => crawlShard(own, input, onListed));
    progress.clear();
    logFindings(crawl.findings, log);
    const finished = toReport({ ...start, finishedAt: clock(), sources, listings, crawl, ...ended(crawl.exitCode) });
    await writeReport(folder, finished);
    onReport(finished);
    return finished;
  } catch (error) {
    const failed = toReport({ ...start, finishedAt: clock(), sources, listings, crawl: null, ...describeError(error) });
    await writeReport(folder, failed).catch(() => undefined);
    onReport(failed);
    throw error;
  } finally {
    progress.clear();
    await closeSources(sources);
    lock.release();
  }
}

const ended = (exitCode: number) => ({ exitCode, error: null });

interface ShardInput {
  readonly settings: Settings;
  readonly shard: Shard;
  readonly sources: readonly CrawlSource[];
  readonly context: RunContext;
  readonly now: string;
}

async function crawlShard(
  own: ShardStore,
  { settings, shard, sources, context, now }: ShardInput,
  onListed: (listings: readonly ListingState[]) => void,
) {
  const whole = createSnapshotStore(settings.stateDir);
  const previous = await whole.readIndex();
  const store = createLayeredStore(whole, own.repositories);
  const shown = createShownNames(settings);
  const { movingTags, publishEnvironment, confirmRuns } = settings;
  const programFingerprint = await readProgramFingerprint();
  const outlines = await openOutlines({ stateDir: own.folder, store, shown, movingTags, programFingerprint });
  const options: LookOptions = {
    ...{ sources, store, outlines, now, movingTags, publishEnvironment, confirmRuns, onListed },
    ...shown,
    revalidate: toRevalidationRules(settings),
    deadline: AbortSignal.timeout(Math.ceil(settings.deadlineMinutes * 60_000)),
    cancel: context.cancel,
    onProgress: (done, total) => context.progress.show(`Reading repositories of ${formatShard(shard)}`, done, total),
  };
  const known = new Map(
    (previous?.repositories ?? []).filter(({ name }) => isOfShard(name, shard)).map((entry) => [entry.name, entry]),
  );
  const knownToAll = new Set<string>(previous?.repositories.map(({ name }) => name));
  const see = async () => {
    const seen = await lookAround(previous, options, shard);
    const stillHidden = listStillHidden(seen, previous, knownToAll).filter((name) => isOfShard(name, shard));
    return { seen, ...(await hideWithheld(seen, stillHidden, known, store, shown)) };
  };
  const { seen, look, hidden } = await see().catch(async (error: unknown) => {
    // What another run replaced it has removed, too.
    if (error instanceof SnapshotError) await throwIfReplaced(whole, previous, own);
    throw error;
  });
  const unvouched = collectUnvouched(seen.names.shownNames, knownToAll, shard.count);
  await throwIfReplaced(whole, previous, own);
  await own.commit(
    encodeLook(look, {
      ...{ shard, known, hidden: { ...hidden, unvouched } },
      settings: fingerprintOfShardSettings(settings),
      base: toShardBase(previous),
      requests: new Map(sources.map(({ name, client }) => [name, client.counts])),
      givenNames: new Map(sources.map(({ name, fixedNames }) => [name, fingerprintOfGiven(fixedNames)])),
    }),
  );
  const entries = [...look.looked.values()].flatMap(({ entry }) => entry ?? []);
  const heirs = [...look.looked.values()].flatMap(({ heir }) => heir?.entry ?? []);
  await own.repositories.removeUnnamed({ repositories: [...entries, ...heirs] });
  await outlines.write(entries);
  return summarise(look, hidden.withheld, known, store);
}

/** What it saw, without the names that it may not read: of these only marks are kept. */
async function hideWithheld(
  look: Look,
  stillHidden: readonly RepositoryName[],
  known: ReadonlyMap<RepositoryName, IndexEntry>,
  store: RepositoryStore,
  shown: ShownNames,
) {
  const refused = look.refused.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const withheldNames = [...refused, ...stillHidden];
  const { leftOutNames, shownNames } = look.names;
  const { patterns, isTagShown } = shown;
  const hidden = collectHiddenNames({ leftOutNames, withheldNames, knownNames: shownNames, patterns });
  const isClean = ({ name, file }: IndexEntry) => withheldNames.length === 0 || file === known.get(name)?.file;
  const looked = [...look.looked];
  const redactAll = async (entries: readonly IndexEntry[]) => {
    const redacted = await redactEntries(entries, hidden, isClean, { store, isTagShown });
    return new Map(redacted.map((entry) => [entry.name, entry]));
  };
  const clean = await redactAll(looked.flatMap(([, { entry }]) => entry ?? []));
  const cleanHeirs = await redactAll(looked.flatMap(([, { heir }]) => heir?.entry ?? []));
  const withheldSet = new Set<string>(withheldNames);
  const toHeir = (name: RepositoryName, heir: Heir | null) => {
    if (heir === null) return null;
    const findings = cleanFindings(heir.findings, withheldSet, hidden);
    return { ...heir, entry: cleanHeirs.get(name) ?? null, findings };
  };
  return {
    look: {
      ...look,
      listings: look.listings.map((listing) => ({
        ...cleanListing(listing, hidden),
        findings: cleanFindings(listing.findings, withheldSet, hidden),
      })),
      looked: new Map(
        looked.map(([name, one]) => [name, { ...one, entry: clean.get(name) ?? null, heir: toHeir(name, one.heir) }]),
      ),
      refused: look.refused.filter(({ name }) => known.has(name)),
      findings: cleanFindings(look.findings, withheldSet, hidden),
    },
    hidden: {
      ...(hidden.fingerprint === undefined ? {} : { searchedFor: hidden.fingerprint }),
      ...{ withheld: withheldNames.length, ...hidden.marks },
    },
  };
}

/** The run in numbers. What waits for `merge` to be decided is counted as it stands. */
async function summarise(
  look: Look,
  withheld: number,
  known: ReadonlyMap<RepositoryName, IndexEntry>,
  store: RepositoryStore,
) {
  const { listings } = look;
  const counts = sumRunCounts([look.counts]);
  for (const [name, one] of look.looked) {
    if (one.due === null || one.entry === null) continue;
    countRepository(counts, one, await store.readRepository(one.entry), known.get(name)?.file !== one.entry.file);
  }
  counts.repositories.seen += look.unanswered.length + look.refused.length;
  counts.repositories.stale += look.unanswered.length + look.refused.length;
  counts.repositories.withheld = withheld;
  counts.repositories.excluded = listings.reduce((sum, { excluded }) => sum + excluded, 0);
  const findings = [...listings.flatMap((listing) => listing.findings), ...look.findings];
  const exitCode = toCrawlExitCode({ counts, findings, listings, heldBack: { repositories: 0, tags: 0 } });
  return { counts, findings, listings, heldBack: null, exitCode };
}

/**
 * Throws a `RunError` when the snapshot is not the one any more that the shard went by, or hides other names. The run that
 * replaced it left this shard alone, as it was at work: all that it has may hold what is hidden now.
 */
async function throwIfReplaced(whole: SnapshotStore, before: SnapshotIndex | null, own: ShardStore): Promise<void> {
  const now = await whole.readIndex();
  if (isSameRun(toShardBase(before), toShardBase(now)) && before?.shownPatterns === now?.shownPatterns) return;
  await own.forget();
  throw new RunError(
    'LOCKED',
    'another run replaced the snapshot that this shard goes by',
    'Run it again. Let `merge` wait for the shards, and the shards for `merge`.',
  );
}
