/**
 * Selections: all images in another order, or those that have something in common, each at an address of its own below
 * `/-/images/`, so that they can be linked to and work without a script. How many there are is bounded, whatever images say.
 */
import type { Kind } from '../catalogue/kinds.ts';
import type { Instant } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { compareNames, sortByName } from './compare-names.ts';
import { kindNames } from './kind-names.ts';
import type { ListedImages } from './listed-images.ts';
import { mostImagesOnPage } from './listing-view.ts';
import type { RepositorySummary } from './repository-summary.ts';
import type { Site } from './site.ts';

export type SelectionGroup = 'order' | 'platform' | 'kind' | 'state' | 'letter';

export interface Selection {
  readonly group: SelectionGroup;
  /** Its address below `/-/images/`, without slashes at its ends. */
  readonly slug: string;
  /** A few words for a link. */
  readonly text: string;
  /** What its page is called. */
  readonly title: string;
  /** What finds the same in the search, where more can be asked for; null for orders and letters. */
  readonly query: string | null;
  readonly summaries: readonly RepositorySummary[];
}

/** Whether anything that an image stands on has newer builds: only the whole catalogue knows. */
export type IsBaseOutdated = (name: RepositoryName) => boolean;

/** More than these are a sign of images that say anything. */
const mostPlatforms = 24;
const longestPlatform = 40;

/**
 * Everything that can be selected, in the order in which pages offer it. What would select nothing, or everything, is left out;
 * letters are for catalogues too long for one page.
 */
export type SelectionsOf = (isBaseOutdated: IsBaseOutdated) => readonly Selection[];

/** Selects from the whole catalogue. What takes longest, all but the states, is selected once, however often it is asked. */
export function prepareSelections({ summaries: listed }: ListedImages, site: Pick<Site, 'notesOf'>): SelectionsOf {
  if (listed.length < 2) return () => [];
  const ordered = listOrders(listed);
  const ownWords = [...listPlatforms(listed), ...listKinds(listed)];
  const letters = listed.length > mostImagesOnPage ? listLetters(listed) : [];
  return (isBaseOutdated) => {
    const narrower = [...ownWords, ...listStates(listed, site, isBaseOutdated)];
    const telling = narrower.filter(({ summaries }) => summaries.length > 0 && summaries.length < listed.length);
    return [...ordered, ...telling, ...letters];
  };
}

/** How many pages a selection fills. */
export function countSelectionPages({ summaries }: Selection): number {
  return Math.ceil(summaries.length / mostImagesOnPage);
}

/** The orders of a table's columns. */
export const orders = { name: 'names', createdAt: 'newest', size: 'largest', tagCount: 'most-tags' } as const;

function listOrders(listed: readonly RepositorySummary[]): readonly Selection[] {
  // What is equal stays in the order of names.
  const orderBy = (compare: (a: RepositorySummary, b: RepositorySummary) => number) => [...listed].sort(compare);
  const order = (slug: string, text: string, title: string, summaries: readonly RepositorySummary[]): Selection => ({
    group: 'order',
    slug,
    text,
    title,
    query: null,
    summaries,
  });
  const sizes = new Map(listed.map((summary) => [summary, sizeOf(summary)]));
  return [
    order(orders.name, 'name', 'Images by name', sortByLastPart(listed)),
    order(
      orders.createdAt,
      'newest',
      'Newest images',
      orderBy((a, b) => compareInstants(b.createdAt, a.createdAt)),
    ),
    order(
      orders.size,
      'largest',
      'Largest images',
      orderBy((a, b) => (sizes.get(b) ?? -1) - (sizes.get(a) ?? -1)),
    ),
    order(
      orders.tagCount,
      'most tags',
      'Images with the most tags',
      orderBy((a, b) => b.tagCount - a.tagCount),
    ),
  ];
}

