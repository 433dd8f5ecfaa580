/** A new release, of which only what changed is rendered and written. The rest is linked from the one that stands. */
import { join } from 'node:path';
import { carryAssets } from '../publish/carry-assets.ts';
import { compressSite } from '../publish/compress-site.ts';
import type { Release, ReleaseStore } from '../publish/release-store.ts';
import { toRulesFingerprint } from '../publish/site-rules.ts';
import type { Settings } from '../settings/settings.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { BuildContext, BuildResult } from './build-result.ts';
import { countSnapshot, prepareCheck } from './check-staged.ts';
import { openBatches } from './page-batches.ts';
import { writePageKeys } from './page-keys.ts';
import { prepareRenderer } from './prepare-renderer.ts';
import { toModuleFile } from './program-version.ts';
import type { ReadExtras } from './read-site-extras.ts';
import { RunError } from './run-error.ts';
import { listLooseFiles, listPagesToMake, outlineSite, planSite } from './site-plan.ts';
import {
  checkStanding,
  DamagedReleaseError,
  linkLists,
  linkStanding,
  makeChanged,
  openStage,
  prepareStage,
  toRenderPlan,
} from './stage-site.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { StockTaking } from './take-stock.ts';
import { workTogether } from './work-together.ts';

/**
 * From so many files on, giving each a name in every release, looking at it there and taking that name away again would take the
 * better part of a second of an hour in which few images changed.
 * A site that shares folders goes on with it when it has become a little smaller: to change over is to link everything anew.
 */
const leastShared = { toBegin: 5000, toGoOn: 4000 } as const;

export interface ReleaseInput extends Omit<BuildContext, 'ahead' | 'index'> {
  readonly settings: Settings;
  readonly index: SnapshotIndex;
  readonly inputs: BuildInputs;
  readonly stock: StockTaking;
  readonly logoBytes: ReadExtras['logoBytes'];
  readonly hiddenNames: ReadonlySet<string>;
  readonly releases: ReleaseStore;
  /** The release that stands, or null where there is none. */
  readonly before: Release | null;
  /** Whether it is known to lack files that it should have. */
  readonly isBeforeDamaged: boolean;
}

type BuiltRelease = Omit<BuildResult, 'complete' | 'blobs' | 'durationsMs'>;

/**
 * Builds it, checks it and publishes it. Where files of the release before were damaged, what is linked from it is too: then
 * everything is made anew, once. Throws a `RunError` when it is not fit to be published, or the run is stopped.
 */
