/** One run from end to end: lock, crawl, build, publish, report, and the exit code that says how it went. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toInstant } from '../catalogue/dates.ts';
import { type CrawlSource, closeSources } from '../crawl/crawl-source.ts';
import { findUnreadable } from '../publish/find-unreadable.ts';
import type { Settings } from '../settings/settings.ts';
import { removeTemporaryFiles } from '../snapshot/durable-write.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import { toSiteSettings } from '../view/site.ts';
import { createBuildAhead } from './build-ahead.ts';
import type { BuildResult } from './build-result.ts';
import type { CrawlRunResult } from './conclude-look.ts';
import { countTags } from './count-tags.ts';
import { runCrawl } from './crawl-run.ts';
import { type CrawlRunOptions, toRevalidationRules } from './crawl-run-options.ts';
import type { EventLog } from './event-log.ts';
import { exitCodes } from './exit-code.ts';
import { forgetCaches } from './forget-caches.ts';
import { forgetUnnamedBlobs } from './forget-unnamed-blobs.ts';
import { hideNames } from './hide-names.ts';
import { logFindings } from './log-findings.ts';
import type { MergeResult } from './merge-run.ts';
import { openRunSources } from './open-sources.ts';
import { noOutlines, type Outlines, openOutlines } from './outlines.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import type { Progress } from './progress.ts';
import { readSiteExtras } from './read-site-extras.ts';
import { describeError, type Report, toReport, wasMergedBefore, writeReport } from './report.ts';
import { noSnapshot } from './require-index.ts';
import { isUnanswered, RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';
import { forgetOtherShards, putShardsAway } from './shard-folders.ts';
import { createShownNames } from './shown-names.ts';
import type { ListingState } from './source-verdicts.ts';
import { createStopwatch } from './stopwatch.ts';
import { createSideProcess, isWorthStaying } from './work-process.ts';

export interface RunContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  readonly log: EventLog;
  readonly progress: Progress;
  /** Aborted when the operator stops the run. */
  readonly cancel: AbortSignal;
}

export interface RefreshOptions {
  readonly steps: { readonly crawl: boolean; readonly build: boolean };
  /** Joins shards in the place of a crawl: those in these folders, or where none is named those of the state folder. */
  readonly merge?: readonly string[];
  readonly acceptRemovals: boolean;
  /** Told of the run's end, well or not, once there is a report. */
  readonly onReport?: (report: Report) => void;
}

/**
 * Runs the steps asked for. Resolves to the report, whose `exitCode` is complete, incomplete or held back; rejects with what
 * stopped the run, after a report of that was written where one could be.
 */
