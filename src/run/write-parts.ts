/**
 * What plain writers make of the repositories: the files of those that changed, and what the search reads of all of them. Where
 * that is much it is done in a process of its own.
 */

import { readFile } from 'node:fs/promises';
import type { FeedOrigin } from '../api/feed.ts';
import { listRepositoryFiles } from '../api/list-api-files.ts';
import { listSearchFiles } from '../api/search-files.ts';
import { completeSearchables, toSearchableRepository } from '../api/searchable-repository.ts';
import { encodeRepositoryStorageJson } from '../api/storage-json.ts';
import type { BlobFault } from '../catalogue/blob-faults.ts';
import { listTaggedDigests } from '../catalogue/inventory.ts';
import type { Repository } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { writeFiles } from '../publish/write-files.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import { decodeSummariesOnly } from '../view/summary-lines.ts';
import { decodeWholeViews } from '../view/whole-views.ts';
import { toModuleFile } from './program-version.ts';
import { readSearchables, toSearchFingerprint } from './searchables.ts';
import { readStorageFigures, type StoragePlace, toViewsFile } from './stock-files.ts';
import { type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

export interface PartsOrders {
  readonly stateDir: string;
  /** The file of the summaries. */
  readonly summariesFile: string;
  readonly tagCount: number;
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
  readonly name: RepositoryName;
  /** The file of the snapshot that it stands in. */
  readonly file: string;
  readonly storage: StoragePlace | null;
  readonly isChanged: boolean;
}

/** Writes them. Throws a `SnapshotError` where a repository cannot be read. */
export async function writeParts(orders: PartsOrders, options: ProcessOptions): Promise<void> {
  const file = toModuleFile('src/run/write-parts-process');
  await (orders.tagCount < tagsWorthAProcess
    ? writePartsHere(orders)
    : workInProcess(file, writePartsHere, orders, options));
}

/** Writes them in this process. Each repository is read once. */
export async function writePartsHere(orders: PartsOrders): Promise<void> {
  const { stateDir, programFingerprint, siteSettings, faults, origin, stockFolder, staged, before, parts } = orders;
  const store = createSnapshotStore(stateDir);
  const summaries = new Map(
    decodeSummariesOnly(await readFile(orders.summariesFile)).map((summary) => [summary.name, summary]),
  );
  const summaryOf = (name: RepositoryName): RepositorySummary => {
    const summary = summaries.get(name);
    if (summary === undefined) throw new TypeError(`${orders.summariesFile} does not sum ${name} up`);
    return summary;
  };
  const site = createSite(
    siteSettings,
    parts.map(({ name }) => summaryOf(name)),
    faults,
  );
  const pending = new Set(parts.filter(({ isChanged }) => isChanged));
  const readPart = async (part: WrittenPart): Promise<Repository> => {
    const { name, file, storage } = part;
    const repository = await store.readRepository({ name, file });
    if (pending.delete(part)) {
      const files = listRepositoryFiles(await store.readHistory(repository), summaryOf(name), origin, site);
      await writeFiles(staged, files);
      if (storage !== null) {
        const figures = readStorageFigures(stockFolder, storage);
        await writeFiles(staged, [encodeRepositoryStorageJson(name, figures, listTaggedDigests(repository))]);
      }
    }
    return repository;
  };
  const searchables = readSearchables({
    stateDir,
    fingerprint: toSearchFingerprint(programFingerprint, siteSettings),
    wanted: parts.flatMap((part) => {
      const { name, file } = part;
      return summaryOf(name).state === 'listed' ? [{ name, file, part }] : [];
    }),
    renew: async ({ part }) => toSearchableRepository(await readPart(part), summaryOf(part.name), siteSettings),
  });
  const { images } = decodeWholeViews(await readFile(toViewsFile(stockFolder), 'utf8'));
  await writeFiles(staged, listSearchFiles(completeSearchables(searchables, site, images)), before);
  for (const part of pending) await readPart(part);
}
