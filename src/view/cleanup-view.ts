/** The page of the clean-up: what would go by the rules, what that would win, and the lines that would do it. */
import type { CleanupItem, CleanupPlan } from '../catalogue/cleanup.ts';
import type { Instant } from '../catalogue/model.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { Settings } from '../settings/settings.ts';
import { deleteCommandsAddress, fixedAddresses } from './addresses.ts';
import { type DeleteTool, deleteTools, formatDeleteCommand } from './delete-commands.ts';
import { formatCounted } from './format-size.ts';
import { type Site, toHref, toImageHref } from './site.ts';
import { isMostFreed, type StorageGaps, toFreedShare } from './storage-view.ts';

export interface CleanupView {
  readonly measuredAt: Instant;
  /** Each rule as a sentence. */
  readonly rules: readonly string[];
  readonly freedBytes: number;
  /** What is not known may share it, so that it would free less. */
  readonly isMost: boolean;
  /** Of all that the registry holds, in per cent to one decimal. Null where that is more than a number can say. */
  readonly share: number | null;
  readonly digestCount: number;
  readonly tagCount: number;
  readonly gaps: StorageGaps;
  readonly storageHref: string;
  readonly jsonHref: string;
  readonly csvHref: string;
  /** The images with most to free, the greatest first. */
  readonly images: readonly {
    readonly name: RepositoryName;
    readonly href: string;
    readonly digestCount: number;
    readonly tagCount: number;
    readonly freedBytes: number;
  }[];
  readonly imageCount: number;
  readonly items: readonly {
    readonly name: RepositoryName;
    readonly href: string;
    readonly tag: Tag;
    /** The tags of the same digest, which would vanish too. */
    readonly alsoTags: readonly Tag[];
    readonly builtAt: Instant | null;
    readonly touchedAt: Instant;
    readonly freedAloneBytes: number;
    readonly isAttachment: boolean;
  }[];
  readonly tools: readonly { readonly tool: DeleteTool; readonly href: string; readonly lines: readonly string[] }[];
  readonly upcoming: CleanupPlan['upcoming'];
}

const mostImages = 500;
const mostItems = 500;
const mostLines = 3;

/** Everything that the page shows. `storedBytes` is what the registry holds. */
export function toCleanupView(
  plan: CleanupPlan,
  rules: Settings['cleanup'],
  storedBytes: number,
  gaps: StorageGaps,
  site: Site,
): CleanupView {
  const { measuredAt, freedBytes, digestCount, tagCount, upcoming, repositories } = plan;
  const items = listFirstItems(plan);
  const first = items
    .slice(0, mostLines)
    .flatMap(({ name, item }) => item.manifests.map((digest) => ({ name, digest })))
    .slice(0, mostLines);
  return {
    ...{ measuredAt, freedBytes, digestCount, tagCount, gaps, upcoming },
    rules: rules.map((rule, at) => formatRule(rule, plan.coveredCounts[at] ?? 0)),
    isMost: isMostFreed(freedBytes, gaps),
    share: toFreedShare(freedBytes, storedBytes),
    storageHref: toHref(site, fixedAddresses.storage),
    jsonHref: toHref(site, fixedAddresses.cleanupJson),
    csvHref: toHref(site, fixedAddresses.cleanupCsv),
    images: repositories
      .toSorted((a, b) => b.freedBytes - a.freedBytes || (a.name < b.name ? -1 : 1))
      .slice(0, mostImages)
      .map((repository) => ({
        name: repository.name,
        href: toImageHref(site, repository.name),
        digestCount: repository.digestCount,
        tagCount: repository.tagCount,
        freedBytes: repository.freedBytes,
      })),
    imageCount: repositories.length,
    items: items.map(({ name, item }) => toItem(name, item, site)),
    tools: deleteTools.map((tool) => ({
      tool,
      href: toHref(site, deleteCommandsAddress(tool)),
      lines: first.map(({ name, digest }) => formatDeleteCommand(tool, site.settings.publicHost, name, digest)),
    })),
  };
}

function listFirstItems({ repositories }: CleanupPlan) {
  const first: { readonly name: RepositoryName; readonly item: CleanupItem }[] = [];
  for (const { name, readItems } of repositories) {
    if (first.length >= mostItems) break;
    first.push(...readItems().map((item) => ({ name, item })));
  }
  return first.slice(0, mostItems);
}

function toItem(name: RepositoryName, item: CleanupItem, site: Site): CleanupView['items'][number] {
  const [tag, ...alsoTags] = item.tags;
  const { builtAt, touchedAt, freedAloneBytes, about } = item;
  return {
    ...{ name, href: toImageHref(site, name), tag: tag as Tag, alsoTags },
    ...{ builtAt, touchedAt, freedAloneBytes, isAttachment: about !== null },
  };
}

/**
 * `In every image: built more than 90 days ago, and not among the newest 10.` Patterns are left out: they may name what
 * nobody is to read.
 */
export function formatRule(rule: Settings['cleanup'][number], imageCount: number): string {
  const { repositories, protect, olderThanDays, beyondNewest, untouchedForDays } = rule;
  const asks = [
    ...(olderThanDays === undefined ? [] : [`built more than ${formatCounted(olderThanDays, 'day')} ago`]),
    ...(beyondNewest === undefined ? [] : [`not among the newest ${beyondNewest}`]),
    ...(untouchedForDays === undefined ? [] : [`not pointed at anew for ${formatCounted(untouchedForDays, 'day')}`]),
  ];
  const isAll = repositories.length === 1 && repositories[0] === '**';
  const where = isAll ? 'In every image' : `In ${formatCounted(imageCount, 'image')}`;
  const never = protect.length === 0 ? '' : `, save ${formatCounted(protect.length, 'pattern')} of tags`;
  return `${where}: ${asks.join(', and ')}${never}.`;
}
