/** A staged site: what stands is linked from the release before, and the rest is rendered and written. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listCatalogueFiles, listRepositoryFiles } from '../api/list-api-files.ts';
import { listSearchFiles } from '../api/search-files.ts';
import { completeSearchables, toSearchableRepository } from '../api/searchable-repository.ts';
import { listStampedFiles } from '../api/stamp.ts';
import type { Repository } from '../catalogue/model.ts';
import { linkFiles } from '../publish/link-file.ts';
import type { Release, ReleaseStore } from '../publish/release-store.ts';
import type { SealedFolder } from '../publish/sealed-folders.ts';
import { writeFiles } from '../publish/write-files.ts';
import { hashText } from '../search/shard-directory.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { Page } from '../view/page-list.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { Renderer } from './prepare-renderer.ts';
import { renderPages } from './render-pages.ts';
import { readSearchables, toSearchFingerprint } from './searchables.ts';
import { listStanding, type SitePart, type SitePlan } from './site-plan.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { WholeCatalogue } from './whole-catalogue.ts';

/** Folders that stand are looked into in turn: all of them within a day of hourly changes. */
const turns = 24;

export interface Linked {
  readonly files: number;
  /** Those that the staged site now shows as they are kept. */
  readonly folders: ReadonlySet<SealedFolder>;
}

/** Links what did not change. Null where the release before lacks some of it. `run` counts runs. */
export async function linkStanding(
  plan: SitePlan,
  before: Release,
  staged: string,
  { sealed }: Pick<ReleaseStore, 'sealed'>,
  run: number,
): Promise<Linked | null> {
  const standing = listStanding(plan);
  const kept = standing.folders.filter(({ id }) => sealed.has(id));
  const isDamaged = kept.some((each) => hashText(each.folder) % turns === run % turns && !sealed.isWhole(each));
  if (isDamaged) return null;
  for (const folder of kept) await sealed.link(staged, folder);
  const folders = new Set(kept);
  const files = standing.folders.flatMap((each) => (folders.has(each) ? [] : each.files));
  if (!linkFiles([...files, ...standing.files], before.folder, staged)) return null;
  const linked = kept.reduce((sum, each) => sum + each.files.length, files.length + standing.files.length);
  return { files: linked, folders };
}

export interface StageOptions {
  readonly inputs: BuildInputs;
  readonly stateDir: string;
  readonly store: SnapshotStore;
  readonly plan: SitePlan;
  readonly pages: readonly Page[];
  readonly whole: WholeCatalogue;
  /** Where `whole`'s views were written. */
  readonly wholeFile: string;
  readonly logoBytes: Uint8Array | null;
  readonly renderer: Renderer;
  readonly staged: string;
  /** The release before, if its files can be linked. */
  readonly before: string | undefined;
  readonly signal: AbortSignal;
  readonly onRendered: (done: number, total: number) => void;
}

/** Renders and writes whatever is not linked. Resolves to how many pages are not as they were before. */
export async function makeChanged(options: StageOptions, { measure }: Stopwatch): Promise<number> {
  const { inputs, stateDir, pages, whole, wholeFile, renderer, staged, before, signal, onRendered } = options;
  const { siteSettings, summariesFile, totals, faults } = inputs;
  const newPages = await measure('render', () =>
    renderPages({
      plan: { stateDir, summariesFile, wholeFile, settings: siteSettings, counts: totals, faults },
      pages,
      outDir: staged,
      before,
      cacheDir: join(stateDir, 'cache'),
      renderer,
      signal,
      onProgress: onRendered,
    }),
  );
  await measure('write', async () => {
    await writeRepositories(options);
    await writeShared(options);
    await writeFiles(staged, whole.files);
    await writeStamp(options);
  });
  return newPages;
}

/** What plain writers make of the changed repositories; each of them is read once. */
async function writeRepositories(options: StageOptions): Promise<void> {
  const { inputs, stateDir, store, plan, whole, staged, before } = options;
  const { programFingerprint, siteSettings, site, origin } = inputs;
  const pending = new Set(plan.changed);
  const readPart = async (part: SitePart): Promise<Repository> => {
    const { summary, file } = part.measured;
    const repository = await store.readRepository({ name: summary.name, file });
    if (pending.delete(part)) {
      await writeFiles(staged, listRepositoryFiles(await store.readHistory(repository), summary, origin, site));
      const storageFile = whole.storageFileOf(summary.name);
      if (storageFile !== null) await writeFiles(staged, [storageFile]);
    }
    return repository;
  };
  const searchables = readSearchables({
    stateDir,
    fingerprint: toSearchFingerprint(programFingerprint, siteSettings),
    wanted: plan.parts.flatMap((part) => {
      const { summary, file } = part.measured;
      return summary.state === 'listed' ? [{ name: summary.name, file, part }] : [];
    }),
    renew: async ({ part }) => toSearchableRepository(await readPart(part), part.measured.summary, siteSettings),
  });
  await writeFiles(staged, listSearchFiles(completeSearchables(searchables, site, whole.views.images)), before);
  for (const part of pending) await readPart(part);
}

async function writeShared({ inputs, whole, logoBytes, staged }: StageOptions): Promise<void> {
  const { measured, days, origin, status, site, siteSettings } = inputs;
  const summaries = measured.map(({ summary }) => summary);
  const hasCleanup = whole.views.cleanup !== null;
  await writeFiles(staged, listCatalogueFiles(summaries, days, origin, status, site, hasCleanup));
  if (logoBytes !== null && siteSettings.logo !== undefined) {
    await writeFile(join(staged, siteSettings.logo.address), logoBytes);
  }
}

async function writeStamp({ inputs: { status, site }, staged }: StageOptions): Promise<void> {
  await writeFiles(
    staged,
    listStampedFiles((path) => readFile(join(staged, path), 'utf8'), status, site),
  );
}
