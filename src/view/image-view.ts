/** An image's page: what to pull and why, and every tag with what it points at. */
import { listAttachments } from '../catalogue/attachments.ts';
import { holdsIndex, listLeaves } from '../catalogue/facts.ts';
import { parseReferrersTag } from '../catalogue/kinds.ts';
import type { Instant, Repository } from '../catalogue/model.ts';
import { pickRecommendedTag, type Recommendation, seenAtOf } from '../catalogue/recommended-tag.ts';
import { listPlatforms } from '../catalogue/sizes.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { badgeAddress, imageFeedAddress, recommendedTextAddress, repositoryJsonAddress } from './addresses.ts';
import { type DigestRow, type RowContext, recordOf, toDigestRow } from './digest-row.ts';
import { formatCounted } from './format-size.ts';
import { type RemovedTags, toHistoryView } from './history-view.ts';
import { type ImageAbout, toImageAbout } from './image-about.ts';
import { type FaultNote, listFaultNotes } from './integrity-view.ts';
import { kindNames } from './kind-names.ts';
import type { Link } from './listing-view.ts';
import { listPullCommands, type PullCommand, pickImageTools } from './pull-commands.ts';
import { shortenDigest } from './short-digest.ts';
import { listPathsAbove, type Site, toHref, toImageHref, toPathHref } from './site.ts';
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
