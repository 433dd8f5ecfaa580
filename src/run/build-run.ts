/**
 * From a snapshot to a published site. Only what changed is rendered and written; the rest is linked from the release that
 * stands. An hour in which nothing changed replaces the three files that carry the hour.
 */
import { createReleaseStore } from '../publish/release-store.ts';
import { stampRelease } from '../publish/stamp-release.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { describeSite, readBuildInputs, toHiddenFingerprint } from './build-inputs.ts';
import type { BuildContext, BuildResult } from './build-result.ts';
import { isSameCatalogue } from './catalogue-key.ts';
import { findLostFiles, withoutLost } from './find-lost-files.ts';
import { countBlobs } from './read-integrity.ts';
import type { ReadExtras } from './read-site-extras.ts';
import { requireIndex } from './require-index.ts';
import { takeRunLock } from './run-lock.ts';
import { createStopwatch } from './stopwatch.ts';
import { createStockTaking, toStockOrders } from './take-stock.ts';

/**
 * Builds and publishes. `hiddenNames` are looked for in every file. When other names are hidden than in the release before,
 * that release and all older ones go as soon as the new one stands, for they may name what is now hidden.
 *
 * Throws a `RunError` where there is no snapshot, or when the built site is not fit to be published.
 */
export async function runBuild(
  settings: Settings,
  store: SnapshotStore,
  context: BuildContext,
  read: ReadExtras,
  hiddenNames: ReadonlySet<string> = new Set(),
): Promise<BuildResult> {
  const index = context.index ?? (await requireIndex(store, settings.stateDir));
  // Another state folder's run may publish here: each would take what the other builds for what a killed run left.
  const lock = await takeRunLock(settings.siteDir, '.lock');
  try {
    return await buildAndPublish(settings, store, index, context, read, hiddenNames);
  } finally {
    lock.release();
  }
}

async function buildAndPublish(
  settings: Settings,
  store: SnapshotStore,
  index: SnapshotIndex,
  { side, ahead, onBegun, cancel, progress, log }: BuildContext,
  { extras, logoBytes }: ReadExtras,
  hiddenNames: ReadonlySet<string>,
): Promise<BuildResult> {
  const { keepReleases } = settings;
  const stopwatch = createStopwatch();
  const { durationsMs, measure } = stopwatch;
  const releases = createReleaseStore(settings.siteDir);
  const standing = await releases.readCurrent();
  const described = await describeSite(settings, extras);
  // It waits for nothing that is read here, and in an hour in which few images changed it takes longest.
  const isSureToBeTaken = standing?.record.fingerprint === described.fingerprint && index.changedAt === index.checkedAt;
  await using stock = createStockTaking(toStockOrders(settings, index, described), { signal: cancel, log, side });
  if (isSureToBeTaken) await stock.begin();
  onBegun?.();
  await releases.repair();
  const before = await releases.readCurrent();
  const process = { signal: cancel, log };
  const inputs = await readBuildInputs(settings, store, index, described, process, ahead, stopwatch);
  const { fingerprint, catalogue, shared, hidden, site, status } = inputs;
  const { complete } = status;
  const said = { complete, blobs: countBlobs(status.integrity), durationsMs };

  const mustForget = before !== null && before.record.hiddenNames !== hidden;
  const isUnchanged = before !== null && isSameCatalogue(catalogue, fingerprint, before.record);
  let isDamaged = false;
  let sound = before;
  if (before !== null && isUnchanged && before.record.shared === shared && !mustForget) {
    // First, for to make what was lost may take longer than this run is given.
    isDamaged = !(await measure('stamp', () => stampRelease(before, status, site)));
    const lost = await measure('look', async () => findLostFiles(before, inputs.measured, site, index.runs));
    for (const { name, file } of lost) {
      log.write('warning', 'release-damaged', `${before.folder} lacks ${file}; ${name} is made anew`);
    }
    if (lost.length > 0) sound = withoutLost(before, lost);
    else if (!isDamaged) {
      await measure('prune', () => releases.prune(keepReleases, hidden));
      const nothing = { pages: 0, linkedFiles: 0, checkedFiles: 0, compressedFiles: 0 };
      return { kind: 'stamped', release: before.id, ...nothing, ...said };
    }
  }

  // Most hours publish nothing, and need none of what it takes.
  const { buildRelease } = await import('./build-release.ts');
  const options = { settings, index, inputs, stock, side, logoBytes, hiddenNames, releases, before: sound };
  const built = await buildRelease({ ...options, isBeforeDamaged: isDamaged, cancel, progress, log }, stopwatch);
  return { ...built, ...said };
}

/**
 * Publishes anew where the site may still name what settings newly hide. For an hour in which no source answered: otherwise
 * the old site stands, and null is what it resolves to.
 */
export async function forgetHiddenNames(
  settings: Settings,
  store: SnapshotStore,
  context: BuildContext,
  read: ReadExtras,
  hiddenNames: ReadonlySet<string>,
): Promise<BuildResult | null> {
  const before = await createReleaseStore(settings.siteDir).readCurrent();
  const index = await store.readIndex();
  if (before === null || index === null || before.record.hiddenNames === toHiddenFingerprint(index)) return null;
  return runBuild(settings, store, context, read, hiddenNames);
}
