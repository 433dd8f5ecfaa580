/** The plain scan: every name against the words, at once and in the order of the ranking. */
import { toScore } from './match-score.ts';
import { NameMatcher } from './name-matcher.ts';
import type { QueryWord } from './query.ts';
import type { SearchIndex } from './search-index.ts';

/** Whether the repository at a position may be found at all. */
export type Accepts = (position: number) => boolean;

/** What a scan found, best first. */
export interface RankedNames {
  readonly positions: readonly number[];
  /** The score of each of `positions`. */
  readonly scores: readonly number[];
}

/** An image built more than a year before the newest one of all yields to others that match as well. */
const dormantAfterDays = 365;
const positionLimit = 2 ** 24;

/** Ranks every name that answers all of `words`; without words, every name, in the order of the index. */
export function rankNames(index: SearchIndex, words: readonly QueryWord[], accepts: Accepts): RankedNames {
  const keys = words.length === 0 ? listAll(index, accepts) : scan(index, words, accepts);
  keys.sort();
  return {
    positions: Array.from(keys, (key) => key % positionLimit),
    scores: Array.from(keys, (key) => Math.floor(key / (positionLimit * 4))),
  };
}

/** A key holds the score, two bits for how alive the image is, and the position: sorting the keys is the ranking. */
function toKey(score: number, vitality: number, position: number): number {
  return (score * 4 + vitality) * positionLimit + position;
}

function scan(index: SearchIndex, words: readonly QueryWord[], accepts: Accepts): Float64Array {
  const { names, plainNames, lastPartAt, descriptions } = index;
  const matcher = new NameMatcher(words);
  const dormantBefore = findNewestDay(index) - dormantAfterDays;
  const keys = new Float64Array(names.length);
  let count = 0;
  for (let position = 0; position < names.length; position++) {
    const name = names[position] as string;
    let score = matcher.score(name, plainNames[position] as string, lastPartAt[position] as number);
    if (score === -1 && descriptions !== null && hasAllWords(words, name, descriptions[position] as string)) {
      score = toScore('description', 0, 0);
    }
    if (score === -1 || !accepts(position)) continue;
    keys[count++] = toKey(score, vitalityOf(index, position, dormantBefore), position);
  }
  return keys.subarray(0, count);
}

function listAll(index: SearchIndex, accepts: Accepts): Float64Array {
  const keys: number[] = [];
  for (let position = 0; position < index.names.length; position++) if (accepts(position)) keys.push(position);
  return Float64Array.from(keys);
}

function hasAllWords(words: readonly QueryWord[], name: string, description: string): boolean {
  if (description === '') return false;
  for (const { text } of words) if (!description.includes(text) && !name.includes(text)) return false;
  return true;
}

/** 0 for what is alive, 1 for what is no longer built, 2 for what nobody should choose. */
function vitalityOf({ records }: SearchIndex, position: number, dormantBefore: number): number {
  if (records.deprecated.has(position) || records.tagCounts[position] === 0) return 2;
  const day = records.createdDays[position] ?? -1;
  return day >= 0 && day < dormantBefore ? 1 : 0;
}

function findNewestDay({ records }: SearchIndex): number {
  let newest = 0;
  for (const day of records.createdDays) if (day > newest) newest = day;
  return newest;
}
