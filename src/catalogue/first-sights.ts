/** When content was first seen, by digest: what "the future" is measured from, wherever there is no tag to ask. */
import type { Digest } from '../oci/digest.ts';
import { listLeaves } from './facts.ts';
import type { Instant, Repository } from './model.ts';
import { onceForRepository } from './once-for-repository.ts';
import { seenAtOf } from './recommended-tag.ts';

/** Every digest that a tag leads to, with the earliest time at which it was seen behind one. */
export const listFirstSights: (repository: Repository) => ReadonlyMap<Digest, Instant> = onceForRepository<
  void,
  ReadonlyMap<Digest, Instant>
>(collectFirstSights);

function collectFirstSights(repository: Repository): ReadonlyMap<Digest, Instant> {
  const sights = new Map<Digest, Instant>();
  const see = (digest: Digest, seenAt: Instant) => {
    const earlier = sights.get(digest);
    if (earlier === undefined || seenAt < earlier) sights.set(digest, seenAt);
  };
  for (const record of repository.tags.values()) {
    if (record.digest === null) continue;
    see(record.digest, seenAtOf(record));
    for (const leaf of listLeaves(record.digest, repository)) see(leaf.digest, seenAtOf(record));
  }
  return sights;
}
