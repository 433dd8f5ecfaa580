/**
 * From a snapshot to a published site. Only what changed is rendered and written; the rest is linked from the release that
 * stands. An hour in which nothing changed replaces the three files that carry the hour.
 */
import { access, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listCatalogueFiles, listRepositoryFiles } from '../api/list-api-files.ts';
import type { OutputFile } from '../api/output-file.ts';
import { listSearchFiles } from '../api/search-files.ts';
import { toSearchableRepository } from '../api/searchable-repository.ts';
import { listStampedFiles } from '../api/stamp.ts';
import type { Repository } from '../catalogue/model.ts';
import { carryAssets, isHashed } from '../publish/carry-assets.ts';
import { compressSite, encodersFor } from '../publish/compress-site.ts';
import { listFiles } from '../publish/list-files.ts';
import { createReleaseStore, type Release } from '../publish/release-store.ts';
import { validateSite } from '../publish/validate-site.ts';
import type { Settings } from '../settings/settings.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { countCatalogue } from '../view/catalogue-totals.ts';
import { createSite, type Site, toSiteSettings } from '../view/site.ts';
import { type StatusView, toStatusView } from '../view/status-view.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import type { RunContext } from './refresh.ts';
import { renderPages } from './render-pages.ts';
import { RunError } from './run-error.ts';
import { readSearchables, toSearchFingerprint } from './searchables.ts';
import { planSite, type SitePart, type SitePlan } from './site-plan.ts';
import { createStopwatch } from './stopwatch.ts';
import { readSummaries } from './summaries.ts';

type BuildContext = Pick<RunContext, 'cancel' | 'progress' | 'log'>;

