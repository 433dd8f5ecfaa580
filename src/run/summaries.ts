/**
 * The summaries of a snapshot, kept from run to run: a repository whose file is the same need not be read again. Losing the
 * file costs time and nothing else.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { needsEarlierEvents, pickRecentEvents } from '../view/changes-view.ts';
import { toRepositoryExtent } from '../view/repository-extent.ts';
import { toRepositorySummary } from '../view/repository-summary.ts';
import type { SiteSettings } from '../view/site.ts';
import { decodeSummaries, encodeSummaries, type MeasuredFile } from '../view/summary-lines.ts';

export interface Summaries {
  /** The file that holds them: what a plan names. */
  readonly file: string;
  /** Those of the index that have pages, in its order. */
  readonly repositories: readonly MeasuredFile[];
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
}

/** Reads what is kept, sums up what has changed, and writes the file again if anything had. Throws a `SnapshotError`. */
export async function readSummaries(options: SummariesOptions): Promise<Summaries> {
  const { stateDir, store, index, settings, programVersion } = options;
  const file = join(stateDir, 'cache', 'summaries.txt');
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([programVersion, settings]))
    .digest('hex');
  const before = await readKept(file, fingerprint);
  const byFile = new Map(before.map((measured) => [`${measured.summary.name} ${measured.file}`, measured]));
  const repositories: MeasuredFile[] = [];
  let renewed = 0;
  for (const entry of index.repositories) {
    if (entry.state === 'unread') continue;
    const kept = byFile.get(`${entry.name} ${entry.file}`);
    if (kept !== undefined) {
      repositories.push(kept);
      continue;
    }
    const repository = await store.readRepository(entry);
    const summary = toRepositorySummary(repository, settings);
    const known = needsEarlierEvents(repository) ? await store.readHistory(repository) : repository;
    const recentEvents = pickRecentEvents(known);
    repositories.push({ file: entry.file, summary, extent: toRepositoryExtent(repository, settings), recentEvents });
    renewed++;
  }
  if (renewed > 0 || before.length !== repositories.length) {
    await replaceFile(file, encodeSummaries(fingerprint, repositories));
  }
  return { file, repositories, renewed };
}

/** What is not there, broken, or made by another program or with other settings is as good as nothing. */
async function readKept(file: string, fingerprint: string): Promise<readonly MeasuredFile[]> {
  try {
    return decodeSummaries(fingerprint, await readFile(file, 'utf8')) ?? [];
  } catch {
    return [];
  }
}
