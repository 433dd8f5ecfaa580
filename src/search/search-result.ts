/** What a search answers. Plain data, so that it can cross to and from a worker and be printed as JSON. */
import type { Span } from './name-text.ts';
import type { SearchRecord } from './search-record.ts';

/** Why something was found. The codes are permanent. */
export type WhyCode =
  | 'exact'
  | 'last-part'
  | 'prefix'
  | 'part-prefix'
  | 'word'
  | 'substring'
  | 'any-order'
  | 'description'
  | 'similar'
  | 'filter'
  | 'tag'
  | 'tag-prefix'
  | 'no-such-tag'
  | 'digest';

export interface Why {
  readonly code: WhyCode;
  /** A few words for people. */
  readonly text: string;
}

export interface SearchResult {
  readonly name: string;
  /** What of the name was matched. */
  readonly matches: readonly Span[];
  readonly why: Why;
  /** The tag that was asked for, or that leads to the digest; null where the image as a whole is meant. */
  readonly tag: string | null;
  readonly tagMatches: readonly Span[];
  /** With its algorithm; of a config or layer the first digits. Null where none was asked for. */
  readonly digest: string | null;
  readonly record: SearchRecord;
}

/** What a row may say besides: the index has the date and the size of the recommended tag, which are not another tag's. */
export function figuresOf({ tag, record }: SearchResult): Pick<SearchRecord, 'createdOn' | 'compressedSizeBytes'> {
  const { recommendedTag, createdOn, compressedSizeBytes } = record;
  if (tag !== null && tag !== recommendedTag) return { createdOn: null, compressedSizeBytes: null };
  return { createdOn, compressedSizeBytes };
}

/** Another text to search for. */
export interface Suggestion {
  readonly text: string;
  readonly kind: 'name' | 'tag';
}

export interface Answer {
  /** The text that is answered, cleaned. */
  readonly text: string;
  /** Best first, as many as were asked for. */
  readonly results: readonly SearchResult[];
  /** How many there are in all. */
  readonly total: number;
  /** False when `total` is only the least that there are. */
  readonly isTotalExact: boolean;
  /** What is nearest, when there is nothing. */
  readonly suggestions: readonly Suggestion[];
  /** What the reader should know besides, or null. */
  readonly notice: string | null;
}
