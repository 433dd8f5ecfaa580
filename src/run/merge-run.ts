/**
 * From shards to the next snapshot: what they saw is joined and concluded from as if one crawl had seen it. What a missing
 * shard would have seen stands as it was and is stale.
 */
import type { Finding } from '../catalogue/observation.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { formatShard, isOfShard } from '../crawl/shard.ts';
import type { RequestCounts, RequestKind } from '../registry/request-counts.ts';
import type { Settings } from '../settings/settings.ts';
import type { IndexEntry, JoinedShards, SnapshotIndex } from '../snapshot/index.schema.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { type CrawlRunResult, concludeLook, filesAtOnce } from './conclude-look.ts';
import { throwIfOtherNames } from './given-names.ts';
import { joinLooks, type MissingShards } from './join-looks.ts';
import { createLayeredStore } from './layered-store.ts';
import type { Look, SeenNames, Unanswered } from './look.ts';
import { noOutlines } from './outlines.ts';
import { crawlFirst, type LeftShard, readShards } from './read-shards.ts';
import type { ReportedSource, ShardsReport } from './report.ts';
import { RunError } from './run-error.ts';
import { decodeLook } from './shard-codec.ts';
import { putShardsAway } from './shard-folders.ts';
import type { ShownNames } from './shown-names.ts';
import type { ListingState } from './source-verdicts.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';
import { hideUnvouched } from './unvouched-names.ts';

export interface MergeOptions {
  readonly settings: Settings;
  readonly store: SnapshotStore;
  readonly shown: ShownNames;
  /** Where shards left what they saw; none for those of the state folder. */
  readonly folders: readonly string[];
  readonly acceptRemovals: boolean;
  /** Ends the run: nothing is committed. */
  readonly cancel: AbortSignal;
  readonly onListed?: (listings: readonly ListingState[]) => void;
}

export interface MergeResult {
  /** Null where these very shards were joined before. */
  readonly crawl: CrawlRunResult | null;
  readonly exitCode: number;
  readonly shards: ShardsReport;
  /** With all that the shards asked them. */
  readonly sources: readonly ReportedSource[];
}

/** Joins the shards and commits the next snapshot. Throws a `RunError` when none can be used; then the old snapshot stands. */
export async function runMerge(options: MergeOptions): Promise<MergeResult> {
  const { settings, store, shown, folders, acceptRemovals, cancel } = options;
  const index = await store.readIndex();
  const read = await readShards(settings, index, folders);
  if (read.state !== 'new' && index?.joined !== undefined) return repeat(read.state, index, index.joined, options);
  await throwIfOtherNames(
    read.fresh.map(({ file }) => file),
    settings,
  );
  const { looks, taken, reasons } = await takeShards(read, index, options);
  const { count } = read;
  const missing = describeMissing(index, count, reasons, shown);
  const joined = joinLooks(looks, missing);
  const names = toNames(joined.names, looks, taken, index, shown);
  const { publicHost: registry, publishEnvironment, confirmRuns } = settings;
  const crawl = await concludeLook({ ...joined, names }, index, {
    ...{ store, outlines: noOutlines, registry, publishEnvironment, confirmRuns, acceptRemovals, cancel },
    ...shown,
    ...(options.onListed === undefined ? {} : { onListed: options.onListed }),
    joined: { count, shards: taken.map(({ file, id }) => [file.shard.number, id]) },
  });
  await putShardsAway(
    settings.stateDir,
    taken.map(({ file, id }) => ({ ...file.shard, id })),
  );
  return {
    crawl,
    exitCode: crawl.exitCode,
    shards: toShardsReport(
      count,
      taken.map(({ file }) => file.shard.number),
      reasons,
    ),
    sources: sumRequests(taken),
  };
}

/** Names of the whole: those of a missing shard stay as they were, shown or hidden. */
function toNames(
  joined: SeenNames,
  looks: readonly Look[],
  taken: readonly LeftShard[],
  index: SnapshotIndex | null,
  { isRepositoryShown }: ShownNames,
): SeenNames {
  const known = (index?.repositories ?? []).map(({ name }) => name).filter(isRepositoryShown);
  const files = taken.map(({ file }) => file);
  const { elsewhere } = joined;
  // Names came to be hidden after they looked: what was known then was not searched for these.
  const isSearched = looks.every(({ base }) => base?.hiddenNames === index?.hiddenNames);
  return {
    leftOutNames: joined.leftOutNames,
    shownNames: [...joined.shownNames, ...known],
    searchedFor: isSearched ? joined.searchedFor : undefined,
    elsewhere: elsewhere === null ? null : hideUnvouched(elsewhere, files, index?.withheldRepositories ?? 0),
  };
}

/**
 * What is joined already stays as it is; a run that was killed may have left something to tidy. Throws where no shard ran
 * since, for that must not look like an hour that went well, and where removals are accepted that it cannot decide any more.
 */
