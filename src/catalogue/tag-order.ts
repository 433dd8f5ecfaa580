/**
 * The order of tag names, newest first: everything that two names alone can tell.
 *
 * A tag becomes a key, a string made so that the greater of two keys is the newer tag. Whatever the names are, comparing
 * strings is a total order, so this is one too; the tag itself ends its key, so only a tag equals itself.
 *
 * The kinds of `tag-kinds.ts` stand one after another, newest first: versions (dates among them), numbered names, builds
 * of channels, commits, other names, channels, tags about another manifest. No order fits commits, names and channels:
 * they are alphabetical, with `latest` and `stable` before other channels.
 *
 * Versions compare by their numbers: `1.10` is `1.10.0`, and newer than `1.9`. A date is year, month and day in every
 * spelling, so it is newer than a small version, as when a project moves from 0.41 to 2023.07.17. What follows the
 * numbers compares part by part; at one place stand, newest first:
 * 1. a counted fix: `-s4`, `-wmf1`, `p1`, `.post2`, the `w` of `1.1.1w`;
 * 2. a revision: `-1`;
 * 3. a date, when the same was built again: `-20260816`;
 * 4. a commit: `-3f9c2d1`;
 * 5. nothing: the plain version;
 * 6. a flavour: `-slim`, `-alpine3.18`, `-amd64`;
 * 7. a pre-release: `-rc1`, `b2`, `.dev0`; a later stage's word (`-alpha.beta`) is newer than a number, as in SemVer.
 *
 * So `1.0-1` is newer than `1.0-20260816`, a rebuild of what stood before that revision. That letters outrank numbers is
 * Debian's order and SemVer's as well. What is equal so far is ordered by how specific it is (`1.10.0` before `1.10`),
 * and then by the string, so that the order never depends on the input's.
 *
 * A version's number outranks the date of its rebuild: with `1.1-20250101`, an undated `1.1` and `1.0-20260816` no order
 * can respect the dates, the versions, and that `1.1` precedes its rebuild.
 */
import { parseTag, type TagKind } from './tag-kinds.ts';
import type { TagPart, TagWord } from './tag-parts.ts';
import { settledChannelRank } from './tag-vocabulary.ts';

/** An opaque string: of two keys, the greater one belongs to the newer tag. */
export type TagKey = string & { readonly tagKey: never };

const KIND_RANKS: Readonly<Record<TagKind, string>> = {
  digest: '0',
  channel: '1',
  name: '2',
  commit: '3',
  'channel-build': '4',
  numbered: '5',
  version: '6',
};

const PRE_RELEASE = 'A';
const FLAVOUR = 'B';
const NOTHING = 'C';
const COMMIT = 'D';
const DATE = 'E';
const REVISION = 'F';
const COUNTED_FIX = 'G';

/** Below every other character of a key, so that what ends first is the lesser. */
const END = '\u0001';

/** Above the beginning of every number. */
const ABOVE_NUMBERS = '\uffff';

/** Negative when `a` is the newer tag, positive when `b` is, 0 only for the same string: sorts newest first. */
export function compareTags(a: string, b: string): number {
  return a === b ? 0 : compareTagKeys(createTagKey(a), createTagKey(b));
}

/** A new array, newest first: `tags.toSorted(compareTags)`, with every tag read once. */
export function sortTags(tags: readonly string[]): string[] {
  return tags
    .map((tag) => ({ tag, key: createTagKey(tag) }))
    .sort((a, b) => compareTagKeys(a.key, b.key))
    .map(({ tag }) => tag);
}

/** Compares what `createTagKey` made, as `compareTags` compares the tags. */
export function compareTagKeys(a: TagKey, b: TagKey): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** Reads any string as a tag; keep the key where a tag is compared again and again. */
export function createTagKey(tag: string): TagKey {
  const { kind, parts } = parseTag(tag);
  return `${KIND_RANKS[kind]}${encodeBody(kind, parts, tag)}${tag}` as TagKey;
}

function encodeBody(kind: TagKind, parts: readonly TagPart[], tag: string): string {
  if (kind === 'digest' || kind === 'commit') return encodeAscending(tag.toLowerCase());
  const [first, ...rest] = parts;
  if (first === undefined) return '';
  if (kind === 'version') return encodeNumbers(numbersOf(first)) + encodeSuffix(rest, parts);
  if (kind === 'channel' && first.kind === 'word') return encodeChannel(first) + encodeSuffix(rest, parts);
  return encodePart(first) + encodeSuffix(rest, parts);
}

function encodeSuffix(rest: readonly TagPart[], all: readonly TagPart[]): string {
  const specificity = all.reduce((count, part) => count + numbersOf(part).length, 0);
  const parts = rest.map((part, at) =>
    isWordedStage(part, rest[at + 1]) ? encodeWordedStage(part) : encodePart(part),
  );
  return parts.join('') + NOTHING + encodeNumber(String(specificity));
}

interface PreRelease extends TagWord {
  readonly role: Extract<TagWord['role'], { kind: 'pre-release' }>;
}

/**
 * Whether what follows a stage is no number of it but the word of a later one: `alpha.beta`, which is newer than `alpha.1`
 * (https://semver.org/spec/v2.0.0.html#spec-item-11). A snapshot is on its way to what it follows, whatever that is.
 */
function isWordedStage(part: TagPart, next: TagPart | undefined): part is PreRelease {
  return (
    isPreRelease(part) &&
    part.numbers.length === 0 &&
    next !== undefined &&
    isPreRelease(next) &&
    next.role.stage > part.role.stage &&
    next.word !== 'snapshot'
  );
}

function isPreRelease(part: TagPart): part is PreRelease {
  return part.kind === 'word' && part.role.kind === 'pre-release';
}

function encodeWordedStage({ role }: PreRelease): string {
  return PRE_RELEASE + role.stage + ABOVE_NUMBERS;
}

function encodePart(part: TagPart): string {
  if (part.kind === 'commit') return COMMIT;
  const numbers = encodeNumbers(part.numbers);
  if (part.kind === 'date') return DATE + numbers;
  if (part.kind === 'number') return REVISION + numbers;
  if (part.role.kind === 'pre-release') return PRE_RELEASE + part.role.stage + numbers;
  if (part.role.kind === 'revision') return COUNTED_FIX + part.word + END + numbers;
  return FLAVOUR + encodeAscending(part.word) + numbers;
}

function encodeChannel({ word, numbers }: TagWord): string {
  const rank = settledChannelRank(word);
  const place = rank < 0 ? END : String.fromCharCode(0x100 - rank);
  return place + encodeAscending(word) + encodeNumbers(numbers);
}

function numbersOf(part: TagPart): readonly string[] {
  return part.kind === 'commit' ? [] : part.numbers;
}

/** Trailing zeros say nothing: 1.10 is 1.10.0. */
function encodeNumbers(numbers: readonly string[]): string {
  const length = numbers.findLastIndex((digits) => digits !== '0') + 1;
  return numbers.slice(0, length).map(encodeNumber).join('') + END;
}

/** More digits make the greater number, so their count goes first. */
function encodeNumber(digits: string): string {
  return String.fromCharCode(0x20 + Math.min(digits.length, 0xff00)) + digits;
}

/** Turned round character by character, so that the lesser text gives the greater key. */
function encodeAscending(text: string): string {
  let turned = '';
  for (let at = 0; at < text.length; at += 1) turned += String.fromCharCode(0xffff - text.charCodeAt(at));
  return `${turned}\uffff`;
}
