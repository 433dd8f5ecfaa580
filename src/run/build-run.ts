/**
 * From a snapshot to a published site. Only what changed is rendered and written; the rest is linked from the release that
 * stands. An hour in which nothing changed replaces the three files that carry the hour.
 */
import { join } from 'node:path';
import { carryAssets, isHashed } from '../publish/carry-assets.ts';
import { compressSite } from '../publish/compress-site.ts';
import { listFiles } from '../publish/list-files.ts';
import type { ReleaseRecord } from '../publish/release-record.schema.ts';
import { createReleaseStore } from '../publish/release-store.ts';
import { stampRelease } from '../publish/stamp-release.ts';
import { toRulesFingerprint } from '../publish/validate-site.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { readBuildInputs, toHiddenFingerprint } from './build-inputs.ts';
import { checkStaged, countSnapshot } from './check-staged.ts';
import { prepareRenderer } from './prepare-renderer.ts';
import { type BlobCounts, countBlobs } from './read-integrity.ts';
import type { ReadExtras } from './read-site-extras.ts';
import type { RunContext } from './refresh.ts';
import { requireIndex } from './require-index.ts';
import { RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';
import { isSameCatalogue, planSite } from './site-plan.ts';
import { type Linked, linkStanding, makeChanged } from './stage-site.ts';
import { createStopwatch } from './stopwatch.ts';
import { takeStock } from './take-stock.ts';

/** From so many images on, linking each of their files takes longer than all the rest of an hour in which few changed. */
const leastShared = 2000;

type BuildContext = Pick<RunContext, 'cancel' | 'progress' | 'log'>;

export interface BuildResult {
  /** `stamped`: nothing had changed, so only the hour's files were replaced. */
  readonly kind: 'published' | 'stamped';
  readonly release: string;
  /** Pages that were rendered. */
  readonly pages: number;
  /** Files that were linked from the release before. */
  readonly linkedFiles: number;
  /** Files that were read to be checked; the others were checked in the release before. */
  readonly checkedFiles: number;
  readonly compressedFiles: number;
  /** Whether the snapshot says that it is whole and current. */
  readonly complete: boolean;
  /** What is known of blobs; null where they were never audited. */
  readonly blobs: BlobCounts | null;
  /** How long each step took. */
  readonly durationsMs: Readonly<Record<string, number>>;
}

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
  const index = await requireIndex(store, settings.stateDir);
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
  { cancel, progress, log }: BuildContext,
  { extras, logoBytes }: ReadExtras,
  hiddenNames: ReadonlySet<string>,
): Promise<BuildResult> {
  const { stateDir, keepReleases } = settings;
  const stopwatch = createStopwatch();
  const { durationsMs, measure } = stopwatch;
  const inputs = await readBuildInputs(settings, store, index, extras, log, stopwatch);
  const { fingerprint, catalogue, shared, hidden, site, status, measured } = inputs;
  const releases = createReleaseStore(settings.siteDir);
  await releases.repair();
  const before = await releases.readCurrent();
  const { complete } = status;
  const said = { complete, blobs: countBlobs(status.integrity), durationsMs };

  const mustForget = before !== null && before.record.hiddenNames !== hidden;
  const isUnchanged = before !== null && isSameCatalogue(catalogue, fingerprint, before.record);
  let isDamaged = false;
  if (before !== null && isUnchanged && before.record.shared === shared && !mustForget) {
    isDamaged = !(await measure('stamp', () => stampRelease(before, status, site)));
    if (!isDamaged) {
      await measure('prune', () => releases.prune(keepReleases, hidden));
      const nothing = { pages: 0, linkedFiles: 0, checkedFiles: 0, compressedFiles: 0 };
      return { kind: 'stamped', release: before.id, ...nothing, ...said };
    }
  }

  const cacheDir = join(stateDir, 'cache');
  // One after the other: each needs much memory for a moment.
  const renderer = await measure('prepare', () => prepareRenderer({ base: settings.base, cacheDir, signal: cancel }));
  const stock = await measure('take-stock', () => {
    const { programFingerprint, siteSettings, faults } = inputs;
    const { cleanup, movingTags, publicHost, alternateHosts } = settings;
    return takeStock({
      ...{ stateDir, index, siteSettings, faults, programFingerprint },
      settings: { cleanup, movingTags, publicHost, alternateHosts },
      summaries: measured.map(({ summary: { name, recommended } }) => ({ name, recommended })),
    });
  });

  const rules = {
    base: settings.base,
    hiddenNames,
    shownNames: new Set<string>(measured.map(({ summary }) => summary.name)),
  };
  let sealedSince = before?.record.sealedSince ?? '';
  const planFrom = (record: ReleaseRecord | null) => {
    const sealing = JSON.stringify([toRulesFingerprint(rules), hidden, sealedSince]);
    const isSealed = settings.shareFolders ?? measured.length >= leastShared;
    return planSite(measured, inputs.days, site, stock, fingerprint, isSealed ? sealing : null, record);
  };
  let plan = planFrom(before?.record ?? null);
  let staged = await releases.stage();
  let linked: Linked | null = null;
  if (before !== null && !isDamaged) {
    linked = await measure('link', () => linkStanding(plan, before, staged, releases, index.runs));
    isDamaged = linked === null;
  }
  if (isDamaged) {
    const message = `${before?.folder} lacks files that it should have; everything is made anew`;
    log.write('warning', 'release-damaged', message);
    sealedSince = index.checkedAt;
    plan = planFrom(null);
    // In the old folder are links: to write there is to write into the release that stands.
    staged = await releases.stage();
  }
  const sound = isDamaged ? undefined : before?.folder;
  const changedPages = plan.keyed.filter(({ isChanged }) => isChanged).map(({ page }) => page);
  const pages = [...plan.shared, ...changedPages, ...plan.changed.flatMap((part) => part.pages)];
  const newPages = await makeChanged(
    {
      ...{ inputs, stateDir, plan, pages, stock, logoBytes, renderer, staged },
      before: sound,
      signal: cancel,
      onRendered: (done, total) => progress.show('Rendering pages', done, total),
    },
    stopwatch,
  );

  const assets = (await listFiles(staged, { followLinks: false })).filter(isHashed);
  const kept = (await releases.list()).filter(({ record }) => record.hiddenNames === hidden);
  carryAssets(staged, kept, keepReleases);
  const folders = plan.parts.flatMap((part) => part.folders);
  const expectations = {
    ...rules,
    expectedFiles: [...plan.parts.flatMap(({ looseFiles }) => looseFiles), ...plan.keyed.map(({ file }) => file)],
    folders,
    counts: countSnapshot(index, inputs.totals),
  };
  const check = await measure('validate', () => checkStaged(staged, expectations, stateDir, log));
  const { compressed } = await measure('compress', () => compressSite(staged, sound ?? null));
  if (cancel.aborted)
    throw new RunError('CANCELLED', 'the run was stopped', 'Nothing was published; the old site stands.');
  const record = {
    ...{ fingerprint, shared, catalogue, assets, sealedSince },
    hiddenNames: hidden,
    repositories: { ...plan.repositories },
    pages: Object.fromEntries(plan.keyed.map(({ file, key }) => [file, key])),
    sealed: folders.map(({ id }) => id),
  };
  const toSeal = folders.filter((folder) => !linked?.folders.has(folder));
  const release = await measure('publish', () => releases.publish(staged, record, index.checkedAt, toSeal));
  await check.remember();
  await measure('prune', () => releases.prune(keepReleases, hidden));
  progress.clear();
  return {
    kind: 'published',
    release: release.id,
    pages: pages.length,
    linkedFiles: (linked?.files ?? 0) + pages.length - newPages,
    checkedFiles: check.filesRead,
    compressedFiles: compressed,
    ...said,
  };
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
