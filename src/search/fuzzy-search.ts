/**
 * Names and descriptions that are spelled like what was typed, for when nothing is spelled just so. Fuse.js finds the
 * candidates; our own measure puts them in order, because it counts mistakes as people make them and knows a name's parts.
 */
import Fuse, { type IFuseOptions } from 'fuse.js/min';
import { alignText, anyStretch } from './align-text.ts';
import { CompactNames } from './compact-names.ts';
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

/**
 * A third of the letters and a bit may be wrong, wherever they are; more only brings what the measure then refuses. In a short
 * word two, because two neighbours swapped count as two wrong letters here.
 */
function toOptions(length: number): IFuseOptions<string> {
  return { threshold: Math.max(0.4, 2.01 / length), ignoreLocation: true };
}
const farOff: IFuseOptions<string> = { threshold: 0.6, ignoreLocation: true };
const apart: IFuseOptions<string> = { useTokenSearch: true, tokenMatch: 'all' };

/** Prepares the search of one index. Quoted words are meant letter by letter: nothing is like them. */
export function createFuzzySearch(index: SearchIndex): FuzzySearch {
  const { names, plainNames, lastPartAt, descriptions } = index;
  const texts = descriptions === null ? plainNames : plainNames.map((name, at) => `${name} ${descriptions[at] ?? ''}`);
  let traced: NearTexts | null = null;
  let compact: CompactNames | null = null;
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
    const asOne = toOptions(phrase.length);
    return new Set(tokens.length > 1 ? [...search(asOne), ...search({ ...asOne, ...apart })] : search(asOne));
  };

  const find = (words: readonly QueryWord[], accepts: Accepts): readonly FuzzyHit[] => {
    const tokens = words.some((word) => word.isQuoted) ? [] : words.flatMap((word) => toTokens(word.text));
    const length = tokens.join(' ').length;
    if (length === 0) return [];
    const isShort = (position: number) => (names[position]?.length ?? 0) - (lastPartAt[position] ?? 0) <= length + 1;
    const accepted = length < fewestLetters ? (position: number) => isShort(position) && accepts(position) : accepts;
    const matcher = new TypoMatcher(words);
    compact ??= new CompactNames(names);
    const compareHits = createHitOrder(tokens.join(' '), names);
    const respaced = new Map<number, FuzzyHit>();
    for (const match of compact.find(tokens.join(' '))) {
      if (accepts(match.position)) respaced.set(match.position, { edits: 0, ...match });
    }
    for (let edits = 1; edits <= mostEdits; edits++) {
      const hits: FuzzyHit[] = [...respaced.values()];
      for (const position of findCandidates(tokens, edits, accepted)) {
        const [name = '', plain = '', text = ''] = [names[position], plainNames[position], texts[position]];
        const match = matcher.matchName(name, plain, lastPartAt[position] ?? 0) ?? matcher.matchText(text);
        if (match !== null && match.edits <= edits && !respaced.has(position)) hits.push({ position, ...match });
      }
      if (hits.length > 0) {
        return hits.sort(compareHits).slice(0, mostHits);
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

/** Of two that are as near, the one that has the letters that were typed, only in another order, is likelier. */
function createHitOrder(phrase: string, names: readonly string[]): (a: FuzzyHit, b: FuzzyHit) => number {
  const typed = sortLetters(phrase);
  const isSwapped = ({ position, spans }: FuzzyHit) => {
    const [start = 0] = spans[0] ?? [];
    const [, end = 0] = spans.at(-1) ?? [];
    return sortLetters((names[position] ?? '').slice(start, end)) === typed ? 0 : 1;
  };
  return (a, b) => compareTypoMatches(a, b) || isSwapped(a) - isSwapped(b) || a.position - b.position;
}

function sortLetters(text: string): string {
  return [...toPlainText(text).replaceAll(' ', '')].sort().join('');
}