export async function runRefresh(settings: Settings, options: RefreshOptions, context: RunContext): Promise<Report> {
  const { clock, log } = context;
  const startedAt = clock();
  const command = nameCommand(options);
  // Before anything is asked of a registry: a crawl whose build then fails is work for nothing.
  const extras = options.steps.build ? await readSiteExtras(settings) : null;
  if (extras?.remark) log.write('warning', 'overlay-useless', extras.remark);
  throwIfNothingIsThere(settings.stateDir, options);
  const lock = await takeRunLock(settings.stateDir);
  const side = createSideProcess();
  const ahead = createBuildAhead(settings);
  let sources: readonly CrawlSource[] = [];
  let listings: readonly ListingState[] = [];
  let crawl: CrawlRunResult | null = null;
  let merged: MergeResult | null = null;
  const { durationsMs, measure } = createStopwatch();
  let build: BuildResult | null = null;
  let outlines: Outlines = noOutlines;
  let keeping: Promise<void> | null = null;
  const keepOutlines = () => {
    if (crawl !== null) keeping ??= writeOutlines(outlines, crawl.index, log);
    return keeping;
  };
  const report = (exitCode: number, error: Parameters<typeof toReport>[0]['error']) =>
    toReport({
      ...{ command, startedAt, finishedAt: clock(), exitCode, listings, crawl, build, durationsMs, error },
      sources: merged?.sources ?? sources,
      shards: merged?.shards ?? null,
    });
  try {
    for (const folder of ['', 'cache', 'cache/cleanup', 'cache/inventories', 'cache/search']) {
      await removeTemporaryFiles(join(settings.stateDir, folder));
    }
    if (options.steps.crawl) {
      sources = await openRunSources(settings, context);
    }
    const store = createSnapshotStore(settings.stateDir);
    const shown = createShownNames(settings);
    const cacheDir = join(settings.stateDir, 'cache');
    const forgetSeen = () => forgetOtherShards(settings);
    const forget = { seen: forgetSeen, made: () => forgetCaches(cacheDir) };
    const { names: gone, hasChanged } = await hideNames(store, shown, forget);
    if (hasChanged) await forgetUnnamedBlobs(settings, store);
    const forgetHiddenAndThrow = async (error: unknown): Promise<never> => {
      if (extras !== null && isUnanswered(error)) {
        const { forgetHiddenNames } = await import('./build-run.ts');
        build = await forgetHiddenNames(settings, store, { ...context, side, ahead, index: null }, extras, gone);
      }
      throw error;
    };
    if (options.steps.crawl) {
      await forgetSeen();
      const moment = AbortSignal.timeout(Math.ceil(settings.deadlineMinutes * 60_000));
      const { stateDir, movingTags } = settings;
      const programFingerprint = await readProgramFingerprint();
      outlines = await openOutlines({ stateDir, store, shown, movingTags, programFingerprint });
      const crawlOptions: CrawlRunOptions = {
        sources,
        store,
        outlines,
        now: toInstant(startedAt),
        registry: settings.publicHost,
        ...shown,
        publishEnvironment: settings.publishEnvironment,
        movingTags,
        revalidate: toRevalidationRules(settings),
        confirmRuns: settings.confirmRuns,
        acceptRemovals: options.acceptRemovals,
        deadline: moment,
        cancel: context.cancel,
        onListed: (listed) => {
          listings = listed;
        },
        onProgress: (done, total) => context.progress.show('Reading repositories', done, total),
        // What the build will do in it need not wait for its start.
        onFirstChange: (previous) => {
          if (extras === null || !isWorthStaying(countTags(previous?.repositories ?? []))) return;
          const siteSettings = toSiteSettings(settings, extras.extras);
          side.begin({ stateDir, movingTags, programFingerprint, siteSettings });
          ahead.begin(extras);
        },
      };
      crawl = await measure('crawl', () => runCrawl(crawlOptions)).catch(forgetHiddenAndThrow);
      // They went by a snapshot that is no more, and may hold what this crawl found that nobody may read.
      await putShardsAway(stateDir, []);
    }
    if (options.merge !== undefined) {
      const { runMerge } = await import('./merge-run.ts');
      const { acceptRemovals, merge: folders } = options;
      const merging = { settings, store, shown, folders, acceptRemovals, cancel: context.cancel };
      merged = await measure('merge', () => runMerge(merging)).catch(forgetHiddenAndThrow);
      crawl = merged.crawl;
    }
    if (crawl !== null) {
      if (crawl.index.hiddenNamesChanged) await forgetUnnamedBlobs(settings, store);
      context.progress.clear();
      logFindings(crawl.findings, log);
    }
    if (extras !== null) {
      const { runBuild } = await import('./build-run.ts');
      const hiddenNames = new Set([...gone, ...(crawl?.hiddenNames ?? [])]);
      const building = { ...context, side, ahead, index: crawl?.index ?? null, onBegun: keepOutlines };
      build = await measure('build', () => runBuild(settings, store, building, extras, hiddenNames));
      await warnIfUnreadable(settings.siteDir, log);
    }
    await keepOutlines();
    const finished = report(pickExitCode(merged ?? crawl, build), null);
    await writeReport(settings.stateDir, finished);
    options.onReport?.(finished);
    return finished;
  } catch (error) {
    const { exitCode, error: described } = describeError(error);
    const failed = report(exitCode, described);
    await writeReport(settings.stateDir, failed).catch(() => undefined);
    options.onReport?.(failed);
    throw error;
  } finally {
    context.progress.clear();
    await closeSources(sources);
    await keepOutlines();
    // What it is at work on is ours only while we have the lock.
    await Promise.all([ahead, side].map((each) => each[Symbol.asyncDispose]()));
    lock.release();
  }
}