export interface BuildResult {
  /** `stamped`: nothing had changed, so only the hour's files were replaced. */
  readonly kind: 'published' | 'stamped';
  readonly release: string;
  /** Pages that were rendered. */
  readonly pages: number;
  /** Files that were linked from the release before. */
  readonly linkedFiles: number;
  readonly compressedFiles: number;
  /** Whether the snapshot says that it is whole and current. */
  readonly complete: boolean;
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
  { cancel, progress, log }: BuildContext,
  hiddenNames: ReadonlySet<string> = new Set(),
): Promise<BuildResult> {
  const index = await store.readIndex();
  if (index === null) {
    const hint = 'Run `registry-homepage crawl` first, or name the folder of a snapshot with --state-dir.';
    throw new RunError('NO_SNAPSHOT', `there is no snapshot in ${settings.stateDir}`, hint);
  }
  const { durationsMs, measure } = createStopwatch();
  const siteSettings = toSiteSettings(settings);
  const programFingerprint = await readProgramFingerprint();
  const summaries = await measure('summarise', () =>
    readSummaries({
      stateDir: settings.stateDir,
      store,
      index,
      settings: siteSettings,
      programVersion: programFingerprint,
    }),
  );
  const site = createSite(siteSettings, index.repositories);
  const totals = countCatalogue(summaries.repositories);
  const status = toStatusView(index, totals);
  const releases = createReleaseStore(settings.siteDir);
  const before = await releases.readCurrent();
  const fingerprint = JSON.stringify([programFingerprint, siteSettings]);
  let plan = planSite(summaries.repositories, site, fingerprint, before?.record ?? null);
  const hidden = index.hiddenNames ?? null;
  const mustForget = before !== null && before.record.hiddenNames !== hidden;
  const shared = JSON.stringify([status.complete, index.withheldRepositories, index.unreadRepositories]);
  if (before !== null && plan.isUnchanged && before.record.shared === shared && !mustForget) {
    await measure('stamp', () => stampRelease(before, status, site));
    const nothing = { pages: 0, linkedFiles: 0, compressedFiles: 0, durationsMs };
    return { kind: 'stamped', release: before.id, ...nothing, complete: status.complete };
  }

  let staged = await releases.stage();
  let linkedFiles = before === null ? 0 : await measure('link', () => linkUnchanged(plan, before, staged));
  if (linkedFiles === null) {
    log.write(
      'warning',
      'release-damaged',
      `${before?.folder} lacks files that it should have; everything is made anew`,
    );
    plan = planSite(summaries.repositories, site, fingerprint, null);
    staged = await releases.stage();
    linkedFiles = 0;
  }
  const pages = [...plan.shared, ...plan.changed.flatMap((part) => part.pages)];
  await measure('render', () =>
    renderPages({
      plan: {
        stateDir: settings.stateDir,
        summariesFile: summaries.file,
        settings: siteSettings,
        counts: totals,
        pages,
      },
      outDir: staged,
      cacheDir: join(settings.stateDir, 'cache'),
      signal: cancel,
      onProgress: (done, total) => progress.show('Rendering pages', done, total),
    }),
  );
  await measure('write', async () => {
    const pending = new Set(plan.changed);
    const readPart = async (part: SitePart): Promise<Repository> => {
      const { summary, file } = part.measured;
      const repository = await store.readRepository({ name: summary.name, file });
      if (pending.delete(part)) await writeFiles(staged, listRepositoryFiles(repository, summary, site));
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
    await writeFiles(staged, listSearchFiles(searchables), before?.folder);
    for (const part of pending) await readPart(part);
  });
  await writeFiles(
    staged,
    listCatalogueFiles(
      summaries.repositories.map(({ summary }) => summary),
      status,
      site,
    ),
  );
  await writeFiles(
    staged,
    listStampedFiles((path) => readFile(join(staged, path), 'utf8'), status, site),
  );

  const assets = (await listFiles(staged)).filter(isHashed);
  if (!mustForget) await carryAssets(staged, await releases.list(), settings.keepReleases);
  const expectations = {
    base: siteSettings.base,
    expectedFiles: plan.parts.flatMap(({ files }) => files),
    repositories: totals.repositories,
    tags: totals.tags,
    hiddenNames,
    shownNames: new Set<string>(plan.parts.map(({ measured }) => measured.summary.name)),
  };
  const problems = await measure('validate', () => validateSite(staged, expectations));
  if (problems.length > 0) {
    for (const problem of problems.slice(0, 20)) log.write('error', 'site-invalid', problem);
    const message = `the built site has ${problems.length} faults and was not published: ${problems[0]}`;
    throw new RunError('SITE_INVALID', message, 'This is a defect of registry-homepage; the old site stands.');
  }
  const { compressed } = await measure('compress', () => compressSite(staged, before?.folder ?? null));
  if (cancel.aborted)
    throw new RunError('CANCELLED', 'the run was stopped', 'Nothing was published; the old site stands.');
  const record = { fingerprint, shared, hiddenNames: hidden, repositories: { ...plan.repositories }, assets };
  const release = await measure('publish', () => releases.publish(staged, record, index.checkedAt));
  await measure('prune', () => releases.prune(mustForget ? 1 : settings.keepReleases));
  progress.clear();
  return {
    kind: 'published',
    release: release.id,
    pages: pages.length,
    linkedFiles,
    compressedFiles: compressed,
    complete: status.complete,
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
  hiddenNames: ReadonlySet<string>,
): Promise<BuildResult | null> {
  const before = await createReleaseStore(settings.siteDir).readCurrent();
  const index = await store.readIndex();
  if (before === null || index === null || before.record.hiddenNames === (index.hiddenNames ?? null)) return null;
  return runBuild(settings, store, context, hiddenNames);
}

/** Links the files of every part that did not change. Resolves to how many, or to null when one of them is not there. */
async function linkUnchanged(plan: SitePlan, before: Release, staged: string): Promise<number | null> {
  const changed = new Set(plan.changed);
  let linked = 0;
  for (const part of plan.parts) {
    if (changed.has(part)) continue;
    for (const file of part.files) {
      await mkdir(dirname(join(staged, file)), { recursive: true });
      if (!(await tryLink(join(before.folder, file), join(staged, file)))) return null;
      linked++;
    }
  }
  return linked;
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Writes files. What is named by its content, and stands in the folder `before`, is linked instead. */
async function writeFiles(
  folder: string,
  files: Iterable<OutputFile> | AsyncIterable<OutputFile>,
  before?: string,
): Promise<void> {
  for await (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const isLinked = before !== undefined && isHashed(path) && (await tryLink(join(before, path), join(folder, path)));
    if (!isLinked) await writeFile(join(folder, path), text);
  }
}

/** Replaces the hour's files in the release that stands, twins first: a reader of either finds a whole one. */
async function stampRelease({ folder }: Release, status: StatusView, site: Site): Promise<void> {
  const files = listStampedFiles((path) => readFile(join(folder, path), 'utf8'), status, site);
  for await (const { path, text } of files) {
    for (const [ending, encode] of encodersFor(path)) {
      const twin = join(folder, path + ending);
      if (await isThere(twin)) await replaceFile(twin, await encode(Buffer.from(text)));
    }
    await replaceFile(join(folder, path), text);
  }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
