/** The index as it is transferred: columns, most of them in one string each. */
import { decodeFrontCoded } from './front-coding.ts';
import { type RecordColumns, type SearchIndex, type SharedColumn, toSearchIndex } from './search-index.ts';
import type { ShardDirectory } from './shard-directory.ts';

export interface SearchIndexFile {
  readonly version: 1;
  /** Front-coded, in natural order. */
  readonly names: string;
  readonly tagCounts: readonly number[];
  /** One to a line; empty for none. */
  readonly recommendedTags: string;
  /** Days since 1970-01-01 in UTC. */
  readonly newestDay: number;
  /** In days before `newestDay`; -1 for none. */
  readonly ages: readonly number[];
  /** Three digits for each; `---` for none. */
  readonly sizeDigits: string;
  /** One digit for each: the power of ten that they are multiplied with. */
  readonly sizeExponents: string;
  readonly platforms: SharedColumn;
  readonly kinds: SharedColumn;
  readonly bases: SharedColumn;
  readonly stale: readonly number[];
  readonly deprecated: readonly number[];
  /** A digit for each: 1 where it stands on an outdated base, which many may do. */
  readonly outdated: string;
  readonly paths: readonly (readonly [number, string])[];
  readonly shards: ShardDirectory;
}

/**
 * Reads an index file. Throws when it is not JSON or of another version; what it says is trusted beyond that, because it
 * comes from the site that the code comes from.
 */
export function decodeSearchIndex(text: string): SearchIndex {
  const steps = decodeInSteps(text);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, between which a page can do what is more urgent. */
export function* decodeInSteps(text: string): Generator<void, SearchIndex> {
  const file = JSON.parse(text) as SearchIndexFile;
  if (file.version !== 1) throw new TypeError(`a search index of version ${String(file.version)}, not 1`);
  yield;
  const names = decodeFrontCoded(file.names);
  yield;
  const records: RecordColumns = {
    descriptions: null,
    tagCounts: file.tagCounts,
    recommendedTags: file.recommendedTags.split('\n').map((tag) => (tag === '' ? null : tag)),
    createdDays: file.ages.map((age) => (age < 0 ? -1 : file.newestDay - age)),
    compressedSizesBytes: decodeSizes(file.sizeDigits, file.sizeExponents),
    platforms: file.platforms,
    kinds: file.kinds,
    bases: file.bases,
    stale: new Set(file.stale),
    deprecated: new Set(file.deprecated),
    outdated: new Set(Array.from(file.outdated, (digit, at) => (digit === '1' ? at : -1)).filter((at) => at >= 0)),
    paths: new Map(file.paths),
  };
  yield;
  return toSearchIndex(names, records, file.shards);
}

function decodeSizes(digits: string, exponents: string): number[] {
  return Array.from(exponents, (exponent, at) => {
    const value = Number(digits.slice(3 * at, 3 * at + 3));
    return Number.isNaN(value) ? -1 : value * 10 ** Number(exponent);
  });
}
