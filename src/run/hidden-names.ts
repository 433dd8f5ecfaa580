/** Which names a run keeps out of every text, and a fingerprint of them, so that unchanged ones cost the next hour nothing. */
import type { HiddenNames } from '../catalogue/redaction.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { ShownNames } from './shown-names.ts';

export interface HiddenNamesInput {
  /** Seen in a source or in the snapshot, and not shown by settings. */
  readonly leftOutNames: Iterable<string>;
  readonly withheldNames: readonly string[];
  /** Known or listed, and shown. */
  readonly knownNames: Iterable<string>;
  readonly patterns: ShownNames['patterns'];
}

export interface CollectedNames extends HiddenNames {
  /** Undefined where nothing at all is hidden: then there is nothing to search for. */
  readonly fingerprint: string | undefined;
}

/**
 * Collects them. What `exclude` names or the credentials may not read is hidden strictly, as a word among others too. What
 * `include` merely does not take in is hidden where it is referred to: it may be as common a word as `python`.
 */
export function collectHiddenNames(input: HiddenNamesInput): CollectedNames {
  const { withheldNames, knownNames, patterns } = input;
  const isExcluded = createNameMatcher(patterns.exclude);
  const leftOut = new Set(input.leftOutNames);
  const names = new Set([...[...leftOut].filter(isExcluded), ...withheldNames]);
  const shown = new Set(knownNames);
  for (const name of names) shown.delete(name);
  return {
    names,
    isHidden: (name) => leftOut.has(name) || isExcluded(name),
    isShown: (name) => shown.has(name),
    isTagHidden: createNameMatcher(patterns.excludeTags),
    fingerprint: fingerprintOfHidden([...new Set([...leftOut, ...names])].sort(), patterns),
  };
}

function fingerprintOfHidden(
  names: readonly string[],
  { exclude, includeTags, excludeTags }: ShownNames['patterns'],
): string | undefined {
  const takesAllTags = includeTags.length === 1 && includeTags[0] === '**';
  if (names.length + exclude.length + excludeTags.length === 0 && takesAllTags) return undefined;
  return fingerprintOf([names, exclude, includeTags, excludeTags]).slice(0, 16);
}
