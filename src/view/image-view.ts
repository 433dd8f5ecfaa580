/** An image's page: what to pull and why, and every tag with what it points at. */
import { listAttachments } from '../catalogue/attachments.ts';
import { pickBuildDate } from '../catalogue/dates.ts';
import { holdsIndex, listLeaves } from '../catalogue/facts.ts';
import { artifactTypeOf, type Kind, parseReferrersTag, pickKind } from '../catalogue/kinds.ts';
import type { Facts, Instant, Interval, Repository, TagRecord, TagState } from '../catalogue/model.ts';
import { pickRecommendedTag, type Recommendation, seenAtOf } from '../catalogue/recommended-tag.ts';
import { listPlatforms, toCompressedSize } from '../catalogue/sizes.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { badgeAddress, imageFeedAddress, recommendedTextAddress, repositoryJsonAddress } from './addresses.ts';
import { type AttachedView, type Attachments, toAttachedView } from './attachment-figures.ts';
import { formatCounted } from './format-size.ts';
import { type HistoryView, type RemovedTags, type TagHistoryView, toHistoryView } from './history-view.ts';
import { type ImageAbout, toImageAbout } from './image-about.ts';
import { type FaultNote, listFaultNotes } from './integrity-view.ts';
import { kindNames } from './kind-names.ts';
import type { Link } from './listing-view.ts';
import { listPullCommands, type PullCommand, pickImageTools } from './pull-commands.ts';
import { shortenDigest } from './short-digest.ts';
import { listPathsAbove, type Site, toHref, toImageHref, toManifestHref, toPathHref } from './site.ts';
import {
  countTagPages,
  listManifestPages,
  listTagRows,
  sliceTagPage,
  type TagListing,
  type TagRow,
} from './tag-rows.ts';
import { type TombstoneView, toTombstoneView } from './tombstone-view.ts';

/** One platform of what a tag points at. */
export interface PlatformFigure {
  /** Null where nobody says. */
  readonly platform: string | null;
  readonly digest: Digest;
  readonly compressedSizeBytes: number | null;
  readonly createdAt: Instant | null;
}

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

/** A row of what is about something else. */
export interface AttachmentRow extends DigestRow {
  readonly kindName: string;
  /** What it is about: a tag, and which platform of it, or a digest that no tag points at. Null where nobody says. */
  readonly about: string | null;
}

/** The builds of one version, the newest first. */
export interface VersionGroup {
  readonly version: string;
  readonly newest: DigestRow;
  readonly earlier: readonly DigestRow[];
}

/** The tag to paste. */
export interface RecommendedView extends DigestRow {
  readonly reason: Recommendation['reason'];
  /** Empty for what is no image. */
  readonly platforms: readonly PlatformFigure[];
  readonly byTag: readonly PullCommand[];
  readonly byDigest: readonly PullCommand[];
}

export interface ImageView {
  readonly name: RepositoryName;
  readonly host: string;
  readonly state: Repository['state'];
  readonly staleSince: Instant | null;
  readonly firstSeenAt: Instant;
  readonly breadcrumbs: readonly Link[];
  /** The images that lie beneath this one's name. */
  readonly beneathHref: string | null;
  readonly jsonHref: string;
  readonly about: ImageAbout;
  /** The page in a sentence, for search engines and previews. */
  readonly abstract: string;
  /** The same in other forms: for scripts and for READMEs. */
  readonly forms: readonly Link[];
  readonly recommended: RecommendedView | null;
  readonly tagCount: number;
  /** Of these, the ones that are versions and not about something else. */
  readonly versionTagCount: number;
  readonly versions: readonly VersionGroup[];
  readonly attachments: readonly AttachmentRow[];
  readonly removedTags: RemovedTags;
  /** What is wrong with content that it needs. */
  readonly faults: readonly FaultNote[];
  /** Null where the image is there. */
  readonly tombstone: TombstoneView | null;
  /** Null without `siteUrl`. */
  readonly feedHref: string | null;
  readonly page: number;
  readonly pages: readonly (Link & { readonly isCurrent: boolean })[];
}

