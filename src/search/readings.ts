/** The ways to understand a query, the likeliest first: what it says, and what it may have been meant to say. */
import { type ParseOptions, parseQuery } from './parse-query.ts';
import { hasFilters, type Query } from './query.ts';
import type { Answer } from './search-result.ts';

export interface Reading {
  readonly reading: Query;
  /** Names may be spelled otherwise. */
  readonly isLenient: boolean;
  /** What to tell the reader when this is the one; null for what the query says. */
  readonly notice: string | null;
  /** Whether an answer that is not empty shows that it was meant so. */
  readonly isMeant: (answer: Answer) => boolean;
}

const always = () => true;

/** Tags that everybody uses, and that are part of hardly any name. */
const wellKnownTag = /^(?:latest|stable|edge|nightly)$/;

/** Worth a look at the tags: a well-known one, or a word with a digit. */
const likelyTag = /^(?:latest|stable|edge|nightly|(?=[^0-9]*[0-9])[a-z0-9_][a-z0-9._-]+)$/;

export function* listReadings(query: Query, text: string, options: ParseOptions): Generator<Reading> {
  yield { reading: query, isLenient: false, notice: null, isMeant: always };
  if (query.digest !== null) return;
  yield* readFiltersAsNames(query, text, options);
  yield* readWordsAsTags(query);
  if (query.words.length === 0) return;
  yield { reading: query, isLenient: true, notice: null, isMeant: always };
  yield* readWithoutHost(query);
  yield* readFewerWords(query);
}

/** `base:bookworm` is an image called `base`, if there is one. */
function* readFiltersAsNames(query: Query, text: string, options: ParseOptions): Generator<Reading> {
  if (!hasFilters(query)) return;
  const reading = parseQuery(text, { ...options, withoutFilters: true });
  const notice = 'No image answers the filter; read as a name and a tag instead.';
  yield { reading, isLenient: false, notice, isMeant: (answer) => answer.results[0]?.why.code === 'tag' };
}

/** The beginning of a version: `3.11`. Beside a name it means every tag that begins so. */
const version = /^v?\d+(?:\.\d+)+$/;

/**
 * `node24 latest`, `node24 24.1`, or a tag alone. Only the very tag counts, and after a name a version's beginning: any other
 * beginning would turn every unknown word into a tag.
 */
function* readWordsAsTags(query: Query): Generator<Reading> {
  const word = query.words.findLast(({ text, isQuoted }) => !isQuoted && likelyTag.test(text));
  if (query.tag !== null || word === undefined) return;
  const words = query.words.filter((other) => other !== word);
  const notice = `No name contains ${word.text}; read as a tag.`;
  const isMeant = ({ results: [first] }: Answer) => {
    if (first?.why.code === 'tag-prefix') return words.length > 0 && version.test(word.text);
    return first?.why.code === 'tag' || (first?.why.code === 'no-such-tag' && wellKnownTag.test(word.text));
  };
  yield { reading: { ...query, words, tag: word.text }, isLenient: false, notice, isMeant };
}

/** `docker.io/library/nginx` from another registry, or with a mirror's path before it. */
function* readWithoutHost(query: Query): Generator<Reading> {
  const [word] = query.words;
  if (word === undefined || query.words.length > 1 || word.isQuoted) return;
  const parts = word.text.split('/');
  for (let left = 1; left < parts.length; left++) {
    const rest = parts.slice(left).join('/');
    if (rest === '') continue;
    const notice = `No name is like ${word.text}; read without ${parts.slice(0, left).join('/')}/.`;
    const isMeant = ({ results: [first] }: Answer) => first?.name === rest || first?.name.endsWith(`/${rest}`) === true;
    yield { reading: { ...query, words: [{ text: rest, isQuoted: false }] }, isLenient: false, notice, isMeant };
  }
}

/** All words but one. The last one is the first to go, for people begin with what matters. */
function* readFewerWords(query: Query): Generator<Reading> {
  if (query.words.length < 2 || query.tag !== null) return;
  for (const word of query.words.toReversed()) {
    const words = query.words.filter((other) => other !== word);
    const notice = `No image has all of these words; without “${word.text}”:`;
    yield { reading: { ...query, words }, isLenient: false, notice, isMeant: always };
  }
}
