/**
 * What the pages read: the plan of this rendering, and the snapshot that it names. Repositories are read one by one as their
 * pages come; only what the listings need is held for longer.
 */
import { readFile } from 'node:fs/promises';
import type { Repository } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { createSnapshotStore, type SnapshotStore } from '../snapshot/snapshot-store.ts';
import { type ChangeDay, listChangeDays } from '../view/changes-view.ts';
import { countLayerUses, createLayerUses, type LayerCounts, type LayerUses } from '../view/layer-uses.ts';
import { type ListedImages, listImages } from '../view/listed-images.ts';
import type { AtHand, RenderPlan } from '../view/render-plan.ts';
import { prepareSelections, type Selection, type SelectionsOf } from '../view/selections.ts';
import { createSite, type Site } from '../view/site.ts';
import { decodeExtentsOnly, decodeRecentEvents, decodeSummariesOnly } from '../view/summary-lines.ts';
import { createIsBaseOutdated, decodeWholeViews, type WholeViews } from '../view/whole-views.ts';

export interface Rendering {
  readonly plan: RenderPlan;
  readonly site: Site;
  /** A repository of the snapshot, with its whole history. The last one is kept, for its pages stand side by side in the plan. */
  readRepository(name: RepositoryName): Promise<Repository>;
  /** What changed lately, by day. Read once, when the first page of it is rendered. */
  readChanges(): Promise<readonly ChangeDay[]>;
  /** What listings are made of. Read once, when the first one is rendered. */
  readListed(): Promise<ListedImages>;
  /** What can be selected of them. */
  readSelections(): Promise<readonly Selection[]>;
  /** In how many images layers are. Counted once, when the first manifest is rendered. */
  readLayerUses(): Promise<LayerUses>;
  /** What no single repository knows. Read once, when a page first shows some of it. */
  readWhole(): Promise<WholeViews>;
}

/** Opens the snapshot of a plan. What is at hand of it is not read. Throws where there is none. */
export async function openRendering(plan: RenderPlan, atHand: AtHand | null): Promise<Rendering> {
  const store = createSnapshotStore(plan.stateDir);
  const { site, files, readListed, readSelectionsOf, readDays, readLayerCounts } =
    atHand === null ? await readPlanned(plan, store) : take(atHand);

  let last: { readonly name: RepositoryName; readonly repository: Promise<Repository> } | null = null;
  const readWhole = once(async () => decodeWholeViews(await readFile(plan.wholeFile, 'utf8')));
  return {
    plan,
    site,
    readListed,
    readWhole,
    readChanges: once(readDays),
    readLayerUses: once(async () => createLayerUses(await readLayerCounts())),
    readSelections: once(async () => {
      const [selectionsOf, views] = await Promise.all([readSelectionsOf(), readWhole()]);
      return selectionsOf(createIsBaseOutdated(views));
    }),
    readRepository(name) {
      if (last?.name === name) return last.repository;
      const file = files.get(name);
      if (file === undefined) throw new Error(`the snapshot has no repository ${name}`);
      const repository = store.readRepository({ name, file }).then((part) => store.readHistory(part));
      last = { name, repository };
      return repository;
    },
  };
}

/** What pages are made of besides their own repository. */
interface Planned {
  readonly site: Site;
  /** Where in the snapshot repositories stand. */
  readonly files: ReadonlyMap<RepositoryName, string>;
  readListed(): Promise<ListedImages>;
  readSelectionsOf(): Promise<SelectionsOf>;
  readDays(): Promise<readonly ChangeDay[]>;
  readLayerCounts(): Promise<LayerCounts>;
}

async function readPlanned(
  { stateDir, settings, summariesFile, faults }: RenderPlan,
  store: SnapshotStore,
): Promise<Planned> {
  const index = await store.readIndex();
  if (index === null) throw new Error(`there is no snapshot in ${stateDir}`);
  const site = createSite(settings, index.repositories, faults);
  const readListed = once(async () => listImages(decodeSummariesOnly(await readFile(summariesFile))));
  return {
    ...{ site, readListed },
    readSelectionsOf: async () => prepareSelections(await readListed(), site),
    files: new Map(index.repositories.map(({ name, file }) => [name, file])),
    readDays: async () => listChangeDays(decodeRecentEvents(await readFile(summariesFile))),
    readLayerCounts: async () => countLayerUses(decodeExtentsOnly(await readFile(summariesFile))),
  };
}

function take({ site, measured, listed, selectionsOf, days, layerCounts }: AtHand): Planned {
  return {
    site,
    files: new Map(measured.map(({ summary: { name }, file }) => [name, file])),
    readListed: async () => listed,
    readSelectionsOf: async () => selectionsOf,
    readDays: async () => days,
    readLayerCounts: async () => layerCounts,
  };
}

/** Asks once, when somebody first wants to know. */
function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | null = null;
  return () => {
    asked ??= read();
    return asked;
  };
}
