/** Which names a run keeps out of every text, and a fingerprint of them, so that unchanged ones cost the next hour nothing. */
import { hash } from 'node:crypto';
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
  readonly elsewhere?: HiddenElsewhere | null;
}

/** What is hidden and was seen by others, who may not write it down either: each name as `toNameMark` has it. */
export interface HiddenElsewhere {
  /** What `exclude` names, and what the credentials may not read. */
  readonly strict: ReadonlySet<string>;
  /** What `include` does not take in. */
  readonly referred: ReadonlySet<string>;
  /** How many of them the credentials may not read. */
  readonly withheld: number;
}

export interface CollectedNames extends HiddenNames {
  /** Those that are known by name. */
  readonly plainNames: ReadonlySet<string>;
  /** Undefined where nothing at all is hidden: then there is nothing to search for. */
  readonly fingerprint: string | undefined;
}

/**
 * Collects them. What `exclude` names or the credentials may not read is hidden strictly, as a word among others too. What
 * `include` merely does not take in is hidden where it is referred to: it may be as common a word as `python`.
 */
export function collectHiddenNames(input: HiddenNamesInput): CollectedNames {
  const { withheldNames, knownNames, patterns, elsewhere = null } = input;
  const isExcluded = createNameMatcher(patterns.exclude);
  const leftOut = new Set(input.leftOutNames);
  const names = new Set([...[...leftOut].filter(isExcluded), ...withheldNames]);
  const shown = new Set(knownNames);
  for (const name of names) shown.delete(name);
  const isMarked = (marks: ReadonlySet<string> | undefined, name: string) =>
    marks !== undefined && marks.size > 0 && marks.has(toNameMark(name));
  const marks = [
    ...[...leftOut, ...names].map(toNameMark),
    ...(elsewhere?.strict ?? []),
    ...(elsewhere?.referred ?? []),
  ];
  return {
    plainNames: names,
    names: { has: (name) => names.has(name) || isMarked(elsewhere?.strict, name) },
    isHidden: (name) => leftOut.has(name) || isExcluded(name) || isMarked(elsewhere?.referred, name),
    isShown: (name) => shown.has(name),
    isTagHidden: createNameMatcher(patterns.excludeTags),
    fingerprint: fingerprintOfHidden([...new Set(marks)].sort(), patterns),
  };
}

/** By what a name is known again that may not be written down. Whoever guesses the name knows it too. */
export function toNameMark(name: string): string {
  return hash('sha256', name).slice(0, 32);
}

/** What others need to know of the names that are hidden here. */
export function toHiddenElsewhere({
  leftOutNames,
  withheldNames,
  patterns,
}: Pick<HiddenNamesInput, 'withheldNames' | 'patterns'> & {
  readonly leftOutNames: readonly string[];
}): HiddenElsewhere {
  const isExcluded = createNameMatcher(patterns.exclude);
  const strict = [...leftOutNames.filter(isExcluded), ...withheldNames];
  const referred = leftOutNames.filter((name) => !isExcluded(name));
  return {
    strict: new Set(strict.map(toNameMark)),
    referred: new Set(referred.map(toNameMark)),
    withheld: withheldNames.length,
  };
}

function fingerprintOfHidden(
  marks: readonly string[],
  { exclude, includeTags, excludeTags }: ShownNames['patterns'],
): string | undefined {
  const takesAllTags = includeTags.length === 1 && includeTags[0] === '**';
  if (marks.length + exclude.length + excludeTags.length === 0 && takesAllTags) return undefined;
  return fingerprintOf([marks, exclude, includeTags, excludeTags]).slice(0, 16);
}
