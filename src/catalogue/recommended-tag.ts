/** The tag to paste, and why it is the one. */
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import { pickBuildDate } from './dates.ts';
import { isReferrersTag, isVersion } from './kinds.ts';
import type { Instant, Repository, TagRecord } from './model.ts';
import { onceForRepository } from './once-for-repository.ts';
import { compareTags } from './tag-order.ts';
import { parseTagParts } from './tag-parts.ts';
import { isChannelTag, isPreReleaseTag } from './tag-words.ts';

export type RecommendationCode = 'same-digest' | 'newest-build' | 'newest-seen' | 'highest-name' | 'only-channel';

export interface Recommendation {
  readonly tag: Tag;
  readonly digest: Digest;
  /** `code` for programs; `text` completes the sentence "recommended: …". */
  readonly reason: { readonly code: RecommendationCode; readonly text: string };
}

interface Candidate {
  readonly tag: Tag;
  readonly digest: Digest;
  readonly builtAt: Instant | null;
  readonly seenAt: Instant;
  readonly isChannel: boolean;
}

/**
 * Picks the tag that a reader should paste: the most specific sibling of the first of `movingTags` that exists, else the
 * newest by plausible build date, or by first sight of what has none, else the highest name. A pre-release is picked only
 * where there is no release, a channel word (`testing`, `main`) only where there is nothing else. Tags that are stale or
 * settling are never picked. Null when there is nothing to pick.
 */
export const pickRecommendedTag: (repository: Repository, movingTags: readonly string[]) => Recommendation | null =
  onceForRepository(pick);

function pick(repository: Repository, movingTags: readonly string[]): Recommendation | null {
  const candidates = listCandidates(repository, movingTags);
  for (const moving of movingTags) {
    const target = candidates.find(({ tag }) => tag === moving);
    if (target === undefined) continue;
    const siblings = candidates.filter(({ digest, isChannel }) => digest === target.digest && !isChannel);
    const [sibling] = siblings.sort(byRelease);
    if (sibling !== undefined) return recommend(sibling, 'same-digest', `same digest as ${moving}`);
  }
  const versions = candidates.filter(({ isChannel }) => !isChannel);
  const releases = versions.filter(({ tag }) => !isPreReleaseTag(tag));
  if (versions.length > 0) return pickNewest(releases.length > 0 ? releases : versions);
  const [channel] = candidates.sort((a, b) => byPlaceIn(movingTags, a, b) || compareTags(a.tag, b.tag));
  return channel === undefined ? null : recommend(channel, 'only-channel', 'it has no version tags');
}

/** When the content that a tag points to was first seen behind it: what "the future" is measured from. */
export function seenAtOf(record: TagRecord): Instant {
  return record.moved?.notAfter ?? record.firstSeenAt;
}

function listCandidates(repository: Repository, movingTags: readonly string[]): Candidate[] {
  const candidates: Candidate[] = [];
  for (const [tag, record] of repository.tags) {
    const { digest } = record;
    if (record.state !== 'current' || digest === null || isReferrersTag(tag)) continue;
    if (!isVersion(digest, repository)) continue;
    const seenAt = seenAtOf(record);
    const isChannel = movingTags.includes(tag) || isChannelTag(tag);
    candidates.push({ tag, digest, builtAt: pickBuildDate(digest, repository, seenAt), seenAt, isChannel });
  }
  return candidates;
}

/**
 * By build dates. What has none, and came while we were looking, was built before it came: it counts from then on, or a
 * project whose builds stopped recording dates would be recommended its last dated one for ever. What was there before us
 * tells nothing, and counts only where no date does.
 */
function pickNewest(versions: readonly Candidate[]): Recommendation | null {
  const began = versions.reduce((least, { seenAt }) => (seenAt < least ? seenAt : least), versions[0]?.seenAt ?? '');
  const timeOf = ({ builtAt, seenAt }: Candidate) => builtAt ?? (seenAt > began ? seenAt : null);
  const newestTime = newestOf(versions.map(timeOf));
  if (newestTime === null) {
    const best = pickBest(versions);
    return best && recommend(best, 'highest-name', 'the highest version by name');
  }
  const best = pickBest(versions.filter((candidate) => timeOf(candidate) === newestTime));
  if (best === null) return null;
  return best.builtAt === null
    ? recommend(best, 'newest-seen', `first seen ${newestTime.slice(0, 10)}`)
    : recommend(best, 'newest-build', `built ${newestTime.slice(0, 10)}`);
}

/** The highest by name, under the most specific of the names that its digest has. */
function pickBest(candidates: readonly Candidate[]): Candidate | null {
  const [highest] = candidates.toSorted(byName);
  if (highest === undefined) return null;
  return candidates.filter(({ digest }) => digest === highest.digest).sort(bySpecificity)[0] ?? highest;
}

function recommend({ tag, digest }: Candidate, code: RecommendationCode, text: string): Recommendation {
  return { tag, digest, reason: { code, text } };
}

function newestOf(times: readonly (Instant | null)[]): Instant | null {
  return times.reduce((newest, time) => (time !== null && (newest === null || time > newest) ? time : newest), null);
}

/** A release before a pre-release that has the same digest, then the more specific name. */
function byRelease(a: Candidate, b: Candidate): number {
  return Number(isPreReleaseTag(a.tag)) - Number(isPreReleaseTag(b.tag)) || bySpecificity(a, b);
}

/**
 * The name with most numbers says most exactly what it is: `24.18.0-s1` before `24.18` before `24`. Of two that say as much the
 * version says more than the day.
 */
function bySpecificity(a: Candidate, b: Candidate): number {
  return countNumbers(b.tag) - countNumbers(a.tag) || Number(isDated(a.tag)) - Number(isDated(b.tag)) || byName(a, b);
}

function byName(a: Candidate, b: Candidate): number {
  return compareTags(a.tag, b.tag);
}

function byPlaceIn(order: readonly string[], a: Candidate, b: Candidate): number {
  const place = (tag: string) => (order.includes(tag) ? order.indexOf(tag) : order.length);
  return place(a.tag) - place(b.tag);
}

/**
 * Runs of digits, save those inside a hexadecimal word: a commit says which build, and no more about the version. The day
 * of a build is year, month and day however it is spelled, so that `jammy-20240808` says more than `22.04`.
 */
function countNumbers(tag: string): number {
  const numbers = tag.split(/[.\-_+]/).filter((part) => /^[a-z]{0,3}\d+$/i.test(part));
  return numbers.reduce((count, part) => count + (part !== tag && isDated(part) ? 3 : 1), 0);
}

/** Whether it begins with a whole date. */
function isDated(tag: string): boolean {
  return parseTagParts(tag)[0]?.kind === 'date';
}