/** Everything that an image's page shows. `page` counts from 1. */
export function toImageView(repository: Repository, page: number, site: Site): ImageView {
  const { name, state, staleSince, firstSeenAt } = repository;
  const recommendation = pickRecommendedTag(repository, site.settings.movingTags);
  const listing = listTagRows(repository, recommendation?.tag ?? null);
  const manifestPages = new Set(listManifestPages(listing, recommendation?.digest ?? null));
  const attachments = listAttachments(repository);
  const history = toHistoryView(repository, manifestPages, site);
  // Those of each tag stand in its row.
  const { tags: _, ...removedTags } = history;
  const context: RowContext = { recommendation, manifestPages, attachments, history, site };
  const toRow = (row: TagRow) => toDigestRow(row, repository, context);
  const shown = sliceTagPage(listing, page);
  const pageCount = countTagPages(listing);
  const about = toImageAbout(repository, recommendation, site);
  return {
    ...{ name, state, staleSince, firstSeenAt, page },
    host: site.settings.publicHost,
    breadcrumbs: listPathsAbove(name).map((path) => ({
      text: path.slice(path.lastIndexOf('/') + 1),
      href: toPathHref(site, path),
    })),
    beneathHref: site.hasBeneath(name) ? toPathHref(site, name) : null,
    jsonHref: toHref(site, repositoryJsonAddress(name)),
    about,
    abstract: toAbstract(repository, recommendation, about.description, site),
    forms: [
      ...(recommendation === null || staleSince !== null || state === 'removed'
        ? []
        : [{ text: 'recommended.txt', href: toHref(site, recommendedTextAddress(name)) }]),
      { text: 'repository.json', href: toHref(site, repositoryJsonAddress(name)) },
      { text: 'badge.svg', href: toHref(site, badgeAddress(name)) },
    ],
    recommended: recommendation === null ? null : toRecommended(recommendation, repository, context),
    tagCount: repository.tags.size,
    versionTagCount: listing.versions
      .flatMap(({ rows }) => rows)
      .reduce((sum, { aliases }) => sum + 1 + aliases.length, 0),
    versions: shown.versions.map(({ version, rows }) => {
      const [newest, ...earlier] = rows.map(toRow);
      return { version, newest: newest as DigestRow, earlier };
    }),
    attachments: toAttachmentRows(shown.attachments, listing, repository, context),
    removedTags,
    faults: listFaultNotes(repository, site.faults),
    tombstone: toTombstoneView(repository, site),
    feedHref: site.settings.siteUrl === undefined ? null : toHref(site, imageFeedAddress(name)),
    pages:
      pageCount === 1
        ? []
        : Array.from({ length: pageCount }, (_, at) => ({
            text: String(at + 1),
            href: toImageHref(site, name, at + 1),
            isCurrent: at + 1 === page,
          })),
  };
}

/** Angle brackets go: whoever shows this elsewhere may be less careful than a browser. */
function toAbstract(
  { name, tags }: Repository,
  recommendation: Recommendation | null,
  description: string | null,
  { settings }: Site,
): string {
  const count = `${formatCounted(tags.size, 'tag')} of ${settings.publicHost}/${name}`;
  const recommended = recommendation === null ? '' : `; recommended: ${recommendation.tag}`;
  return `${count}${recommended}. ${description ?? ''}`.replace(/[<>]/g, '').trim();
}

/** What a row depends on besides its own digest. */
interface RowContext {
  readonly recommendation: Recommendation | null;
  readonly manifestPages: ReadonlySet<Digest>;
  readonly attachments: Attachments;
  readonly history: HistoryView;
  readonly site: Site;
}

function toAttachmentRows(
  rows: readonly TagRow[],
  listing: TagListing,
  repository: Repository,
  context: RowContext,
): readonly AttachmentRow[] {
  const names = new Map<Digest, string>();
  for (const { digest, lead } of rows.length === 0 ? [] : listing.versions.flatMap((group) => group.rows)) {
    if (digest === null) continue;
    for (const { digest: leaf, child } of listLeaves(digest, repository)) {
      if (names.has(leaf) || child === null) continue;
      names.set(leaf, child.platform === null ? lead : `${lead}, ${formatPlatform(child.platform)}`);
    }
    names.set(digest, lead);
  }
  return rows.map((row) => {
    const facts = row.digest === null ? undefined : repository.manifests.get(row.digest);
    const address = parseReferrersTag(row.lead);
    const subject = address?.subject ?? facts?.subject ?? null;
    const figures = toDigestRow(row, repository, context);
    const isList = address?.suffix === null && facts?.shape === 'index';
    return {
      ...figures,
      kindName: isList ? 'List of referrers' : kindNames[figures.kind],
      about: subject === null ? null : (names.get(subject) ?? shortenDigest(subject)),
    };
  });
}

function toRecommended(recommendation: Recommendation, repository: Repository, context: RowContext): RecommendedView {
  const { tag, digest, reason } = recommendation;
  const row = toDigestRow({ digest, lead: tag, aliases: [] }, repository, context);
  const { publicHost, tools: preferred } = context.site.settings;
  const tools = pickImageTools(holdsIndex(digest, repository), preferred);
  const seenAt = seenAtOf(recordOf(tag, repository.tags));
  return {
    ...row,
    reason,
    platforms: listPlatforms(digest, repository, seenAt).map(({ platform, ...figures }) => ({
      platform: platform === null ? null : formatPlatform(platform),
      ...figures,
    })),
    byTag: listPullCommands(row.kind, publicHost, repository.name, { tag }, tools),
    byDigest: listPullCommands(row.kind, publicHost, repository.name, { digest }, tools),
  };
}

function toDigestRow(
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

function recordOf(tag: Tag, tags: Repository['tags']): TagRecord {
  const record = tags.get(tag);
  if (record === undefined) throw new TypeError(`no tag ${tag}`);
  return record;
}

function toProblem(digest: Digest | null, facts: Facts | null): string | null {
  if (digest === null) return 'not readable yet';
  if (facts === null) return 'its manifest could not be read';
  return facts.shape === 'opaque' ? facts.problem : null;
}
