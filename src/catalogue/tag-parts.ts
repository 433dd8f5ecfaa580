/**
 * Reads a tag into parts that can be compared: numbers, dates, commits and words.
 *
 * Any string is accepted. Upper and lower case are the same; `-`, `.`, `_`, `+` and `~` separate. Numbers stay strings
 * of digits without leading zeros, so a part of any length is compared exactly.
 */
import { isCountedWord, toDistribution, toWordRole, type WordRole } from './tag-vocabulary.ts';

export type TagPart =
  | { readonly kind: 'number'; readonly numbers: readonly string[] }
  | { readonly kind: 'date'; readonly numbers: readonly string[] }
  | { readonly kind: 'commit' }
  | TagWord;

export interface TagWord {
  readonly kind: 'word';
  /** Lower case; a code name is resolved to its distribution, so that `bookworm` and `deb12` are `debian` 12. */
  readonly word: string;
  readonly role: WordRole;
  readonly numbers: readonly string[];
  /** Whether digits stand in the tag itself: a code name has numbers and is not numbered. */
  readonly isNumbered: boolean;
}

const COMPACT_DATE = '(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const SEPARATORS = /[-._+~]+/y;
const SEGMENT = /[^-._+~]+/y;
const WORD = /[^\d\-._+~]+/y;
const COMMIT_WITH_LETTERS = '(?=\\d*[a-f])[\\da-f]{7,40}(?![\\da-z])';
/** A dotted list ends before a compact date or a commit: in `1.2.3.20240102` the date is a rebuild, not a number. */
const NUMBERS = new RegExp(`\\d+(?:\\.(?!${COMPACT_DATE}(?!\\d)|${COMMIT_WITH_LETTERS})\\d+)*`, 'y');
/** Year, month and day with one kind of separator or none; then a time glued on (`20240102123456`) or after a T. */
const DATE =
  /((?:19|20)\d\d)([-._]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:t(\d\d)[-:._]?(\d\d)(?:[-:._]?(\d\d))?z?|(\d{9}|\d{6}|\d{4}|\d{2}))?(?!\d)/y;
const DOTTED_REST = /(?:\.\d+)+(?![\da-z])/y;
const ARCHITECTURE =
  /(?:x86[-_]64|x86|x64|i[36]86|amd64|arm64(?:v\d)?|arm32(?:v\d)?|armv?\d*(?:hf|l)?|aarch64|ppc64(?:le|el)?|s390x|riscv64|mips64(?:le|el)?|loong(?:arch)?64)(?![a-z\d])/y;
