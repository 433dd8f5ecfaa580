/** The rows of an image's page: one for each digest, with all the tags that point at it, rebuilds under their version. */
import { isReferrersTag, isVersion } from '../catalogue/kinds.ts';
import type { Repository, TagRecord } from '../catalogue/model.ts';
import { onceForRepository } from '../catalogue/once-for-repository.ts';
import { foldTags } from '../catalogue/tag-folding.ts';
import { sortTags } from '../catalogue/tag-order.ts';
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';

/** How many rows a page holds; further ones go on at `/<name>/-/tags/2/`. */
export const mostRowsOnPage = 500;
/** How many manifests of a repository have pages of their own. */
export const mostManifestPages = 100;

/** Tags that point at one digest. */
export interface TagRow {
  /** Null where the tag was never readable; such a tag has a row by itself. */
  readonly digest: Digest | null;
  /** The recommended tag, else the one that says most exactly what it is. */
  readonly lead: Tag;
  /** The other tags, newest first. */
  readonly aliases: readonly Tag[];
}

/** Rows whose leading tags are builds of one version, newest first. */
export interface TagGroup {
  readonly version: string;
  readonly rows: readonly TagRow[];
}

export interface TagListing {
  /** What one would pull. Newest first. */
  readonly versions: readonly TagGroup[];
  /** What is about something else: signatures, attestations, bills of materials. */
  readonly attachments: readonly TagRow[];
}

/** Sorts all tags of a repository into rows. `recommended` leads the row that it stands in. */
export const listTagRows: (repository: Repository, recommended: Tag | null) => TagListing = onceForRepository(sortRows);

function sortRows(repository: Repository, recommended: Tag | null): TagListing {
  const byDigest = new Map<string, Tag[]>();
  for (const [tag, { digest }] of repository.tags) {
    const key = digest ?? `unread ${tag}`;
    const tags = byDigest.get(key);
    if (tags === undefined) byDigest.set(key, [tag]);
    else tags.push(tag);
  }
  const versions = new Map<Tag, TagRow>();
  const attachments = new Map<Tag, TagRow>();
  for (const tags of byDigest.values()) {
    const row = toRow(tags, repository.tags, recommended);
    (isAttachment(row, repository) ? attachments : versions).set(row.lead, row);
  }
  return {
    versions: foldTags([...versions.keys()]).map(({ version, tags }) => ({
      version,
      rows: tags.flatMap((tag) => versions.get(tag as Tag) ?? []),
    })),
    attachments: sortTags([...attachments.keys()]).flatMap((tag) => attachments.get(tag as Tag) ?? []),
  };
}

/** How many pages the rows fill: at least one. */
export function countTagPages(listing: TagListing): number {
  return Math.max(1, Math.ceil(listRows(listing).length / mostRowsOnPage));
}

/** The part of a listing that stands on a page, counted from 1. A version's rows may go on overleaf. */
export function sliceTagPage(listing: TagListing, page: number): TagListing {
  const from = (page - 1) * mostRowsOnPage;
  const shown = new Set(listRows(listing).slice(from, from + mostRowsOnPage));
  const keep = (rows: readonly TagRow[]) => rows.filter((row) => shown.has(row));
  return {
    versions: listing.versions
      .map(({ version, rows }) => ({ version, rows: keep(rows) }))
      .filter(({ rows }) => rows.length > 0),
    attachments: keep(listing.attachments),
  };
}

/** The digests that have pages of their own, in the order of their rows; the recommended one always does. */
export function listManifestPages(listing: TagListing, recommended: Digest | null): readonly Digest[] {
  const digests = listRows(listing).flatMap(({ digest }) => digest ?? []);
  const newest = digests.slice(0, mostManifestPages);
  if (recommended === null || newest.includes(recommended)) return newest;
  return [recommended, ...newest.slice(0, mostManifestPages - 1)];
}

function listRows({ versions, attachments }: TagListing): readonly TagRow[] {
  return [...versions.flatMap(({ rows }) => rows), ...attachments];
}

function toRow(tags: readonly Tag[], records: ReadonlyMap<Tag, TagRecord>, recommended: Tag | null): TagRow {
  const sorted = sortTags(tags) as Tag[];
  const lead = sorted.find((tag) => tag === recommended) ?? (sorted[0] as Tag);
  return { digest: records.get(lead)?.digest ?? null, lead, aliases: sorted.filter((tag) => tag !== lead) };
}

function isAttachment({ digest, lead, aliases }: TagRow, repository: Repository): boolean {
  if ([lead, ...aliases].every(isReferrersTag)) return true;
  return digest !== null && !isVersion(digest, repository);
}
