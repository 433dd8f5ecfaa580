/** The plain scan: every name against the words, at once and in the order of the ranking. */
import { visitContaining } from './joined-texts.ts';
import { headOf, type MatchKind, scoredKind, scoreLimit, toScore, toUnwanted } from './match-score.ts';
import { NameMatcher } from './name-matcher.ts';
import type { QueryWord } from './query.ts';
import type { SearchIndex } from './search-index.ts';

/** Whether the repository at a position may be found at all. */
export type Accepts = (position: number) => boolean;

/** What a scan found, best first. */
export interface RankedNames {
  readonly positions: readonly number[];
  kindAt(place: number): MatchKind;
}

/** An image built more than a year before the newest one of all yields to others that match as well. */
const dormantAfterDays = 365;
const positionLimit = 2 ** 24;

/**
 * Ranks every name that answers all of `words`; without words, every name, in the order of the index. Only the first `most`
 * are sure to be in their order.
 */
export function rankNames(
  index: SearchIndex,
  words: readonly QueryWord[],
  accepts: Accepts,
  most: number = Number.POSITIVE_INFINITY,
): RankedNames {
  const keys = words.length === 0 ? listAll(index, accepts) : scan(index, words, accepts, most);
  const positions: number[] = new Array(keys.length);
  for (let place = 0; place < keys.length; place++) positions[place] = (keys[place] as number) % positionLimit;
  return { positions, kindAt: (place) => scoredKind(toScoreOfKey(keys[place] ?? 0)) };
}

/** A key holds the score, whether the image is dormant, and the position: sorting the keys is the ranking. */
function toKey(score: number, isDormant: boolean, position: number): number {
  return (score * 2 + (isDormant ? 1 : 0)) * positionLimit + position;
}

function toScoreOfKey(key: number): number {
  return Math.floor(key / (2 * positionLimit));
}

function scan(index: SearchIndex, words: readonly QueryWord[], accepts: Accepts, most: number): Float64Array {
  const { names, plainNames, lastPartAt, descriptions } = index;
  const matcher = new NameMatcher(words);
  const keyOf = createKeyOf(index);
  const keys = new Float64Array(names.length);
  let count = 0;
  const look = (position: number) => {
    const name = names[position] as string;
    let score = matcher.estimate(name, plainNames[position] as string, lastPartAt[position] as number);
    if (score === -1 && descriptions !== null && hasAllWords(words, name, descriptions[position] as string)) {
      score = toScore('description', 0, 0);
    }
    if (score !== -1 && accepts(position)) keys[count++] = keyOf(score, position);
  };
  if (descriptions === null && matcher.needle !== null) visitContaining(index.joinedNames, matcher.needle, look);
  else for (let position = 0; position < names.length; position++) look(position);
  const found = keys.subarray(0, count);
  const leaders = selectLeaders(found, most);
  for (let place = 0; place < leaders.length; place++) {
    const position = (leaders[place] as number) % positionLimit;
    const name = names[position] as string;
    const score = matcher.score(name, plainNames[position] as string, lastPartAt[position] as number);
    if (score !== -1) leaders[place] = keyOf(score, position);
  }
  leaders.sort();
  return found;
}

function createKeyOf(index: SearchIndex): (score: number, position: number) => number {
  const { deprecated, tagCounts, createdDays } = index.records;
  let newestDay = 0;
  for (const day of createdDays) if (day > newestDay) newestDay = day;
  const dormantBefore = newestDay - dormantAfterDays;
  return (score, position) => {
    const isUnwanted = tagCounts[position] === 0 || deprecated.has(position);
    const day = createdDays[position] as number;
    return toKey(isUnwanted ? toUnwanted(score) : score, day >= 0 && day < dormantBefore, position);
  };
}

/**
 * Moves the keys that can be among the first `most` to the front, and gives back that part. A letter or two match thousands
 * of names, and the time to measure and sort them all would be longer than a frame.
 */
function selectLeaders(keys: Float64Array, most: number): Float64Array {
  if (keys.length <= most) return keys;
  const counts = new Uint32Array(headOf(scoreLimit) + 1);
  for (const key of keys) counts[headOf(toScoreOfKey(key))] = (counts[headOf(toScoreOfKey(key))] as number) + 1;
  let worst = 0;
  for (let sum = counts[0] as number; sum < most; sum += counts[worst] as number) worst++;
  let front = 0;
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place] as number;
    if (headOf(toScoreOfKey(key)) > worst) continue;
    keys[place] = keys[front] as number;
    keys[front++] = key;
  }
  return keys.subarray(0, front);
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
