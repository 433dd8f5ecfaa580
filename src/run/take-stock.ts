/** Works out what only the whole catalogue knows: who stands on whom, and who holds what. Where that is much it is done in a process. */

import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import type { WholeViews } from '../view/whole-views.ts';
import { forgetInventories, type Inventories, openInventories } from './inventories.ts';
import { type KeptCleanup, openKeptCleanup } from './kept-cleanup.ts';
import { DamagedTextError } from './kept-texts.ts';
import { toModuleFile } from './program-version.ts';
import {
  beginStock,
  createStockWriter,
  finishStock,
  type StockFiles,
  type TakenStock,
  toStockFolder,
} from './stock-files.ts';
import { type WholeCatalogueOptions, workOutLineage, workOutStorage } from './whole-catalogue.ts';
import { type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

export interface StockOrders {
  readonly stateDir: string;
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: SnapshotIndex;
  readonly siteSettings: SiteSettings;
  readonly faults: readonly BlobFault[];
  readonly programFingerprint: string;
  readonly summaries: readonly Pick<RepositorySummary, 'name' | 'recommended'>[];
}

interface Taken {
  readonly views: WholeViews;
  readonly written: StockFiles;
}

/** Takes stock. Throws a `SnapshotError` where a repository cannot be read. */
export async function takeStock(orders: StockOrders, options: ProcessOptions): Promise<TakenStock> {
  const folder = toStockFolder(orders.stateDir);
  await beginStock(folder);
  const tags = orders.index.repositories.reduce((sum, entry) => sum + entry.tags, 0);
  const file = toModuleFile('src/run/take-stock-process');
  const { views, written } = await (tags < tagsWorthAProcess
    ? takeStockHere(orders)
    : workInProcess(file, takeStockHere, orders, options));
  return finishStock(folder, views, written);
}

/** Takes it in this process, where room was made for it. Inventories that turn out to be damaged are made anew. */
export async function takeStockHere(orders: StockOrders): Promise<Taken> {
  try {
    return await takeOnce(orders);
  } catch (error) {
    if (!(error instanceof DamagedTextError)) throw error;
    await forgetInventories(orders.stateDir);
    return await takeOnce(orders);
  }
}

async function takeOnce(orders: StockOrders): Promise<Taken> {
  const { stateDir, siteSettings, index, programFingerprint } = orders;
  const store = createSnapshotStore(stateDir);
  const inventories = await openInventories({ stateDir, store, index, fingerprint: programFingerprint });
  try {
    const keptCleanup = openKeptCleanup({
      stateDir,
      fingerprint: JSON.stringify([programFingerprint, siteSettings.publicHost]),
      hiddenNames: index.hiddenNames ?? null,
      names: new Set(inventories.held.map(({ name }) => name)),
    });
    try {
      return await workOutAll(orders, inventories, keptCleanup);
    } finally {
      keptCleanup.close();
    }
  } finally {
    inventories.close();
  }
}

async function workOutAll(
  { stateDir, settings, index, siteSettings, faults, summaries }: StockOrders,
  inventories: Inventories,
  keptCleanup: KeptCleanup,
): Promise<Taken> {
  const writer = createStockWriter(toStockFolder(stateDir));
  const options: WholeCatalogueOptions = {
    ...{ settings, index, summaries, files: writer, keptCleanup },
    inventories: inventories.held,
    site: createSite(siteSettings, index.repositories, faults),
  };
  const lineage = workOutLineage(options);
  const { views, decisions } = workOutStorage(options);
  await keptCleanup.keep(decisions);
  return { views: { ...lineage, ...views }, written: writer.close() };
}
