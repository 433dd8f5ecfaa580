/** The page of storage: who holds how many bytes, and what a clean-up would win. */
import type { CleanupPlan } from '../catalogue/cleanup.ts';
import type { Holding, RepositoryHolding, Storage } from '../catalogue/storage.ts';
import { mostBytes, multiplyBytes } from '../oci/byte-count.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { fixedAddresses } from './addresses.ts';
import { type Site, toHref, toImageHref, toPathHref } from './site.ts';

/** What the sums do not know. */
export interface StorageGaps {
  /** Repositories or tags that the crawl's credentials may not read, that settings leave out, or that were never readable yet. */
  readonly hasHiddenRepositories: boolean;
  /** Tags, indexes or referrers whose content could not be read, and repositories that are stale. */
  readonly hasUnreadContent: boolean;
}

export interface HoldingFigure {
  readonly href: string;
  readonly tagCount: number;
  readonly taggedBytes: number;
  readonly storedBytes: number;
  readonly uniqueBytes: number;
  /** Null where it holds more than a number can say. */
  readonly sharedBytes: number | null;
  /** It holds at least this, which is less than the least that a size says of itself. */
  readonly isLeast: boolean;
}

/** A bar of the picture: parts of the longest, in per cent to two decimals. */
export interface StorageBar {
  readonly name: string;
  readonly href: string;
  readonly storedBytes: number;
  readonly uniqueBytes: number;
  readonly sharedBytes: number | null;
  readonly uniqueWidth: number;
  readonly sharedWidth: number;
}

export interface CleanupFigure {
  readonly href: string;
  readonly freedBytes: number;
  /** What is not known may share it, so that it would free less. */
  readonly isMost: boolean;
  /** Of all that the registry holds, in per cent to one decimal. Null where that is more than a number can say. */
  readonly share: number | null;
  readonly tagCount: number;
  readonly imageCount: number;
}

export interface StorageView {
  readonly registry: Omit<HoldingFigure, 'href'> & { readonly imageCount: number };
  readonly foreignBytes: number;
  readonly gaps: StorageGaps;
  readonly jsonHref: string;
  /** Null where no rule is set. */
  readonly cleanup: CleanupFigure | null;
  readonly bars: readonly StorageBar[];
  /** The images that hold most, the largest first. */
  readonly images: readonly (HoldingFigure & { readonly name: RepositoryName })[];
  readonly imagesLeftOut: number;
  readonly namespaces: readonly (HoldingFigure & { readonly path: string; readonly imageCount: number })[];
  readonly namespacesLeftOut: number;
  /** The tags whose deletion by itself would free most. */
  readonly tags: readonly {
    readonly name: RepositoryName;
    readonly href: string;
    readonly tag: Tag;
    readonly alsoTags: readonly Tag[];
    readonly storedBytes: number;
    readonly uniqueBytes: number;
    /** Both are at least this: a part of it has an unknown size. */
    readonly isLeast: boolean;
  }[];
  readonly shared: readonly {
    readonly sizeBytes: number;
    readonly savedBytes: number;
    readonly imageCount: number;
    readonly images: readonly { readonly name: RepositoryName; readonly href: string }[];
  }[];
}

const mostBars = 10;
const mostImages = 1000;
const mostNamespaces = 500;
const mostTags = 20;
const mostSharers = 4;

