/** The shards that are to be joined: which of them are there, belong together, and can be believed. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { formatShard, isOfShard, mostShards } from '../crawl/shard.ts';
import type { Settings } from '../settings/settings.ts';
import { SettingsError } from '../settings/settings-error.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { ShardFile } from '../snapshot/shard-file.schema.ts';
import { createShardStore, type ShardStore } from '../snapshot/shard-store.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import { RunError } from './run-error.ts';
import {
  fingerprintOfShardSettings,
  isSameRun,
  listShardFolders,
  toShardBase,
  toShardFolder,
} from './shard-folders.ts';

/** What to do where there is nothing to join. */
export const crawlFirst = 'Run `registry-homepage crawl --shard 1/2` and so on first.';

export interface LeftShard {
  readonly store: ShardStore;
  readonly file: ShardFile;
  /** The SHA-256 of its file. */
  readonly id: string;
}

export interface ReadShards {
  readonly count: number;
  /** Made of the snapshot that stands, by number. */
  readonly fresh: readonly LeftShard[];
  /**
   * Whether these are the very shards that the snapshot that stands was joined of: `joined` where one still holds what it saw,
   * as when the merge was killed, `put-away` where nothing was crawled since.
   */
  readonly state: 'new' | 'joined' | 'put-away';
  /** Why the others cannot be used, by number. */
  readonly reasons: ReadonlyMap<number, string>;
}

/**
 * Reads what shards left in `folders`, or in the state folder where none is named: there, what is left of another number of
 * shards is passed over, if these are all there. Throws a `RunError` where it is not clear which belong together, and a `SettingsError` where
 * one was crawled with other settings.
 */
export async function readShards(
  settings: Settings,
  index: SnapshotIndex | null,
  folders: readonly string[],
): Promise<ReadShards> {
  const left: LeftShard[] = [];
  const ids = new Set<string>();
  const broken: string[] = [];
  const toFolders = (number: number, count: number) => [
    toShardFolder(settings.stateDir, { number, count }),
    ...folders.filter((folder) => basename(folder) === `${number}-of-${count}`),
  ];
  const named = folders.length > 0;
  for (const folder of named ? folders : await listShardFolders(settings.stateDir)) {
    const store = createShardStore(folder);
    try {
      const read = await store.read();
      const id = read?.id ?? (await store.readMerged())?.id;
      if (id !== undefined) ids.add(id);
      if (read !== null) left.push({ store, ...read });
      else if (named) broken.push(`${folder}/shard.json is not there`);
    } catch (error) {
      if (!(error instanceof SnapshotError) || error.code !== 'SNAPSHOT_BROKEN') throw error;
      broken.push(error.message);
    }
  }
  const base = toShardBase(index);
  const isFresh = ({ file }: LeftShard) => isSameRun(file.base, base);
  const { joined } = index ?? {};
  if (joined?.shards.every(([, id]) => ids.has(id)) && !left.some(isFresh)) {
    const isLeft = left.some(({ id }) => joined.shards.some(([, one]) => one === id));
    return { count: joined.count, fresh: [], state: isLeft ? 'joined' : 'put-away', reasons: new Map() };
  }
  const count = pickCount(named ? left : left.filter(isFresh), settings, named);
  if (count === undefined || count > mostShards) throw noShard(left, broken);
  const own = left.filter(({ file }) => file.shard.count === count);
  throwIfTwice(own);
  const fresh = own.filter(isFresh).sort((a, b) => a.file.shard.number - b.file.shard.number);
  throwIfOtherSettings(fresh, settings);
  const reasons = new Map<number, string>();
  for (let number = 1; number <= count; number++) {
    const found = own.find(({ file }) => file.shard.number === number);
    if (found !== undefined && isFresh(found)) continue;
    reasons.set(number, await describeAbsence(found, broken, toFolders(number, count)));
  }
  const sound = fresh.filter(({ file }) => {
    const fault = findFault(file);
    if (fault !== null) reasons.set(file.shard.number, fault);
    return fault === null;
  });
  if (sound.length === 0) throw noShard(left, broken);
  return { count, fresh: sound, state: 'new', reasons };
}

