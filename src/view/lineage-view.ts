/** The page of lineages: every base with all images that still stand on it, the newest versions first. */
import type { BaseRepository, BaseVersion, Dependent } from '../catalogue/dependents.ts';
import type { IndexedRow } from '../catalogue/lineage-index.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { fixedAddresses, lineageAddress } from './addresses.ts';
import type { Link } from './listing-view.ts';
import { type Site, toHref, toImageHref } from './site.ts';

/** An image that stands on a version with the tag that one would pull. */
export interface StandingImage {
  readonly name: RepositoryName;
  readonly tag: Tag;
  readonly href: string;
  /** `production:5`, the bases between; empty where it is built right on the version. */
  readonly via: readonly string[];
  /** Only these platforms, or null for all. */
  readonly platforms: readonly string[] | null;
  /** Nobody but an annotation says so. */
  readonly isUnproven: boolean;
}

export interface VersionSection {
  readonly tag: Tag;
  readonly digest: Digest;
  readonly isTagged: boolean;
  readonly alsoNamed: readonly string[];
  /** Null is unknown. */
  readonly behind: number | null;
  readonly newest: Tag | null;
  readonly images: readonly StandingImage[];
  /** Tags besides, which nobody would pull without naming them, and of how many images. */
  readonly otherTagCount: number;
  readonly otherImageCount: number;
}

export interface BaseSection {
  readonly name: RepositoryName;
  readonly href: string;
  readonly anchor: string;
  readonly isRemoved: boolean;
  readonly imageCount: number;
  /** Of these, the ones on a version that has newer builds. */
  readonly outdatedCount: number;
  readonly versions: readonly VersionSection[];
}

export interface LineageView {
  readonly page: number;
  readonly pages: readonly (Link & { readonly isCurrent: boolean })[];
  readonly jsonHref: string;
  /** Every base of the catalogue, those with most outdated images first. */
  readonly overview: readonly Omit<BaseSection, 'versions' | 'anchor'>[];
  readonly imageCount: number;
  readonly outdatedCount: number;
  /** Those of this page, sorted by name. */
  readonly bases: readonly BaseSection[];
}

/** How many images and versions stand on one page. */
const mostRowsOnPage = 1000;

/** The pages, at least one. `isJudged` says whether a row is the one that its image is judged by. */
export function listLineageViews(
  repositories: readonly BaseRepository[],
  isJudged: (row: IndexedRow) => boolean,
  site: Site,
): readonly LineageView[] {
  const sections = repositories.map((repository) => toSection(repository, isJudged, site));
  const parts = cutPages(sections);
  const hrefOf = (name: RepositoryName) => {
    const page = parts.findIndex((part) => part.some((section) => section.name === name)) + 1;
    return `${toHref(site, lineageAddress(page))}#${toAnchor(name)}`;
  };
  const overview = sections
    .map(({ versions: _, anchor: __, ...section }) => ({ ...section, href: hrefOf(section.name) }))
    .sort((a, b) => b.outdatedCount - a.outdatedCount || b.imageCount - a.imageCount);
  const outdated = new Set<string>();
  const standing = new Set<string>();
  for (const { versions } of sections) {
    for (const { images, behind } of versions) {
      for (const { name } of images) {
        standing.add(name);
        if ((behind ?? 0) > 0) outdated.add(name);
      }
    }
  }
  const toLinks = (current: number) =>
    parts.length === 1
      ? []
      : parts.map((part, at) => ({
          text: `${part[0]?.name} – ${part.at(-1)?.name}`,
          href: toHref(site, lineageAddress(at + 1)),
          isCurrent: at === current,
        }));
  return parts.map((bases, at) => ({
    page: at + 1,
    pages: toLinks(at),
    jsonHref: toHref(site, fixedAddresses.lineageJson),
    overview: at === 0 ? overview : [],
    imageCount: standing.size,
    outdatedCount: outdated.size,
    bases,
  }));
}

function toSection(
  { name, isRemoved, versions }: BaseRepository,
  isJudged: (row: IndexedRow) => boolean,
  site: Site,
): BaseSection {
  const shown = versions.map((version) => toVersion(version, isJudged, site));
  const names = (of: readonly VersionSection[]) =>
    new Set(of.flatMap(({ images }) => images.map((image) => image.name)));
  return {
    name,
    href: toImageHref(site, name),
    anchor: toAnchor(name),
    isRemoved,
    imageCount: names(shown).size,
    outdatedCount: names(shown.filter(({ behind }) => (behind ?? 0) > 0)).size,
    versions: shown,
  };
}

function toVersion(
  { base, dependents }: BaseVersion,
  isJudged: (row: IndexedRow) => boolean,
  site: Site,
): VersionSection {
  const judged = dependents.filter(({ row }) => isJudged(row));
  const others = dependents.filter(({ row }) => !isJudged(row));
  const { tag, digest, behind, newest } = base;
  return {
    ...{ tag, digest, behind, newest },
    isTagged: base.row !== null,
    alsoNamed: base.alsoNamed.map((also) => `${also.name}:${also.tag}`),
    images: judged.map((dependent) => toStanding(dependent, site)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    otherTagCount: others.reduce((sum, { row }) => sum + row.tags.length, 0),
    otherImageCount: new Set(others.map(({ row }) => row.repository.name)).size,
  };
}

function toStanding({ row, ancestor: { base, via } }: Dependent, site: Site): StandingImage {
  const { name } = row.repository;
  return {
    name,
    tag: row.tags[0] as Tag,
    href: toImageHref(site, name),
    via: via.map((between) => `${between.name}:${between.tag}`),
    platforms: base.platforms.length === row.images.length ? null : base.platforms.map((each) => each ?? 'unknown'),
    isUnproven: [base, ...via].some(({ evidence }) => evidence === 'annotation'),
  };
}

/** As few pages as hold them, each base whole. */
function cutPages(sections: readonly BaseSection[]): readonly (readonly BaseSection[])[] {
  const pages: BaseSection[][] = [[]];
  let rows = 0;
  for (const section of sections) {
    const own = section.versions.reduce((sum, { images }) => sum + 1 + images.length, 1);
    if (rows > 0 && rows + own > mostRowsOnPage) {
      pages.push([]);
      rows = 0;
    }
    pages.at(-1)?.push(section);
    rows += own;
  }
  return pages;
}

function toAnchor(name: RepositoryName): string {
  return `base:${name}`;
}
