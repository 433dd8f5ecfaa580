/**
 * From what was typed to the whole answer: looks up what the query needs, and when that finds nothing tries what else may
 * have been meant before it gives up and suggests.
 */
import { enoughNames } from './answer-names.ts';
import { type Candidates, findCandidates } from './candidates.ts';
import { createFilter } from './filters.ts';
import type { FuzzySearch } from './fuzzy-search.ts';
import type { Lookups } from './lookups.ts';
import { type ParseOptions, parseQuery } from './parse-query.ts';
import type { Query } from './query.ts';
import { listReadings } from './readings.ts';
import { type Evidence, mostResults, noEvidence, search } from './search.ts';
import type { SearchIndex } from './search-index.ts';
import type { Answer } from './search-result.ts';
import { fewestDigestDigits } from './shard-directory.ts';

export interface SearchSources {
  readonly index: SearchIndex;
  readonly lookups: Lookups;
  readonly fuzzy: FuzzySearch;
  /** The same with descriptions, where these are still to be read. */
  readonly readDescribed?: () => Promise<SearchSources>;
}

export interface AnswerOptions extends ParseOptions {
  /** How many results are written out; the total counts all in any case. */
  readonly most?: number;
}

/** A question is worth this many small files. */
const mostFiles = 2;

/** Answers whatever text. Rejects only when a lookup does. */
export async function answerQuery(sources: SearchSources, text: string, options: AnswerOptions = {}): Promise<Answer> {
  const query = parseQuery(text, options);
  // Who asks for a tag or a digest calls the image by its name, if at all: descriptions are read only when that finds nothing.
  if (query.tag !== null || query.digest !== null) {
    const answer = await answerReadings(sources, query, text, options);
    if (answer !== null) return answer;
  }
  const isWorthDescriptions = query.words.length > 0 && sources.readDescribed !== undefined;
  const described = isWorthDescriptions ? await sources.readDescribed() : sources;
  return (await answerReadings(described, query, text, options)) ?? suggestNearest(described, query, options);
}

/** The answer to the first reading that has one. */
async function answerReadings(
  sources: SearchSources,
  query: Query,
  text: string,
  options: AnswerOptions,
): Promise<Answer | null> {
  const most = options.most ?? mostResults;
  for (const { reading, isLenient, notice, isMeant } of listReadings(query, text, options)) {
    const answer = await answerReading(sources, reading, isLenient, most);
    if (answer.notice !== null || (answer.total > 0 && isMeant(answer))) {
      return { ...answer, text: query.text, notice: answer.notice ?? notice };
    }
  }
  return null;
}

async function suggestNearest(sources: SearchSources, query: Query, { most }: AnswerOptions): Promise<Answer> {
  const evidence = await lookUp(sources, query, true);
  return search(sources.index, query, { ...evidence, nearestNames: sources.fuzzy.nearestNames(query.words) }, most);
}

async function answerReading(sources: SearchSources, query: Query, isLenient: boolean, most: number): Promise<Answer> {
  return search(sources.index, query, await lookUp(sources, query, isLenient), most);
}

async function lookUp({ index, lookups, fuzzy }: SearchSources, query: Query, isLenient: boolean): Promise<Evidence> {
  const labels = await Promise.all(query.labels.map((label) => lookups.labels(label.key)));
  if (query.digest !== null) {
    const isLongEnough = query.digest.length >= fewestDigestDigits;
    return { ...noEvidence, labels, digests: isLongEnough ? await lookups.digests(query.digest) : [] };
  }
  const accepts = createFilter(index, query, labels);
  const exact = findCandidates(index, query, accepts, [], enoughNames);
  const hits = isLenient || isScarce(query, exact) ? fuzzy.find(query.words, accepts) : [];
  if (query.tag === null) return { ...noEvidence, labels, fuzzy: hits };
  const candidates = findCandidates(index, query, accepts, hits);
  const best = query.words.length > 0 ? candidates.positions[0] : undefined;
  const [tags, ownTags] = await Promise.all([
    query.tag === '' ? null : lookups.tags(query.tag, best === undefined ? mostFiles : mostFiles - 1),
    best === undefined ? null : lookups.tagsOf(best),
  ]);
  return { ...noEvidence, labels, fuzzy: hits, tags, ownTags };
}

/** A few names match, and none is the one: a similar one may be. */
function isScarce({ words }: Query, { positions, namedCount }: Candidates): boolean {
  return words.length > 0 && namedCount === 0 && positions.length > 0 && positions.length < enoughNames;
}
