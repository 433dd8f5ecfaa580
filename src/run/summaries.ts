/**
 * The summaries of a snapshot, kept from run to run: a repository whose file is the same need not be read again. Losing the
 * file costs time and nothing else.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { replaceUnflushed } from '../snapshot/durable-write.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import { createSnapshotStore, type SnapshotStore } from '../snapshot/snapshot-store.ts';
import { type CatalogueTotals, countCatalogue, tallyMeasured } from '../view/catalogue-totals.ts';
import { needsEarlierEvents, pickRecentEvents } from '../view/changes-view.ts';
import type { LayerTally } from '../view/layer-uses.ts';
import { toRepositoryExtent } from '../view/repository-extent.ts';
import { toRepositorySummary } from '../view/repository-summary.ts';
import type { SiteSettings } from '../view/site.ts';
import {
  decodeSummaries,
  encodeSummaryLine,
  joinSummaryLines,
  type MeasuredFile,
  type SummaryLine,
} from '../view/summary-lines.ts';
import { countTags } from './count-tags.ts';
import { type ProcessOptions, tagsWorthAProcess, workInProcess } from './work-process.ts';

export interface Summaries {
  /** The file that holds them: what a plan names. */
  readonly file: string;
  /** Those of the index that have pages, in its order. */
  readonly repositories: readonly MeasuredFile[];
  /** What they come to. */
  readonly totals: CatalogueTotals;
  /** Their layers. They are counted when they are first asked for. */
  tallyLayers(): LayerTally;
  /** How many had to be read and summed up anew. */
  readonly renewed: number;
}

export interface SummariesOptions {
  readonly stateDir: string;
  readonly store: SnapshotStore;
  readonly index: SnapshotIndex;
  readonly settings: SiteSettings;
  /** Whatever else the summaries depend on: the program's version. */
  readonly programVersion: string;
  readonly process: ProcessOptions;
  /** What is kept, where it was read before. */
  readonly kept?: KeptSummaries | null;
}

/** What decides what is kept. */
export type KeptSummariesOptions = Pick<SummariesOptions, 'stateDir' | 'settings' | 'programVersion'>;

export interface KeptSummaries {
  readonly totals: CatalogueTotals;
  /** By repository and file. */
  readonly lines: ReadonlyMap<string, SummaryLine>;
}

/** Reads what is kept, sums up what has changed, and writes the file again if anything had. Throws a `SnapshotError`. */
export async function readSummaries(options: SummariesOptions): Promise<Summaries> {
  const { stateDir, index, settings, programVersion } = options;
  const listChanged = (kept: KeptSummaries | null) =>
    index.repositories.filter((entry) => entry.state !== 'unread' && !kept?.lines.has(keyOf(entry)));
  const kept = options.kept ?? (await readKeptSummaries(options));
  const changedTags = countTags(listChanged(kept));
  if (changedTags < tagsWorthAProcess) return renewSummaries(options, kept);
  const orders = { stateDir, index, settings, programVersion };
  const renewed = await workInProcess('summarise', summarise, orders, options.process);
  const summaries = await renewSummaries(options, renewed === 0 ? kept : await readKeptSummaries(options));
  return { ...summaries, renewed: renewed + summaries.renewed };
}

/** Sums up whatever has changed, here, and writes the file. Resolves to how many were summed up. */
export async function summarise(orders: Omit<SummariesOptions, 'store' | 'process' | 'kept'>): Promise<number> {
  const options = { ...orders, store: createSnapshotStore(orders.stateDir) };
  return (await renewSummaries(options, await readKeptSummaries(options))).renewed;
}

async function renewSummaries(
  options: Omit<SummariesOptions, 'process'>,
  kept: KeptSummaries | null,
): Promise<Summaries> {
  const { store, index, settings } = options;
  const measure = async (entry: IndexEntry): Promise<MeasuredFile> => {
    const repository = await store.readRepository(entry);
    const summary = toRepositorySummary(repository, settings);
    const whole = needsEarlierEvents(repository) ? await store.readHistory(repository) : repository;
    const recentEvents = pickRecentEvents(whole);
    return { file: entry.file, summary, extent: toRepositoryExtent(repository, settings), recentEvents };
  };
  const repositories: MeasuredFile[] = [];
  const lines: Buffer[] = [];
  let renewed = 0;
  for (const entry of index.repositories) {
    if (entry.state === 'unread') continue;
    let each = kept?.lines.get(keyOf(entry));
    if (each === undefined) {
      const measured = await measure(entry);
      each = { measured, line: encodeSummaryLine(measured) };
      renewed++;
    }
    repositories.push(each.measured);
    lines.push(each.line);
  }
  const file = summariesFileOf(options);
  let tally: LayerTally | null = null;
  const tallyLayers = () => {
    tally ??= tallyMeasured(repositories);
    return tally;
  };
  if (kept !== null && renewed === 0 && kept.lines.size === repositories.length) {
    return { file, repositories, totals: kept.totals, tallyLayers, renewed };
  }
  // Of a registry without images too: whoever writes the site reads it.
  const totals = countCatalogue(repositories, tallyLayers());
  await replaceUnflushed(file, joinSummaryLines({ fingerprint: fingerprintOf(options), totals }, lines));
  return { file, repositories, totals, tallyLayers, renewed };
}

/**
 * What is kept; null where it is not there, broken, or made by another program or with other settings, or where the signal is
 * aborted. It lets others go on meanwhile.
 */
export async function readKeptSummaries(
  options: KeptSummariesOptions,
  signal?: AbortSignal,
): Promise<KeptSummaries | null> {
  try {
    const kept = decodeSummaries(fingerprintOf(options), await readFile(summariesFileOf(options)));
    if (kept === null) return null;
    const lines = new Map<string, SummaryLine>();
    for (const each of kept.repositories) {
      const { summary, file } = each.measured;
      lines.set(keyOf({ name: summary.name, file }), each);
      if (lines.size % linesAtOnce === 0) await setImmediate(null, { signal });
    }
    return { totals: kept.totals, lines };
  } catch {
    return null;
  }
}

/** Some milliseconds' worth. */
const linesAtOnce = 50;

function summariesFileOf({ stateDir }: Pick<SummariesOptions, 'stateDir'>): string {
  return join(stateDir, 'cache', 'summaries.txt');
}

function fingerprintOf({ programVersion, settings }: Pick<SummariesOptions, 'programVersion' | 'settings'>): string {
  return createHash('sha256')
    .update(JSON.stringify([programVersion, settings]))
    .digest('hex');
}

function keyOf({ name, file }: { readonly name: string; readonly file: string }): string {
  return `${name} ${file}`;
}
