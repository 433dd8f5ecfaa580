/** One row of an image's tags: a digest, the tags that point at it, and what there is to say of it. */
import { pickBuildDate } from '../catalogue/dates.ts';
import { artifactTypeOf, type Kind, pickKind } from '../catalogue/kinds.ts';
import type { Facts, Instant, Interval, Repository, TagRecord, TagState } from '../catalogue/model.ts';
import { type Recommendation, seenAtOf } from '../catalogue/recommended-tag.ts';
import { listPlatforms, toCompressedSize } from '../catalogue/sizes.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Tag } from '../oci/reference.ts';
import { type AttachedView, type Attachments, toAttachedView } from './attachment-figures.ts';
import type { HistoryView, TagHistoryView } from './history-view.ts';
import { kindNames } from './kind-names.ts';
import { type Site, toManifestHref } from './site.ts';
import type { TagRow } from './tag-rows.ts';

export interface TagFigure {
  readonly tag: Tag;
  readonly state: TagState;
  readonly firstSeenAt: Instant;
  /** When it came to point at this digest, where that was later than its first sight. */
  readonly moved: Interval | null;
}

/** Another tag of the same digest. */
export interface AliasFigure {
  readonly tag: Tag;
  /** When it came to point there, where that was on another day than the row's leading tag did. */
  readonly since: Instant | null;
}

/** How many bytes a pull transfers, and of what: a platform, or an artifact's type. */
export interface SizeFigure {
  readonly label: string;
  /** Null for what has none, or one that nobody names. */
  readonly platform: string | null;
  /** Null is unknown. */
  readonly compressedSizeBytes: number | null;
}

/** A row: a digest, and the tags that point at it. */
export interface DigestRow {
  readonly lead: TagFigure;
  readonly aliases: readonly AliasFigure[];
  readonly isRecommended: boolean;
  /** Null where the tag was never readable. */
  readonly digest: Digest | null;
  /** Null where the manifest has no page of its own. */
  readonly href: string | null;
  readonly kind: Kind;
  readonly artifactType: string | null;
  readonly createdAt: Instant | null;
  /** Empty where `problem` says why. */
  readonly sizes: readonly SizeFigure[];
  /** Why the content could not be read, or null. */
  readonly problem: string | null;
  /** What is about it, or null. */
  readonly attached: AttachedView | null;
  /** Of its tags, those that pointed elsewhere before, or were gone for a while. */
  readonly histories: readonly TagHistoryView[];
}

/** What a row depends on besides its own digest. */
export interface RowContext {
  readonly recommendation: Recommendation | null;
  readonly manifestPages: ReadonlySet<Digest>;
  readonly attachments: Attachments;
  readonly history: HistoryView;
  readonly site: Site;
}

export function toDigestRow(
  { digest, lead, aliases }: TagRow,
  repository: Repository,
  { recommendation, manifestPages, attachments, history, site }: RowContext,
): DigestRow {
  const { name, tags, manifests } = repository;
  const { state, firstSeenAt, moved } = recordOf(lead, tags);
  const facts = digest === null ? null : (manifests.get(digest) ?? null);
  const seenAt = seenAtOf(recordOf(lead, tags));
  const kind = digest === null ? 'unknown' : pickKind(digest, repository);
  const artifactType = facts === null ? null : artifactTypeOf(facts);
  const problem = toProblem(digest, facts);
  return {
    lead: { tag: lead, state, firstSeenAt, moved: digest === null ? null : moved },
    aliases: aliases.map((tag) => {
      const since = seenAtOf(recordOf(tag, tags));
      return { tag, since: since.slice(0, 10) === seenAt.slice(0, 10) ? null : since };
    }),
    isRecommended: lead === recommendation?.tag && repository.state !== 'removed',
    digest,
    href: digest !== null && manifestPages.has(digest) ? toManifestHref(site, name, digest) : null,
    ...{ kind, artifactType, problem },
    attached: digest === null ? null : toAttachedView(digest, attachments, repository),
    histories: [lead, ...aliases].flatMap((tag) => history.tags.get(tag) ?? []),
    createdAt: digest === null ? null : pickBuildDate(digest, repository, seenAt),
    sizes:
      digest === null || problem !== null
        ? []
        : listSizes(digest, repository, (kind === 'artifact' ? artifactType : null) ?? kindNames[kind]),
  };
}

/** A size for each platform; for what has none, one for the whole, under `label`. */
function listSizes(digest: Digest, repository: Repository, label: string): readonly SizeFigure[] {
  const platforms = listPlatforms(digest, repository, noTime);
  if (platforms.length === 0) {
    return [{ label, platform: null, compressedSizeBytes: toCompressedSize(repository.manifests.get(digest) ?? null) }];
  }
  return platforms.map(({ platform, compressedSizeBytes }) => {
    const name = platform === null ? null : formatPlatform(platform);
    return { label: name ?? 'unknown platform', platform: name, compressedSizeBytes };
  });
}

/** Sizes do not depend on when anything was seen. */
const noTime: Instant = '1970-01-01T00:00:00Z';

/** What is known of a tag of the repository. */
export function recordOf(tag: Tag, tags: Repository['tags']): TagRecord {
  const record = tags.get(tag);
  if (record === undefined) throw new TypeError(`no tag ${tag}`);
  return record;
}

function toProblem(digest: Digest | null, facts: Facts | null): string | null {
  if (digest === null) return 'not readable yet';
  if (facts === null) return 'its manifest could not be read';
  return facts.shape === 'opaque' ? facts.problem : null;
}