const COMMIT = /^g?(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/;
const DATE_AMID_LETTERS = new RegExp(`^\\D{0,2}${COMPACT_DATE}\\D{0,2}$`);
/** `v1.2`, `release-1.2`, `RELEASE.2024-01-02`: words that only announce the version. */
const ANNOUNCEMENT = /^(?:v|ver|version|r|rel|release)[-._]?(?=\d)/;
/** Java's old form: update 422, build 5 of version 8. It continues as `8.432`. */
const JAVA_UPDATE = /^(\d+)u(\d+)(?:-b(\d+))?(?![\da-z])/;
/** `1.10-0.s3`: the dash and the dot changed places; the 0 is the third number that the version lacks. */
const SWAPPED_SEPARATORS = /^(\d+(?:\.\d+)?)-0\.(?=[a-z])/;

/** Whether a lower-case segment is an abbreviated or whole commit hash (7-40 or 64 hex digits, or git's `g` form). */
export function isCommitSegment(segment: string): boolean {
  if (!COMMIT.test(segment)) return false;
  if (segment.length === 40 || segment.length === 64) return true;
  return /\d/.test(segment) && /[a-f]/.test(segment) && !DATE_AMID_LETTERS.test(segment);
}

/** The parts of a tag in the order they stand; none for a tag that is empty or only separators. */
export function parseTagParts(tag: string): readonly TagPart[] {
  const text = normalize(tag);
  const parts: TagPart[] = [];
  let at = 0;
  while (at < text.length) {
    const separators = match(SEPARATORS, text, at);
    at += separators?.[0].length ?? 0;
    if (at === text.length) break;
    at = readPart(text, at, at === 0 || separators !== null, parts);
  }
  return parts;
}

function normalize(tag: string): string {
  return tag
    .toLowerCase()
    .replace(ANNOUNCEMENT, '')
    .replace(JAVA_UPDATE, (_whole, version: string, update: string, build?: string) =>
      build === undefined ? `${version}.${update}` : `${version}.${update}.${build}`,
    )
    .replace(SWAPPED_SEPARATORS, '$1.0-');
}

/** Reads one part from `at`, adds it to `parts`, and returns where the next begins. */
function readPart(text: string, at: number, isSegmentStart: boolean, parts: TagPart[]): number {
  if (isSegmentStart) {
    const segment = match(SEGMENT, text, at)?.[0] ?? '';
    if (isCommitSegment(segment)) {
      parts.push({ kind: 'commit' });
      return at + segment.length;
    }
    const architecture = match(ARCHITECTURE, text, at);
    if (architecture) {
      parts.push({ kind: 'word', word: architecture[0], role: { kind: 'flavour' }, numbers: [], isNumbered: false });
      return at + architecture[0].length;
    }
    if (text[at] === 'v' && isDigit(text, at + 1)) return readPart(text, at + 1, false, parts);
  }
  if (!isDigit(text, at)) return readWord(text, at, !isSegmentStart, parts);
  const date = match(DATE, text, at);
  if (date) return readDate(text, at, date, parts);
  const numbers = match(NUMBERS, text, at)?.[0] ?? '';
  parts.push({ kind: 'number', numbers: toNumbers(numbers) });
  return at + numbers.length;
}

function readDate(text: string, at: number, date: RegExpExecArray, parts: TagPart[]): number {
  const [whole, year = '', , month = '', day = '', hours, minutes = '', seconds = '00', glued] = date;
  const end = at + whole.length;
  const rest = match(DOTTED_REST, text, end)?.[0] ?? '';
  const time = hours === undefined ? glued : `${hours}${minutes}${seconds}`;
  parts.push({
    kind: 'date',
    numbers: toNumbers([year, month, day, ...(time === undefined ? [] : [time])].join('.') + rest),
  });
  return end + rest.length;
}

function readWord(text: string, at: number, isAttached: boolean, parts: TagPart[]): number {
  const raw = match(WORD, text, at)?.[0] ?? '';
  let end = at + raw.length;
  const own = readOwnNumbers(text, end, isCountedWord(raw));
  end += own.length;
  const [word, ...codeNumbers] = toDistribution(raw);
  const numbers = [...codeNumbers, ...toNumbers(own.replace(/^[-._]/, ''))];
  const isNumbered = own !== '';
  const role = toWordRole(word, { isNumbered, isAttached });
  if (role.kind !== 'neutral') parts.push({ kind: 'word', word, role, numbers, isNumbered });
  else if (numbers.length > 0) parts.push({ kind: 'number', numbers });
  return end;
}

/** The numbers that belong to the word before them, with the separator between; empty when a date follows. */
function readOwnNumbers(text: string, at: number, isCounted: boolean): string {
  const gap = isDigit(text, at) ? '' : (text[at] ?? '');
  const reaches = gap === '' || gap === '.' || (isCounted && (gap === '-' || gap === '_'));
  const start = at + gap.length;
  if (!reaches || !isDigit(text, start) || match(DATE, text, start)) return '';
  if (gap !== '' && isCommitSegment(match(SEGMENT, text, start)?.[0] ?? '')) return '';
  return gap + (match(NUMBERS, text, start)?.[0] ?? '');
}

function match(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function toNumbers(dotted: string): readonly string[] {
  return dotted === '' ? [] : dotted.split('.').map((digits) => digits.replace(/^0+(?=\d)/, ''));
}
