/** What a run makes of the referrers that it was told of. */
import { annotationKeys } from '../oci/annotations.ts';
import type { ChildDescriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { Instant, Referrer, Repository } from './model.ts';

/** A referrer, as a list names it. */
export type ListedReferrer = Omit<ChildDescriptor, 'platform'>;

/** By what they are about: all that stands now, whatever was asked about. Of the rest nothing was learned. */
export type ReferrersObservation = ReadonlyMap<Digest, readonly ListedReferrer[]>;

/** The repository with what was seen of its referrers; the very same one where that was known already. */
export function reconcileReferrers<Known extends Pick<Repository, 'referrers'>>(
  repository: Known,
  seen: ReferrersObservation,
  now: Instant,
): Known {
  const referrers = new Map(repository.referrers);
  let hasChanged = false;
  for (const [subject, listed] of seen) {
    const known = referrers.get(subject) ?? [];
    const next = listed.map((one) => toReferrer(one, known, now)).sort((a, b) => (a.digest < b.digest ? -1 : 1));
    if (next.length === known.length && next.every((one, at) => isSame(one, known[at]))) continue;
    hasChanged = true;
    if (next.length === 0) referrers.delete(subject);
    else referrers.set(subject, next);
  }
  return hasChanged ? { ...repository, referrers } : repository;
}

const keptAnnotations: readonly string[] = [annotationKeys.bundlePredicate, annotationKeys.created];

function toReferrer(listed: ListedReferrer, known: readonly Referrer[], now: Instant): Referrer {
  const { mediaType, digest, sizeBytes, artifactType, annotations } = listed;
  const kept = keptAnnotations.filter((key) => Object.hasOwn(annotations, key));
  return {
    ...{ mediaType, digest, sizeBytes, artifactType },
    annotations: Object.fromEntries(kept.map((key) => [key, annotations[key] ?? ''])),
    firstSeenAt: known.find((one) => one.digest === digest)?.firstSeenAt ?? now,
  };
}

function isSame(a: Referrer, b: Referrer | undefined): boolean {
  return (
    a.digest === b?.digest &&
    a.mediaType === b.mediaType &&
    a.sizeBytes === b.sizeBytes &&
    a.artifactType === b.artifactType &&
    keptAnnotations.every((key) => a.annotations[key] === b.annotations[key])
  );
}
