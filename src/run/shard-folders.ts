/** Where shards leave what they saw, and which of them belong together. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Shard } from '../crawl/shard.ts';
import type { Settings } from '../settings/settings.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import { type SnapshotIndex, snapshotSchemaVersion } from '../snapshot/index.schema.ts';
import type { ShardFile } from '../snapshot/shard-file.schema.ts';
import { createShardStore, type MergedShard, type ShardStore } from '../snapshot/shard-store.ts';
import { RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';

const folderName = /^[1-9]\d*-of-[1-9]\d*$/;

/** The folder of a shard, within the state folder of the whole. */
export function toShardFolder(stateDir: string, { number, count }: Shard): string {
  return join(stateDir, 'shards', `${number}-of-${count}`);
}

/** The folders of all shards that ever ran here. */
export async function listShardFolders(stateDir: string): Promise<readonly string[]> {
  const parent = join(stateDir, 'shards');
  const names = await readdir(parent).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => folderName.test(name))
    .sort()
    .map((name) => join(parent, name));
}

/** Of what must be the same in all shards of a crawl and where they are joined: what decides which names are read and shown, and how. */
export function fingerprintOfShardSettings(settings: Settings): string {
  const { publicHost, publishEnvironment, confirmRuns, include, exclude, includeTags, excludeTags } = settings;
  return fingerprintOf([
    snapshotSchemaVersion,
    ...[publicHost, publishEnvironment, confirmRuns, include, exclude, includeTags, excludeTags],
    settings.sources.map(({ name, routes, repositories }) => [name, routes ?? null, repositories !== undefined]),
  ]);
}

/** What tells the snapshot that a shard goes by from any other, and how hidden names stand in it. */
export function toShardBase(index: SnapshotIndex | null): ShardFile['base'] {
  if (index === null) return null;
  const { beganAt, checkedAt, runs, hiddenNames, hiddenNamesChanged } = index;
  return {
    ...{ beganAt, checkedAt, runs },
    ...(hiddenNames === undefined ? {} : { hiddenNames }),
    ...(hiddenNamesChanged === undefined ? {} : { hiddenNamesChanged }),
  };
}

/** Whether two are of the same run. To hide names is no run: what was seen before is still true. */
export function isSameRun(one: ShardFile['base'], other: ShardFile['base']): boolean {
  if (one === null || other === null) return one === other;
  return one.runs === other.runs && one.checkedAt === other.checkedAt && one.beganAt === other.beganAt;
}

/** Removes what shards left that went by other settings: it may hold names that are hidden now. */
export async function forgetOtherShards(settings: Settings): Promise<void> {
  await tidyShards(settings.stateDir, (store) => forgetIfOther(store, settings));
}

/**
 * Once `merged` are in the snapshot, nothing else that shards left in the state folder is of use: what another number of shards
 * left, or one that came too late, may hold names that nobody would ever take out.
 */
export async function putShardsAway(stateDir: string, merged: readonly MergedShard[]): Promise<void> {
  await tidyShards(stateDir, async (store) => {
    const left = await store.read().catch(() => null);
    const id = left?.id ?? (await store.readMerged())?.id;
    const own = merged.find((one) => one.id === id);
    if (own !== undefined) await store.putAway(own);
    else if (isOfCount(store.folder, merged[0]?.count)) await store.withdraw();
    else await store.forget();
  });
}

function isOfCount(folder: string, count: number | undefined): boolean {
  return basename(folder).endsWith(`-of-${count}`);
}

/**
 * Does something to the folder of every shard, save those that are at work: they tidy theirs themselves. The folder stays, with
 * its lock: a shard may be about to take it, and a lock that is removed keeps nobody out.
 */
async function tidyShards(stateDir: string, tidy: (store: ShardStore) => Promise<void>): Promise<void> {
  for (const folder of await listShardFolders(stateDir)) {
    const lock = await takeRunLock(folder).catch((error: unknown) => {
      if (error instanceof RunError && error.code === 'LOCKED') return null;
      throw error;
    });
    if (lock === null) continue;
    try {
      await tidy(createShardStore(folder));
    } finally {
      lock.release();
    }
  }
}

/** Removes what a shard left with other settings. To be called under its lock. */
export async function forgetIfOther(store: ShardStore, settings: Settings): Promise<void> {
  if ((await store.readSettings()) !== fingerprintOfShardSettings(settings)) await store.forget();
}