async function repeat(
  state: 'joined' | 'put-away',
  index: SnapshotIndex,
  joined: JoinedShards,
  { store, settings, acceptRemovals }: MergeOptions,
): Promise<MergeResult> {
  const { count, shards, exitCode } = joined;
  await store.removeUnnamed(index);
  await putShardsAway(
    settings.stateDir,
    shards.map(([number, id]) => ({ number, count, id })),
  );
  const { repositories, tags } = index.heldBackRemovals;
  if (acceptRemovals && repositories + tags > 0) {
    throw new RunError(
      'ALREADY_MERGED',
      'these shards are merged already, and what they did not find is held back',
      'Crawl every shard again, then run `merge --accept-removals` in the place of `merge`.',
    );
  }
  if (state === 'put-away') {
    throw new RunError('NO_SHARD', `no shard can be joined: nothing was crawled since ${index.checkedAt}`, crawlFirst);
  }
  const numbers = shards.map(([number]) => number);
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((number) => !numbers.includes(number));
  const reasons = new Map(missing.map((number) => [number, 'it was missing when these were merged'] as const));
  return { crawl: null, exitCode, shards: toShardsReport(count, numbers, reasons), sources: [] };
}

/** Brings what the shards wrote into the snapshot's own folder, where it counts for nothing yet. One whose files are broken is left out. */
async function takeShards(
  { fresh, reasons: known }: Awaited<ReturnType<typeof readShards>>,
  index: SnapshotIndex | null,
  { store, cancel }: MergeOptions,
) {
  const entries = new Map((index?.repositories ?? []).map((entry) => [entry.name, entry]));
  const reasons = new Map(known);
  const looks: Look[] = [];
  const taken: LeftShard[] = [];
  for (const shard of fresh) {
    try {
      const copied = await copyRepositories(shard, store, cancel);
      looks.push(
        decodeLook(shard.file, (name, entry) => {
          const found = entry === 'as-known' ? entries.get(name) : copied.get(entry.file);
          if (found === undefined) throw broken(`the snapshot has no ${name}`);
          return found;
        }),
      );
      taken.push(shard);
    } catch (error) {
      if (!(error instanceof SnapshotError) || error.code !== 'SNAPSHOT_BROKEN') throw error;
      reasons.set(shard.file.shard.number, error.message);
    }
  }
  if (looks.length > 0) return { looks, taken, reasons };
  throw new RunError('NO_SHARD', `no shard can be joined: ${[...reasons.values()].join('\n')}`, 'Crawl them again.');
}

/** Copies them, each entry of the snapshot by the file that the shard has in its place. */
async function copyRepositories({ file, store: own }: LeftShard, store: SnapshotStore, cancel: AbortSignal) {
  const layered = createLayeredStore(store, own.repositories);
  const copied = new Map<string, IndexEntry>();
  const left = file.looked.flatMap(({ name, entry, heir }) => [
    ...(entry === 'as-known' ? [] : [{ name, entry }]),
    ...(heir?.entry ? [{ name, entry: heir.entry }] : []),
  ]);
  await forEachConcurrently(left, filesAtOnce, async ({ name, entry }) => {
    throwIfCancelled(cancel);
    const repository = await own.repositories.readRepository(entry);
    if (repository.name !== name || entry.name !== name)
      throw broken(`the file of ${name} is that of ${repository.name}`);
    copied.set(entry.file, await store.writeRepository(await layered.readHistory(repository)));
  });
  return copied;
}

function broken(text: string): SnapshotError {
  return new SnapshotError('SNAPSHOT_BROKEN', text, 'Crawl that shard again.');
}

/** What missing shards would have looked at, as far as it is known: what is new in their share, nobody knows. */
function describeMissing(
  index: SnapshotIndex | null,
  count: number,
  reasons: ReadonlyMap<number, string>,
  { isRepositoryShown }: ShownNames,
): MissingShards {
  const shards = [...reasons].sort(([a], [b]) => a - b).map(([number, reason]) => ({ number, count, reason }));
  const known = (index?.repositories ?? []).filter(({ name, state }) => state !== 'removed' && isRepositoryShown(name));
  const unanswered = shards.flatMap((shard): readonly Unanswered[] => {
    const failure = { code: 'SHARD_MISSING', message: `shard ${formatShard(shard)} is missing` };
    const own = known.filter(({ name }) => isOfShard(name, shard));
    return own.map(({ name, source }) => ({ name, source, failure }));
  });
  const findings = shards.map((shard): Finding => {
    const text = `shard ${formatShard(shard)} is missing: ${shard.reason}; its repositories stay as they were`;
    return { code: 'shard-missing', source: null, repository: null, tag: null, text };
  });
  return { unanswered, findings };
}

function toShardsReport(count: number, joined: readonly number[], reasons: ReadonlyMap<number, string>): ShardsReport {
  const missing = [...reasons].sort(([a], [b]) => a - b);
  return {
    count,
    joined,
    missing: missing.map(([number, reason]) => ({ shard: formatShard({ number, count }), reason })),
  };
}

function sumRequests(shards: readonly LeftShard[]): readonly ReportedSource[] {
  const sums = new Map<string, RequestCounts>();
  for (const { name, requests } of shards.flatMap(({ file }) => file.sources)) {
    const before = sums.get(name);
    const kinds = Object.entries(requests.byKind) as [RequestKind, number][];
    const byKind = Object.fromEntries(kinds.map(([kind, count]) => [kind, count + (before?.byKind[kind] ?? 0)]));
    sums.set(name, {
      byKind: byKind as RequestCounts['byKind'],
      unchanged: requests.unchanged + (before?.unchanged ?? 0),
      retries: requests.retries + (before?.retries ?? 0),
      rateLimited: requests.rateLimited + (before?.rateLimited ?? 0),
      receivedBytes: requests.receivedBytes + (before?.receivedBytes ?? 0),
    });
  }
  return [...sums].map(([name, counts]) => ({ name, client: { counts } }));
}
