/**
 * What lies beneath a path: the homepage, and the page of every path. Up to a thousand images stand there in groups, one for
 * each namespace. Where there are more, the paths one level down stand instead, and the images of this level in pages.
 */
import type { Kind } from '../catalogue/kinds.ts';
import type { Instant } from '../catalogue/model.ts';
import type { LatestChange } from './changes-view.ts';
import { sortByName } from './compare-names.ts';
import { formatSizeRange } from './format-size.ts';
import type { ListedImages } from './listed-images.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { listPathsAbove, namespaceOf, type Site, toImageHref, toPathHref } from './site.ts';

/** How many images a page lists. */
export const mostImagesOnPage = 1000;
/** From how many images on a group has letters to jump to. */
const leastForLetters = 60;

/** A link with its text. */
export interface Link {
  readonly text: string;
  readonly href: string;
}

/** One image in a table. */
export interface ImageRow {
  readonly name: string;
  /** The name below the group's heading. */
  readonly shortName: string;
  readonly href: string;
  /** Null where there is nothing to recommend; then `remark` says why. */
  readonly tag: string | null;
  readonly remark: string | null;
  readonly isStale: boolean;
  readonly isDeprecated: boolean;
  readonly createdAt: Instant | null;
  /** The least and the most of the platforms' sizes, as text; null is unknown. */
  readonly size: string | null;
  /** What the column is sorted by: the greatest of the platforms' sizes. */
  readonly sizeBytes: number | null;
  /** What it runs on; null is unknown. */
  readonly platforms: readonly (string | null)[];
  /** What it is, where it is no image. */
  readonly kind: Kind | null;
  readonly tagCount: number;
  /** Whether something of it may need more than one line: then nobody knows how tall it is before it is laid out. */
  readonly isTall: boolean;
}

/** The images of one namespace. */
export interface ImageGroup {
  readonly namespace: string;
  /** Null where the namespace is the page's own path. */
  readonly href: string | null;
  readonly anchor: string;
  readonly rows: readonly ImageRow[];
  /** The first row of each letter, in a group long enough. */
  readonly letters: readonly { readonly letter: string; readonly anchor: string; readonly row: ImageRow }[];
}

/** A path one level down. */
export interface PathRow {
  readonly path: string;
  readonly href: string;
  readonly imageCount: number;
  readonly newestAt: Instant | null;
}

export interface Jump extends Link {
  readonly imageCount: number;
}

/** What the homepage opens with. */
export interface OpeningView {
  readonly tags: number;
  readonly uniqueCompressedSizeBytes: number;
  /** There are at least so many. */
  readonly isSizeLeast: boolean;
  /** The newest ones. */
  readonly changes: readonly LatestChange[];
}

export interface ListingView {
  /** `''` on the homepage. */
  readonly path: string;
  readonly breadcrumbs: readonly Link[];
  /** Where the image stands that this path is itself; null where it is none. */
  readonly ownHref: string | null;
  readonly imageCount: number;
  readonly paths: readonly PathRow[];
  readonly groups: readonly ImageGroup[];
  /** Where on the page each path one level down begins, with the number of images beneath it. */
  readonly jumps: readonly Jump[];
  /** Empty where one page is enough; `text` names the first and the last image of each. */
  readonly pages: readonly (Link & { readonly isCurrent: boolean })[];
}

/** The number of pages of a path. */
export function countListingPages(path: string, listed: ListedImages): number {
  const beneath = listed.beneath(path);
  if (beneath.length <= mostImagesOnPage) return 1;
  const direct = beneath.filter(({ name }) => namespaceOf(name) === path);
  return Math.max(1, Math.ceil(direct.length / mostImagesOnPage));
}

/** Lists a path. `listed` is the whole catalogue. */
export function toListingView(path: string, page: number, listed: ListedImages, site: Site): ListingView {
  const beneath = listed.beneath(path);
  const own = listed.find(path);
  const head = {
    path,
    breadcrumbs: listPathsAbove(path).map((above) => ({ text: lastPart(above), href: toPathHref(site, above) })),
    ownHref: own === undefined ? null : toImageHref(site, own.name),
    imageCount: beneath.length,
  };
  if (beneath.length <= mostImagesOnPage) {
    const groups = toGroups(path, beneath, site);
    return { ...head, paths: [], groups, jumps: toJumps(path, groups), pages: [] };
  }
  const direct = beneath.filter(({ name }) => namespaceOf(name) === path);
  const from = (page - 1) * mostImagesOnPage;
  return {
    ...head,
    paths: toPathRows(path, listed, site),
    groups: toGroups(path, direct.slice(from, from + mostImagesOnPage), site),
    jumps: [],
    pages: direct.length <= mostImagesOnPage ? [] : toPageLinks(path, page, direct, site),
  };
}

