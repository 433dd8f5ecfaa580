import type { Instant } from '../catalogue/model.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import type { ShownNames } from './shown-names.ts';

/** What a crawl is told. What settings do not show is kept nowhere. */
export interface CrawlRunOptions extends ShownNames {
  readonly sources: readonly CrawlSource[];
  readonly store: SnapshotStore;
  readonly now: Instant;
  /** The public host that it is crawled for. */
  readonly registry: string;
  readonly publishEnvironment: boolean;
  /** Decide what is recommended, and so what is asked about in every run. */
  readonly movingTags: readonly string[];
  readonly confirmRuns: number;
  readonly acceptRemovals: boolean;
  /** Ends the looking: what was not seen by then is stale. */
  readonly deadline: AbortSignal;
  /** Ends the run: nothing is committed. */
  readonly cancel: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}
