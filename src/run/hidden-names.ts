/** Which names a run keeps out of every text, and a fingerprint of them, so that unchanged ones cost the next hour nothing. */
import { hash } from 'node:crypto';
import { createRedactor, type HiddenNames, type Redactor } from '../catalogue/redaction.ts';
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { HiddenMarks, SnapshotIndex } from '../snapshot/index.schema.ts';
import type { Look } from './look.ts';
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
  /** Of all names that are hidden, by name or by mark; sorted. */
  readonly marks: HiddenMarks;
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
  const strict = new Set([...[...names].map(toNameMark), ...(elsewhere?.strict ?? [])]);
  const referred = new Set([...[...leftOut].map(toNameMark), ...(elsewhere?.referred ?? [])]).difference(strict);
  return {
    plainNames: names,
    names: { has: (name) => names.has(name) || isMarked(elsewhere?.strict, name) },
    isHidden: (name) => leftOut.has(name) || isExcluded(name) || isMarked(elsewhere?.referred, name),
    isShown: (name) => shown.has(name),
    isTagHidden: createNameMatcher(patterns.excludeTags),
    marks: { strict: [...strict].sort(), referred: [...referred].sort() },
    fingerprint: fingerprintOfHidden([...strict, ...referred].sort(), patterns),
  };
}

/** What the run before knew of hidden names. */
export interface HiddenBefore {
  readonly hiddenMarks?: HiddenMarks | undefined;
  readonly withheldRepositories: number;
}

/**
 * What is hidden where not all could be listed: besides what is seen now, all that was hidden before and is not among
 * `shownNames`. A list that fails must show nothing that a whole one hides. As many as were withheld before count so still, if
 * there are so many: none of `leftOutNames`, for these settings hide.
 */
export function keepHidden(
  elsewhere: HiddenElsewhere | null,
  { hiddenMarks, withheldRepositories }: HiddenBefore,
  shownNames: Iterable<string>,
  withheldNames: readonly string[],
  leftOutNames: readonly string[] = [],
): HiddenElsewhere | null {
  if (hiddenMarks === undefined) return elsewhere;
  const shown = new Set([...shownNames].map(toNameMark));
  const seen = elsewhere ?? { strict: new Set<string>(), referred: new Set<string>(), withheld: 0 };
  const strict = new Set([...seen.strict, ...hiddenMarks.strict.filter((mark) => !shown.has(mark))]);
  const referred = new Set([...seen.referred, ...hiddenMarks.referred.filter((mark) => !shown.has(mark))]);
  const lost = Math.max(0, withheldRepositories - withheldNames.length - seen.withheld);
  const seenHere = new Set([...withheldNames, ...leftOutNames].map(toNameMark));
  const unseen = strict.difference(seen.strict).difference(seenHere);
  return { strict, referred, withheld: seen.withheld + Math.min(lost, unseen.size) };
}

/** Whether nothing is known of a name because it was hidden when it was last seen: until it is read, it is to stay so. */
export function createIsStillHidden(
  previous: Pick<HiddenBefore, 'hiddenMarks'> | null,
  known: { has(name: string): boolean },
): (name: string) => boolean {
  const marks = new Set(previous?.hiddenMarks?.strict);
  return (name) => marks.size > 0 && !known.has(name) && marks.has(toNameMark(name));
}

/** Names that are listed and shown by settings, and of which a look kept nothing because they were hidden before. */
export function listStillHidden(
  { names: { shownNames }, looked, refused }: Pick<Look, 'names' | 'looked' | 'refused'>,
  previous: Pick<HiddenBefore, 'hiddenMarks'> | null,
  known: { has(name: string): boolean },
): readonly RepositoryName[] {
  const isStillHidden = createIsStillHidden(previous, known);
  const settled = new Set<string>([...looked.keys(), ...refused.map(({ name }) => name)]);
  return [...new Set(shownNames)].filter(
    (name): name is RepositoryName => isRepositoryName(name) && isStillHidden(name) && !settled.has(name),
  );
}

/** Whether a name was hidden when the run before looked: it may have been there all along. */
export function createWasHidden(previous: Pick<HiddenBefore, 'hiddenMarks'> | null): (name: string) => boolean {
  const { strict = [], referred = [] } = previous?.hiddenMarks ?? {};
  const marks = new Set([...strict, ...referred]);
  return (name) => marks.size > 0 && marks.has(toNameMark(name));
}

/** What the snapshot says of what is hidden. */
export function toHiddenPart({
  fingerprint,
  marks,
}: CollectedNames): Pick<SnapshotIndex, 'hiddenNames' | 'hiddenMarks'> {
  const isNone = marks.strict.length + marks.referred.length === 0;
  return { hiddenNames: fingerprint, ...(isNone ? {} : { hiddenMarks: marks }) };
}

/** By what a name is known again that may not be written down. Whoever guesses the name knows it too. */
export function toNameMark(name: string): string {
  return hash('sha256', name).slice(0, 32);
}

/** What takes these names out of texts; null where nothing is hidden. */
export function toRedactor(hidden: CollectedNames): Redactor | null {
  return hidden.fingerprint === undefined ? null : createRedactor(hidden);
}

/** Goes up when names are looked for in more places, so that what was written before is looked through again. */
const searchVersion = 2;

function fingerprintOfHidden(
  marks: readonly string[],
  { exclude, includeTags, excludeTags }: ShownNames['patterns'],
): string | undefined {
  const takesAllTags = includeTags.length === 1 && includeTags[0] === '**';
  if (marks.length + exclude.length + excludeTags.length === 0 && takesAllTags) return undefined;
  return fingerprintOf([searchVersion, marks, exclude, includeTags, excludeTags]).slice(0, 16);
}
