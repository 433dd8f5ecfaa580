/** Works out what only the whole catalogue knows: who stands on whom, and who holds what. Where that is much it is done in a process. */

import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import type { WholeViews } from '../view/whole-views.ts';
import { forgetInventories, type Inventories, openInventories } from './inventories.ts';
import { type KeptCleanup, openKeptCleanup } from './kept-cleanup.ts';
import { DamagedTextError } from './kept-texts.ts';
import {
  beginStock,
  createStockWriter,
  discardStock,
  finishStock,
  type StockFiles,
  type TakenStock,
  toStockFolder,
} from './stock-files.ts';
import { type WholeCatalogueOptions, workOutLineage, workOutStorage } from './whole-catalogue.ts';
import { mostTagsBeside, type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

export interface StockOrders {
  readonly stateDir: string;
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: SnapshotIndex;
  readonly siteSettings: SiteSettings;
  readonly programFingerprint: string;
}

export function toStockOrders(
  { stateDir, cleanup, movingTags, publicHost, alternateHosts }: Settings,
  index: SnapshotIndex,
  { siteSettings, programFingerprint }: Pick<StockOrders, 'siteSettings' | 'programFingerprint'>,
): StockOrders {
  return {
    stateDir,
    settings: { cleanup, movingTags, publicHost, alternateHosts },
    index,
    siteSettings,
    programFingerprint,
  };
}

/** The taking of stock, which may begin before it is certain that anybody asks for it. */
export interface StockTaking extends AsyncDisposable {
  /** Begins where it is done beside other work. Elsewhere there is nothing to be won. */
  begin(): void;
  /** What came of it, as often as it is asked for. Rejects with a `SnapshotError` where a repository cannot be read. */
  take(): Promise<TakenStock>;
}

/** When it is disposed of, one that nobody waited for is stopped. */
export function createStockTaking(orders: StockOrders, { signal, log, side }: ProcessOptions): StockTaking {
  const stop = new AbortController();
  const tags = orders.index.repositories.reduce((sum, entry) => sum + entry.tags, 0);
  const isBeside = tags >= tagsWorthAProcess;
  let taking: Promise<TakenStock> | null = null;
  const take = () => {
    const either = AbortSignal.any([signal, stop.signal]);
    taking ??= takeStock(orders, isBeside, { signal: either, log, ...(side === undefined ? {} : { side }) });
    // Whoever asks again after it failed means it to be tried again.
    taking.catch(() => {
      taking = null;
    });
    return taking;
  };
  return {
    take,
    begin() {
      if (!isBeside) return;
      // What it took in the process goes only with that.
      if (tags <= mostTagsBeside) side?.begin();
      // Whoever asks for it is told what it met with.
      void take();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await taking?.catch(() => undefined);
    },
  };
}

interface Taken {
  readonly views: WholeViews;
  readonly written: StockFiles;
}

async function takeStock(orders: StockOrders, isBeside: boolean, options: ProcessOptions): Promise<TakenStock> {
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  try {
    const { views, written } = await (isBeside
      ? workInProcess('take-stock', takeStockHere, orders, options)
      : takeStockHere(orders));
    return finishStock(folder, views, written);
  } catch (error) {
    discardStock(folder);
    throw error;
  }
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
  const { movingTags } = orders.settings;
  const store = createSnapshotStore(stateDir);
  const inventories = await openInventories({ stateDir, store, index, movingTags, programFingerprint });
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
  { stateDir, settings, index, siteSettings }: StockOrders,
  inventories: Inventories,
  keptCleanup: KeptCleanup,
): Promise<Taken> {
  const writer = createStockWriter(toStockFolder(stateDir));
  const options: WholeCatalogueOptions = {
    ...{ settings, index, files: writer, keptCleanup },
    inventories: inventories.held,
    site: createSite(siteSettings, index.repositories),
  };
  const lineage = workOutLineage(options);
  const { views, decisions } = workOutStorage(options);
  await keptCleanup.keep(decisions);
  return { views: { ...lineage, ...views }, written: writer.close() };
}
