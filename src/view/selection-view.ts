/** The page of a selection, and the ways to all of them that listings offer. */
import { fixedAddresses, selectionAddress } from './addresses.ts';
import { formatCounted } from './format-size.ts';
import { type ImageGroup, type Link, mostImagesOnPage, toImageRow } from './listing-view.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { countSelectionPages, orders, type Selection, type SelectionGroup } from './selections.ts';
import { type Site, toHref } from './site.ts';

/** A way to a selection. */
export interface SelectionLink extends Link {
  readonly group: SelectionGroup;
  /** Null where nobody would choose by it: orders have all images, and letters stand in a row. */
  readonly imageCount: number | null;
  readonly isCurrent: boolean;
}

/** Where all images stand in the order of a column. */
export type OrderHrefs = Readonly<Record<keyof typeof orders, string>>;

export interface SelectionView {
  readonly title: string;
  readonly description: string;
  readonly imageCount: number;
  /** The same as a search, to be narrowed further; null where none finds it. */
  readonly search: Link | null;
  readonly groups: readonly ImageGroup[];
  readonly links: readonly SelectionLink[];
  readonly pages: readonly (Link & { readonly isCurrent: boolean })[];
}

/** The ways to all images by their names. */
export function listNameLinks(selections: readonly Selection[], site: Site): readonly SelectionLink[] {
  return listSelectionLinks(selections, site).filter(
    ({ group, text }) => group === 'letter' || (group === 'order' && text === 'name'),
  );
}

/** Shows a page of a selection, counted from 1. */
export function toSelectionView(
  slug: string,
  page: number,
  selections: readonly Selection[],
  site: Site,
): SelectionView {
  const selection = selections.find((each) => each.slug === slug);
  if (selection === undefined) throw new TypeError(`nothing is selected by ${slug}`);
  const { title, summaries, query } = selection;
  const from = (page - 1) * mostImagesOnPage;
  const rows = summaries.slice(from, from + mostImagesOnPage).map((summary) => toImageRow(summary, site));
  const pageCount = countSelectionPages(selection);
  const images = formatCounted(summaries.length, 'image');
  return {
    title: page === 1 ? title : `${title}, page ${page}`,
    description: `${title} of ${site.settings.publicHost}: ${images}.`,
    imageCount: summaries.length,
    search:
      query === null
        ? null
        : { text: query, href: `${toHref(site, fixedAddresses.home)}?q=${encodeURIComponent(`${query} `)}` },
    groups: [{ namespace: '', href: null, anchor: 'images', rows, letters: [] }],
    links: listSelectionLinks(selections, site, slug),
    pages:
      pageCount === 1
        ? []
        : Array.from({ length: pageCount }, (_, at) => ({
            text: toPageText(selection, at),
            href: toHref(site, selectionAddress(slug, at + 1)),
            isCurrent: at + 1 === page,
          })),
  };
}

/** The ways to all selections; `current` is the one that the page is about. */
export function listSelectionLinks(
  selections: readonly Selection[],
  site: Site,
  current: string | null = null,
): readonly SelectionLink[] {
  return selections.map(({ group, slug, text, summaries }) => ({
    ...{ group, text },
    href: toHref(site, selectionAddress(slug)),
    imageCount: group === 'order' || group === 'letter' ? null : summaries.length,
    isCurrent: slug === current,
  }));
}

/** Where the headings of a table lead that is not the whole list. */
export function toOrderHrefs(site: Site): OrderHrefs {
  const toOrder = (slug: string) => toHref(site, selectionAddress(slug));
  return {
    name: toOrder(orders.name),
    createdAt: toOrder(orders.createdAt),
    size: toOrder(orders.size),
    tagCount: toOrder(orders.tagCount),
  };
}

/** By name, a page says from where to where it goes; in another order it only has a number. */
function toPageText({ group, slug, summaries }: Selection, at: number): string {
  if (group === 'order' && slug !== orders.name) return String(at + 1);
  const part = summaries.slice(at * mostImagesOnPage, (at + 1) * mostImagesOnPage);
  const text = (summary: RepositorySummary | undefined) => summary?.name.slice(summary.name.lastIndexOf('/') + 1) ?? '';
  return `${text(part[0])} – ${text(part.at(-1))}`;
}
