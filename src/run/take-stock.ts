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
import {
  type StockFinished,
  type StockKept,
  type StockMessage,
  type StockOrders,
  type TakenParts,
  takeStockHere,
} from './work-out-stock.ts';
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
  /** Waits for what takes longer. Rejects with a `SnapshotError` where a repository cannot be read. */
  finish(): Promise<StockRest>;
  /** Writes lists of the clean-up, by their paths, to where the files of all together are. To be called when it is finished. */
  writeLists(paths: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Keeps what was worked out for the next time. To be called when it is finished. It never rejects: what is not kept costs time, and
   * a site may have been published meanwhile.
   */
  keep(): Promise<void>;
}

/** The taking of stock, which may begin before it is certain that anybody asks for it. */
export interface StockTaking extends AsyncDisposable {
  /**
   * Begins where it is done beside other work. Elsewhere there is nothing to be won. Resolves when whatever takes long here holds it up
   * no more; it never rejects.
   */
  begin(): Promise<void>;
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
  const told = Promise.withResolvers<void>();
  const options = {
    ...{ signal: AbortSignal.any([signal, stop.signal]), log, onTold: told.resolve },
    ...(side === undefined ? {} : { side }),
  };
  const isStaying = isWorthStaying(tags);
  let taking: Promise<StockInHand> | null = null;
  let last: Promise<unknown> | null = null;
  const forget = () => {
    taking = null;
  };
  const again = () => takeStockAgain(orders, options);
  const finish = () => workInProcess('finish-stock', again, null, options);
  const keepAside = async (): Promise<StockKept> => {
    const lost = async () => ({ problem: 'the process that took stock is gone' });
    // Another would have to take it anew, as the next run does if it has to.
    return side?.find() ? workInProcess('keep-stock', lost, null, options) : lost();
  };
  const take = () => {
    if (taking !== null) return taking;
    const taken = takeStock(orders, isStaying, options).then(({ finished, ...stock }) => {
      let finishing = finished === null ? finish() : Promise.resolve(finished);
      last = finishing;
      // Whoever waits for it is told what it met with.
      finishing.catch(forget);
      let keeping: Promise<void> | null = null;
      const keep = async () => {
        try {
          const { problem } = (await finishing).kept ?? (await keepAside());
          if (problem !== null) throw new Error(problem);
        } catch (error) {
          if (options.signal.aborted) return;
          const problem = error instanceof Error ? error.message : String(error);
          log.write('warning', 'stock-not-kept', `${problem}; what pages show of others is worked out anew next time`);
        }
      };
      return {
        ...stock,
        finish: async () => (await finishing).rest,
        async writeLists(paths: readonly string[], stopped: AbortSignal) {
          const write = async ({ rest: { lists } }: StockFinished) => {
            if (lists !== null) await writeLists(lists, new Set(paths), toSiteFolder(stock.folder), stopped);
          };
          try {
            await write(await finishing);
          } catch (error) {
            if (!(error instanceof DamagedTextError)) throw error;
            const text = `what is kept of the clean-up is damaged: ${error.message}; stock is taken again without it`;
            log.write('warning', 'stock-damaged', text);
            await forgetCleanup(orders.stateDir);
            finishing = again();
            last = finishing;
            keeping = null;
            await write(await finishing);
          }
        },
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
    async begin() {
      if (tags < tagsWorthAProcess) return;
      if (isStaying) side?.begin();
      // Whoever asks for it is told what it met with.
      const taken = take().catch(() => undefined);
      await Promise.race([told.promise, taken]);
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
): Promise<TakenStock & Pick<TakenParts, 'finished'>> {
  // What it took in the process goes only with that.
  if (!isStaying) await options.side?.end();
  const isInParts = options.side?.find() != null;
  const folder = toStockFolder(orders.stateDir);
  beginStock(folder);
  try {
    const { views, written, finished } = await takeParts({ orders, isInParts }, options);
    return { ...finishStock(folder, views, written), finished };
  } catch (error) {
    discardStock(folder);
    throw error;
  }
}

/** What it takes goes with the process, where that is much. */
async function takeParts(message: StockMessage, options: ProcessOptions): Promise<TakenParts> {
  const takeHere = ({ orders }: StockMessage) => takeStockHere(orders);
  const isMuch = countTags(message.orders.index.repositories) >= tagsWorthAProcess;
  return isMuch ? workInProcess('take-stock', takeHere, message, options) : takeHere(message);
}

/** Takes it once more, for what a process that is gone had left to do, or for what was damaged. */
async function takeStockAgain(orders: StockOrders, options: ProcessOptions): Promise<StockFinished> {
  const taken = toStockFolder(orders.stateDir);
  beginStock(taken);
  try {
    const { finished } = await takeParts({ orders, isInParts: false }, options);
    if (finished === null) throw new TypeError('stock that was taken at once is not finished');
    return finished;
  } finally {
    discardStock(taken);
  }
}
