/**
 * What the catalogue as a whole says of one repository: a row of the homepage, an entry of `catalogue.json`, a part of the
 * counts. It depends on the repository's file and the settings only, so it is kept until one of them changes.
 */
import { pickBuildDate } from '../catalogue/dates.ts';
import { isReferrersTag, isVersion, type Kind, pickKind } from '../catalogue/kinds.ts';
import type { Instant, Repository } from '../catalogue/model.ts';
import { pickRecommendedTag, type Recommendation, seenAtOf } from '../catalogue/recommended-tag.ts';
import { listPlatforms, toCompressedSize } from '../catalogue/sizes.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { pickDescription } from './own-words.ts';
import type { SiteSettings } from './site.ts';

/** `platform` is as `formatPlatform` writes it; null is unknown, and so is a null size. */
export interface PlatformSize {
  readonly platform: string | null;
  readonly compressedSizeBytes: number | null;
}

/** The states in which a repository has pages. Of one that was never read there is nothing to say. */
export type PagedState = Exclude<Repository['state'], 'unread'>;

export interface RepositorySummary {
  readonly name: RepositoryName;
  readonly state: PagedState;
  /** The kinds of its versions, sorted; of all it holds where it has no version. */
  readonly kinds: readonly Kind[];
  readonly tagCount: number;
  /** Tags that could not be read in the newest run and show what was seen before. */
  readonly staleTagCount: number;
  /** Tags that were never readable yet. */
  readonly settlingTagCount: number;
  readonly description: string | null;
  readonly recommended: Recommendation | null;
  /** When the recommended tag was built. */
  readonly createdAt: Instant | null;
  /** The platforms of the recommended tag; empty for what is no image. */
  readonly platforms: readonly PlatformSize[];
  /** The bytes that a pull of the recommended tag transfers, for what has no platforms. */
  readonly artifactSizeBytes: number | null;
  readonly firstSeenAt: Instant;
  /** The newest event. */
  readonly changedAt: Instant;
  readonly staleSince: Instant | null;
}

/** Sums a repository up. Throws a `TypeError` for one that was never read. */
export function toRepositorySummary(repository: Repository, settings: SiteSettings): RepositorySummary {
  if (repository.state === 'unread') throw new TypeError(`${repository.name} was never read`);
  const recommended = pickRecommendedTag(repository, settings.movingTags);
  const records = [...repository.tags.values()];
  return {
    name: repository.name,
    state: repository.state,
    kinds: listKinds(repository),
    tagCount: records.length,
    staleTagCount: records.filter(({ state }) => state === 'stale').length,
    settlingTagCount: records.filter(({ state }) => state === 'settling').length,
    recommended,
    ...describeRecommended(recommended, repository),
    firstSeenAt: repository.firstSeenAt,
    changedAt: repository.events.at(-1)?.notAfter ?? repository.firstSeenAt,
    staleSince: repository.staleSince,
  };
}

function describeRecommended(recommended: Recommendation | null, repository: Repository) {
  const record = recommended === null ? undefined : repository.tags.get(recommended.tag);
  if (recommended === null || record === undefined) {
    return { description: null, createdAt: null, platforms: [], artifactSizeBytes: null };
  }
  const { digest } = recommended;
  const seenAt = seenAtOf(record);
  const platforms = listPlatforms(digest, repository, seenAt).map(({ platform, compressedSizeBytes }) => ({
    platform: platform === null ? null : formatPlatform(platform),
    compressedSizeBytes,
  }));
  return {
    description: pickDescription(digest, repository),
    createdAt: pickBuildDate(digest, repository, seenAt),
    platforms,
    artifactSizeBytes: platforms.length > 0 ? null : toCompressedSize(repository.manifests.get(digest) ?? null),
  };
}

function listKinds(repository: Repository): readonly Kind[] {
  const all = new Set<Kind>();
  const versions = new Set<Kind>();
  for (const [tag, { digest }] of repository.tags) {
    if (digest === null || isReferrersTag(tag)) continue;
    const kind = pickKind(digest, repository);
    all.add(kind);
    if (isVersion(digest, repository)) versions.add(kind);
  }
  return [...(versions.size > 0 ? versions : all)].sort();
}
