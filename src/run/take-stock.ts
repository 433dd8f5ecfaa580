/**
 * Works out what only the whole catalogue knows. Where that is much it is done by two processes: one finds out who stands on whom,
 * and one who holds what. Each looks at the inventories itself, for to hold the means of both takes twice the memory.
 */

import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import { readInventories } from './inventories.ts';
import { toModuleFile } from './program-version.ts';
import {
  beginStock,
  createStockWriter,
  finishStock,
  type StockFiles,
  type TakenStock,
  toStockFolder,
} from './stock-files.ts';
import {
  type LineageViews,
  type StorageViews,
  type WholeCatalogueOptions,
  workOutLineage,
  workOutStorage,
} from './whole-catalogue.ts';
import { type ProcessOptions, tagsWorthAProcess, tagsWorthWaiting, workInProcess } from './work-process.ts';
import { workTogether } from './work-together.ts';

export interface StockOrders {
  readonly stateDir: string;
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: SnapshotIndex;
  readonly siteSettings: SiteSettings;
  readonly faults: readonly BlobFault[];
  readonly programFingerprint: string;
  readonly summaries: readonly Pick<RepositorySummary, 'name' | 'recommended'>[];
}

interface PartViews {
  readonly lineage: LineageViews;
  readonly storage: StorageViews;
}

export interface PartOrders<Part extends keyof PartViews = keyof PartViews> extends StockOrders {
  readonly part: Part;
}

interface TakenPart<Part extends keyof PartViews> {
  readonly views: PartViews[Part];
  readonly written: StockFiles;
}

const workOut: { readonly [Part in keyof PartViews]: (options: WholeCatalogueOptions) => Promise<PartViews[Part]> } = {
  lineage: workOutLineage,
  storage: workOutStorage,
};

/** Takes stock. Throws a `SnapshotError` where a repository cannot be read. */
export async function takeStock(orders: StockOrders, { signal, log }: ProcessOptions): Promise<TakenStock> {
  const folder = toStockFolder(orders.stateDir);
  await beginStock(folder);
  const tags = orders.index.repositories.reduce((sum, entry) => sum + entry.tags, 0);
  const file = toModuleFile('src/run/take-stock-process');
  const take = <Part extends keyof PartViews>(part: Part, either: AbortSignal): Promise<TakenPart<Part>> => {
    const partOrders = { ...orders, part };
    return tags < tagsWorthAProcess
      ? takePartHere(partOrders)
      : workInProcess<PartOrders<Part>, TakenPart<Part>>(file, takePartHere, partOrders, { signal: either, log });
  };
  const takeTurns = tags < tagsWorthAProcess || tags > tagsWorthWaiting;
  const [lineage, storage] = takeTurns
    ? [await take('lineage', signal), await take('storage', signal)]
    : await workTogether([(either) => take('lineage', either), (either) => take('storage', either)], signal);
  return finishStock(folder, { ...lineage.views, ...storage.views }, [lineage.written, storage.written]);
}

/** Takes a part of it, in this process, where room was made for it. */
export async function takePartHere<Part extends keyof PartViews>({
  part,
  ...orders
}: PartOrders<Part>): Promise<TakenPart<Part>> {
  const { stateDir, settings, index, siteSettings, faults, programFingerprint, summaries } = orders;
  const store = createSnapshotStore(stateDir);
  const writer = createStockWriter(toStockFolder(stateDir));
  const views = await workOut[part]({
    ...{ settings, index, summaries, files: writer, putAway: writer.putAway },
    readInventories: () =>
      readInventories({ stateDir, store, entries: index.repositories, fingerprint: programFingerprint }),
    site: createSite(siteSettings, index.repositories, faults),
  });
  return { views, written: writer.close() };
}
