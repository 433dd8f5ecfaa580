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
import {
  type WholeCatalogueOptions,
  type WorkedOutStorage,
  workOutLineage,
  workOutStorage,
} from './whole-catalogue.ts';
import { isWorthStaying, type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

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

/** Stock of which the views are there. */
export interface StockInHand extends TakenStock {
  /** Waits for what takes longer to write. Rejects with a `SnapshotError` where a repository cannot be read. */
  finish(): Promise<StockRest>;
  /** Keeps what was worked out for the next time, which nobody waits for. To be called when it is finished. */
  keep(): Promise<void>;
}

/** The taking of stock, which may begin before it is certain that anybody asks for it. */
export interface StockTaking extends AsyncDisposable {
  /** Begins where it is done beside other work. Elsewhere there is nothing to be won. */
  begin(): void;
  /** What came of it, as often as it is asked for. Rejects with a `SnapshotError` where a repository cannot be read. */
  take(): Promise<StockInHand>;
}

/**
 * In the process that stays beside the run it is taken in parts, and others go on in between. When it is disposed of, one that
 * nobody waited for is stopped.
 */
export function createStockTaking(orders: StockOrders, { signal, log, side }: ProcessOptions): StockTaking {
  const stop = new AbortController();
  const tags = countTags(orders);
  const options = { signal: AbortSignal.any([signal, stop.signal]), log, ...(side === undefined ? {} : { side }) };
  const isStaying = isWorthStaying(tags);
  let taking: Promise<StockInHand> | null = null;
  let last: Promise<unknown> | null = null;
  const forget = () => {
    taking = null;
  };
  const take = () => {
    if (taking !== null) return taking;
    const taken = takeStock(orders, isStaying, options).then(({ rest, ...stock }) => {
      const finishing = rest === null ? finishStockBeside(orders, options) : Promise.resolve({ rest, isKept: true });
      last = finishing;
      // Whoever waits for it is told what it met with.
      finishing.catch(forget);
      let keeping: Promise<void> | null = null;
      const keep = async () => {
        if (!(await finishing).isKept) await workInProcess('keep-stock', () => keepStockHere(orders), null, options);
      };
      return {
        ...stock,
        finish: async () => (await finishing).rest,
        keep() {
          keeping ??= keep();
          last = keeping;
          return keeping;
        },
      };
    });
    taking = taken;
    last = taken;
    // Whoever asks again after it failed means it to be tried again.
    taken.catch(forget);
    return taken;
  };
  return {
    take,
    begin() {
      if (tags < tagsWorthAProcess) return;
      if (isStaying) side?.begin();
      // Whoever asks for it is told what it met with.
      void take();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await taking?.catch(() => undefined);
      await last?.catch(() => undefined);
    },
  };
}

function countTags({ index }: StockOrders): number {
  return index.repositories.reduce((sum, { tags }) => sum + tags, 0);
}

interface Taken {
  readonly views: WholeViews;
  readonly written: StockFiles;
}

/** `rest` is null where it is still to be finished, and kept. */
interface TakenParts extends Taken {
  readonly rest: StockRest | null;
}

async function takeStock(
  orders: StockOrders,
  isStaying: boolean,
  options: ProcessOptions,
): Promise<TakenStock & Pick<TakenParts, 'rest'>> {
  // What it took in the process goes only with that.
  if (!isStaying) await options.side?.end();
  const isInParts = options.side?.isReady() ?? false;
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  const takeAll = async ({ orders: all }: StockMessage): Promise<TakenParts> => takeStockHere(all);
  try {
    const { views, written, rest } = await (countTags(orders) >= tagsWorthAProcess
      ? workInProcess('take-stock', takeAll, { orders, isInParts }, options)
      : takeStockHere(orders));
    return { ...finishStock(folder, views, written), rest };
  } catch (error) {
    discardStock(folder);
    throw error;
  }
}

interface Finished {
  readonly rest: StockRest;
  readonly isKept: boolean;
}

async function finishStockBeside(orders: StockOrders, options: ProcessOptions): Promise<Finished> {
  return workInProcess('finish-stock', () => finishStockHere(orders), null, options);
}

/** Takes it once more, for what goes where the first part of it was put. */
async function finishStockHere(orders: StockOrders): Promise<Finished> {
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  try {
    return { rest: (await takeStockHere(orders, folder)).rest, isKept: true };
  } finally {
    discardStock(folder);
  }
}

/** Takes it once more, for what is kept. What it makes besides goes. */
async function keepStockHere(orders: StockOrders): Promise<void> {
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  try {
    await takeStockHere(orders);
  } finally {
    discardStock(folder);
  }
}

/** Takes all of it in this process, where room was made for it; its rest into `folder`. Inventories that turn out to be damaged are made anew. */
export async function takeStockHere(
  orders: StockOrders,
  folder = toUnfinished(toStockFolder(orders.stateDir)),
): Promise<Taken & { readonly rest: StockRest }> {
  return forgettingDamaged(orders, async () => {
    using opened = await openStock(orders);
    const rest = await opened.finish(folder);
    await opened.keep();
    return { ...opened.taken, rest };
  });
}

async function forgettingDamaged<Result>({ stateDir }: StockOrders, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DamagedTextError)) throw error;
    await forgetInventories(stateDir);
    return await work();
  }
}

