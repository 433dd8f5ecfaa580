/**
 * The index in memory: one column per field, in natural order, so that a scan touches nothing but the names. A repository
 * is known by its position, which is also the last tie-breaker of the ranking.
 */
import { type JoinedTexts, joinTexts } from './joined-texts.ts';
import { toPlainText } from './name-text.ts';
import type { SearchRecord } from './search-record.ts';
import type { ShardDirectory } from './shard-directory.ts';

export interface SearchIndex {
  readonly names: readonly string[];
  /** The names with every separator as a space: what words are compared with. Same length, same places. */
  readonly plainNames: readonly string[];
  readonly joinedNames: JoinedTexts;
  /** Where the last part of each name begins. */
  readonly lastPartAt: Uint16Array;
  readonly records: RecordColumns;
  /** In lower case, and empty where there is none; null until the file of descriptions has been read. */
  readonly descriptions: readonly string[] | null;
  /** Where tags, digests, labels and descriptions are to be found; null for an index that came from records. */
  readonly shards: ShardDirectory | null;
}

/** Every field of `SearchRecord` but its name, by position. */
export interface RecordColumns {
  readonly descriptions: readonly (string | null)[] | null;
  readonly tagCounts: readonly number[];
  readonly recommendedTags: readonly (string | null)[];
  /** Days since 1970-01-01 in UTC; -1 for none. */
  readonly createdDays: readonly number[];
  /** -1 where it is not known. */
  readonly compressedSizesBytes: readonly number[];
  readonly platforms: SharedColumn;
  readonly kinds: SharedColumn;
  readonly bases: SharedColumn;
  readonly stale: ReadonlySet<number>;
  readonly deprecated: ReadonlySet<number>;
  /** Those that stand on an outdated base. */
  readonly outdated: ReadonlySet<number>;
  readonly paths: ReadonlyMap<number, string>;
}

/** A column whose values repeat: the distinct lists once, and which of them each position has. */
export interface SharedColumn {
  readonly lists: readonly (readonly string[])[];
  readonly listOf: readonly number[];
}

const dayMs = 86_400_000;

/** The index over columns that are already in natural order. */
export function toSearchIndex(
  names: readonly string[],
  records: RecordColumns,
  shards: ShardDirectory | null,
): SearchIndex {
  const index: SearchIndex = {
    names,
    plainNames: names.map(toPlainText),
    joinedNames: joinTexts(names),
    lastPartAt: Uint16Array.from(names, (name) => name.lastIndexOf('/') + 1),
    records,
    descriptions: null,
    shards,
  };
  return records.descriptions === null ? index : withDescriptions(index, records.descriptions);
}

/** The same index with descriptions to search. */
export function withDescriptions(index: SearchIndex, descriptions: readonly (string | null)[]): SearchIndex {
  const lower = descriptions.map((description) => (description === null ? '' : description.toLowerCase()));
  return { ...index, records: { ...index.records, descriptions }, descriptions: lower };
}

/** The record at a position that the index has. */
export function recordAt(index: SearchIndex, position: number): SearchRecord {
  const { records } = index;
  const size = records.compressedSizesBytes[position] ?? -1;
  return {
    name: index.names[position] ?? '',
    description: records.descriptions?.[position] ?? null,
    tagCount: records.tagCounts[position] ?? 0,
    recommendedTag: records.recommendedTags[position] ?? null,
    createdOn: formatDay(records.createdDays[position] ?? -1),
    compressedSizeBytes: size < 0 ? null : size,
    platforms: listAt(records.platforms, position),
    kinds: listAt(records.kinds, position),
    bases: listAt(records.bases, position),
    state: records.deprecated.has(position) ? 'deprecated' : records.stale.has(position) ? 'stale' : 'current',
    isBaseOutdated: records.outdated.has(position),
    path: records.paths.get(position) ?? null,
  };
}

function listAt(column: SharedColumn, position: number): readonly string[] {
  return column.lists[column.listOf[position] ?? -1] ?? [];
}

function formatDay(day: number): string | null {
  return day < 0 ? null : new Date(day * dayMs).toISOString().slice(0, 10);
}
