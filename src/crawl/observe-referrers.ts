/** What a run asks about the signatures, attestations and bills of materials of a repository whose tags it has read. */
import { isAttestationChild, listLeaves } from '../catalogue/facts.ts';
import { isReferrersTag, isVersion, toReferrersTag } from '../catalogue/kinds.ts';
import type { Repository } from '../catalogue/model.ts';
import type { Failure, Finding } from '../catalogue/observation.ts';
import type { ListedReferrer, ReferrersObservation } from '../catalogue/reconcile-referrers.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { type CrawlSource, tasksAtOnce } from './crawl-source.ts';
import { forEachConcurrently } from './for-each-concurrently.ts';
import { hasTurn } from './spread.ts';

export interface ReferrersQuestion {
  readonly source: CrawlSource;
  readonly name: RepositoryName;
  /** All that is asked about in turn. */
  readonly subjects: readonly Digest[];
  /** What is known of them. */
  readonly referrers: Repository['referrers'];
  /** Asked about in every run. */
  readonly recommended: Digest | null;
  /** How many runs there were before: which slice of the others has its turn. */
  readonly turn: number;
  /** Whether a tag may be shown. The list of a digest's referrers goes by the tag that stands for it. */
  readonly isTagShown: (tag: string) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks about the recommended digest, and about the slice of the others that has its turn. What cannot be learned is not in
 * the answer. Never rejects for what a registry does.
 */
export async function observeReferrers(
  question: ReferrersQuestion,
): Promise<{ readonly seen: ReferrersObservation; readonly findings: readonly Finding[] }> {
  const { source, name, referrers, signal } = question;
  const seen = new Map<Digest, readonly ListedReferrer[]>();
  let failure: Failure | null = null;
  let failed = 0;
  await forEachConcurrently(pickSubjects(question), tasksAtOnce(source), async (subject) => {
    try {
      const listed = await source.client.fetchReferrers(name, subject, signal);
      if (listed === null) return;
      const known = referrers.get(subject) ?? [];
      const unlisted = known.filter(({ digest }) => !listed.referrers.some((one) => one.digest === digest));
      const kept = listed.complete ? await keepPresent(unlisted, question) : unlisted;
      seen.set(subject, [...listed.referrers, ...kept]);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      failed++;
      failure ??= { code: error.code, message: error.message };
    }
  });
  return { seen, findings: describeFailure(failure, failed, question) };
}

/** Of referrers that are listed no longer, those that are there all the same: one answer alone takes nothing away. */
async function keepPresent(
  unlisted: readonly ListedReferrer[],
  { source, name, signal }: ReferrersQuestion,
): Promise<readonly ListedReferrer[]> {
  const kept: ListedReferrer[] = [];
  for (const referrer of unlisted) {
    if ((await source.client.headManifest(name, referrer.digest, signal)) === 'present') kept.push(referrer);
  }
  return kept;
}

/** All digests of a repository that something may be about: what its tags point to, and what stands beneath that. */
export function listSubjects(repository: Repository): readonly Digest[] {
  const subjects = new Set<Digest>();
  for (const [tag, { digest, state }] of repository.tags) {
    if (digest === null || state !== 'current' || isReferrersTag(tag) || !isVersion(digest, repository)) continue;
    const leaves = listLeaves(digest, repository).filter(({ child }) => child === null || !isAttestationChild(child));
    for (const subject of [digest, ...leaves.map((leaf) => leaf.digest)]) {
      if (repository.manifests.has(subject)) subjects.add(subject);
    }
  }
  return [...subjects];
}

/** The recommended digest first, for a run may reach its deadline. */
function pickSubjects({ subjects, recommended, turn, isTagShown }: ReferrersQuestion): readonly Digest[] {
  const picked = new Set<Digest>(recommended === null ? [] : [recommended]);
  for (const subject of subjects) if (hasTurn(subject, turn)) picked.add(subject);
  return [...picked].filter((subject) => isTagShown(toReferrersTag(subject)));
}

function describeFailure(
  failure: Failure | null,
  failed: number,
  { source, name }: ReferrersQuestion,
): readonly Finding[] {
  if (failure === null) return [];
  const text = `what is about ${failed} of its digests could not be asked: ${failure.message}`;
  return [{ code: 'referrers-unread', source: source.name, repository: name, tag: null, text }];
}