export async function buildRelease(input: ReleaseInput, stopwatch: Stopwatch): Promise<BuiltRelease> {
  const { before, isBeforeDamaged, releases, cancel, log } = input;
  try {
    return await buildOnce(input, stopwatch);
  } catch (error) {
    if (cancel.aborted) {
      const hint = 'Nothing was published; the old site stands.';
      throw new RunError('CANCELLED', 'the run was stopped', hint, { cause: error });
    }
    if (before === null || isBeforeDamaged || !mayBeDamage(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    log.write('warning', 'release-damaged', `${message}; without what ${before.folder} has, everything is made anew`);
    // What was made would take as much room once more.
    await releases.repair();
    return await buildOnce({ ...input, isBeforeDamaged: true }, stopwatch);
  }
}

/** A page that is cut off fails the last look, or has no place for the stamp. */
function mayBeDamage(error: unknown): boolean {
  const isInvalid = error instanceof RunError && error.code === 'SITE_INVALID';
  return isInvalid || error instanceof TypeError || error instanceof DamagedReleaseError;
}

async function buildOnce(input: ReleaseInput, stopwatch: Stopwatch): Promise<BuiltRelease> {
  const { settings, index, inputs, side, logoBytes, hiddenNames, releases, before, cancel, progress, log } = input;
  const { fingerprint, catalogue, shared, hidden, site, measured } = inputs;
  const sound = input.isBeforeDamaged ? null : before;
  const { stateDir, keepReleases, shareFolders } = settings;
  const { measure } = stopwatch;
  const cacheDir = join(stateDir, 'cache');
  const renderer = await measure('prepare', () => prepareRenderer({ base: settings.base, cacheDir, signal: cancel }));
  const takeAll = () => measure('take-stock', () => input.stock.take());
  // Another program may render and compress in another way, and the same content has the same bytes everywhere.
  const known = sound?.record.fingerprint === fingerprint ? sound : null;
  const rules = {
    base: settings.base,
    hiddenNames,
    shownNames: new Set<string>(measured.map(({ summary }) => summary.name)),
  };
  const rulesFingerprint = toRulesFingerprint(rules);
  // Other sites may be built from the same snapshot.
  const keysFile = join(cacheDir, `pages-${fingerprintOf(settings.siteDir).slice(0, 8)}.bin`);
  const toReleaseKey = ({ id, record }: Pick<Release, 'id' | 'record'>) =>
    fingerprintOf([id, record.catalogue, record.hiddenNames, fingerprint, rulesFingerprint]);
  const keys = known === null ? null : { file: keysFile, release: toReleaseKey(known) };
  const outlineAll = async () => {
    const layers = inputs.tallyLayers();
    const outline = outlineSite(measured, inputs.days, layers, site);
    // Where everything is made anew there are so many pages that others render them.
    if (known === null) return { outline, opened: null };
    const { listed, selectionsOf } = outline;
    const atHand = { site, measured, listed, selectionsOf, days: inputs.days, layerCounts: layers.countOf };
    const start = { entry: renderer.entry, plan: toRenderPlan(inputs, stateDir), keys };
    return { outline, opened: openBatches(start, atHand) };
  };
  // Before one of them is made over: its readers may have a page open.
  const kept = (await releases.list()).filter(({ record }) => record.hiddenNames === hidden);
  const prepareFolders = (signal: AbortSignal) =>
    prepareStage(known, releases, { keep: keepReleases, hidden, signal, log, side });
  const leastByDefault = before?.record.sealed.length ? leastShared.toGoOn : leastShared.toBegin;
  const leastFiles = shareFolders === undefined ? leastByDefault : shareFolders ? 0 : Number.POSITIVE_INFINITY;
  const sealedSince = input.isBeforeDamaged ? index.checkedAt : (before?.record.sealedSince ?? '');
  const means = JSON.stringify([rulesFingerprint, hidden, sealedSince]);
  const planAll = async (signal: AbortSignal) => {
    const [stock, { outline, opened }] = await workTogether([takeAll, outlineAll], signal);
    const plan = planSite(outline, stock, fingerprint, { means, leastFiles }, sound?.record ?? null);
    return { stock, opened, plan };
  };
  const [{ stock, opened, plan }, prepared] = await workTogether([planAll, prepareFolders], cancel);
  const madeFolder = join(cacheDir, 'made');
  const stage = await openStage(plan, sound, releases, prepared);
  const { staged } = stage;
  const folders = plan.parts.flatMap((part) => part.folders);
  const linking = measure('link', async () => (sound === null ? null : linkStanding(stage, sound, releases)));
  // Whoever waits for it is told.
  linking.catch(() => undefined);
  const prepareLook = async (laterFiles: readonly string[]) => {
    const standing = (await linking)?.folders;
    const expectations = {
      ...{ ...rules, laterFiles },
      expectedFiles: { [Symbol.iterator]: () => listLooseFiles(plan) },
      folders: folders.map((folder) => ({ ...folder, isStanding: standing?.has(folder) === true })),
      fileCount: plan.parts.reduce((sum, { fileCount }) => sum + fileCount, plan.keyed.length),
      counts: countSnapshot(index, inputs.totals),
    };
    return { laterFiles, check: await prepareCheck(expectations, { stateDir, side }) };
  };
  const pages = listPagesToMake(plan);
  const make = (signal: AbortSignal) =>
    makeChanged(
      {
        ...{
          inputs,
          stateDir,
          plan,
          pages,
          stock,
          side,
          logoBytes,
          renderer,
          staged,
          finishing: { rules, madeFolder },
        },
        before: sound?.folder,
        opened,
        keys,
        signal,
        log,
        onRendered: (done, total) => progress.show('Rendering pages', done, total),
        whenRendered: prepareLook,
      },
      stopwatch,
    );
  const [{ rendered, prepared: look }, linked] = await workTogether([make, () => linking], cancel);

  const assets = carryAssets(staged, kept, keepReleases);
  const looked = Promise.withResolvers<void>();
  const lookAll = async (signal: AbortSignal) => {
    const looking = measure('validate', () => look.check.run(staged, madeFolder, { signal, log }));
    looking.then(() => looked.resolve(), looked.reject);
    return looking;
  };
  const compress = async (signal: AbortSignal) => {
    // The last look replaces names that may not be shown.
    if (hiddenNames.size > 0) await looked.promise;
    const processFile = toModuleFile('src/publish/compress-process');
    const mayWrite = looked.promise;
    return measure('compress', () => compressSite(staged, known?.folder ?? null, { signal, processFile, mayWrite }));
  };
  const { laterFiles } = look;
  const writeLater = (signal: AbortSignal) => measure('list', () => stock.writeLists(laterFiles, signal));
  const lookAtStanding = (signal: AbortSignal) => checkStanding(stage, releases, index.runs, signal);
  const [check, { compressed }] = await workTogether([lookAll, compress, writeLater, lookAtStanding], cancel);
  await linkLists({ stock, staged }, laterFiles);
  cancel.throwIfAborted();
  const record = {
    ...{ fingerprint, shared, catalogue, sealedSince },
    assets: [...assets],
    hiddenNames: hidden,
    repositories: { ...plan.repositories },
    pages: Object.fromEntries(plan.keyed.map(({ file, key }) => [file, key])),
    sealed: folders.map(({ id }) => id),
  };
  const toSeal = folders.filter((folder) => linked?.folders.has(folder) !== true);
  // Nobody is shown it: a stop that comes now, or a disk that is full, undoes nothing of what readers see.
  const keeping = stock.keep().finally(() => side.end());
  const release = await measure('publish', () => releases.publish(staged, record, index.checkedAt, toSeal));
  await check.remember();
  await writePageKeys(keysFile, toReleaseKey(release), keys, rendered.keys);
  await measure('prune', () => releases.prune(keepReleases, hidden));
  await keeping;
  progress.clear();
  return {
    kind: 'published',
    release: release.id,
    pages: rendered.rendered,
    linkedFiles: (linked?.files ?? 0) + pages.length - rendered.written,
    checkedFiles: check.filesChecked,
    compressedFiles: compressed,
  };
}
