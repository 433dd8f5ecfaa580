/**
 * Works out what only the whole catalogue knows, in a process of its own where there is much to work out: what that needs for a
 * moment is several times what stays, and goes with the process.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { createSite, type SiteSettings } from '../view/site.ts';
import { readInventories } from './inventories.ts';
import { watchChild } from './watch-child.ts';
import { type WorkedOut, workOutWhole } from './whole-catalogue.ts';

export interface StockOrders {
  readonly stateDir: string;
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: SnapshotIndex;
  readonly siteSettings: SiteSettings;
  readonly faults: readonly BlobFault[];
  readonly programFingerprint: string;
  readonly summaries: readonly Pick<RepositorySummary, 'name' | 'recommended'>[];
}

/** For fewer tags than this a process is not worth its start. */
const tagsWorthAProcess = 5000;
/** Without limits Node would rather use more memory than collect what is garbage. */
const nodeOptions = ['--max-old-space-size=1024', '--max-semi-space-size=16'] as const;

/** Takes stock. Throws a `SnapshotError` where a repository cannot be read. */
export async function takeStock(orders: StockOrders): Promise<WorkedOut> {
  const tags = orders.index.repositories.reduce((sum, entry) => sum + entry.tags, 0);
  const workedOut = tags < tagsWorthAProcess ? null : await takeStockInProcess(orders);
  return workedOut ?? takeStockHere(orders);
}

/** Takes stock in this process. */
export function takeStockHere(orders: StockOrders): Promise<WorkedOut> {
  const { stateDir, settings, index, siteSettings, faults, programFingerprint, summaries } = orders;
  const inventories = readInventories({
    stateDir,
    store: createSnapshotStore(stateDir),
    entries: index.repositories,
    fingerprint: programFingerprint,
  });
  const site = createSite(siteSettings, index.repositories, faults);
  return workOutWhole({ settings, index, inventories, site, summaries });
}

/** Null where it failed: errors lose what they are on their way between processes, so who asks tries again without one. */
async function takeStockInProcess(orders: StockOrders): Promise<WorkedOut | null> {
  const child = fork(join(import.meta.dirname, 'take-stock-process.ts'), [], {
    execArgv: [...nodeOptions],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let workedOut: WorkedOut | null = null;
  child.once('message', (message) => {
    workedOut = message as WorkedOut;
  });
  child.send(orders, () => undefined);
  try {
    await watchChild(child);
    return workedOut;
  } catch {
    return null;
  }
}
