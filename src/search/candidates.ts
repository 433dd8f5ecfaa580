/** The repositories that a query's words mean, best first, and for each of them why. */

import { formatLabelFilter, formatState } from './filters.ts';
import type { FuzzyHit } from './fuzzy-search.ts';
import { type MatchKind, scoredKind } from './match-score.ts';
import { NameMatcher } from './name-matcher.ts';
import type { Span } from './name-text.ts';
import type { Query } from './query.ts';
import { type Accepts, rankNames } from './rank-names.ts';
import type { SearchIndex } from './search-index.ts';
import type { Why, WhyCode } from './search-result.ts';

export interface Candidates {
  readonly positions: readonly number[];
  /** How many of them, from the first, are called by their own name. */
  readonly namedCount: number;
  /** What of the name was matched, and why, for the candidate at that place of `positions`. */
  explain(place: number): { readonly matches: readonly Span[]; readonly why: Why };
}

const whyTexts: Readonly<Record<string, string>> = {
  exact: 'Exact name',
  'last-part': 'Exact name in its folder',
  prefix: 'Start of the name',
  'part-prefix': 'Start of a part',
  word: 'Start of a word',
  substring: 'Within the name',
  'any-order': 'All words',
  description: 'In the description',
  similar: 'Similar spelling',
};

const namedKinds: ReadonlySet<MatchKind> = new Set(['exact', 'exact-words', 'last-part', 'last-part-words']);

/**
 * `fuzzy` are the hits in spite of mistakes, which come after all others. Only the first `most` are sure to be in their order.
 */
export function findCandidates(
  index: SearchIndex,
  query: Query,
  accepts: Accepts,
  fuzzy: readonly FuzzyHit[],
  most?: number,
): Candidates {
  const ranked = rankNames(index, query.words, accepts, most);
  const known = new Set(fuzzy.length > 0 ? ranked.positions : []);
  const added = fuzzy.filter((hit) => !known.has(hit.position) && accepts(hit.position));
  const positions = added.length === 0 ? ranked.positions : [...ranked.positions, ...added.map((hit) => hit.position)];
  const matcher = new NameMatcher(query.words);
  const hasWords = query.words.length > 0;
  let namedCount = 0;
  while (hasWords && namedCount < ranked.positions.length && namedKinds.has(ranked.kindAt(namedCount))) namedCount++;
  return {
    positions,
    namedCount,
    explain(place) {
      if (!hasWords) return { matches: [], why: { code: 'filter', text: describeFilters(query) } };
      const hit = added[place - ranked.positions.length];
      if (hit !== undefined) return { matches: hit.spans, why: toWhy('similar', query) };
      const position = positions[place] ?? 0;
      const [name = '', plain = ''] = [index.names[position], index.plainNames[position]];
      const score = matcher.score(name, plain, index.lastPartAt[position] ?? 0);
      return score === -1
        ? { matches: [], why: toWhy('description', query) }
        : { matches: matcher.spans(name), why: toWhy(toCode(scoredKind(score)), query) };
    },
  };
}

function toCode(kind: MatchKind): WhyCode {
  return kind.replace(/-words$/, '') as WhyCode;
}

function toWhy(code: WhyCode, query: Query): Why {
  const filters = describeFilters(query);
  const text = whyTexts[code] ?? '';
  return { code, text: filters === '' ? text : `${text} · ${filters}` };
}

/** The filters in words: `arm64 · built on bookworm`. */
function describeFilters({ platforms, kinds, bases, labels, states }: Query): string {
  return [
    ...platforms,
    ...kinds,
    ...bases.map((base) => `built on ${base}`),
    ...states.map(formatState),
    ...labels.map((label) => `label ${formatLabelFilter(label)}`),
  ].join(' · ');
}
