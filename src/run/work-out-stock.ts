/**
 * Takes stock in the process that it is called in, where room was made for it: all at once, or in parts for who has other work to do
 * in between.
 */

import type { NumberedContents } from '../catalogue/numbered-contents.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import type { WholeViews } from '../view/whole-views.ts';
import {
  forgetInventories,
  type Inventories,
  type KeptInventories,
  type KeptInventoriesOptions,
  openInventories,
  readKeptInventories,
} from './inventories.ts';
import { type KeptCleanup, openKeptCleanup } from './kept-cleanup.ts';
import { DamagedTextError } from './kept-texts.ts';
import { createStockWriter, type StockFiles, type StockRest, toStockFolder, toUnfinished } from './stock-files.ts';
import {
  numberAhead,
  type WholeCatalogueOptions,
  type WorkedOutStorage,
  workOutLineage,
  workOutStorage,
} from './whole-catalogue.ts';

export interface StockOrders {
  readonly stateDir: string;
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: SnapshotIndex;
  readonly siteSettings: SiteSettings;
  readonly programFingerprint: string;
}

/** What the process beside the run is told: in parts the rest is asked for afterwards. */
export interface StockMessage {
  readonly orders: StockOrders;
  readonly isInParts: boolean;
}

/** Of which what is long is still to be worked out. */
export interface Taken {
  readonly views: WholeViews;
  readonly written: StockFiles;
}

/** The rest of it. `kept` is null where that is still to be done. */
export interface StockFinished {
  readonly rest: StockRest;
  readonly kept: StockKept | null;
}

/** What came of keeping it for the next time: the problem, where it was not kept. Then it is worked out anew. */
export interface StockKept {
  readonly problem: string | null;
}

/** `finished` is null where it is still to be finished. */
export interface TakenParts extends Taken {
  readonly finished: StockFinished | null;
}

/** Takes all of it in this process, where room was made for it. Inventories that turn out to be damaged are made anew. */
export async function takeStockHere(orders: StockOrders): Promise<Taken & { readonly finished: StockFinished }> {
  return forgettingDamaged(orders, async () => {
    using opened = await openStock(orders);
    return { ...opened.taken, finished: { rest: opened.finish(), kept: await keepStock(opened) } };
  });
}

/** A site is none the worse for what is not kept. */
async function keepStock(opened: OpenedStock): Promise<StockKept> {
  try {
    await opened.keep();
    return { problem: null };
  } catch (error) {
    // The next run would meet it again.
    if (error instanceof DamagedTextError) await opened.forget();
    return { problem: error instanceof Error ? error.message : String(error) };
  }
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

/** Takes stock in parts, for a process that is told so one part after the other. */
export function createStockParts() {
  let ahead: StockAhead | null = null;
  let opened: OpenedStock | null = null;
  const require = (): OpenedStock => {
    if (opened === null) throw new TypeError('no stock was taken in this process');
    return opened;
  };
  return {
    /** Reads what is kept, and numbers it, while it is not yet known what changed. What fails here is done when it is needed, and told then. */
    readAhead(options: KeptInventoriesOptions): void {
      try {
        ahead = { kept: readKeptInventories(options), numbered: null };
        ahead = { ...ahead, numbered: numberAhead(ahead.kept.before.kept) };
      } catch {
        // What there is of it is used.
      }
    },
    async take({ orders, isInParts }: StockMessage): Promise<TakenParts> {
      if (!isInParts) {
        ahead?.kept.texts.close();
        ahead = null;
        opened?.[Symbol.dispose]();
        opened = null;
        return takeStockHere(orders);
      }
      opened = await forgettingDamaged(orders, () => {
        const read = ahead;
        // Where it was damaged it is read anew.
        ahead = null;
        return openStock(orders, read);
      });
      return { ...opened.taken, finished: null };
    },
    async finish(): Promise<StockFinished> {
      return { rest: require().finish(), kept: null };
    },
    async keep(): Promise<StockKept> {
      using stock = require();
      opened = null;
      return await keepStock(stock);
    },
  };
}

/** What may be done before it is known what changed. */
interface StockAhead {
  readonly kept: KeptInventories;
  readonly numbered: NumberedContents | null;
}

/** Stock that was taken, with all that it takes to finish it. */
interface OpenedStock extends Disposable {
  readonly taken: Taken;
  /** Works out what is long. Where the lists of the clean-up stand is written then. */
  finish(): StockRest;
  /** Keeps all that is to be kept. To be called when it is finished. Rejects with a `DamagedTextError` where what was kept is damaged. */
  keep(): Promise<void>;
  /** Forgets the inventories that were kept. */
  forget(): Promise<void>;
}

async function openStock(orders: StockOrders, ahead: StockAhead | null = null): Promise<OpenedStock> {
  const { stateDir, siteSettings, index, programFingerprint } = orders;
  const { movingTags } = orders.settings;
  const store = createSnapshotStore(stateDir);
  const means = { stateDir, movingTags, programFingerprint };
  const inventories = await openInventories({ ...means, store, index, kept: ahead?.kept ?? null });
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
    const { taken, decisions, listCleanup } = workOutAll(orders, inventories, keptCleanup, ahead?.numbered ?? null);
    return {
      taken,
      finish: () => ({ files: taken.written.files, lists: listCleanup() }),
      async keep() {
        await keptCleanup.keep(decisions);
        await inventories.keep();
      },
      forget: () => forgetInventories(stateDir),
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
  numbered: NumberedContents | null,
): Pick<OpenedStock, 'taken'> & Pick<WorkedOutStorage, 'decisions' | 'listCleanup'> {
  const writer = createStockWriter(toUnfinished(toStockFolder(stateDir)));
  const options: WholeCatalogueOptions = {
    ...{ settings, index, files: writer, keptCleanup, numbered },
    inventories: inventories.held,
    site: createSite(siteSettings, index.repositories),
  };
  const lineage = workOutLineage(options);
  const { views, decisions, listCleanup } = workOutStorage(options);
  return { taken: { views: { ...lineage, ...views }, written: writer.close() }, decisions, listCleanup };
}
