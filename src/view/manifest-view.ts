/**
 * One manifest's page. It shows what the digest itself says, and what is attached to it; nothing else that may change around
 * it (tags, first sight, who shares its layers).
 */
import { listAttachments } from '../catalogue/attachments.ts';
import { pickBuildDate } from '../catalogue/dates.ts';
import { holdsIndex } from '../catalogue/facts.ts';
import { listFirstSights } from '../catalogue/first-sights.ts';
import { artifactTypeOf, type Kind, pickKind } from '../catalogue/kinds.ts';
import type { Facts, Instant, Repository } from '../catalogue/model.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import { listPlatforms } from '../catalogue/sizes.ts';
import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { repositoryJsonAddress } from './addresses.ts';
import { type AttachmentFigure, listAttachmentFigures } from './attachment-figures.ts';
import { type AuthorText, toAuthorTexts } from './author-texts.ts';
import type { PlatformFigure } from './image-view.ts';
import { type FaultNote, listFaultNotes } from './integrity-view.ts';
import type { LayerUses } from './layer-uses.ts';
import { type LeafView, listLeafViews, toAnchor, toProblem } from './leaf-view.ts';
import type { Link } from './listing-view.ts';
import { findDifference, type ManifestDifference } from './manifest-difference.ts';
import { pickDescription } from './own-words.ts';
import { listInspectCommands, listPullCommands, type PullCommand, pickImageTools } from './pull-commands.ts';
import { listPathsAbove, type Site, toHref, toImageHref, toManifestHref, toPathHref } from './site.ts';
import { listManifestPages, listTagRows } from './tag-rows.ts';

export interface ManifestView {
  readonly name: RepositoryName;
  readonly host: string;
  readonly digest: Digest;
  readonly breadcrumbs: readonly Link[];
  readonly imageHref: string;
  /** The repository's facts, this manifest's among them. */
  readonly jsonHref: string;
  readonly description: string | null;
  readonly kind: Kind;
  readonly shape: Facts['shape'] | null;
  readonly mediaType: string | null;
  readonly artifactType: string | null;
  readonly sizeBytes: number | null;
  readonly subject: Digest | null;
  readonly createdAt: Instant | null;
  readonly problem: string | null;
  /** What is wrong with content that it names, or that its platforms name. */
  readonly faults: readonly FaultNote[];
  readonly pull: readonly PullCommand[];
  readonly inspect: readonly string[];
  readonly annotations: readonly AuthorText[];
  /** Empty for what is no index. */
  readonly platforms: readonly (PlatformFigure & { readonly anchor: string })[];
  /** What is not as it was in the manifest before. `href` is null where that has no page. */
  readonly difference: (ManifestDifference & { readonly href: string | null }) | null;
  readonly leaves: readonly LeafView[];
  /** Signatures, attestations and the like, about the whole or about one of its platforms. */
  readonly attachments: readonly AttachmentFigure[];
}

/** Everything that a manifest's page shows. */
export function toManifestView(
  repository: Repository,
  digest: Digest,
  site: Site,
  layerUses?: LayerUses,
): ManifestView {
  const { name } = repository;
  const facts = repository.manifests.get(digest) ?? null;
  const kind = pickKind(digest, repository);
  const seenAt = listFirstSights(repository).get(digest) ?? repository.firstSeenAt;
  const { publicHost, tools } = site.settings;
  const recommended = pickRecommendedTag(repository, site.settings.movingTags);
  const listing = listTagRows(repository, recommended?.tag ?? null);
  const difference = findDifference(digest, repository, listing);
  const manifestPages = new Set(listManifestPages(listing, recommended?.digest ?? null));
  const platforms = listPlatforms(digest, repository, seenAt);
  return {
    ...{ name, digest, kind },
    host: publicHost,
    breadcrumbs: listPathsAbove(name).map((path) => ({
      text: path.slice(path.lastIndexOf('/') + 1),
      href: toPathHref(site, path),
    })),
    imageHref: toImageHref(site, name),
    jsonHref: toHref(site, repositoryJsonAddress(name)),
    description: pickDescription(digest, repository),
    shape: facts?.shape ?? null,
    mediaType: facts?.mediaType ?? null,
    artifactType: facts === null ? null : artifactTypeOf(facts),
    sizeBytes: facts?.sizeBytes ?? null,
    subject: facts?.subject ?? null,
    createdAt: pickBuildDate(digest, repository, seenAt),
    problem: toProblem(facts),
    faults: listFaultNotes(repository, site.faults, digest),
    pull: listPullCommands(kind, publicHost, name, { digest }, pickImageTools(holdsIndex(digest, repository), tools)),
    inspect: listInspectCommands(publicHost, name, digest),
    annotations: toAuthorTexts(facts?.annotations ?? {}),
    platforms: (facts?.shape === 'index' ? platforms : []).map(({ platform, ...figures }) => ({
      platform: platform === null ? null : formatPlatform(platform),
      ...figures,
      anchor: toAnchor(figures.digest),
    })),
    difference:
      difference === null
        ? null
        : {
            ...difference,
            href: manifestPages.has(difference.digest) ? toManifestHref(site, name, difference.digest) : null,
          },
    leaves: listLeafViews(digest, platforms, repository, layerUses),
    attachments: listAttachmentFigures(digest, listAttachments(repository), repository),
  };
}
