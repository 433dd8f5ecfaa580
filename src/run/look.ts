/**
 * What a crawl saw and wrote, before it is decided what of it stands. One crawl concludes from it at once; of shards, each
 * leaves its own in a file, and they are joined first.
 */
import type { Instant } from '../catalogue/model.ts';
import type { Failure, Finding } from '../catalogue/observation.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { HiddenElsewhere } from './hidden-names.ts';
import type { RunCounts } from './run-counts.ts';
import type { Looked } from './settle-repository.ts';
import type { ListingState, SourceAnswers } from './source-verdicts.ts';

export interface Look {
  /** When it began. */
  readonly lookedAt: Instant;
  /** How hidden names stood in the snapshot that it went by; null where there was none. */
  readonly base: HiddenState | null;
  /** Not judged yet. */
  readonly listings: readonly LookedListing[];
  /** By the source's name. */
  readonly answers: ReadonlyMap<string, SourceAnswers>;
  readonly looked: ReadonlyMap<RepositoryName, Looked>;
  /** Known repositories that could not be asked about. */
  readonly unanswered: readonly Unanswered[];
  /** Repositories that their source refuses, be it for their sake or because it refuses everything. */
  readonly refused: readonly Refused[];
  readonly names: SeenNames;
  readonly findings: readonly Finding[];
  /** Of what needs no decision. */
  readonly counts: RunCounts;
}

export type HiddenState = Pick<SnapshotIndex, 'hiddenNames' | 'hiddenNamesChanged'>;

export interface LookedListing extends ListingState {
  /** It answers a condition with the whole manifest. */
  readonly ignoresConditions: boolean;
}

export interface Refused {
  readonly name: RepositoryName;
  /** The name of the source. */
  readonly source: string;
}

export interface Unanswered extends Refused {
  readonly failure: Failure;
}

/** The names that decide what may stand in a text. */
export interface SeenNames {
  /** Listed, and not shown by settings. */
  readonly leftOutNames: readonly string[];
  /** Known or listed, and shown, unless they turn out to be withheld. */
  readonly shownNames: readonly string[];
  /** Of the names that what it wrote was searched for, the fingerprint. */
  readonly searchedFor: string | undefined;
  /** What only other shards know; null where there are none. */
  readonly elsewhere: HiddenElsewhere | null;
}
