/**
 * Names and descriptions that are spelled like what was typed, for when nothing is spelled just so. Fuse.js finds the
 * candidates; our own measure puts them in order, because it counts mistakes as people make them and knows a name's parts.
 */
import Fuse, { type IFuseOptions } from 'fuse.js/min';
import { alignText, anyStretch } from './align-text.ts';
import { toPlainText, toTokens } from './name-text.ts';
import { NearTexts } from './near-texts.ts';
import type { QueryWord } from './query.ts';
import type { Accepts } from './rank-names.ts';
import type { SearchIndex } from './search-index.ts';
import { compareTypoMatches, fewestLetters, type TypoMatch, TypoMatcher } from './typo-matcher.ts';

export interface FuzzyHit extends TypoMatch {
  readonly position: number;
}

export interface FuzzySearch {
  /** What is spelled alike, best first. It looks for one mistake, and for more only when that finds nothing. */
  find(words: readonly QueryWord[], accepts: Accepts): readonly FuzzyHit[];
  /** Names that are alike at all, to suggest when nothing else is left. */
  nearestNames(words: readonly QueryWord[]): readonly string[];
}

const mostEdits = 3;
const mostCandidates = 100;
const mostHits = 20;
const mostSuggestions = 3;
const mostSuggestedEdits = 6;

// A third of the letters and a bit may be wrong, wherever they are; more only brings what the measure then refuses.
const asOne: IFuseOptions<string> = { threshold: 0.4, ignoreLocation: true };
const farOff: IFuseOptions<string> = { threshold: 0.6, ignoreLocation: true };
const apart: IFuseOptions<string> = { ...asOne, useTokenSearch: true, tokenMatch: 'all' };

/** Prepares the search of one index. Quoted words are meant letter by letter: nothing is like them. */
export function createFuzzySearch(index: SearchIndex): FuzzySearch {
  const { names, plainNames, lastPartAt, descriptions } = index;
  const texts = descriptions === null ? plainNames : plainNames.map((name, at) => `${name} ${descriptions[at] ?? ''}`);
  let traced: NearTexts | null = null;
  const select = (tokens: readonly string[], edits: number) => {
    traced ??= new NearTexts(texts);
    return traced.select(tokens, edits);
  };

  const findCandidates = (tokens: readonly string[], edits: number, accepts: Accepts): Set<number> => {
    const phrase = tokens.join(' ');
    const positions = select(tokens, edits).filter(accepts);
    const near = positions.map((position) => texts[position] as string);
    const search = (options: IFuseOptions<string>) =>
      new Fuse(near, options)
        .search(phrase, { limit: mostCandidates })
        .map((result) => positions[result.refIndex] ?? -1);
    return new Set(tokens.length > 1 ? [...search(asOne), ...search(apart)] : search(asOne));
  };

  const find = (words: readonly QueryWord[], accepts: Accepts): readonly FuzzyHit[] => {
    const tokens = words.some((word) => word.isQuoted) ? [] : words.flatMap((word) => toTokens(word.text));
    const length = tokens.join(' ').length;
    if (length === 0) return [];
    const isShort = (position: number) => (names[position]?.length ?? 0) - (lastPartAt[position] ?? 0) <= length + 1;
    const accepted = length < fewestLetters ? (position: number) => isShort(position) && accepts(position) : accepts;
    const matcher = new TypoMatcher(words);
    for (let edits = 1; edits <= mostEdits; edits++) {
      const hits: FuzzyHit[] = [];
      for (const position of findCandidates(tokens, edits, accepted)) {
        const [name = '', plain = '', text = ''] = [names[position], plainNames[position], texts[position]];
        const match = matcher.matchName(name, plain, lastPartAt[position] ?? 0) ?? matcher.matchText(text);
        if (match !== null && match.edits <= edits) hits.push({ position, ...match });
      }
      if (hits.length > 0) {
        return hits.sort((a, b) => compareTypoMatches(a, b) || a.position - b.position).slice(0, mostHits);
      }
    }
    return [];
  };

  const nearestNames = (words: readonly QueryWord[]): readonly string[] => {
    const tokens = words.flatMap((word) => toTokens(word.text));
    if (tokens.length === 0) return [];
    const phrase = tokens.join(' ');
    const mostWrong = Math.floor(phrase.length / 2);
    const near = select(tokens, mostSuggestedEdits).map((position) => names[position] as string);
    return new Fuse(near, farOff)
      .search(phrase, { limit: mostCandidates })
      .map(({ item }) => ({ item, edits: alignText(phrase, toPlainText(item), mostWrong, anyStretch)?.edits ?? -1 }))
      .filter(({ edits }) => edits >= 0)
      .sort((a, b) => a.edits - b.edits)
      .slice(0, mostSuggestions)
      .map(({ item }) => item);
  };

  return { find, nearestNames };
}