/** The one line that says what a run did. */
export function formatClosingLine(report: Report): string {
  const { repositories, tags, sources, build, durationMs } = report;
  const parts: string[] = [];
  if (report.shards !== undefined) {
    const { joined, count } = report.shards;
    parts.push(`${joined.length} of ${count} shards${wasMergedBefore(report) ? ', merged before' : ''}`);
  }
  if (repositories !== null && tags !== null) {
    const { unchanged, changed, new: added, stale, unread, withheld, excluded, removed, empty, seen } = repositories;
    const details = Object.entries({
      unchanged,
      changed,
      new: added,
      empty,
      stale,
      unread,
      withheld,
      excluded,
      removed,
    })
      .filter(([, count]) => count > 0)
      .map(([word, count]) => `${count} ${word}`);
    parts.push(`${seen} repositories (${details.join(', ') || 'none'})`, `${tags.seen} tags`);
    const requests = sources.reduce((sum, source) => sum + source.requests.total, 0);
    const retries = sources.reduce((sum, source) => sum + source.retries, 0);
    parts.push(`${requests} requests${retries > 0 ? ` (${retries} retries)` : ''}`);
  }
  if (build !== null) parts.push(build.kind === 'stamped' ? 'site unchanged' : `${build.pages} pages written`);
  parts.push(`${(durationMs / 1000).toFixed(1)} s`);
  return parts.join(', ');
}

/**
 * A build, and a merge of the shards that the state folder has, make nothing of a folder that is not there: to take its lock would
 * make it, and one that was named wrongly would then look like one of ours.
 */
function throwIfNothingIsThere(stateDir: string, { steps, merge }: RefreshOptions): void {
  if (steps.crawl || (merge !== undefined && merge.length > 0) || existsSync(stateDir)) return;
  if (merge === undefined) throw noSnapshot(stateDir);
  const hint = 'Crawl the shards first, or name the folder that they were crawled with by --state-dir.';
  throw new RunError('NO_SHARD', `no shard can be joined: there are none, nor a folder ${stateDir}`, hint);
}

/** What is not kept costs time, and a site may have been published meanwhile: it never rejects. */
async function writeOutlines(outlines: Outlines, { repositories }: SnapshotIndex, log: EventLog): Promise<void> {
  try {
    await outlines.write(repositories);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    log.write('warning', 'outlines-not-kept', `${problem}; the next run reads every repository of the snapshot`);
  }
}

async function warnIfUnreadable(siteDir: string, log: EventLog): Promise<void> {
  const path = await findUnreadable(siteDir);
  if (path === null) return;
  const problem = `only its owner may read ${path}: a web server that runs as another user answers 403`;
  log.write('warning', 'site-unreadable', `${problem}. Run with umask 022, and once: chmod -R a+rX ${siteDir}`, {
    path,
  });
}

function nameCommand({ steps, merge }: RefreshOptions): string {
  if (merge !== undefined) return 'merge';
  return steps.crawl ? (steps.build ? 'refresh' : 'crawl') : 'build';
}

function pickExitCode(crawl: Pick<CrawlRunResult, 'exitCode'> | null, build: BuildResult | null): number {
  if (crawl !== null && crawl.exitCode !== exitCodes.complete) return crawl.exitCode;
  return build !== null && !build.complete ? exitCodes.incomplete : exitCodes.complete;
}
