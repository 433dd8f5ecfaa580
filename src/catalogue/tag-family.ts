/**
 * Which tags of a repository are builds of one line, so that one can say how many of them are newer. Dates are one line.
 * Versions are one for each first number and flavour: `3.12-slim` and `3.13.1-slim` are, `4.0-slim` and `3.12` are others.
 * Where there are whole numbers only, they count builds and are one line.
 */
import { parseTag } from './tag-kinds.ts';
import type { TagPart } from './tag-parts.ts';

export interface TagFamily {
  /** The same for all tags of one kind and flavour, of whatever first number. */
  readonly flavour: string;
  /** What tells the lines of a flavour apart: the first number of a version; else empty. */
  readonly line: string;
  /** Whether it is a version of one number and nothing more. */
  readonly isWholeNumber: boolean;
  /** Whether names tell which tag of the line is newer. */
  readonly isOrdered: boolean;
}

/** The family that a tag belongs to. Any string is taken. */
export function toTagFamily(tag: string): TagFamily {
  const { kind, parts } = parseTag(tag);
  const [first, ...rest] = parts;
  if (first === undefined || kind === 'digest' || kind === 'name' || kind === 'channel') {
    return { flavour: `${kind} ${tag}`, line: '', isWholeNumber: false, isOrdered: false };
  }
  const flavours = rest.flatMap(toFlavour).join(' ');
  if (first.kind === 'number') {
    const [line = '', ...further] = first.numbers;
    const isWholeNumber = further.length === 0 && rest.every((part) => toFlavour(part).length > 0);
    return { flavour: `version ${flavours}`, line, isWholeNumber, isOrdered: true };
  }
  // A code name has numbers without a digit in it: they tell its line, and no build of it.
  const numbers = first.kind === 'word' && !first.isNumbered ? first.numbers.join('.') : '';
  const lead = first.kind === 'word' ? `${first.word}${numbers}` : first.kind;
  return { flavour: `${kind} ${lead} ${flavours}`, line: '', isWholeNumber: false, isOrdered: kind !== 'commit' };
}

/** Dates, counters and commits tell the builds of a line apart; flavours tell lines apart. */
function toFlavour(part: TagPart): readonly string[] {
  if (part.kind !== 'word' || part.role.kind === 'revision') return [];
  if (part.role.kind === 'pre-release') return ['pre-release'];
  return [`${part.word}${part.numbers.join('.')}`];
}
