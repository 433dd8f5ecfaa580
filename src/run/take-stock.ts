/** Works out what only the whole catalogue knows: who stands on whom, and who holds what. Where that is much it is done in a process. */

import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { writeLists } from './cleanup-lists.ts';
import { countTags } from './count-tags.ts';
import { forgetCleanup } from './kept-cleanup.ts';
import { DamagedTextError } from './kept-texts.ts';
import {
  beginStock,
  discardStock,
  finishStock,
  type StockRest,
  type TakenStock,
  toSiteFolder,
  toStockFolder,
} from './stock-files.ts';
import { type StockMessage, type StockOrders, type TakenParts, takeStockHere } from './work-out-stock.ts';
import { isWorthStaying, type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

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
  /** Waits for what takes longer, and is kept for the next time. Rejects with a `SnapshotError` where a repository cannot be read. */
  finish(): Promise<StockRest>;
  /** Writes lists of the clean-up, by their paths, to where the files of all together are. To be called when it is finished. */
  writeLists(paths: readonly string[]): Promise<void>;
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
  const tags = countTags(orders.index.repositories);
  const options = { signal: AbortSignal.any([signal, stop.signal]), log, ...(side === undefined ? {} : { side }) };
  const isStaying = isWorthStaying(tags);
  let taking: Promise<StockInHand> | null = null;
  let last: Promise<unknown> | null = null;
  const forget = () => {
    taking = null;
  };
  const finish = () => workInProcess('finish-stock', () => takeStockAgain(orders), null, options);
  const take = () => {
    if (taking !== null) return taking;
    const taken = takeStock(orders, isStaying, options).then(({ rest, ...stock }) => {
      let finishing = rest === null ? finish() : Promise.resolve(rest);
      last = finishing;
      // Whoever waits for it is told what it met with.
      finishing.catch(forget);
      return {
        ...stock,
        finish: () => finishing,
        async writeLists(paths: readonly string[]) {
          const write = ({ lists }: StockRest) => {
            if (lists !== null) writeLists(lists, new Set(paths), toSiteFolder(stock.folder));
          };
          try {
            write(await finishing);
          } catch (error) {
            if (!(error instanceof DamagedTextError)) throw error;
            await forgetCleanup(orders.stateDir);
            finishing = takeStockAgain(orders);
            last = finishing;
            write(await finishing);
          }
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
    const { views, written, rest } = await (countTags(orders.index.repositories) >= tagsWorthAProcess
      ? workInProcess('take-stock', takeAll, { orders, isInParts }, options)
      : takeStockHere(orders));
    return { ...finishStock(folder, views, written), rest };
  } catch (error) {
    discardStock(folder);
    throw error;
  }
}

/** Takes it once more, for what a process that is gone had left to do, or for what was damaged. */
async function takeStockAgain(orders: StockOrders): Promise<StockRest> {
  const taken = toStockFolder(orders.stateDir);
  beginStock(taken);
  try {
    return (await takeStockHere(orders)).rest;
  } finally {
    discardStock(taken);
  }
}
