/** The pages of a site: which there are, where they live, and what each is about. */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import {
  type Address,
  changesAddress,
  fixedAddresses,
  imageAddress,
  lineageAddress,
  manifestAddress,
  pathAddress,
  selectionAddress,
} from './addresses.ts';
import type { ChangesPlace } from './changes-view.ts';
import type { ListedImages } from './listed-images.ts';
import { countListingPages } from './listing-view.ts';
import type { RepositoryExtent } from './repository-extent.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { countSelectionPages, type Selection } from './selections.ts';
import { listPathsAbove, type Site } from './site.ts';

/** One page to render. The homepage is the listing of the path `''`. */
export type Page =
  | { readonly kind: 'listing'; readonly path: string; readonly page: number }
  | { readonly kind: 'image'; readonly name: RepositoryName; readonly page: number }
  /** At `/<name>/`, where nothing lies beneath: the way to the image. */
  | { readonly kind: 'signpost'; readonly name: RepositoryName }
  | { readonly kind: 'manifest'; readonly name: RepositoryName; readonly digest: Digest }
  | { readonly kind: 'selection'; readonly slug: string; readonly page: number }
  /** What changed: on a day, or lately. */
  | ({ readonly kind: 'changes' } & ChangesPlace)
  | { readonly kind: 'status' }
  | { readonly kind: 'storage' }
  | { readonly kind: 'lineage'; readonly page: number }
  | { readonly kind: 'cleanup' }
  | { readonly kind: 'help' }
  /** What an address is answered with that nothing lives at. */
  | { readonly kind: 'not-found' };

/** Pages in an order. Of a large site they are worked out as they are taken, for all at once would take much memory. */
export interface PageSequence extends Iterable<Page> {
  readonly length: number;
}

/** Where a page lives. No two pages have one address. */
export function toPageAddress(page: Page, { isRepository }: Pick<Site, 'isRepository'>): Address {
  switch (page.kind) {
    case 'listing':
      return pathAddress(page.path, isRepository, page.page);
    case 'image':
      return imageAddress(page.name, page.page);
    case 'signpost':
      return pathAddress(page.name, isRepository);
    case 'manifest':
      return manifestAddress(page.name, page.digest);
    case 'selection':
      return selectionAddress(page.slug, page.page);
    case 'changes':
      return page.day === null ? fixedAddresses.changes : changesAddress(page.day, page.page);
    case 'status':
      return fixedAddresses.status;
    case 'storage':
      return fixedAddresses.storage;
    case 'lineage':
      return lineageAddress(page.page);
    case 'cleanup':
      return fixedAddresses.cleanup;
    case 'help':
      return fixedAddresses.help;
    case 'not-found':
      return fixedAddresses.notFound;
  }
}

/**
 * The pages that depend on one repository's facts: its own, its manifests', and its signpost. Of these only the manifests'
 * pages never change once written.
 */
export function listRepositoryPages(name: RepositoryName, extent: RepositoryExtent, site: Site): readonly Page[] {
  return [
    ...Array.from({ length: extent.tagPageCount }, (_, at): Page => ({ kind: 'image', name, page: at + 1 })),
    ...(hasSignpost(name, site) ? [{ kind: 'signpost', name } as const] : []),
    ...extent.manifestPages.map((digest): Page => ({ kind: 'manifest', name, digest })),
  ];
}

/**
 * The pages that depend on the summaries of many: the homepage, and those of all paths that something lies, or lay, beneath.
 * `summaries` has the removed ones, which are not listed.
 */
export function listListingPages(
  summaries: readonly Pick<RepositorySummary, 'name'>[],
  listed: ListedImages,
): readonly Page[] {
  const paths = new Set(['', ...summaries.flatMap(({ name }) => listPathsAbove(name))]);
  return [...paths].sort().flatMap((path) => {
    const pages = countListingPages(path, listed);
    return Array.from({ length: pages }, (_, at): Page => ({ kind: 'listing', path, page: at + 1 }));
  });
}

/** The pages of all selections of a catalogue. */
export function listSelectionPages(selections: readonly Selection[]): readonly Page[] {
  return selections.flatMap((selection) => {
    const { slug } = selection;
    const pages = countSelectionPages(selection);
    return Array.from({ length: pages }, (_, at): Page => ({ kind: 'selection', slug, page: at + 1 }));
  });
}

/** The pages that say what only the whole catalogue knows. */
export function listWholePages(whole: {
  readonly lineagePages: number;
  readonly hasCleanup: boolean;
}): readonly Page[] {
  return [
    { kind: 'storage' },
    ...Array.from({ length: whole.lineagePages }, (_, at): Page => ({ kind: 'lineage', page: at + 1 })),
    ...(whole.hasCleanup ? [{ kind: 'cleanup' } as const] : []),
  ];
}

/**
 * Whether an image has a page at `/<name>/`: not where something lies beneath, for that is a listing; nor away from
 * `/<name>/`, where nobody would look.
 */
export function hasSignpost(
  name: RepositoryName,
  { isRepository, hasBeneath }: Pick<Site, 'isRepository' | 'hasBeneath'>,
): boolean {
  return !hasBeneath(name) && pathAddress(name, isRepository) === `${name}/`;
}
