/** What a source was asked, and how it answered: the report's figures. */

export type RequestKind =
  | 'catalog'
  | 'tags'
  | 'manifest'
  | 'manifest-head'
  | 'config'
  | 'blob'
  | 'blob-head'
  | 'referrers'
  | 'api'
  | 'token';

export interface RequestCounts {
  readonly byKind: Readonly<Record<RequestKind, number>>;
  /** Answers 304: the tag points where it did. */
  readonly unchanged: number;
  readonly retries: number;
  /** Answers 429. */
  readonly rateLimited: number;
  readonly receivedBytes: number;
}
