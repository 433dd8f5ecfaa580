/**
 * What the catalogue knows. Facts are keyed by digest and never change; tags point at digests and do.
 *
 * Every time is ISO 8601 in UTC to the second, as `Instant`.
 */
import type { ChildDescriptor, Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { HelmChart } from '../oci/helm-chart.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';

/** `2026-08-16T13:07:00Z`. Compares as a string. */
export type Instant = string;

/** The two observations between which something happened: it was not so at `notBefore`, and was so at `notAfter`. */
export interface Interval {
  /** Null where nobody looked before. */
  readonly notBefore: Instant | null;
  readonly notAfter: Instant;
}

interface FactsBase {
  readonly mediaType: string;
  /** The length of the manifest's own bytes. */
  readonly sizeBytes: number;
  readonly artifactType: string | null;
  readonly subject: Digest | null;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ManifestFacts extends FactsBase {
  readonly shape: 'manifest';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface IndexFacts extends FactsBase {
  readonly shape: 'index';
  readonly children: readonly ChildDescriptor[];
}

/** A manifest that we could not read: `problem` says why, or is null for a type that we do not know. */
export interface OpaqueFacts extends FactsBase {
  readonly shape: 'opaque';
  readonly problem: string | null;
}

/** What the bytes behind a digest say. */
export type Facts = ManifestFacts | IndexFacts | OpaqueFacts;

/** `withheld`: values of the environment and the build history were left out on purpose; names of variables remain. */
export interface ImageConfigFacts extends ImageConfig {
  readonly withheld: boolean;
}

/**
 * Why the bytes of a config tell nothing. Only `invalid` is about bytes that were read; `too-large` is what its descriptor says,
 * and `redirect-refused` may change with the settings.
 */
export interface ConfigProblem {
  readonly problem: 'invalid' | 'too-large' | 'redirect-refused';
}

/** What the bytes of a config say. */
export type ConfigFacts = ImageConfigFacts | HelmChart | ConfigProblem;

/** Something that the referrers API lists as being about a digest. What is not listed by tags is known by no more than this. */
export interface Referrer extends Descriptor {
  readonly artifactType: string | null;
  /** Of its annotations, those that say what it is and from when. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The first observation that listed it. */
  readonly firstSeenAt: Instant;
}

export type TagState = 'current' | 'stale' | 'settling';

export interface TagRecord {
  /** What it pointed to when it was last seen; null when it was never readable. */
  readonly digest: Digest | null;
  readonly state: TagState;
  /** The first observation that had it; never before the last one that did not, whatever the clocks said. */
  readonly firstSeenAt: Instant;
  /**
   * When it came to point at `digest`, if that was not when it was first seen. While `digest` is null: when it appeared, if that is
   * news that is not told yet.
   */
  readonly moved: Interval | null;
  /** When it was last observed; null while it is current, for then that is the repository's own time. */
  readonly observedAt: Instant | null;
  /** Runs that found it gone, or (while settling) unreadable, with none between that said otherwise. 0 while it is whole. */
  readonly missedRuns: number;
}

export type EventType = 'added' | 'moved' | 'removed' | 'returned';

/** One thing that happened. Its id follows from it and the repository's name: `toEventId`. */
export interface CatalogueEvent extends Interval {
  readonly type: EventType;
  /** Null when it happened to the repository as a whole. */
  readonly tag: Tag | null;
  readonly from: Digest | null;
  readonly to: Digest | null;
  /** How often just that had happened before. */
  readonly ordinal: number;
  /** Which run saw it, counted from the first: the order of what happened, whatever the clocks said. 0 where nobody counted. */
  readonly run: number;
  /** When a removed tag was first seen, for its record goes; null for all else, and where nobody noted it. */
  readonly firstSeenAt: Instant | null;
}

/** Events that were put away, older than those of `Repository.events`. */
export interface EventArchive {
  /** The year in which the newest of them happened. */
  readonly year: number;
  /** The SHA-256 of the file that has them, in hexadecimal. */
  readonly file: string;
  readonly events: number;
}

/** A repository, with all that we know of it. */
export interface Repository {
  readonly name: RepositoryName;
  /** The source that it was read from. */
  readonly source: string;
  /** `unread`: listed, but it could not be read yet. `removed`: a tombstone, which keeps the facts last known. */
  readonly state: 'unread' | 'listed' | 'removed';
  readonly firstSeenAt: Instant;
  /** The last observation that was whole, while the newest ones failed; null while it is current. */
  readonly staleSince: Instant | null;
  /** Runs that found the whole repository gone, with none between that said otherwise. 0 while it may be there. */
  readonly missedRuns: number;
  readonly tags: ReadonlyMap<Tag, TagRecord>;
  readonly manifests: ReadonlyMap<Digest, Facts>;
  readonly configs: ReadonlyMap<Digest, ConfigFacts>;
  /**
   * By what they are about: what the referrers API said, sorted by digest, where it said anything. No empty lists, and no
   * time of asking: to ask and to hear the same changes nothing.
   */
  readonly referrers: ReadonlyMap<Digest, readonly Referrer[]>;
  /** Oldest first. */
  readonly events: readonly CatalogueEvent[];
  /**
   * What happened before the oldest of `events`, and is not read; oldest first. Empty where `events` is all there is. Nothing may
   * be appended while there is any, for what happened is numbered by all that ever did.
   */
  readonly archives: readonly EventArchive[];
}

/** How a source fared in the newest run. `complete`: its whole list of names was read. */
export interface SourceState {
  readonly name: string;
  readonly outcome: 'complete' | 'incomplete' | 'failed' | 'refused';
  /** Its last complete listing, or null. */
  readonly completeAt: Instant | null;
}

/** What is known of the catalogue as a whole, without its repositories. */
export interface CatalogueSummary {
  /** The newest run that reached a source. */
  readonly checkedAt: Instant;
  /** The run that found the newest difference in any repository; not later than `checkedAt`, unless a clock says that this run cannot be. */
  readonly changedAt: Instant;
  /** The first run of all: what it found is the beginning, not news. */
  readonly beganAt: Instant;
  /** The public host that it was crawled for when it began: what tells its events from another registry's. Null is unknown. */
  readonly registry: string | null;
  /** How many runs were committed since runs are counted. */
  readonly runs: number;
  readonly sources: readonly SourceState[];
  /** Repositories that the credentials of the crawl may not read. They are counted and never named. */
  readonly withheldRepositories: number;
  /** Listed, never yet read: their first crawl failed. Counted, for there is nothing to show. */
  readonly unreadRepositories: number;
  /** Removals that the guard held back in the newest run. */
  readonly heldBackRemovals: HeldBackRemovals;
}

/** Removals that were too many to believe. */
export interface HeldBackRemovals {
  readonly repositories: number;
  readonly tags: number;
}
