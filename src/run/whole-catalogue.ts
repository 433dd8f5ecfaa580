/**
 * What only a whole catalogue can know: who stands on which base, who holds how many bytes, what a clean-up would win. It is
 * worked out when anything has changed, from inventories that are kept; an hour in which nothing did never comes here.
 */

import { listCleanupFiles, type PartedFile } from '../api/cleanup-files.ts';
import { encodeLineageJson } from '../api/lineage-json.ts';
import type { OutputFile } from '../api/output-file.ts';
import { encodeStorageJson, type StorageFigures } from '../api/storage-json.ts';
import { type CleanupPlan, type CleanupRule, planCleanup } from '../catalogue/cleanup.ts';
import { scatterLength } from '../catalogue/content-numbers.ts';
import { listBaseRepositories } from '../catalogue/dependents.ts';
import type { HeldInventory } from '../catalogue/inventory-figures.ts';
import { createLineage } from '../catalogue/lineage.ts';
import { createLineageIndexBuilder, type IndexedRow } from '../catalogue/lineage-index.ts';
import { type NumberedContents, numberContentsAhead } from '../catalogue/numbered-contents.ts';
import { listRelatedInventories } from '../catalogue/related-inventories.ts';
import { countStorage } from '../catalogue/storage.ts';
import { createLedger, type StorageLedger } from '../catalogue/storage-ledger.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { checkJson } from '../publish/check-file.ts';
import { createNameMatcher } from '../settings/name-patterns.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import { toCleanupView } from '../view/cleanup-view.ts';
import { listImageLineages, pickJudgedRow } from '../view/image-lineage.ts';
import { listLineageViews } from '../view/lineage-view.ts';
import type { Site } from '../view/site.ts';
import { type StorageGaps, toStorageView } from '../view/storage-view.ts';
import type { WholeViews } from '../view/whole-views.ts';
import type { CleanupLists } from './cleanup-lists.ts';
import type { JudgedInventory } from './inventories.ts';
import type { KeptCleanup } from './kept-cleanup.ts';

/** Takes the plain files as they are made, one after the other, so that none needs to be held for longer. */
export interface WholeFiles {
  /** What is written of all together. */
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
  readonly inventories: readonly JudgedInventory[];
  readonly site: Site;
  readonly files: WholeFiles;
  /** What was worked out of the clean-up before. */
  readonly keptCleanup: Pick<KeptCleanup, 'decisionOf' | 'say' | 'textsFile'>;
  /** What was numbered before it was known what changed. It is used up. */
  readonly numbered?: NumberedContents | null;
}

/** Who stands on whom. */
export type LineageViews = Pick<WholeViews, 'lineages' | 'images'>;

/** Who holds what, and what a clean-up would win. */
export type StorageViews = Pick<WholeViews, 'storage' | 'cleanup'>;

export interface WorkedOutStorage {
  readonly views: StorageViews;
  readonly decisions: CleanupPlan['decisions'];
  /** The lists of the clean-up, which take longest to write; null where there are no rules for one. */
  listCleanup(): CleanupLists | null;
}

type RecommendedTagOf = (name: RepositoryName) => Tag | null;

function createRecommendedTagOf({ inventories }: WholeCatalogueOptions): RecommendedTagOf {
  const recommended = new Map(inventories.map(({ name, recommendedTag }) => [name, recommendedTag]));
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

/** Numbers what repositories hold before it is known which of them changed: nearly all did not. */
export function numberAhead(inventories: readonly Pick<HeldInventory, 'figures'>[]): NumberedContents {
  return numberContentsAhead(
    inventories.map(({ figures }) => figures),
    pickScatter(),
  );
}

export function workOutStorage(options: WholeCatalogueOptions): WorkedOutStorage {
  const { settings, index, inventories, site, files, keptCleanup } = options;
  const ledger = createLedger(inventories, pickScatter(), options.numbered);
  const storage = countStorage(ledger);
  const plan = planByRules(ledger, options);
  const gaps = toGaps(index, storage.isWhole);
  const isExact = !gaps.hasHiddenRepositories && !gaps.hasUnreadContent;
  for (const { name, rows, ...holding } of storage.repositories) {
    const { tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole } = holding;
    files.addStorage(name, { whole: { tagCount, taggedBytes, storedBytes, uniqueBytes, isWhole }, rows });
  }
  files.add(encodeStorageJson(storage, isExact, site));
  const views = {
    storage: toStorageView(storage, plan, gaps, site),
    cleanup: plan === null ? null : toCleanupView(plan, settings.cleanup, storage.registry.storedBytes, gaps, site),
  };
  return {
    ...{ views, decisions: plan?.decisions ?? new Map() },
    listCleanup: () => (plan === null ? null : listCleanup(plan, listCleanupFiles(plan, isExact, site), keptCleanup)),
  };
}

/** Nobody who chooses digests can know it. */
function pickScatter(): Uint32Array {
  return crypto.getRandomValues(new Uint32Array(scatterLength));
}

/**
 * What is said of an image is held to the schema of its list when it is first said, and what stands around the images every time, so
 * that nobody need read a list to be sure of it. Throws an `Error` where one is not what its schema promises.
 */
function listCleanup(
  { repositories }: CleanupPlan,
  parted: readonly PartedFile[],
  keptCleanup: WholeCatalogueOptions['keptCleanup'],
): CleanupLists {
  const check = ({ path, before, behind }: PartedFile, text: string) => {
    if (!path.endsWith('.json')) return;
    checkJson(path, before + text + behind, (fault) => {
      throw new Error(`${path} ${fault}, which is a defect of registry-homepage`);
    });
  };
  const [first] = repositories;
  for (const list of parted) check(list, first === undefined ? '' : list.format({ ...first, items: [] }));
  const texts = repositories.map(({ name, freedBytes, key, readItems }) =>
    keptCleanup.say(name, key, () => {
      const image = { name, freedBytes, items: readItems() };
      return parted.map((list) => {
        const text = list.format(image);
        check(list, text);
        return text;
      });
    }),
  );
  return { parted: parted.map(({ format: _, ...list }) => list), textsFile: keptCleanup.textsFile(), texts };
}

function planByRules(ledger: StorageLedger, options: WholeCatalogueOptions): CleanupPlan | null {
  const { cleanup, movingTags } = options.settings;
  if (cleanup.length === 0) return null;
  const rules = cleanup.map((rule): CleanupRule => {
    const { repositories, protect, ...rest } = rule;
    const isProtected = createNameMatcher(protect);
    return {
      ...rest,
      key: JSON.stringify([rule, movingTags]),
      covers: createNameMatcher(repositories),
      isProtected: (tag) => movingTags.includes(tag) || isProtected(tag),
    };
  });
  const { decisionOf } = options.keptCleanup;
  const recommendedTagOf = createRecommendedTagOf(options);
  return planCleanup(ledger, { rules, measuredAt: options.index.changedAt, recommendedTagOf, decisionOf });
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
