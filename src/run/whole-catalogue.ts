/**
 * What only a whole catalogue can know: who stands on which base, who holds how many bytes, what a clean-up would win. It is
 * worked out when anything has changed, from inventories that are kept; an hour in which nothing did never comes here.
 */
import { listCleanupParts } from '../api/cleanup-files.ts';
import { encodeLineageJson } from '../api/lineage-json.ts';
import type { OutputFile } from '../api/output-file.ts';
import { encodeStorageJson, type StorageFigures } from '../api/storage-json.ts';
import { type CleanupPlan, type CleanupRule, planCleanup } from '../catalogue/cleanup.ts';
import { listBaseRepositories } from '../catalogue/dependents.ts';
import type { HeldInventory } from '../catalogue/inventory-figures.ts';
import { createLineage } from '../catalogue/lineage.ts';
import { createLineageIndexBuilder, type IndexedRow } from '../catalogue/lineage-index.ts';
import type { PutAway } from '../catalogue/put-away.ts';
import { listRelatedInventories } from '../catalogue/related-inventories.ts';
import { countStorage } from '../catalogue/storage.ts';
import { createLedger, type StorageLedger } from '../catalogue/storage-ledger.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { toCleanupView } from '../view/cleanup-view.ts';
import { listImageLineages, pickJudgedRow } from '../view/image-lineage.ts';
import { listLineageViews } from '../view/lineage-view.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import type { Site } from '../view/site.ts';
import { type StorageGaps, toStorageView } from '../view/storage-view.ts';
import type { WholeViews } from '../view/whole-views.ts';

/** Takes the plain files as they are made, one after the other, so that none needs to be held for longer. */
export interface WholeFiles {
  /** What is written of all together. A file may come in parts, one after the other, and parts of others between. */
  add(file: OutputFile): void;
  /** What the file of one repository says; of one that is gone there is none. */
  addStorage(name: RepositoryName, figures: StorageFigures): void;
}

export interface WholeCatalogueOptions {
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: Pick<
    SnapshotIndex,
    'changedAt' | 'withheldRepositories' | 'unreadRepositories' | 'hiddenNames' | 'sources'
  >;
  readonly inventories: readonly HeldInventory[];
  readonly summaries: readonly Pick<RepositorySummary, 'name' | 'recommended'>[];
  readonly site: Site;
  readonly files: WholeFiles;
  /** Where what is not looked at is meanwhile. In memory by default. */
  readonly putAway?: PutAway;
}

/** Who stands on whom. */
export type LineageViews = Pick<WholeViews, 'lineages' | 'images'>;

/** Who holds what, and what a clean-up would win. */
export type StorageViews = Pick<WholeViews, 'storage' | 'cleanup'>;

type RecommendedTagOf = (name: RepositoryName) => Tag | null;

function createRecommendedTagOf({ summaries }: WholeCatalogueOptions): RecommendedTagOf {
  const recommended = new Map(summaries.map((summary) => [summary.name, summary.recommended?.tag ?? null]));
  return (name) => recommended.get(name) ?? null;
}

export function workOutLineage(options: WholeCatalogueOptions): LineageViews {
  const { settings, inventories, site, files } = options;
  const hosts = [settings.publicHost, ...settings.alternateHosts];
  const recommendedTagOf = createRecommendedTagOf(options);
  const builder = createLineageIndexBuilder();
  for (const inventory of listRelatedInventories(inventories, hosts)) builder.add(inventory.read());
  const index = builder.finish();
  const lineage = createLineage(index, hosts);
  const images = listImageLineages(index, lineage, recommendedTagOf);
  const bases = listBaseRepositories(index.repositories.values(), lineage);
  const judged = new Set<IndexedRow>();
  for (const repository of index.repositories.values()) {
    const row = pickJudgedRow(repository, recommendedTagOf(repository.name));
    if (row !== null) judged.add(row);
  }
  const isJudged = (row: IndexedRow) => judged.has(row);
  files.add(encodeLineageJson(bases, images, isJudged, site));
  return { lineages: listLineageViews(bases, isJudged, site), images };
}

export function workOutStorage(options: WholeCatalogueOptions): StorageViews {
  const { settings, index, inventories, site, files, putAway } = options;
  const recommendedTagOf = createRecommendedTagOf(options);
  const ledger = createLedger(inventories);
  const storage = countStorage(ledger);
  const plan = planByRules(settings, index, ledger, recommendedTagOf, putAway);
  const gaps = toGaps(index, storage.isWhole);
  const isExact = !gaps.hasHiddenRepositories && !gaps.hasUnreadContent;
  for (const { name, listRows, ...holding } of storage.repositories) {
    const { tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole } = holding;
    const whole = { tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole };
    files.addStorage(name, { whole, rows: listRows() });
  }
  files.add(encodeStorageJson(storage, isExact, site));
  if (plan !== null) for (const part of listCleanupParts(plan, isExact, site)) files.add(part);
  return {
    storage: toStorageView(storage, plan, gaps, site),
    cleanup: plan === null ? null : toCleanupView(plan, settings.cleanup, storage.registry.storedBytes, gaps, site),
  };
}

function planByRules(
  { cleanup, movingTags }: WholeCatalogueOptions['settings'],
  { changedAt }: WholeCatalogueOptions['index'],
  ledger: StorageLedger,
  recommendedTagOf: RecommendedTagOf,
  putAway?: PutAway,
): CleanupPlan | null {
  if (cleanup.length === 0) return null;
  const rules = cleanup.map(({ repositories, protect, ...rest }): CleanupRule => {
    const isProtected = createNameMatcher(protect);
    return {
      ...rest,
      covers: createNameMatcher(repositories),
      isProtected: (tag) => movingTags.includes(tag) || isProtected(tag),
    };
  });
  return planCleanup(ledger, { rules, measuredAt: changedAt, recommendedTagOf }, putAway);
}

/** What of the registry the sums cannot know. */
function toGaps(index: WholeCatalogueOptions['index'], isWhole: boolean): StorageGaps {
  const { withheldRepositories, unreadRepositories, hiddenNames, sources } = index;
  return {
    hasHiddenRepositories:
      withheldRepositories + unreadRepositories > 0 ||
      hiddenNames !== undefined ||
      sources.some(({ outcome }) => outcome !== 'complete'),
    hasUnreadContent: !isWhole,
  };
}