/**
 * Of which number the shards are to be; undefined where there are none. Where a merge was lost, a whole set of another number may
 * lie in the state folder: of whole sets the newest counts.
 */
function pickCount(left: readonly LeftShard[], settings: Settings, named: boolean): number | undefined {
  const sets = Map.groupBy(left, ({ file }) => file.shard.count);
  if (sets.size < 2) return left[0]?.file.shard.count;
  const fingerprint = fingerprintOfShardSettings(settings);
  const whole = [...sets].filter(
    ([count, shards]) => shards.length === count && shards.every(({ file }) => file.settings === fingerprint),
  );
  if (named || whole.length === 0) throw toDifferentCounts(sets, named);
  const newestOf = (shards: readonly LeftShard[]) =>
    shards.reduce((newest, { file }) => (file.lookedAt > newest ? file.lookedAt : newest), '');
  const [newest] = whole.sort(([, a], [, b]) => (newestOf(a) > newestOf(b) ? -1 : 1));
  return newest?.[0];
}

function toDifferentCounts(sets: ReadonlyMap<number, readonly LeftShard[]>, named: boolean): RunError {
  const counts = [...sets.keys()].sort((a, b) => a - b);
  const folders = (count: number) => (sets.get(count) ?? []).map(({ store }) => store.folder).join(' ');
  const found = counts.map((count) => `of ${count} in ${folders(count)}`).join('\n');
  const all = named ? '' : ', and none of these are all there';
  return new RunError(
    'SHARDS_DIFFER',
    `there are shards of ${counts.join(' and of ')}${all}\n${found}`,
    named ? 'Name the folders that belong together.' : 'Name the folders that belong together, or remove the others.',
  );
}

function throwIfTwice(shards: readonly LeftShard[]): void {
  const numbers = shards.map(({ file }) => file.shard.number);
  const twice = shards.find(({ file }, at) => numbers.indexOf(file.shard.number) !== at);
  if (twice === undefined) return;
  throw new RunError(
    'SHARDS_DIFFER',
    `there are two shards ${formatShard(twice.file.shard)}`,
    'Name each folder once.',
  );
}

function throwIfOtherSettings(shards: readonly LeftShard[], settings: Settings): void {
  const own = fingerprintOfShardSettings(settings);
  const other = shards.find(({ file }) => file.settings !== own);
  if (other === undefined) return;
  throw new SettingsError(
    `shard ${formatShard(other.file.shard)} was crawled with other settings than these`,
    'Sources, routes, patterns, publicHost, publishEnvironment and confirmRuns must be the same. Crawl it again.',
  );
}

async function describeAbsence(
  found: LeftShard | undefined,
  broken: readonly string[],
  folders: readonly string[],
): Promise<string> {
  if (found !== undefined) return `it went by another snapshot than the one that stands (${found.file.lookedAt})`;
  const own = broken.find((text) => folders.some((folder) => text.startsWith(`${folder}/`)));
  if (own !== undefined) return own;
  for (const folder of folders) {
    const failure = await readFailure(folder);
    if (failure !== null) return failure;
  }
  return 'it left nothing';
}

/** What ended its last run, if that is known. */
async function readFailure(folder: string): Promise<string | null> {
  try {
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    const message: unknown = report?.error?.message;
    return typeof message === 'string' ? message.slice(0, 500) : null;
  } catch {
    return null;
  }
}

/** What is wrong with a shard's file in itself. */
function findFault({ shard, looked, unanswered, refused, sources }: ShardFile): string | null {
  const names = [...looked, ...unanswered, ...refused].map(({ name }) => name);
  const foreign = names.find((name) => !isOfShard(name, shard));
  if (shard.number > shard.count || foreign !== undefined) return 'it has repositories of other shards';
  if (new Set(names).size !== names.length) return 'it has a repository twice';
  return sources.length === 0 ? 'it has no sources' : null;
}

function noShard(left: readonly LeftShard[], broken: readonly string[]): RunError {
  const found = left.map(
    ({ file }) => `shard ${formatShard(file.shard)} went by another snapshot than the one that stands`,
  );
  const message = [...found, ...broken].join('\n') || 'there are none';
  return new RunError('NO_SHARD', `no shard can be joined: ${message}`, crawlFirst);
}
