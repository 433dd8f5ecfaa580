/**
 * What a run must know of a repository to find that nothing happened to it: what its tags point to, and what there is to ask
 * about besides. In most hours that is all, and the facts themselves are never read.
 */
import type { ConfigFacts, Repository } from '../catalogue/model.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import { dropHiddenTags } from '../catalogue/reconcile.ts';
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import { isWhole } from './is-whole.ts';
import { listSubjects } from './observe-referrers.ts';

export interface RepositoryOutline {
  readonly source: string;
  /** Each is current, and nothing is left to learn of what it points to. */
  readonly tags: readonly Tag[];
  /** What each of them points to, in their order. */
  readonly digests: readonly Digest[];
  /** Whether configs are among its facts whose environment was left out, and such that have it. */
  readonly withholdsEnvironment: boolean;
  readonly showsEnvironment: boolean;
  readonly recommended: Digest | null;
  /** What something may be about, and what is known to be. */
  readonly subjects: readonly Digest[];
  readonly referrers: Repository['referrers'];
}

/** What is known of a repository, of which no more is read than it takes. */
export interface KnownRepository {
  /** Null where all of it must be read. */
  readonly outline: RepositoryOutline | null;
  /** All of it; null where nothing is known. */
  read(): Promise<Repository | null>;
}

export interface OutlineSettings {
  readonly movingTags: readonly string[];
  readonly isTagShown: (tag: string) => boolean;
}

/** The outline of a repository; null where the next run has more to do than to ask whether all is as it was. */
export function toOutline(repository: Repository, settings: OutlineSettings): RepositoryOutline | null {
  const { source, state, staleSince, missedRuns, configs, referrers } = repository;
  if (state !== 'listed' || staleSince !== null || missedRuns > 0) return null;
  if (dropHiddenTags(repository, settings) !== repository) return null;
  const facts = {
    factsOf: (digest: Digest) => repository.manifests.get(digest) ?? null,
    configOf: (digest: Digest) => configs.get(digest) ?? null,
    isEnough: isFinal,
  };
  const digests: Digest[] = [];
  for (const { digest, state: tagState, observedAt, missedRuns: missed } of repository.tags.values()) {
    if (tagState !== 'current' || observedAt !== null || missed > 0) return null;
    if (digest === null || !isWhole(digest, facts)) return null;
    digests.push(digest);
  }
  const images = [...configs.values()].filter((config) => 'diffIds' in config);
  return {
    source,
    tags: [...repository.tags.keys()],
    digests,
    withholdsEnvironment: images.some(({ withheld }) => withheld),
    showsEnvironment: images.some(({ withheld }) => !withheld),
    recommended: pickRecommendedTag(repository, settings.movingTags)?.digest ?? null,
    subjects: listSubjects(repository),
    referrers,
  };
}

/** Whatever settings and rights come to be. Those of the environment are held against the outline in each run. */
function isFinal(config: ConfigFacts): boolean {
  return !('problem' in config) || config.problem === 'invalid';
}
