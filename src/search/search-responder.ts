/**
 * Answers questions from the files of a site: at once from the names alone, then with what the question needs besides.
 * Descriptions and shards are read when an answer needs them, each once.
 */
import { answerNames, type GivenAnswer } from './answer-names.ts';
import { type AnswerOptions, answerQuery, type SearchSources } from './answer-query.ts';
import { createFuzzySearch } from './fuzzy-search.ts';
import { readDescriptions } from './read-descriptions.ts';
import { decodeSearchIndex } from './search-index-file.ts';
import type { Answer } from './search-result.ts';
import { noShards } from './shard-directory.ts';
import { createShardLookups, type ReadShard } from './shard-lookups.ts';

export interface Responder {
  /** The answer from the names alone. */
  askNames(text: string, most: number): GivenAnswer;
  /** The whole answer; null when `isWanted` says that another question has come. */
  askAll(text: string, most: number, isWanted: () => boolean): Promise<Answer | null>;
}

/** Someone who types goes on within this time; what takes longer than a scan waits until they stop. */
const typingPauseMs = 40;

/** `indexText` is the index file, and `readShard` reads what it names. */
export function createResponder(indexText: string, readShard: ReadShard, options: AnswerOptions): Responder {
  let index = decodeSearchIndex(indexText);
  let described: Promise<SearchSources> | null = null;

  const lookups = createShardLookups(index, index.shards ?? noShards, readShard);
  const describe = async (): Promise<SearchSources> => {
    index = await readDescriptions(index, readShard);
    return { index, lookups, fuzzy: createFuzzySearch(index) };
  };
  const readDescribed = () => {
    described ??= describe();
    described.catch(() => {
      described = null;
    });
    return described;
  };
  const sources: SearchSources = { index, lookups, fuzzy: createFuzzySearch(index), readDescribed };

  return {
    askNames(text, most) {
      return answerNames(index, text, most, options);
    },
    async askAll(text, most, isWanted) {
      await new Promise((resolve) => setTimeout(resolve, typingPauseMs));
      if (!isWanted()) return null;
      const answer = await answerQuery(sources, text, { ...options, most });
      return isWanted() ? answer : null;
    },
  };
}
