/**
 * What only a whole catalogue can know: who stands on which base, who holds how many bytes, what a clean-up would win. It is
 * worked out when anything has changed, from inventories that are kept; an hour in which nothing did never comes here.
 */
import { createHash } from 'node:crypto';
import { listCleanupFiles } from '../api/cleanup-files.ts';
import { encodeLineageJson } from '../api/lineage-json.ts';
import type { OutputFile } from '../api/output-file.ts';
import { encodeRepositoryStorageJson, encodeStorageJson } from '../api/storage-json.ts';
import { type CleanupPlan, type CleanupRule, planCleanup } from '../catalogue/cleanup.ts';
import { listBaseRepositories } from '../catalogue/dependents.ts';
import type { RepositoryInventory } from '../catalogue/inventory.ts';
import { createLineage } from '../catalogue/lineage.ts';
import { createLineageIndexBuilder, type IndexedRow } from '../catalogue/lineage-index.ts';
import { countStorage } from '../catalogue/storage.ts';
import { createLedgerBuilder, type StorageLedger } from '../catalogue/storage-ledger.ts';
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

/** What was worked out, as it can be handed from thread to thread. */
export interface WorkedOut {
  readonly views: WholeViews;
  /** What is written of each repository without Astro; of one that is gone there is none. */
  readonly storageFiles: ReadonlyMap<RepositoryName, OutputFile>;
  /** What is written of all together. */
  readonly files: readonly OutputFile[];
}

export interface WholeCatalogue extends WorkedOut {
  /** Stands for all that an image's pages and files show of other images. */
  readonly othersKeyOf: (name: RepositoryName) => string;
  readonly storageFileOf: (name: RepositoryName) => OutputFile | null;
}

export interface WholeCatalogueOptions {
  readonly settings: Pick<Settings, 'cleanup' | 'movingTags' | 'publicHost' | 'alternateHosts'>;
  readonly index: Pick<
    SnapshotIndex,
    'changedAt' | 'withheldRepositories' | 'unreadRepositories' | 'hiddenNames' | 'sources'
  >;
  readonly inventories: Iterable<RepositoryInventory> | AsyncIterable<RepositoryInventory>;
  readonly summaries: readonly Pick<RepositorySummary, 'name' | 'recommended'>[];
  readonly site: Site;
}

/** Works it all out. Of each inventory only what is needed is kept. */
export async function workOutWhole(options: WholeCatalogueOptions): Promise<WorkedOut> {
  const { settings, index, inventories, site } = options;
  const ledgerBuilder = createLedgerBuilder();
  const indexBuilder = createLineageIndexBuilder();
  for await (const inventory of inventories) {
    ledgerBuilder.add(inventory);
    indexBuilder.add(inventory);
  }
  const recommended = new Map(options.summaries.map((summary) => [summary.name, summary.recommended?.tag ?? null]));
  const recommendedTagOf = (name: RepositoryName): Tag | null => recommended.get(name) ?? null;

  const ledger = ledgerBuilder.finish();
  const storage = countStorage(ledger);
  const plan = planByRules(settings, index, ledger, recommendedTagOf);
  const gaps = toGaps(index, storage.isWhole);
  const isExact = !gaps.hasHiddenRepositories && !gaps.hasUnreadContent;

  const lineageIndex = indexBuilder.finish();
  const lineage = createLineage(lineageIndex, [settings.publicHost, ...settings.alternateHosts]);
  const images = listImageLineages(lineageIndex, lineage, recommendedTagOf);
  const bases = listBaseRepositories(lineageIndex.repositories.values(), lineage);
  const judged = new Set<IndexedRow>();
  for (const repository of lineageIndex.repositories.values()) {
    const row = pickJudgedRow(repository, recommendedTagOf(repository.name));
    if (row !== null) judged.add(row);
  }
  const isJudged = (row: IndexedRow) => judged.has(row);

  const views: WholeViews = {
    storage: toStorageView(storage, plan, gaps, site),
    cleanup: plan === null ? null : toCleanupView(plan, settings.cleanup, storage.registry.storedBytes, gaps, site),
    lineages: listLineageViews(bases, isJudged, site),
    images,
  };
  const storageFiles = new Map(
    storage.repositories.map((holding) => [holding.name, encodeRepositoryStorageJson(holding)]),
  );
  const files = [
    encodeStorageJson(storage, isExact, site),
    encodeLineageJson(bases, images, isJudged, site),
    ...(plan === null ? [] : listCleanupFiles(plan, isExact, site)),
  ];
  return { views, storageFiles, files };
}

/** Answers what planning and writing ask of it. */
export function toWholeCatalogue(workedOut: WorkedOut): WholeCatalogue {
  const { views, storageFiles } = workedOut;
  const storageFileOf = (name: RepositoryName) => storageFiles.get(name) ?? null;
  return {
    ...workedOut,
    storageFileOf,
    othersKeyOf(name) {
      const hash = createHash('sha256').update(JSON.stringify(views.images.get(name) ?? null));
      return hash
        .update(storageFileOf(name)?.text ?? '')
        .digest('hex')
        .slice(0, 32);
    },
  };
}

function planByRules(
  { cleanup, movingTags }: WholeCatalogueOptions['settings'],
  { changedAt }: WholeCatalogueOptions['index'],
  ledger: StorageLedger,
  recommendedTagOf: (name: RepositoryName) => Tag | null,
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
  return planCleanup(ledger, { rules, measuredAt: changedAt, recommendedTagOf });
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
