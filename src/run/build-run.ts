/**
 * From a snapshot to a published site. Only what changed is rendered and written; the rest is linked from the release that
 * stands. An hour in which nothing changed replaces the three files that carry the hour.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listCatalogueFiles, listRepositoryFiles } from '../api/list-api-files.ts';
import { listSearchFiles } from '../api/search-files.ts';
import { completeSearchables, toSearchableRepository } from '../api/searchable-repository.ts';
import { listStampedFiles } from '../api/stamp.ts';
import type { Repository } from '../catalogue/model.ts';
import { carryAssets, isHashed } from '../publish/carry-assets.ts';
import { compressSite } from '../publish/compress-site.ts';
import { linkFiles } from '../publish/link-file.ts';
import { listFiles } from '../publish/list-files.ts';
import type { ReleaseRecord } from '../publish/release-record.schema.ts';
import { createReleaseStore } from '../publish/release-store.ts';
import { stampRelease } from '../publish/stamp-release.ts';
import { writeFiles } from '../publish/write-files.ts';
import type { Settings } from '../settings/settings.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { countCatalogue } from '../view/catalogue-totals.ts';
import { listChangeDays } from '../view/changes-view.ts';
import { createSite, toCatalogueSettings, toSiteSettings } from '../view/site.ts';
import { toStatusView } from '../view/status-view.ts';
import { createIsBaseOutdated, encodeWholeViews } from '../view/whole-views.ts';
import { checkStaged, countSnapshot } from './check-staged.ts';
import { readInventories } from './inventories.ts';
import { prepareRenderer } from './prepare-renderer.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import { type BlobCounts, countBlobs, describeIntegrity, readIntegrity } from './read-integrity.ts';
import type { ReadExtras } from './read-site-extras.ts';
import type { RunContext } from './refresh.ts';
import { renderPages } from './render-pages.ts';
import { RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';
import { readSearchables, toSearchFingerprint } from './searchables.ts';
import { isSameCatalogue, listStandingFiles, planSite, type SitePart, toCatalogueKey } from './site-plan.ts';
import { createStopwatch } from './stopwatch.ts';
import { readSummaries } from './summaries.ts';
import { workOutWhole } from './whole-catalogue.ts';

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
  const index = await store.readIndex();
  if (index === null) {
    const hint = 'Run `registry-homepage crawl` first, or name the folder of a snapshot with --state-dir.';
    throw new RunError('NO_SNAPSHOT', `there is no snapshot in ${settings.stateDir}`, hint);
  }
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
  const { durationsMs, measure } = createStopwatch();
  const siteSettings = toSiteSettings(settings, extras);
  const programFingerprint = await readProgramFingerprint();
  const summaries = await measure('summarise', () =>
    readSummaries({
      stateDir: settings.stateDir,
      store,
      index,
      settings: toCatalogueSettings(siteSettings),
      programVersion: programFingerprint,
    }),
  );
  const integrity = await readIntegrity(settings.stateDir, summaries.repositories, log);
  const site = createSite(siteSettings, index.repositories, integrity.faults);
  const totals = countCatalogue(summaries.repositories);
  const status = toStatusView(index, totals, await describeIntegrity(integrity, store));
  const releases = createReleaseStore(settings.siteDir);
  await releases.repair();
  const before = await releases.readCurrent();
  // What the overlay says of a repository is a matter of that repository's own pages.
  const { overlay: _, ...common } = siteSettings;
  const fingerprint = JSON.stringify([programFingerprint, common]);
  const days = listChangeDays(
    summaries.repositories.map(({ summary: { name }, recentEvents }) => ({ name, events: recentEvents })),
  );
  const origin = { registry: index.registry ?? siteSettings.publicHost, beganAt: index.beganAt };
  const catalogue = toCatalogueKey(summaries.repositories, [
    ...[index.changedAt, siteSettings.overlay ?? null, origin],
    integrity.faults,
  ]);
  const hidden = toHiddenFingerprint(index);
  const mustForget = before !== null && before.record.hiddenNames !== hidden;
  const { withheldRepositories, unreadRepositories } = index;
  const isWholeListed = index.sources.every(({ outcome }) => outcome === 'complete');
  const shared = JSON.stringify([
    ...[status.complete, isWholeListed, withheldRepositories, unreadRepositories],
    settings.cleanup,
  ]);
  let isDamaged = false;
  const isUnchanged = before !== null && isSameCatalogue(catalogue, fingerprint, before.record);
  if (before !== null && isUnchanged && before.record.shared === shared && !mustForget) {
    isDamaged = !(await measure('stamp', () => stampRelease(before, status, site)));
    if (!isDamaged) {
      await measure('prune', () => releases.prune(settings.keepReleases, hidden));
      const nothing = { pages: 0, linkedFiles: 0, checkedFiles: 0, compressedFiles: 0, durationsMs };
      const { complete } = status;
      return { kind: 'stamped', release: before.id, ...nothing, complete, blobs: countBlobs(status.integrity) };
    }
  }

  const cacheDir = join(settings.stateDir, 'cache');
  // It keeps another processor busy, and is not needed before the pages are.
  const renderer = measure('prepare', () => prepareRenderer({ base: settings.base, cacheDir, signal: cancel }));
  renderer.catch(() => undefined);
  const wholeFile = join(cacheDir, 'whole.json');
  const whole = await measure('take-stock', async () => {
    const { stateDir } = settings;
    const inventories = readInventories({
      stateDir,
      store,
      entries: index.repositories,
      fingerprint: programFingerprint,
    });
    const workedOut = await workOutWhole({
      ...{ settings, index, inventories, site },
      summaries: summaries.repositories.map(({ summary }) => summary),
    });
    await replaceFile(wholeFile, encodeWholeViews(workedOut.views));
    return workedOut;
  });
  const { views, lineageKeyOf } = whole;
  const wholePlan = {
    lineagePages: views.lineages.length,
    hasCleanup: views.cleanup !== null,
    isBaseOutdated: createIsBaseOutdated(views),
    lineageKeyOf,
  };
  const planFrom = (record: ReleaseRecord | null) =>
    planSite(summaries.repositories, days, site, wholePlan, fingerprint, record);
  let plan = planFrom(before?.record ?? null);
  let staged = await releases.stage();
  let linkedFiles = 0;
  if (before !== null && !isDamaged) {
    const standing = listStandingFiles(plan);
    isDamaged = !(await measure('link', () => linkFiles(standing, before.folder, staged)));
    linkedFiles = isDamaged ? 0 : standing.length;
  }
  if (isDamaged) {
    const message = `${before?.folder} lacks files that it should have; everything is made anew`;
    log.write('warning', 'release-damaged', message);
    plan = planFrom(null);
    // In the old folder are links: to write there is to write into the release that stands.
    staged = await releases.stage();
  }
  const sound = isDamaged ? undefined : before?.folder;
  const changedPages = plan.keyed.filter(({ isChanged }) => isChanged).map(({ page }) => page);
  const pages = [...plan.shared, ...changedPages, ...plan.changed.flatMap((part) => part.pages)];
  await measure('render', () =>
    renderPages({
      plan: {
        stateDir: settings.stateDir,
        summariesFile: summaries.file,
        wholeFile,
        settings: siteSettings,
        counts: totals,
        faults: integrity.faults,
      },
      pages,
      outDir: staged,
      cacheDir,
      renderer,
      signal: cancel,
      onProgress: (done, total) => progress.show('Rendering pages', done, total),
    }),
  );
  await measure('write', async () => {
    const pending = new Set(plan.changed);
    const readPart = async (part: SitePart): Promise<Repository> => {
      const { summary, file } = part.measured;
      const repository = await store.readRepository({ name: summary.name, file });
      if (pending.delete(part)) {
        const whole = await store.readHistory(repository);
        await writeFiles(staged, listRepositoryFiles(whole, summary, origin, site));
      }
      return repository;
    };
    const searchables = readSearchables({
      stateDir: settings.stateDir,
      fingerprint: toSearchFingerprint(programFingerprint, siteSettings),
      wanted: plan.parts.flatMap((part) => {
        const { summary, file } = part.measured;
        return summary.state === 'listed' ? [{ name: summary.name, file, part }] : [];
      }),
      renew: async ({ part }) => toSearchableRepository(await readPart(part), part.measured.summary, siteSettings),
    });
    await writeFiles(staged, listSearchFiles(completeSearchables(searchables, site, views.images)), sound);
    for (const part of pending) await readPart(part);
    if (logoBytes !== null && siteSettings.logo !== undefined) {
      await writeFile(join(staged, siteSettings.logo.address), logoBytes);
    }
  });
  await writeFiles(
    staged,
    listCatalogueFiles(
      summaries.repositories.map(({ summary }) => summary),
      days,
      origin,
      status,
      site,
      wholePlan.hasCleanup,
    ),
  );
  await writeFiles(staged, whole.files());
  for await (const { path, text } of listStampedFiles((path) => readFile(join(staged, path), 'utf8'), status, site)) {
    await writeFile(join(staged, path), text);
  }

  const assets = (await listFiles(staged)).filter(isHashed);
  const kept = (await releases.list()).filter(({ record }) => record.hiddenNames === hidden);
  await carryAssets(staged, kept, settings.keepReleases);
  const expectations = {
    base: siteSettings.base,
    expectedFiles: [...plan.parts.flatMap(({ files }) => files), ...plan.keyed.map(({ file }) => file)],
    counts: countSnapshot(index, totals),
    hiddenNames,
    shownNames: new Set<string>(plan.parts.map(({ measured }) => measured.summary.name)),
  };
  const check = await measure('validate', () => checkStaged(staged, expectations, settings.stateDir, log));
  const { compressed } = await measure('compress', () => compressSite(staged, sound ?? null));
  if (cancel.aborted)
    throw new RunError('CANCELLED', 'the run was stopped', 'Nothing was published; the old site stands.');
  const keys = Object.fromEntries(plan.keyed.map(({ file, key }) => [file, key]));
  const record = {
    fingerprint,
    shared,
    catalogue,
    hiddenNames: hidden,
    repositories: { ...plan.repositories },
    pages: keys,
    assets,
  };
  const release = await measure('publish', () => releases.publish(staged, record, index.checkedAt));
  await check.remember();
  await measure('prune', () => releases.prune(settings.keepReleases, hidden));
  progress.clear();
  return {
    kind: 'published',
    release: release.id,
    pages: pages.length,
    linkedFiles,
    checkedFiles: check.filesRead,
    compressedFiles: compressed,
    complete: status.complete,
    blobs: countBlobs(status.integrity),
    durationsMs,
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

/** What is hidden in a release: names, and since when they were open to all the values of environments too. */
function toHiddenFingerprint({ hiddenNames, environmentPublished }: SnapshotIndex): string | null {
  return environmentPublished ? `${hiddenNames ?? ''}+environment` : (hiddenNames ?? null);
}
