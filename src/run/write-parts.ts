/**
 * What plain writers make of the repositories: the files of those that changed, and what the search reads of all of them. Where
 * that is much it is done in a process of its own.
 */

import { readFile } from 'node:fs/promises';
import type { FeedOrigin } from '../api/feed.ts';
import { listRepositoryFiles } from '../api/list-api-files.ts';
import { listSearchFiles } from '../api/search-files.ts';
import { completeSearchables, toSearchableRepository } from '../api/searchable-repository.ts';
import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { Repository } from '../catalogue/model.ts';
import { writeFiles } from '../publish/write-files.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import { decodeWholeViews } from '../view/whole-views.ts';
import { toModuleFile } from './program-version.ts';
import { readSearchables, toSearchFingerprint } from './searchables.ts';
import { readStorageFile, type StoragePlace, toViewsFile } from './stock-files.ts';
import { type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

export interface PartsOrders {
  readonly stateDir: string;
  readonly programFingerprint: string;
  readonly siteSettings: SiteSettings;
  readonly faults: readonly BlobFault[];
  readonly origin: FeedOrigin;
  /** What taking stock left. */
  readonly stockFolder: string;
  readonly staged: string;
  /** The release before, if its files can be linked. */
  readonly before: string | undefined;
  /** Every repository that has pages. */
  readonly parts: readonly WrittenPart[];
}

export interface WrittenPart {
  readonly summary: RepositorySummary;
  /** The file of the snapshot that it stands in. */
  readonly file: string;
  readonly storage: StoragePlace | null;
  readonly isChanged: boolean;
}

/** Writes them. Throws a `SnapshotError` where a repository cannot be read. */
export async function writeParts(orders: PartsOrders, options: ProcessOptions): Promise<void> {
  const tags = orders.parts.reduce((sum, { summary }) => sum + summary.tagCount, 0);
  const file = toModuleFile('src/run/write-parts-process');
  await (tags < tagsWorthAProcess ? writePartsHere(orders) : workInProcess(file, writePartsHere, orders, options));
}

/** Writes them in this process. Each repository is read once. */
export async function writePartsHere(orders: PartsOrders): Promise<void> {
  const { stateDir, programFingerprint, siteSettings, faults, origin, stockFolder, staged, before, parts } = orders;
  const store = createSnapshotStore(stateDir);
  const site = createSite(
    siteSettings,
    parts.map(({ summary }) => summary),
    faults,
  );
  const pending = new Set(parts.filter(({ isChanged }) => isChanged));
  const readPart = async (part: WrittenPart): Promise<Repository> => {
    const { summary, file, storage } = part;
    const repository = await store.readRepository({ name: summary.name, file });
    if (pending.delete(part)) {
      await writeFiles(staged, listRepositoryFiles(await store.readHistory(repository), summary, origin, site));
      if (storage !== null) await writeFiles(staged, [readStorageFile(stockFolder, storage)]);
    }
    return repository;
  };
  const searchables = readSearchables({
    stateDir,
    fingerprint: toSearchFingerprint(programFingerprint, siteSettings),
    wanted: parts.flatMap((part) => {
      const { summary, file } = part;
      return summary.state === 'listed' ? [{ name: summary.name, file, part }] : [];
    }),
    renew: async ({ part }) => toSearchableRepository(await readPart(part), part.summary, siteSettings),
  });
  const { images } = decodeWholeViews(await readFile(toViewsFile(stockFolder), 'utf8'));
  await writeFiles(staged, listSearchFiles(completeSearchables(searchables, site, images)), before);
  for (const part of pending) await readPart(part);
}
