/** What one run saw of one repository: data, omissions and failures side by side, with no judgement yet. */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { ConfigFacts, Facts, Instant } from './model.ts';

/** A question that was not answered. `code` is the error's own. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

export type TagObservation =
  /** It points at `digest`, whose facts are known. `missing` of its children or configs are not in the registry (404). */
  | { readonly outcome: 'points'; readonly digest: Digest; readonly missing: number }
  /** It is listed, and its manifest is not there (404). */
  | { readonly outcome: 'dangling' }
  /** It is not listed, and a direct question confirmed that it is gone. */
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'failed'; readonly failure: Failure };

export type RepositoryListing =
  /** Its tags are in `tags`; with `failure` the list broke off. */
  | { readonly outcome: 'tags'; readonly failure: Failure | null }
  /** Listed, and it has no tags: `null`, `[]` or 404. */
  | { readonly outcome: 'empty' }
  /** Not listed, and a direct question confirmed that it is gone. */
  | { readonly outcome: 'absent' }
  /** The credentials of the crawl may not read it, on a source that otherwise answers. */
  | { readonly outcome: 'withheld' }
  | { readonly outcome: 'failed'; readonly failure: Failure };

export interface RepositoryObservation {
  readonly name: RepositoryName;
  readonly source: string;
  readonly listing: RepositoryListing;
  /** Every tag that was listed, and every known one that was asked for directly. */
  readonly tags: ReadonlyMap<Tag, TagObservation>;
  /**
   * Of the tags that this run asked about and not every run does: when that was before, at the earliest. They may have moved
   * ever since.
   */
  readonly lastAskedAt: ReadonlyMap<Tag, Instant>;
  /** Facts that were read in this run; what was known before is not repeated. */
  readonly manifests: ReadonlyMap<Digest, Facts>;
  readonly configs: ReadonlyMap<Digest, ConfigFacts>;
  /** The answers took credentials: environment and build history are for those who have them. */
  readonly readWithCredentials: boolean;
  readonly findings: readonly Finding[];
}

export type FindingCode =
  | 'catalog-omits'
  | 'tags-list-omits'
  | 'shadowed'
  | 'unrouted'
  | 'invalid-name'
  | 'invalid-tag'
  | 'duplicate-name'
  | 'listing-incomplete'
  | 'listing-page-refused'
  | 'listing-unlinked'
  | 'listing-end-unread'
  | 'listing-reanchored'
  | 'listed-name-absent'
  | 'source-failed'
  | 'source-refused'
  | 'repository-failed'
  | 'tag-failed'
  | 'tag-dangling'
  | 'content-missing'
  | 'digest-mismatch'
  | 'manifest-invalid'
  | 'config-unreadable'
  | 'facts-cut'
  | 'referrers-unread'
  | 'removals-held-back'
  | 'shard-missing'
  | 'page-relocated';

/** Something that an operator should know. Never names what settings exclude or credentials may not read. */
export interface Finding {
  readonly code: FindingCode;
  readonly source: string | null;
  readonly repository: RepositoryName | null;
  readonly tag: Tag | null;
  /** One sentence. */
  readonly text: string;
}
