import type { Instant } from '../catalogue/model.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import type { RevalidationRule } from '../crawl/revalidation.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { RepositoryStore } from './layered-store.ts';
import type { Outlines } from './outlines.ts';
import type { ShownNames } from './shown-names.ts';
import type { ListingState } from './source-verdicts.ts';

/** What it takes to look. What settings do not show is kept nowhere. */
export interface LookOptions extends ShownNames {
  readonly sources: readonly CrawlSource[];
  readonly store: RepositoryStore;
  /** What is known of repositories without reading them; `noOutlines` where nothing is. */
  readonly outlines: Outlines;
  readonly now: Instant;
  readonly publishEnvironment: boolean;
  /** Decide what is recommended, and so what is asked about in every run. */
  readonly movingTags: readonly string[];
  /** Which tags are not asked about in every run. */
  readonly revalidate: readonly RevalidationRule[];
  readonly confirmRuns: number;
  /** Ends the looking: what was not seen by then is stale. */
  readonly deadline: AbortSignal;
  /** Ends the run: nothing is committed. */
  readonly cancel: AbortSignal;
  /** Told how the sources fared, as soon as that is known and again when it is known better: also where no run comes of it. */
  readonly onListed?: (listings: readonly ListingState[]) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of the first repository that is not as `previous` has it. */
  readonly onFirstChange?: (previous: SnapshotIndex | null) => void;
}

/** What a crawl is told. */
export interface CrawlRunOptions extends LookOptions {
  readonly store: SnapshotStore;
  /** The public host that it is crawled for. */
  readonly registry: string;
  readonly acceptRemovals: boolean;
}

/** The rules that settings give. */
export function toRevalidationRules({ revalidate }: Pick<Settings, 'revalidate'>): readonly RevalidationRule[] {
  return revalidate.map(({ tags, everyHours }) => ({ matches: createNameMatcher(tags), everyHours }));
}
