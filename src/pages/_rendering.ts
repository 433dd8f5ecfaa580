/**
 * What the pages read: the plan of this rendering, and the snapshot that it names. Repositories are read one by one as their
 * pages come; only what the listings need is held for longer.
 */
import { readFile } from 'node:fs/promises';
import type { Repository } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import { type ChangeDay, listChangeDays } from '../view/changes-view.ts';
import { countLayerUses, createLayerUses, type LayerUses } from '../view/layer-uses.ts';
import { sortForListings } from '../view/listing-view.ts';
import type { RenderPlan } from '../view/render-plan.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { listSelections, type Selection } from '../view/selections.ts';
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
  /** What listings are made of, sorted for them. Read once, when the first one is rendered or before. */
  readListed(): Promise<readonly RepositorySummary[]>;
  /** What can be selected of them. */
  readSelections(): Promise<readonly Selection[]>;
  /** In how many images layers are. Counted once, when the first manifest is rendered or before. */
  readLayerUses(): Promise<LayerUses>;
  /** What no single repository knows. Read once, when a page first shows some of it. */
  readWhole(): Promise<WholeViews>;
}

/** Opens the snapshot of a plan. Throws where there is none. */
export async function openRendering(plan: RenderPlan): Promise<Rendering> {
  const store = createSnapshotStore(plan.stateDir);
  const index = await store.readIndex();
  if (index === null) throw new Error(`there is no snapshot in ${plan.stateDir}`);
  const entries = new Map(index.repositories.map((entry) => [entry.name, entry]));

  let last: { readonly name: RepositoryName; readonly repository: Promise<Repository> } | null = null;
  let changes: Promise<readonly ChangeDay[]> | null = null;
  let listed: Promise<readonly RepositorySummary[]> | null = null;
  let layerUses: Promise<LayerUses> | null = null;
  let selections: Promise<readonly Selection[]> | null = null;
  const site = createSite(plan.settings, index.repositories, plan.faults);
  const readListed = () => {
    listed ??= readFile(plan.summariesFile).then((bytes) => sortForListings(decodeSummariesOnly(bytes)));
    return listed;
  };
  let whole: Promise<WholeViews> | null = null;
  const readWhole = () => {
    whole ??= readFile(plan.wholeFile, 'utf8').then(decodeWholeViews);
    return whole;
  };
  return {
    plan,
    site,
    readListed,
    readChanges() {
      changes ??= readFile(plan.summariesFile).then((bytes) => listChangeDays(decodeRecentEvents(bytes)));
      return changes;
    },
    readLayerUses() {
      layerUses ??= readFile(plan.summariesFile).then((bytes) =>
        createLayerUses(countLayerUses(decodeExtentsOnly(bytes))),
      );
      return layerUses;
    },
    readSelections() {
      selections ??= Promise.all([readListed(), readWhole()]).then(([summaries, views]) =>
        listSelections(summaries, site, createIsBaseOutdated(views)),
      );
      return selections;
    },
    readRepository(name) {
      if (last?.name === name) return last.repository;
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`the snapshot has no repository ${name}`);
      const repository = store.readRepository(entry).then((part) => store.readHistory(part));
      last = { name, repository };
      return repository;
    },
    readWhole,
  };
}