/** Everything that the page shows. */
export function toStorageView(storage: Storage, plan: CleanupPlan | null, gaps: StorageGaps, site: Site): StorageView {
  const { registry } = storage;
  const images = storage.repositories.toSorted((a, b) => b.storedBytes - a.storedBytes || (a.name < b.name ? -1 : 1));
  const namespaces = storage.namespaces.toSorted((a, b) => b.storedBytes - a.storedBytes || (a.path < b.path ? -1 : 1));
  const longest = images[0]?.storedBytes || 1;
  return {
    registry: { ...toFigure(registry), imageCount: registry.imageCount },
    foreignBytes: storage.foreignBytes,
    gaps,
    jsonHref: toHref(site, fixedAddresses.storageJson),
    cleanup: plan === null ? null : toCleanupFigure(plan, registry.storedBytes, gaps, site),
    bars: images.slice(0, mostBars).map(({ name, storedBytes, uniqueBytes }) => ({
      ...{ name, storedBytes, uniqueBytes, sharedBytes: toSharedBytes(storedBytes, uniqueBytes) },
      href: toImageHref(site, name),
      uniqueWidth: toPercent(uniqueBytes, longest, 2),
      sharedWidth: toPercent(storedBytes - uniqueBytes, longest, 2),
    })),
    images: images
      .slice(0, mostImages)
      .map((image) => ({ ...toFigure(image), name: image.name, href: toImageHref(site, image.name) })),
    imagesLeftOut: Math.max(0, images.length - mostImages),
    namespaces: namespaces.slice(0, mostNamespaces).map((namespace) => ({
      ...toFigure(namespace),
      path: namespace.path,
      imageCount: namespace.imageCount,
      href: toPathHref(site, namespace.path),
    })),
    namespacesLeftOut: Math.max(0, namespaces.length - mostNamespaces),
    tags: listLargestTags(storage, site),
    shared: storage.shared.map(({ sizeBytes, repositories }) => ({
      sizeBytes,
      savedBytes: multiplyBytes(sizeBytes, repositories.length - 1),
      imageCount: repositories.length,
      images: repositories.slice(0, mostSharers).map((name) => ({ name, href: toImageHref(site, name) })),
    })),
  };
}

function listLargestTags({ repositories }: Storage, site: Site): StorageView['tags'] {
  let largest: { readonly holding: RepositoryHolding; readonly row: number; readonly uniqueBytes: number }[] = [];
  for (const holding of repositories) {
    const least = largest.length < mostTags ? 0 : (largest.at(-1)?.uniqueBytes ?? 0);
    const own: typeof largest = [];
    holding.rows.uniqueBytes.forEach((uniqueBytes, row) => {
      if (uniqueBytes > least) own.push({ holding, row, uniqueBytes });
    });
    // Among equals the first stay first: by name, and then as they stand in their repository.
    if (own.length > 0) largest = [...largest, ...own].sort((a, b) => b.uniqueBytes - a.uniqueBytes).slice(0, mostTags);
  }
  return largest.flatMap(({ holding, row }) => {
    const held = holding.readRows()[row];
    if (held === undefined) return [];
    const [tag, ...alsoTags] = held.row.row.tags;
    const { storedBytes, uniqueBytes, isWhole } = held;
    const { name } = holding;
    const figures = { storedBytes, uniqueBytes, isLeast: !isWhole && storedBytes < mostBytes };
    return [{ name, href: toImageHref(site, name), tag: tag as Tag, alsoTags, ...figures }];
  });
}

function toFigure({ tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole }: Holding): Omit<HoldingFigure, 'href'> {
  return {
    ...{ tagCount, taggedBytes, storedBytes, uniqueBytes },
    sharedBytes: toSharedBytes(storedBytes, uniqueBytes),
    isLeast: !isWhole && storedBytes < mostBytes,
  };
}

function toSharedBytes(storedBytes: number, uniqueBytes: number): number | null {
  return storedBytes < mostBytes ? storedBytes - uniqueBytes : null;
}

/** Whether no more would be freed than this, and less if what is not known shares it. */
export function isMostFreed(freedBytes: number, { hasHiddenRepositories, hasUnreadContent }: StorageGaps): boolean {
  return freedBytes < mostBytes && (hasHiddenRepositories || hasUnreadContent);
}

/** What a clean-up would free of all that the registry holds, in per cent to one decimal. Null where that is not known. */
export function toFreedShare(freedBytes: number, storedBytes: number): number | null {
  return storedBytes < mostBytes ? toPercent(freedBytes, storedBytes, 1) : null;
}

function toCleanupFigure(plan: CleanupPlan, storedBytes: number, gaps: StorageGaps, site: Site): CleanupFigure {
  return {
    href: toHref(site, fixedAddresses.cleanup),
    freedBytes: plan.freedBytes,
    isMost: isMostFreed(plan.freedBytes, gaps),
    share: toFreedShare(plan.freedBytes, storedBytes),
    tagCount: plan.tagCount,
    imageCount: plan.repositories.length,
  };
}

function toPercent(part: number, whole: number, decimals: number): number {
  const scale = 10 ** decimals;
  return whole === 0 ? 0 : Math.round((part / whole) * 100 * scale) / scale;
}
