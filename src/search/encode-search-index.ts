/** Records -> the index file. Same records, same bytes. */
import { sortRecords, toRecordColumns } from './create-search-index.ts';
import { encodeFrontCoded } from './front-coding.ts';
import type { SearchIndexFile } from './search-index-file.ts';
import type { SearchRecord } from './search-record.ts';
import { noShards, type ShardDirectory } from './shard-directory.ts';

/** More than any image has; one digit of exponent is enough for it. */
const mostBytes = 9.99e11;

/** Encodes `records`, in whatever order they come, as the text of an index file. Descriptions stand in a file of their own. */
export function encodeSearchIndex(records: Iterable<SearchRecord>, shards: ShardDirectory = noShards): string {
  const sorted = sortRecords(records);
  const columns = toRecordColumns(sorted);
  const newestDay = columns.createdDays.reduce((newest, day) => Math.max(newest, day), 0);
  const sizes = columns.compressedSizesBytes.map(toRounded);
  const file: SearchIndexFile = {
    version: 1,
    names: encodeFrontCoded(sorted.map((record) => record.name)),
    tagCounts: columns.tagCounts,
    recommendedTags: columns.recommendedTags.map((tag) => tag ?? '').join('\n'),
    newestDay,
    ages: columns.createdDays.map((day) => (day < 0 ? -1 : newestDay - day)),
    sizeDigits: sizes.map(([digits]) => digits).join(''),
    sizeExponents: sizes.map(([, exponent]) => exponent).join(''),
    platforms: columns.platforms,
    kinds: columns.kinds,
    bases: columns.bases,
    stale: [...columns.stale],
    deprecated: [...columns.deprecated],
    outdated: sorted.map(({ isBaseOutdated }) => (isBaseOutdated ? '1' : '0')).join(''),
    paths: [...columns.paths],
    shards,
  };
  return JSON.stringify(file);
}

/** Three digits and the power of ten that they are multiplied with, which is a digit too. */
function toRounded(size: number): readonly [digits: string, exponent: string] {
  if (size < 0) return ['---', '0'];
  if (size < 1000) return [String(size).padStart(3, '0'), '0'];
  const [digits = '', exponent = ''] = Math.min(size, mostBytes).toExponential(2).split('e+');
  return [digits.replace('.', ''), String(Number(exponent) - 2)];
}
