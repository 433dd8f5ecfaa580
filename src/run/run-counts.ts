/** What a run did, in numbers. */
import type { Repository } from '../catalogue/model.ts';
import type { RepositoryObservation } from '../catalogue/observation.ts';
import type { DueRemovals } from '../catalogue/reconcile.ts';

export interface RunCounts {
  readonly repositories: {
    /** Asked about, whatever came of it. */
    seen: number;
    unchanged: number;
    new: number;
    changed: number;
    stale: number;
    empty: number;
    /** Listed, and never readable yet. */
    unread: number;
    /** Left out: the credentials may not read them. */
    withheld: number;
    /** Left out: settings say so. */
    excluded: number;
    removed: number;
  };
  readonly tags: {
    seen: number;
    stale: number;
    settling: number;
    removed: number;
  };
}

export function createRunCounts(): RunCounts {
  return {
    repositories: {
      seen: 0,
      unchanged: 0,
      new: 0,
      changed: 0,
      stale: 0,
      empty: 0,
      unread: 0,
      withheld: 0,
      excluded: 0,
      removed: 0,
    },
    tags: { seen: 0, stale: 0, settling: 0, removed: 0 },
  };
}

/** Adds one repository's outcome. */
export function countRepository(
  { repositories, tags }: RunCounts,
  observation: RepositoryObservation,
  before: Repository | null,
  next: Repository | null,
  hasChanged: boolean,
): void {
  repositories.seen++;
  if (next === null) return;
  if (next.state === 'unread') repositories.unread++;
  else if (next.staleSince !== null) repositories.stale++;
  else if (before === null || before.state === 'unread') repositories.new++;
  else if (hasChanged) repositories.changed++;
  else repositories.unchanged++;
  if (observation.listing.outcome === 'empty') repositories.empty++;
  for (const { state } of next.tags.values()) {
    tags.seen++;
    if (state === 'stale') tags.stale++;
    if (state === 'settling') tags.settling++;
  }
}

/** Moves what was counted as stale, for it was not seen, to what was removed. */
export function countRemoval({ repositories, tags }: RunCounts, due: DueRemovals): void {
  if (due.repository) {
    repositories.stale--;
    repositories.removed++;
  }
  tags.seen -= due.tags.size;
  tags.stale -= due.tags.size;
  tags.removed += due.tags.size;
}
