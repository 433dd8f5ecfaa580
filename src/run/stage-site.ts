/** A staged site: what stands is linked from the release before, and the rest is rendered and written. */
import { rmSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { listCatalogueFiles } from '../api/list-api-files.ts';
import { listStampedFiles } from '../api/stamp.ts';
import { hasTurn } from '../crawl/spread.ts';
import { clearRelease } from '../publish/clear-release.ts';
import { isWorthTwins } from '../publish/compress-files.ts';
import { type Finishing, noteFinished } from '../publish/finish-files.ts';
import { linkFiles } from '../publish/link-file.ts';
import type { MadeOver, Release, ReleaseStore } from '../publish/release-store.ts';
import type { SealedFolder } from '../publish/sealed-folders.ts';
import { writeFiles } from '../publish/write-files.ts';
import type { PageSequence } from '../view/page-list.ts';
import type { RenderPlan } from '../view/render-plan.ts';
import type { BuildInputs } from './build-inputs.ts';
import { measureLists } from './cleanup-lists.ts';
import type { EventLog } from './event-log.ts';
import type { OpenedRenderer, RenderedBatch, RenderStart } from './page-batches.ts';
import type { Renderer } from './prepare-renderer.ts';
import { pagesWorthAProcess, renderPages } from './render-pages.ts';
import { listStanding, type SitePlan } from './site-plan.ts';
import { toSiteFolder, toStockFolder, toViewsFile } from './stock-files.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { StockInHand } from './take-stock.ts';
import { mostTagsBeside, type ProcessOptions, type SideProcess, workInProcess } from './work-process.ts';
import { workTogether } from './work-together.ts';
import { type PartsOrders, writeParts } from './write-parts.ts';

export interface Linked {
  readonly files: number;
  /** Those that the staged site now shows as they are kept. */
  readonly folders: ReadonlySet<SealedFolder>;
}

/** The release before lacks files that it should have. */
export class DamagedReleaseError extends Error {}

/** A folder to build in, and what the release before has of the site. */
export interface Stage {
  readonly staged: string;
  /** Folders as they are kept. */
  readonly folders: readonly SealedFolder[];
  /** Those of them that are shown already. */
  readonly shown: ReadonlySet<SealedFolder>;
  /** Relative to the site. */
  readonly files: readonly string[];
}

export interface SpareOptions extends ProcessOptions {
  readonly keep: number;
  readonly hidden: string | null;
}

/** What is known of the folders before it is known what the site consists of. */
export interface PreparedStage {
  /** The release that goes, made over into a folder to build in; null where none goes, or none that shares folders. */
  readonly over: MadeOver | null;
  /** Of the folders that are kept. */
  readonly ids: ReadonlySet<string>;
}

export async function prepareStage(
  before: Release | null,
  releases: ReleaseStore,
  options: SpareOptions,
): Promise<PreparedStage> {
  return { ids: releases.sealed.readIds(), over: await makeSpareOver(before, releases, options) };
}

async function makeSpareOver(
  before: Release | null,
  releases: ReleaseStore,
  { keep, hidden, ...options }: SpareOptions,
): Promise<MadeOver | null> {
  if (before === null || before.record.sealed.length === 0) return null;
  const spare = await releases.findSpare(keep, hidden);
  // Readers may be shown another one since this run looked.
  if (spare === null || spare.id === before.id || spare.record.sealed.length === 0) return null;
  // What is stopped leaves the releases as they are.
  options.signal.throwIfAborted();
  const clearHere = async (staged: string) => clearRelease(staged);
  // A process that is there does it as soon as it has taken stock; another is not worth its start.
  return releases.makeOver(spare, (staged) =>
    options.side?.find() ? workInProcess('clear-release', clearHere, staged, options) : clearHere(staged),
  );
}

/** Makes the folder to build in, or takes what was made over. Without a release to rely on all of it is to be made. */
export async function openStage(
  plan: SitePlan,
  before: Release | null,
  { sealed, stage }: ReleaseStore,
  { over, ids }: PreparedStage,
): Promise<Stage> {
  const nothing = { folders: [], shown: new Set<SealedFolder>(), files: [] };
  if (before === null) return { staged: await stage(), ...nothing };
  const standing = listStanding(plan);
  const folders = standing.folders.filter(({ id }) => ids.has(id));
  const kept = new Set(folders);
  const others = standing.folders.flatMap((each) => (kept.has(each) ? [] : each.listFiles()));
  const files = [...others, ...standing.files];
  if (over === null) return { staged: await stage(), folders, shown: new Set(), files };
  return { staged: over.staged, folders, shown: sealed.leaveOnly(over.staged, over.links, folders), files };
}

/** Links what did not change. Rejects with a `DamagedReleaseError` where the release before lacks some of it. */
export async function linkStanding(
  { staged, folders, shown, files }: Stage,
  before: Release,
  { sealed }: Pick<ReleaseStore, 'sealed'>,
): Promise<Linked> {
  await sealed.link(
    staged,
    folders.filter((each) => !shown.has(each)),
  );
  if (!linkFiles(files, before.folder, staged)) {
    throw new DamagedReleaseError('a file that it should have is not there');
  }
  const linked = folders.reduce((sum, each) => sum + each.fileCount, files.length);
  return { files: linked, folders: new Set(folders) };
}

/** After so many others have their turn. */
const foldersAtOnce = 20;

/**
 * Looks for the files of linked folders, of a few in each run: of all of them within a day of hourly changes. Rejects with a
 * `DamagedReleaseError` where one is not there, and with the signal's reason when it is stopped. `run` counts runs.
 */
export async function checkStanding(
  { folders }: Stage,
  { sealed }: Pick<ReleaseStore, 'sealed'>,
  run: number,
  signal: AbortSignal,
): Promise<void> {
  const due = folders.filter(({ folder }) => hasTurn(folder, run));
  for (const [at, each] of due.entries()) {
    if (at % foldersAtOnce === 0) await setImmediate();
    signal.throwIfAborted();
    if (!sealed.isWhole(each)) throw new DamagedReleaseError('a folder lacks files that it should have');
  }
}

export interface StageOptions {
  readonly inputs: BuildInputs;
  readonly stateDir: string;
  readonly plan: SitePlan;
  readonly pages: PageSequence;
  readonly stock: StockInHand;
  readonly side: SideProcess;
  readonly logoBytes: Uint8Array | null;
  readonly renderer: Renderer;
  readonly staged: string;
  /** How its files are finished. */
  readonly finishing: Finishing;
  /** The release before, if its files can be linked. */
  readonly before: string | undefined;
  /** The renderer, where it was opened ahead. */
  readonly opened: OpenedRenderer | null;
  /** What stands for the bytes of its pages. */
  readonly keys: RenderStart['keys'];
  readonly signal: AbortSignal;
  readonly log: EventLog;
  readonly onRendered: (done: number, total: number) => void;
}

export interface MakeOptions<Prepared> extends StageOptions {
  /** Prepares what comes next, when all is rendered and others may still be writing. `later` are the files that come later. */
  readonly whenRendered: (later: readonly string[]) => Promise<Prepared>;
}

/**
 * Renders and writes whatever is not linked, side by side: the first pages are rendered while the rest is written, and then
 * all processors render. Resolves to what came of the pages, and to what was prepared meanwhile.
 */
export async function makeChanged<Prepared>(
  options: MakeOptions<Prepared>,
  { measure }: Stopwatch,
): Promise<{ readonly rendered: RenderedBatch; readonly prepared: Prepared }> {
  const { inputs, finishing, signal } = options;
  // What a killed run found is of no use.
  rmSync(finishing.madeFolder, { recursive: true, force: true });
  const written = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const hasRoom = inputs.totals.tags <= mostTagsBeside;
  const render = async (either: AbortSignal) => {
    if (!hasRoom) await written.promise;
    // Pages that are rendered here would hold up what another process is told.
    else if (options.opened !== null) await told.promise;
    const rendered = await measure('render', () => renderChanged({ ...options, signal: either }, freeOthers));
    return { rendered, prepared: await options.whenRendered(await listLater(options)) };
  };
  const freeOthers = async () => {
    await written.promise;
    if (options.opened !== null) await endSide(options);
  };
  const writeAll = async (either: AbortSignal) => {
    try {
      await measure('write', () => writeChanged({ ...options, signal: either }, told));
    } finally {
      told.resolve();
      written.resolve();
    }
  };
  const [made] = await workTogether([render, writeAll], signal);
  await writeStamp(options);
  return made;
}

/** What the pages are made from, which is known before taking stock has left its part of it. */
export function toRenderPlan(inputs: BuildInputs, stateDir: string): RenderPlan {
  const { siteSettings, summariesFile, totals, faults } = inputs;
  const wholeFile = toViewsFile(toStockFolder(stateDir));
  return { stateDir, summariesFile, wholeFile, settings: siteSettings, counts: totals, faults };
}

function renderChanged(options: StageOptions, freeOthers: () => Promise<void>): Promise<RenderedBatch> {
  const { inputs, stateDir, pages, renderer, staged, finishing, before, opened, keys, signal, onRendered } = options;
  return renderPages({
    plan: toRenderPlan(inputs, stateDir),
    pages,
    outDir: staged,
    finishing,
    before,
    opened,
    keys,
    cacheDir: join(stateDir, 'cache'),
    renderer,
    signal,
    freeOthers,
    onProgress: onRendered,
  });
}

/**
 * The lists of the clean-up that have no twins: those that take longest to write, and very short ones. Nobody need look into them,
 * so that they may be written while the rest is looked at; where names may not be shown these are looked for in all that there is.
 */
async function listLater({ stock, finishing }: Pick<StageOptions, 'stock' | 'finishing'>): Promise<readonly string[]> {
  const { lists } = await stock.finish();
  if (lists === null || finishing.rules.hiddenNames.size > 0) return [];
  return measureLists(lists).flatMap(({ path, sizeBytes }) => (isWorthTwins(path, sizeBytes) ? [] : [path]));
}

/**
 * Makes the staged site show lists of the clean-up that were written. Nobody looks at them afterwards: rejects with a `TypeError` where
 * one is not there, or not as long as it was said to be.
 */
export async function linkLists(
  { stock, staged }: Pick<StageOptions, 'stock' | 'staged'>,
  paths: readonly string[],
): Promise<void> {
  const { lists } = await stock.finish();
  const sizes = new Map((lists === null ? [] : measureLists(lists)).map(({ path, sizeBytes }) => [path, sizeBytes]));
  const folder = toSiteFolder(stock.folder);
  const sizeOf = (path: string) => statSync(join(folder, path), { throwIfNoEntry: false })?.size;
  const isWritten = paths.every((path) => sizes.has(path) && sizeOf(path) === sizes.get(path));
  if (!isWritten || !linkFiles(paths, folder, staged)) throw new TypeError('a list of the clean-up was not written');
}

/** Ends the process beside the run for its memory, with which goes what it would have kept later. */
async function endSide({ stock, side }: Pick<StageOptions, 'stock' | 'side'>): Promise<void> {
  await stock.keep();
  await side.end();
}

/** `told` is resolved when another process knows what it has to write. */
async function writeChanged(options: StageOptions, told: PromiseWithResolvers<void>): Promise<void> {
  const { stock, staged, opened, pages, finishing, signal } = options;
  const { files, lists } = await stock.finish();
  // Where much is to be rendered its memory is worth more to those who do that than its start to what it would do.
  if (opened === null && pages.length > pagesWorthAProcess) await endSide(options);
  const writeOthers = async () => {
    await told.promise;
    await writeShared(options);
  };
  const writeAside = () =>
    writeParts(toPartsOrders(options), { ...options, onTold: told.resolve }).finally(told.resolve);
  await workTogether([writeAside, writeOthers]);
  linkFiles(files, toSiteFolder(stock.folder), staged);
  const later = new Set(await listLater(options));
  const listed = (lists?.parted ?? []).flatMap(({ path }) => (later.has(path) ? [] : [path]));
  await stock.writeLists(listed, signal);
  await linkLists(options, listed);
  // Names that may not be shown are looked for in them all the same.
  if (finishing.rules.hiddenNames.size === 0) noteFinished(staged, 'whole', listed, finishing);
}

/** To tell more of them from process to process takes longer than to read all. */
const mostSummariesTold = 500;

function toPartsOrders({ inputs, stateDir, plan, stock, staged, finishing, before }: StageOptions): PartsOrders {
  const { summariesFile, totals, programFingerprint, siteSettings, faults, origin } = inputs;
  const changed = new Set(plan.changed);
  return {
    ...{ stateDir, summariesFile, programFingerprint, siteSettings, faults, origin, staged, finishing, before },
    stockFolder: stock.folder,
    tagCount: totals.tags,
    summaries: changed.size > mostSummariesTold ? [] : plan.changed.map(({ measured }) => measured.summary),
    parts: plan.parts.map((part) => {
      const { summary, file } = part.measured;
      const { name, state } = summary;
      const isChanged = changed.has(part);
      const storage = isChanged ? (stock.shares.get(name)?.storage ?? null) : null;
      return { name, state, file, storage, isChanged };
    }),
  };
}

async function writeShared({ inputs, stock, logoBytes, staged }: StageOptions): Promise<void> {
  const { measured, days, origin, status, site, siteSettings } = inputs;
  const summaries = measured.map(({ summary }) => summary);
  await writeFiles(staged, listCatalogueFiles(summaries, days, origin, status, site, stock.hasCleanup));
  if (logoBytes !== null && siteSettings.logo !== undefined) {
    const file = join(staged, siteSettings.logo.address);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, logoBytes);
  }
}

async function writeStamp({ inputs: { status, site }, staged }: StageOptions): Promise<void> {
  await writeFiles(
    staged,
    listStampedFiles((path) => readFile(join(staged, path), 'utf8'), status, site),
  );
}