function listPlatforms(listed: readonly RepositorySummary[]): readonly Selection[] {
  const byPlatform = new Map<string, RepositorySummary[]>();
  for (const summary of listed) {
    for (const platform of new Set(summary.platforms.flatMap((each) => each.platform ?? []))) {
      if (platform.length > longestPlatform || !/^[a-z0-9]+(?:[/._ -][a-z0-9]+)*$/i.test(platform)) continue;
      const members = byPlatform.get(platform);
      if (members === undefined) byPlatform.set(platform, [summary]);
      else members.push(summary);
    }
  }
  const slugs = new Set<string>();
  return [...byPlatform]
    .sort(([a, left], [b, right]) => right.length - left.length || compareNames(a, b))
    .slice(0, mostPlatforms)
    .flatMap(([platform, summaries]) => {
      const slug = `platform/${platform.toLowerCase().replace(/[/ ]/g, '-')}`;
      if (slugs.has(slug)) return [];
      slugs.add(slug);
      const title = `Images for ${platform}`;
      return [
        {
          group: 'platform',
          slug,
          text: platform,
          title,
          query: platform.includes(' ') ? null : `arch:${platform}`,
          summaries,
        } as const,
      ];
    });
}

/** What is no image: images are what all the others are, and their platforms tell them apart. */
function listKinds(listed: readonly RepositorySummary[]): readonly Selection[] {
  const kinds = (Object.keys(kindNames) as Kind[]).filter((kind) => kind !== 'image' && kind !== 'image-index');
  return kinds.map((kind) => ({
    group: 'kind',
    slug: `kind/${kind}`,
    text: kindNames[kind],
    title: `Kind: ${kindNames[kind]}`,
    query: `kind:${kind}`,
    summaries: listed.filter((summary) => summary.kinds.includes(kind)),
  }));
}

function listStates(
  listed: readonly RepositorySummary[],
  { notesOf }: Pick<Site, 'notesOf'>,
  isBaseOutdated: IsBaseOutdated,
): readonly Selection[] {
  const state = (
    slug: string,
    text: string,
    title: string,
    query: string | null,
    has: (summary: RepositorySummary) => boolean,
  ): Selection => ({
    ...{ group: 'state', slug, text, title, query },
    summaries: listed.filter(has),
  });
  return [
    state('outdated-base', 'outdated base', 'Images on an outdated base', 'is:outdated', ({ name }) =>
      isBaseOutdated(name),
    ),
    state('stale', 'stale', 'Images that could not be read lately', 'is:stale', (each) => each.staleSince !== null),
    state('without-tags', 'without tags', 'Images without tags', null, (each) => each.tagCount === 0),
    state(
      'deprecated',
      'deprecated',
      'Deprecated images',
      'is:deprecated',
      ({ name }) => notesOf(name).deprecatedSince !== undefined,
    ),
  ];
}

function listLetters(listed: readonly RepositorySummary[]): readonly Selection[] {
  const byLetter = Map.groupBy(listed, ({ name }) => lastPart(name).charAt(0));
  return sortByName(byLetter, ([letter]) => letter).map(([letter, summaries]) => ({
    ...{
      group: 'letter',
      slug: `letter/${letter}`,
      text: letter,
      title: `Images that begin with ${letter}`,
      query: null,
    },
    summaries: sortByLastPart(summaries),
  }));
}

/** The greatest of the platforms' sizes; null where none is known. */
function sizeOf({ platforms, artifactSizeBytes }: RepositorySummary): number | null {
  const sizes = platforms.flatMap(({ compressedSizeBytes }) => compressedSizeBytes ?? []);
  return artifactSizeBytes ?? (sizes.length === 0 ? null : Math.max(...sizes));
}

function compareInstants(a: Instant | null, b: Instant | null): number {
  return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}

/** Of equal ones the order stays. */
function sortByLastPart(summaries: readonly RepositorySummary[]): readonly RepositorySummary[] {
  return sortByName(summaries, ({ name }) => lastPart(name));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