/** What the process beside the run is told: in parts the rest is asked for afterwards. */
interface StockMessage {
  readonly orders: StockOrders;
  readonly isInParts: boolean;
}

/** Takes stock in parts, for a process that is told so one part after the other. */
export function createStockParts() {
  let opened: OpenedStock | null = null;
  let folder = '';
  const require = (): OpenedStock => {
    if (opened === null) throw new TypeError('no stock was taken in this process');
    return opened;
  };
  return {
    async take({ orders, isInParts }: StockMessage): Promise<TakenParts> {
      if (!isInParts) return takeStockHere(orders);
      folder = toStockFolder(orders.stateDir);
      opened = await forgettingDamaged(orders, () => openStock(orders));
      return { ...opened.taken, rest: null };
    },
    finish: async (): Promise<Finished> => ({ rest: await require().finish(folder), isKept: false }),
    async keep(): Promise<void> {
      using stock = require();
      opened = null;
      await stock.keep();
    },
  };
}

/** Stock that was taken, with all that it takes to finish it. */
interface OpenedStock extends Disposable {
  readonly taken: Taken;
  /** Writes what is long into a folder. */
  finish(folder: string): Promise<StockRest>;
  /** To be called when it is finished. */
  keep(): Promise<void>;
}

async function openStock(orders: StockOrders): Promise<OpenedStock> {
  const { stateDir, siteSettings, index, programFingerprint } = orders;
  const { movingTags } = orders.settings;
  const store = createSnapshotStore(stateDir);
  const inventories = await openInventories({ stateDir, store, index, movingTags, programFingerprint });
  const keptCleanup = await openKeptCleanup({
    stateDir,
    fingerprint: JSON.stringify([programFingerprint, siteSettings.publicHost]),
    hiddenNames: index.hiddenNames ?? null,
    names: new Set(inventories.held.map(({ name }) => name)),
  });
  const close = () => {
    try {
      keptCleanup.close();
    } finally {
      inventories.close();
    }
  };
  try {
    const { taken, finish, decisions } = workOutAll(orders, inventories, keptCleanup);
    return {
      taken,
      finish,
      async keep() {
        await keptCleanup.keep(decisions);
        await inventories.keep();
      },
      [Symbol.dispose]: close,
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
): Pick<OpenedStock, 'taken' | 'finish'> & Pick<WorkedOutStorage, 'decisions'> {
  const writer = createStockWriter(toUnfinished(toStockFolder(stateDir)));
  const options: WholeCatalogueOptions = {
    ...{ settings, index, files: writer, keptCleanup },
    inventories: inventories.held,
    site: createSite(siteSettings, index.repositories),
  };
  const lineage = workOutLineage(options);
  const { views, decisions, addCleanup } = workOutStorage(options);
  const written = writer.close();
  return {
    taken: { views: { ...lineage, ...views }, written },
    decisions,
    async finish(folder) {
      const besides = createStockWriter(folder);
      const checkedFiles = addCleanup(besides);
      return { files: [...written.files, ...besides.close().files], checkedFiles };
    },
  };
}
