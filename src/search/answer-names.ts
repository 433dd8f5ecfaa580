/** The answer that needs nothing but the index. */
import { type ParseOptions, parseQuery } from './parse-query.ts';
import type { Query } from './query.ts';
import { search } from './search.ts';
import type { SearchIndex } from './search-index.ts';
import type { Answer } from './search-result.ts';

export interface GivenAnswer {
  readonly answer: Answer;
  /** Whether nothing better will follow. */
  readonly isFinal: boolean;
}

/** With as many names as these that are spelled as typed, nobody needs others. */
export const enoughNames = 8;

export function answerNames(index: SearchIndex, text: string, most: number, options: ParseOptions): GivenAnswer {
  const query = parseQuery(text, options);
  const answer = search(index, query, undefined, most);
  return { answer, isFinal: isSettled(query, answer) };
}

/** Nothing has to be looked up, and no similar name is worth the look. */
function isSettled({ words, tag, digest, labels }: Query, { total, results }: Answer): boolean {
  if (tag !== null || digest !== null || labels.length > 0) return false;
  const code = results[0]?.why.code;
  return total > 0 && (words.length === 0 || total >= enoughNames || code === 'exact' || code === 'last-part');
}