/** As long as what surely fits into one line of its column, where the table has columns at all. */
const longestLine = { name: 36, tag: 24, platforms: 2, platform: 'linux/amd64'.length };

/** A repository as a row of a table. */
export function toImageRow(summary: RepositorySummary, site: Site): ImageRow {
  const { name, recommended, platforms, artifactSizeBytes, kinds } = summary;
  const known = platforms.flatMap(({ compressedSizeBytes }) => compressedSizeBytes ?? []);
  const sizesBytes = artifactSizeBytes === null ? known : [artifactSizeBytes];
  const isImage = kinds.some((kind) => kind === 'image' || kind === 'image-index');
  const tag = recommended?.tag ?? null;
  const isStale = summary.staleSince !== null;
  const isDeprecated = site.notesOf(name).deprecatedSince !== undefined;
  return {
    name,
    shortName: lastPart(name),
    href: toImageHref(site, name),
    tag,
    remark: recommended === null ? toRemark(summary) : null,
    isStale,
    isDeprecated,
    createdAt: summary.createdAt,
    size: formatSizeRange(sizesBytes),
    sizeBytes: sizesBytes.length === 0 ? null : Math.max(...sizesBytes),
    platforms: platforms.map(({ platform }) => platform),
    kind: isImage ? null : (kinds[0] ?? null),
    tagCount: summary.tagCount,
    isTall:
      isStale ||
      isDeprecated ||
      name.length > longestLine.name ||
      (tag?.length ?? Number.POSITIVE_INFINITY) > longestLine.tag ||
      platforms.length > longestLine.platforms ||
      platforms.some(({ platform }) => (platform?.length ?? 0) > longestLine.platform),
  };
}

function toRemark({ tagCount, settlingTagCount, staleTagCount }: RepositorySummary): string {
  if (tagCount === 0) return 'no tags';
  return settlingTagCount + staleTagCount > 0 ? 'no current tag' : 'nothing to pull';
}

function toGroups(path: string, summaries: readonly RepositorySummary[], site: Site): readonly ImageGroup[] {
  const byNamespace = Map.groupBy(summaries, ({ name }) => namespaceOf(name));
  return sortByName(byNamespace, ([namespace]) => namespace).map(([namespace, members]) => {
    const rows = members.map((summary) => toImageRow(summary, site));
    const anchor = `in:${namespace}`;
    return {
      namespace,
      href: namespace === path ? null : toPathHref(site, namespace),
      anchor,
      rows,
      letters: rows.length < leastForLetters ? [] : toLetters(rows, anchor),
    };
  });
}

function toJumps(path: string, groups: readonly ImageGroup[]): readonly Jump[] {
  const jumps = new Map<string, Jump>();
  for (const { namespace, anchor, rows } of groups) {
    const child = [...listPathsAbove(namespace), namespace].find((above) => isBeneath(above, path)) ?? '';
    const place = namespace === path ? path : child;
    const text = place === '' ? 'top level' : `${place}/`;
    const before = jumps.get(place);
    jumps.set(place, { text, href: before?.href ?? `#${anchor}`, imageCount: (before?.imageCount ?? 0) + rows.length });
  }
  return [...jumps.values()];
}

function toLetters(rows: readonly ImageRow[], anchor: string): ImageGroup['letters'] {
  const firsts = new Map<string, ImageRow>();
  for (const row of rows) {
    const letter = row.shortName.charAt(0);
    if (!firsts.has(letter)) firsts.set(letter, row);
  }
  return [...firsts].map(([letter, row]) => ({ letter, anchor: `${anchor}:${letter}`, row }));
}

function toPathRows(path: string, listed: ListedImages, site: Site): readonly PathRow[] {
  const children = new Set<string>();
  for (const { name } of listed.beneath(path)) {
    const child = listPathsAbove(name).find((above) => isBeneath(above, path));
    if (child !== undefined) children.add(child);
  }
  return Array.from(children, (child) => ({
    path: child,
    href: toPathHref(site, child),
    imageCount: listed.beneath(child).length,
    newestAt: listed
      .beneath(child)
      .reduce<Instant | null>(
        (newest, { createdAt }) => (createdAt !== null && (newest === null || createdAt > newest) ? createdAt : newest),
        null,
      ),
  }));
}

function toPageLinks(path: string, current: number, direct: readonly RepositorySummary[], site: Site) {
  const pages = Math.ceil(direct.length / mostImagesOnPage);
  return Array.from({ length: pages }, (_, at) => {
    const part = direct.slice(at * mostImagesOnPage, (at + 1) * mostImagesOnPage);
    const first = lastPart(part[0]?.name ?? '');
    const last = lastPart(part.at(-1)?.name ?? '');
    return { text: `${first} – ${last}`, href: toPathHref(site, path, at + 1), isCurrent: at + 1 === current };
  });
}

function isBeneath(name: string, path: string): boolean {
  return path === '' || name.startsWith(`${path}/`);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
