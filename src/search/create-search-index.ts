/** From records to the index, for a program that has them all at hand. */
import { compareNaturally } from './natural-order.ts';
import { type RecordColumns, type SearchIndex, type SharedColumn, toSearchIndex } from './search-index.ts';
import type { SearchRecord } from './search-record.ts';

const dayMs = 86_400_000;

/** The index of `records`, in whatever order they come. */
export function createSearchIndex(records: Iterable<SearchRecord>): SearchIndex {
  const sorted = sortRecords(records);
  return toSearchIndex(
    sorted.map((record) => record.name),
    toRecordColumns(sorted),
    null,
  );
}

/** Records in the order of the index. */
export function sortRecords<Kind extends { readonly name: string }>(records: Iterable<Kind>): Kind[] {
  return [...records].sort((a, b) => compareNaturally(a.name, b.name));
}

/** Columns from records in the order in which they come. */
export function toRecordColumns(records: readonly SearchRecord[]): RecordColumns {
  const positionsOf = (has: (record: SearchRecord) => boolean) =>
    new Set(records.flatMap((record, position) => (has(record) ? [position] : [])));
  return {
    descriptions: records.map((record) => record.description),
    tagCounts: records.map((record) => record.tagCount),
    recommendedTags: records.map((record) => record.recommendedTag),
    createdDays: records.map((record) => parseDay(record.createdOn)),
    compressedSizesBytes: records.map((record) => record.compressedSizeBytes ?? -1),
    platforms: toSharedColumn(records.map((record) => record.platforms)),
    kinds: toSharedColumn(records.map((record) => record.kinds)),
    bases: toSharedColumn(records.map((record) => record.bases)),
    stale: positionsOf(({ state }) => state === 'stale'),
    deprecated: positionsOf(({ state }) => state === 'deprecated'),
    outdated: positionsOf(({ isBaseOutdated }) => isBaseOutdated),
    paths: new Map(records.flatMap(({ path }, position) => (path === null ? [] : [[position, path] as const]))),
  };
}

function toSharedColumn(values: readonly (readonly string[])[]): SharedColumn {
  const numbers = new Map<string, number>();
  const lists: (readonly string[])[] = [];
  const listOf = values.map((list) => {
    const key = JSON.stringify(list);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, lists.length);
    return lists.push(list) - 1;
  });
  return { lists, listOf };
}

function parseDay(day: string | null): number {
  const milliseconds = Date.parse(day ?? '');
  return milliseconds >= 0 ? Math.floor(milliseconds / dayMs) : -1;
}
