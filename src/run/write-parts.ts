/**
 * What plain writers make of the repositories: the files of those that changed, and what the search reads of all of them. Where
 * that is much it is done in a process of its own.
 */

import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeedOrigin } from '../api/feed.ts';
import { listRepositoryFiles } from '../api/list-api-files.ts';
import type { OutputFile } from '../api/output-file.ts';
import { completeSearchables, toSearchableRepository } from '../api/searchable-repository.ts';
import { encodeRepositoryStorageJson } from '../api/storage-json.ts';
import type { BlobFault } from '../catalogue/blob-faults.ts';
import { listTaggedDigests } from '../catalogue/inventory.ts';
import type { Repository } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { isHashed } from '../publish/carry-assets.ts';
import { createFinisher, type Finishing } from '../publish/finish-files.ts';
import { createFolderMaker, linkFile } from '../publish/link-file.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import { decodeSummariesOnly } from '../view/summary-lines.ts';
import { decodeWholeViews } from '../view/whole-views.ts';
import { listChangedSearchFiles } from './changed-search-files.ts';
import { readSearchablesAhead, type SearchablesAhead, toSearchFingerprint } from './searchables.ts';
import { readStorageFigures, type StoragePlace, toViewsFile } from './stock-files.ts';
import { type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

export interface PartsOrders {
  readonly stateDir: string;
  /** The file of all summaries. */
  readonly summariesFile: string;
  /** Those of the repositories that changed, which need not be read then. */
  readonly summaries: readonly RepositorySummary[];
  readonly tagCount: number;
  readonly programFingerprint: string;
  readonly siteSettings: SiteSettings;
  readonly faults: readonly BlobFault[];
  readonly origin: FeedOrigin;
  /** What taking stock left. */
  readonly stockFolder: string;
  readonly staged: string;
  readonly finishing: Finishing;
  /** The release before, if its files can be linked. */
  readonly before: string | undefined;
  /** Every repository that has pages. */
  readonly parts: readonly WrittenPart[];
}

export interface WrittenPart extends Pick<RepositorySummary, 'name' | 'state'> {
  /** The file of the snapshot that it stands in. */
  readonly file: string;
  readonly isChanged: boolean;
  /** Of one that changed; null where no file is written of it. */
  readonly storage: StoragePlace | null;
}

/** Writes them. Throws a `SnapshotError` where a repository cannot be read. */
export async function writeParts(orders: PartsOrders, options: ProcessOptions): Promise<void> {
  if (orders.tagCount >= tagsWorthAProcess) return workInProcess('write-parts', writePartsHere, orders, options);
  options.onTold?.();
  return writePartsHere(orders);
}

/** Writes parts, for a process that may read ahead for it. */
export function createPartsWriter() {
  let ahead: SearchablesAhead | null = null;
  return {
    /** Reads what is kept while it is not yet known what changed. */
    readAhead({ stateDir, programFingerprint, siteSettings }: Pick<PartsOrders, 'stateDir' | SearchMeans>): void {
      ahead = readSearchablesAhead(stateDir, toSearchFingerprint(programFingerprint, siteSettings));
    },
    async write(orders: PartsOrders): Promise<void> {
      const read = ahead;
      // Where it is to be done again it is read anew.
      ahead = null;
      await writePartsHere(orders, read);
    },
  };
}

type SearchMeans = 'programFingerprint' | 'siteSettings';

/** Writes them in this process. Each repository is read once. */
export async function writePartsHere(orders: PartsOrders, ahead: SearchablesAhead | null = null): Promise<void> {
  const { stateDir, programFingerprint, siteSettings, faults, origin, stockFolder, staged, before, parts } = orders;
  const store = createSnapshotStore(stateDir);
  const readSummary = createSummaryReader(orders);
  const site = createSite(siteSettings, parts, faults);
  const finisher = createFinisher(staged, 'parts', orders.finishing);
  const write = ({ path, text }: OutputFile) => {
    // A process that failed may have written it already.
    rmSync(join(staged, path), { force: true });
    finisher.write(path, text);
  };
  const pending = new Set(parts.filter(({ isChanged }) => isChanged));
  const readPart = async (part: WrittenPart): Promise<Repository> => {
    const { name, file, storage } = part;
    const repository = await store.readRepository({ name, file });
    if (pending.delete(part)) {
      const summary = await readSummary(name);
      const files = listRepositoryFiles(await store.readHistory(repository), summary, origin, site);
      for await (const each of files) write(each);
      if (storage !== null) {
        const figures = readStorageFigures(stockFolder, storage);
        write(encodeRepositoryStorageJson(name, figures, listTaggedDigests(repository)));
      }
    }
    return repository;
  };
  const { images } = decodeWholeViews(await readFile(toViewsFile(stockFolder), 'utf8'));
  const makeFolder = createFolderMaker();
  const files = listChangedSearchFiles({
    stateDir,
    fingerprint: toSearchFingerprint(programFingerprint, siteSettings),
    ahead,
    wanted: parts.flatMap((part) => {
      const { name, file, state } = part;
      return state === 'listed' ? [{ name, file, part }] : [];
    }),
    async renew({ part }) {
      return toSearchableRepository(await readPart(part), await readSummary(part.name), siteSettings);
    },
    complete: (searchables) => completeSearchables(searchables, site, images),
    link(path) {
      const target = join(staged, path);
      makeFolder(target);
      return before !== undefined && isHashed(path) && linkFile(join(before, path), target);
    },
  });
  for await (const each of files) write(each);
  for (const part of pending) await readPart(part);
  finisher.close();
}

/** What is not at hand is asked for where what the search reads is not kept: then all of it is. */
function createSummaryReader({ summariesFile, summaries }: Pick<PartsOrders, 'summariesFile' | 'summaries'>) {
  const toMap = (all: readonly RepositorySummary[]) => new Map(all.map((summary) => [summary.name, summary]));
  const atHand = toMap(summaries);
  let reading: Promise<ReadonlyMap<RepositoryName, RepositorySummary>> | null = null;
  return async (name: RepositoryName): Promise<RepositorySummary> => {
    const known = atHand.get(name);
    if (known !== undefined) return known;
    reading ??= readFile(summariesFile).then((bytes) => toMap(decodeSummariesOnly(bytes)));
    const summary = (await reading).get(name);
    if (summary === undefined) throw new TypeError(`${summariesFile} does not sum ${name} up`);
    return summary;
  };
}
