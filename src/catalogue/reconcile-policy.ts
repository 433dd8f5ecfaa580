/** What reconciling depends on besides what was known and what was seen. */
import type { Instant } from './model.ts';

export interface ReconcilePolicy {
  /** How many runs in a row must find something gone before its removal is due; 2 by default. */
  readonly confirmRuns: number;
  /** Which run this is, counted from 1. */
  readonly run: number;
  /**
   * The newest run that was reconciled. Where it is this very one, what it found gone is not counted once more. It goes by number:
   * two runs have asked twice, be it within one second or with a clock that was set back between them.
   */
  readonly lastRun: number;
  /** The run before this one, or null at the first, and where nobody knows when that was. */
  readonly lastRunAt: Instant | null;
  /** When this source last gave its complete list of names, or null if it never did: what is new since is news. Where nobody knows when, a time before. */
  readonly lastListedAt: Instant | null;
  /** Whether a tag may be shown at all. What settings leave out goes at once, with its history. */
  readonly isTagShown: (tag: string) => boolean;
  /**
   * Whether settings may have hidden, in the look at that time, what they show now. A tag that is new since then may have been
   * there all along, and is no news.
   */
  readonly mayHaveHiddenTags: (lookedAt: Instant | null) => boolean;
  /** Whether environment values and build history are kept of images that were read with credentials. */
  readonly publishEnvironment: boolean;
}

/** A removal that is held back is believed after so many runs that each asked and were told the same. */
export const runsThatConvince = 24;
