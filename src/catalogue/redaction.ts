/**
 * Keeps names that may not be shown out of what the authors of public images wrote: labels, annotations, steps of a build
 * mention the images that they stand on. A text is searched for whole names, never for parts of words.
 */
import { isTag } from '../oci/reference.ts';

/** What may not stand in any text. */
export interface HiddenNames {
  /** Repositories that may not be named at all, not even as a word among others. */
  readonly names: Pick<ReadonlySet<string>, 'has'>;
  /** Whether a name that need not exist is hidden all the same. Asked only about what looks like a reference, never about plain words. */
  readonly isHidden: (name: string) => boolean;
  /** Whether a repository is shown: its name stays, also where a hidden one is a part of it. */
  readonly isShown: (name: string) => boolean;
  /** Whether a tag of a shown repository is hidden. */
  readonly isTagHidden: (tag: string) => boolean;
}

/** What stands in a hidden name's place. */
export const withheldMark = 'withheld';

/** The same text, or one with every hidden name replaced. */
export interface Redactor {
  (text: string): string;
  /** The same for a text that may be a tag as a whole. */
  tag(text: string): string;
}

const segment = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*';
const slash = String.raw`(?:/|%2[Ff]|\\/)`;
/** Everything that may be a repository's name with what stands before it: host, path, folders. */
const path = new RegExp(`(?<![A-Za-z0-9])${segment}(?:${slash}${segment})*(?![A-Za-z0-9])`, 'g');
const slashes = new RegExp(slash, 'g');
const tagAfter = /^:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})/;
const referenceAfter = /^(?::[A-Za-z0-9_]|@sha(?:256|512):)/;
/** Every combination of neighbours has to be looked at: names of fewer parts are looked for everywhere. */
const mostSegments = 10;
/** A name has 255 characters at most, so it cannot have more parts. */
const mostParts = 128;
const longestName = 255;

/** Creates the function that replaces every hidden name in a text by `withheld`. */
export function createRedactor(hidden: HiddenNames): Redactor {
  const { names, isShown, isTagHidden } = hidden;
  const isHidden = remember(hidden.isHidden, 10_000);

  function redactPath(found: string, offset: number, text: string): string {
    if (isWord(found, offset, text)) return names.has(found) && !isShown(found) ? withheldMark : found;
    const parts = splitPath(found);
    const after = text.slice(offset + found.length, offset + found.length + 130);
    const before = text.slice(Math.max(0, offset - 2), offset);
    let kept = '';
    for (let from = 0; from < parts.length; ) {
      const match = findName(parts, from, before, after);
      if (match === null) {
        kept += parts[from]?.written ?? '';
        from++;
        continue;
      }
      const last = parts[match.to - 1]?.slash ?? '';
      kept += match.isHidden ? withheldMark + last : writtenBetween(parts, from, match.to);
      from = match.to;
    }
    return kept;
  }

  /** The longest name that begins at a part, shown or hidden. */
  function findName(parts: readonly Part[], from: number, before: string, after: string) {
    const longest = Math.min(parts.length, from + mostParts);
    let name = parts
      .slice(from, longest)
      .map((part) => part.text)
      .join('/');
    let isLongest = true;
    for (let to = longest; to > from; to--) {
      if (name.length <= longestName) {
        if (isShown(name)) return { to, isHidden: false };
        if (names.has(name)) return { to, isHidden: true };
        const isCandidate = isLongest || to - from <= mostSegments;
        isLongest = false;
        if (isCandidate && looksLikeReference(parts, from, to, before, after) && isHidden(name)) {
          return { to, isHidden: true };
        }
      }
      name = name.slice(0, -1 - (parts[to - 1]?.text.length ?? 0));
    }
    return null;
  }

  /** The hidden tag after a path, or nothing. What is a reference's name, be it shown or withheld, is followed by a tag. */
  function findHiddenTag(found: string, kept: string, offset: number, text: string): string {
    if (text[offset + found.length] !== ':') return '';
    const tag = tagAfter.exec(text.slice(offset + found.length, offset + found.length + 130))?.[1];
    if (tag === undefined || !isTagHidden(tag)) return '';
    if (kept.endsWith(withheldMark)) return tag;
    const parts = splitPath(found).map((part) => part.text);
    return parts.some((_, from) => isShown(parts.slice(from).join('/'))) ? tag : '';
  }

  const redactText = remember((text) => {
    let redacted = '';
    let at = 0;
    for (const { 0: found, index } of text.matchAll(path)) {
      if (index < at) continue;
      const kept = redactPath(found, index, text);
      const tag = findHiddenTag(found, kept, index, text);
      redacted += text.slice(at, index) + kept;
      at = index + found.length;
      if (tag === '') continue;
      redacted += `:${withheldMark}`;
      at += tag.length + 1;
    }
    return at === 0 ? text : redacted + text.slice(at);
  }, 5_000);
  const redactWholeTag = (text: string) => (isTag(text) && isTagHidden(text) ? withheldMark : text);
  return Object.assign((text: string) => redactText(text), { tag: redactWholeTag });
}

/** Most of a text: one part, with nothing around it that makes it a reference. */
function isWord(found: string, offset: number, text: string): boolean {
  const next = text[offset + found.length];
  return next !== ':' && next !== '@' && !/[/%\\]/.test(found);
}

interface Part {
  readonly text: string;
  /** The slash that follows, however it is written; empty after the last. */
  readonly slash: string;
  readonly written: string;
}

function splitPath(found: string): readonly Part[] {
  const texts = found.split(slashes);
  const between = [...found.matchAll(slashes)].map(([written]) => written);
  return texts.map((text, at) => {
    const slash = between[at] ?? '';
    return { text, slash, written: text + slash };
  });
}

function writtenBetween(parts: readonly Part[], from: number, to: number): string {
  return parts
    .slice(from, to)
    .map((part) => part.written)
    .join('');
}

/** Whether parts stand where a reference has its name: after a host, before a tag or digest, or as a path of their own. */
function looksLikeReference(parts: readonly Part[], from: number, to: number, before: string, after: string): boolean {
  const host = parts[from - 1]?.text;
  if (host !== undefined) {
    const isPort = from === 1 && before.endsWith(':') && /^\d+$/.test(host);
    const isAfterScheme = from === 1 && before.endsWith('//');
    return host.includes('.') || host === 'localhost' || host === 'v2' || isPort || isAfterScheme;
  }
  if (/[/.~]$/.test(before)) return false;
  return to - from > 1 || (to === parts.length && referenceAfter.test(after));
}

/** A function that remembers its newest answers. */
function remember<Value>(ask: (text: string) => Value, most: number): (text: string) => Value {
  const answers = new Map<string, Value>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = ask(text);
    if (answers.size >= most) answers.clear();
    answers.set(text, answer);
    return answer;
  };
}
