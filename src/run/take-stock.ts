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
  type StockRest,
  type TakenStock,
  toStockFolder,
  toUnfinished,
} from './stock-files.ts';
import { type WholeCatalogueOptions, workOutLineage, workOutStorage } from './whole-catalogue.ts';
import {
  isWorthStaying,
  type ProcessOptions,
  type TwoParts,
  tagsWorthAProcess,
  workInTwoParts,
} from './work-process.ts';

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

/** Stock of which the views are there. What takes longer to write is written while others go on. */
export interface StockInHand extends TakenStock {
  /** Waits for the rest. Rejects with a `SnapshotError` where a repository cannot be read. */
  finish(): Promise<StockRest>;
}

/** The taking of stock, which may begin before it is certain that anybody asks for it. */
export interface StockTaking extends AsyncDisposable {
  /** Begins where it is done beside other work. Elsewhere there is nothing to be won. */
  begin(): void;
  /** What came of it, as often as it is asked for. Rejects with a `SnapshotError` where a repository cannot be read. */
  take(): Promise<StockInHand>;
}

/** When it is disposed of, one that nobody waited for is stopped. */
export function createStockTaking(orders: StockOrders, { signal, log, side }: ProcessOptions): StockTaking {
  const stop = new AbortController();
  const tags = orders.index.repositories.reduce((sum, entry) => sum + entry.tags, 0);
  const isBeside = tags >= tagsWorthAProcess;
  let taking: Promise<StockInHand> | null = null;
  let finishing: Promise<StockRest> | null = null;
  const forget = () => {
    taking = null;
  };
  const take = () => {
    const either = AbortSignal.any([signal, stop.signal]);
    taking ??= takeStock(orders, isBeside, { signal: either, log, ...(side === undefined ? {} : { side }) }).then(
      ({ rest, ...taken }) => {
        const finished = rest();
        finishing = finished;
        // Whoever waits for it is told what it met with.
        finished.catch(forget);
        return { ...taken, finish: () => finished };
      },
    );
    // Whoever asks again after it failed means it to be tried again.
    taking.catch(forget);
    return taking;
  };
  return {
    take,
    begin() {
      if (!isBeside) return;
      // What it took in the process goes only with that.
      if (isWorthStaying(tags)) side?.begin();
      // Whoever asks for it is told what it met with.
      void take();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await taking?.catch(() => undefined);
      await finishing?.catch(() => undefined);
    },
  };
}

interface Taken {
  readonly views: WholeViews;
  readonly written: StockFiles;
}

type TakenParts = TwoParts<Taken, StockRest>;

async function takeStock(
  orders: StockOrders,
  isBeside: boolean,
  options: ProcessOptions,
): Promise<TakenStock & Pick<TakenParts, 'rest'>> {
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  try {
    const { result, rest } = await (isBeside
      ? workInTwoParts('take-stock', takeStockHere, takeRestHere, orders, options)
      : takeStockHere(orders));
    return { ...finishStock(folder, result.views, result.written), rest };
  } catch (error) {
    discardStock(folder);
    throw error;
  }
}

/**
 * Takes it in this process, where room was made for it; the rest goes where what came of that was put. Inventories that turn out to
 * be damaged are made anew.
 */
export async function takeStockHere(orders: StockOrders): Promise<TakenParts> {
  const forgetDamaged = async (error: unknown) => {
    if (!(error instanceof DamagedTextError)) throw error;
    await forgetInventories(orders.stateDir);
  };
  const takeAgain = async (error: unknown) => {
    await forgetDamaged(error);
    return await takeOnce(orders);
  };
  const { result, rest } = await takeOnce(orders).catch(takeAgain);
  const restAgain = async (error: unknown) => {
    await forgetDamaged(error);
    return await takeRestHere(orders);
  };
  return { result, rest: () => rest().catch(restAgain) };
}

/** Takes all of it once more for its rest. */
async function takeRestHere(orders: StockOrders): Promise<StockRest> {
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  try {
    const { rest } = await takeOnce(orders);
    return await rest();
  } finally {
    discardStock(folder);
  }
}

async function takeOnce(orders: StockOrders): Promise<TakenParts> {
  const { stateDir, siteSettings, index, programFingerprint } = orders;
  const { movingTags } = orders.settings;
  const store = createSnapshotStore(stateDir);
  const inventories = await openInventories({ stateDir, store, index, movingTags, programFingerprint });
  const keptCleanup = openKeptCleanup({
    stateDir,
    fingerprint: JSON.stringify([programFingerprint, siteSettings.publicHost]),
    hiddenNames: index.hiddenNames ?? null,
    names: new Set(inventories.held.map(({ name }) => name)),
  });
  const close = () => {
    keptCleanup.close();
    inventories.close();
  };
  try {
    const { result, writeRest } = workOutAll(orders, inventories, keptCleanup);
    return {
      result,
      async rest() {
        try {
          const rest = await writeRest();
          await inventories.keep();
          return rest;
        } finally {
          close();
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

function workOutAll(
  { stateDir, settings, index, siteSettings }: StockOrders,
  inventories: Inventories,
  keptCleanup: KeptCleanup,
): { readonly result: Taken; readonly writeRest: () => Promise<StockRest> } {
  const folder = toStockFolder(stateDir);
  const writer = createStockWriter(toUnfinished(folder));
  const options: WholeCatalogueOptions = {
    ...{ settings, index, files: writer, keptCleanup },
    inventories: inventories.held,
    site: createSite(siteSettings, index.repositories),
  };
  const lineage = workOutLineage(options);
  const { views, decisions, addCleanup } = workOutStorage(options);
  const written = writer.close();
  return {
    result: { views: { ...lineage, ...views }, written },
    async writeRest() {
      const besides = createStockWriter(folder);
      const checkedFiles = addCleanup(besides);
      await keptCleanup.keep(decisions);
      return { files: [...written.files, ...besides.close().files], checkedFiles };
    },
  };
}
