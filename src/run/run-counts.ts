/** What a run did, in numbers. */
import type { Repository } from '../catalogue/model.ts';

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

/** Counts of several runs, each of other repositories, added up. */
export function sumRunCounts(all: readonly RunCounts[]): RunCounts {
  const sum = createRunCounts();
  for (const { repositories, tags } of all) {
    addCounts(sum.repositories, repositories);
    addCounts(sum.tags, tags);
  }
  return sum;
}

function addCounts<Key extends string>(to: Record<Key, number>, counts: Readonly<Record<Key, number>>): void {
  for (const key of Object.keys(to) as Key[]) to[key] += counts[key] ?? 0;
}

/** What a run knows of a repository besides its next state. */
export interface Looking {
  /** It has no tags, and said so. */
  readonly isEmpty: boolean;
  /** It was never read before. */
  readonly isNew: boolean;
}

/** Adds one repository's outcome. */
export function countRepository(
  { repositories, tags }: RunCounts,
  { isEmpty, isNew }: Looking,
  next: Repository | null,
  hasChanged: boolean,
): void {
  repositories.seen++;
  if (next === null) return;
  if (next.state === 'removed' && hasChanged) repositories.removed++;
  else if (next.state === 'unread') repositories.unread++;
  else if (next.staleSince !== null && next.state === 'listed') repositories.stale++;
  else if (isNew) repositories.new++;
  else if (hasChanged) repositories.changed++;
  else repositories.unchanged++;
  if (next.state === 'removed') return;
  if (isEmpty) repositories.empty++;
  for (const { state } of next.tags.values()) {
    tags.seen++;
    if (state === 'stale') tags.stale++;
    if (state === 'settling') tags.settling++;
  }
}

/** Adds one that is as it was: its tags are all current. */
export function countAsKnown({ repositories, tags }: RunCounts, isEmpty: boolean, tagCount: number): void {
  repositories.seen++;
  repositories.unchanged++;
  if (isEmpty) repositories.empty++;
  tags.seen += tagCount;
}
