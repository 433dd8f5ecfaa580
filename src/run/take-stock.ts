/** Works out what only the whole catalogue knows, in a process of its own where there is much to work out. */

import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import { readInventories } from './inventories.ts';
import { toModuleFile } from './program-version.ts';
import { createStockWriter, type TakenStock, toStockFolder } from './stock-files.ts';
import { workOutWhole } from './whole-catalogue.ts';
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

/** Takes stock. Throws a `SnapshotError` where a repository cannot be read. */
export async function takeStock(orders: StockOrders, options: ProcessOptions): Promise<TakenStock> {
  const tags = orders.index.repositories.reduce((sum, entry) => sum + entry.tags, 0);
  const file = toModuleFile('src/run/take-stock-process');
  return tags < tagsWorthAProcess ? takeStockHere(orders) : workInProcess(file, takeStockHere, orders, options);
}

/** Takes stock in this process. */
export async function takeStockHere(orders: StockOrders): Promise<TakenStock> {
  const { stateDir, settings, index, siteSettings, faults, programFingerprint, summaries } = orders;
  const store = createSnapshotStore(stateDir);
  const files = await createStockWriter(toStockFolder(stateDir));
  const views = await workOutWhole({
    ...{ settings, index, summaries, files, putAway: files.putAway },
    readInventories: () =>
      readInventories({ stateDir, store, entries: index.repositories, fingerprint: programFingerprint }),
    site: createSite(siteSettings, index.repositories, faults),
  });
  return files.finish(views);
}
