/** All that a page shows besides the site's settings: its bytes are the same as long as this is, with one program. */
import { type ChangesView, toChangesView, toLatestChanges } from '../view/changes-view.ts';
import type { CleanupView } from '../view/cleanup-view.ts';
import { type HelpView, toHelpView } from '../view/help-view.ts';
import type { ImageLineage } from '../view/image-lineage.ts';
import { type ImageView, toImageView } from '../view/image-view.ts';
import type { LineageView } from '../view/lineage-view.ts';
import { type ListingView, type OpeningView, toListingView } from '../view/listing-view.ts';
import { type ManifestView, toManifestView } from '../view/manifest-view.ts';
import type { Page } from '../view/page-list.ts';
import {
  listNameLinks,
  listSelectionLinks,
  type SelectionLink,
  type SelectionView,
  toSelectionView,
} from '../view/selection-view.ts';
import { type SignpostView, toSignpostView } from '../view/signpost-view.ts';
import type { StorageView } from '../view/storage-view.ts';
import { pickCleanupView, pickLineageView } from '../view/whole-views.ts';
import type { Rendering } from './_rendering.ts';

export type PageContent =
  | {
      readonly kind: 'listing';
      readonly view: ListingView;
      /** The homepage alone offers them: they are of the whole catalogue. */
      readonly selections: readonly SelectionLink[];
      readonly opening: OpeningView | null;
    }
  | { readonly kind: 'selection'; readonly view: SelectionView }
  | { readonly kind: 'image'; readonly view: ImageView; readonly lineage: ImageLineage | null }
  | { readonly kind: 'signpost'; readonly view: SignpostView }
  | { readonly kind: 'manifest'; readonly view: ManifestView }
  | { readonly kind: 'changes'; readonly view: ChangesView }
  | { readonly kind: 'help'; readonly view: HelpView }
  | { readonly kind: 'storage'; readonly view: StorageView }
  | { readonly kind: 'lineage'; readonly view: LineageView }
  | { readonly kind: 'cleanup'; readonly view: CleanupView }
  | { readonly kind: 'not-found'; readonly byName: ReturnType<typeof listNameLinks> }
  | { readonly kind: 'status' };

/** Reads what a page is to show. */
export async function readPageContent(page: Page, rendering: Rendering): Promise<PageContent> {
  const { plan, site, readRepository, readListed, readChanges, readSelections, readLayerUses, readWhole } = rendering;
  switch (page.kind) {
    case 'listing': {
      const view = toListingView(page.path, page.page, await readListed(), site);
      if (page.path !== '') return { kind: 'listing', view, selections: [], opening: null };
      const selections = listSelectionLinks(await readSelections(), site);
      if (page.page > 1) return { kind: 'listing', view, selections, opening: null };
      const { tags, uniqueCompressedSizeBytes, isSizeLeast } = plan.counts;
      const changes = toLatestChanges(await readChanges(), 4, site);
      const opening = { tags, uniqueCompressedSizeBytes, isSizeLeast, changes };
      return { kind: 'listing', view, selections, opening };
    }
    case 'selection':
      return { kind: 'selection', view: toSelectionView(page.slug, page.page, await readSelections(), site) };
    case 'image':
      return {
        kind: 'image',
        view: toImageView(await readRepository(page.name), page.page, site),
        lineage: (await readWhole()).images.get(page.name) ?? null,
      };
    case 'signpost':
      return { kind: 'signpost', view: toSignpostView(page.name, site) };
    case 'manifest': {
      const repository = await readRepository(page.name);
      return { kind: 'manifest', view: toManifestView(repository, page.digest, site, await readLayerUses()) };
    }
    case 'changes':
      return { kind: 'changes', view: toChangesView(page, await readChanges(), site) };
    case 'help':
      return { kind: 'help', view: toHelpView(await readListed(), site) };
    case 'storage':
      return { kind: 'storage', view: (await readWhole()).storage };
    case 'lineage':
      return { kind: 'lineage', view: pickLineageView(await readWhole(), page.page) };
    case 'cleanup':
      return { kind: 'cleanup', view: pickCleanupView(await readWhole()) };
    case 'not-found':
      return { kind: 'not-found', byName: listNameLinks(await readSelections(), site) };
    case 'status':
      return { kind: 'status' };
  }
}
