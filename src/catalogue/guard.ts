/** Holds removals back that are too many to believe: a registry that forgets its storage says that everything is gone. */
import type { Tag } from '../oci/reference.ts';
import type { HeldBackRemovals } from './model.ts';
import type { DueRemovals } from './reconcile.ts';
import { runsThatConvince } from './reconcile-policy.ts';

export interface GuardTotals {
  /** Before this run, tombstones not counted. */
  readonly repositories: number;
  readonly tags: number;
}

export interface GuardPolicy {
  readonly acceptRemovals: boolean;
}

export interface GuardVerdict<Key> {
  /** What may go now. */
  readonly allowed: ReadonlyMap<Key, DueRemovals>;
  readonly heldBack: HeldBackRemovals;
}

/** So many may always go in one run. */
const alwaysAllowed = 5;
const allowedShare = 0.1;
/**
 * Decides which of the due removals happen. Repositories and tags are counted apart: when more than `max(5, 10 %)` would go
 * at once, or the last one would, that sort is held back, save for what 24 runs in a row confirmed one by one.
 */
export function guardRemovals<Key>(
  due: ReadonlyMap<Key, DueRemovals>,
  totals: GuardTotals,
  policy: GuardPolicy,
): GuardVerdict<Key> {
  const isConvincing = (missedRuns: number) => missedRuns >= runsThatConvince;
  const repositories = [...due].filter(([, removals]) => removals.repository);
  const tags = [...due].flatMap(([key, removals]) => [...removals.tags].map(([tag, runs]) => ({ key, tag, runs })));

  const goingRepositories = admit(repositories, totals.repositories, policy, ([, { missedRuns }]) =>
    isConvincing(missedRuns),
  );
  const goingTags = admit(tags, totals.tags, policy, ({ runs }) => isConvincing(runs));

  const allowed = new Map<Key, DueRemovals>(goingRepositories);
  for (const { key, tag, runs } of goingTags) {
    const before = allowed.get(key);
    const map = new Map<Tag, number>([...(before?.tags ?? []), [tag, runs]]);
    allowed.set(key, { repository: before?.repository ?? false, missedRuns: before?.missedRuns ?? 0, tags: map });
  }
  return {
    allowed,
    heldBack: {
      repositories: repositories.length - goingRepositories.length,
      tags: tags.length - goingTags.length,
    },
  };
}

function admit<Removal>(
  due: readonly Removal[],
  total: number,
  { acceptRemovals }: GuardPolicy,
  isConvincing: (removal: Removal) => boolean,
): readonly Removal[] {
  if (acceptRemovals) return due;
  const isLast = due.length >= total;
  if (!isLast && due.length <= Math.max(alwaysAllowed, total * allowedShare)) return due;
  const convincing = due.filter(isConvincing);
  return convincing.length >= total ? [] : convincing;
}
