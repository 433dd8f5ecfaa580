/** What a run and the renderer of its pages tell each other. */
import type { BlobFault } from '../catalogue/blob-faults.ts';
import type { CatalogueTotals } from './catalogue-totals.ts';
import type { ChangeDay } from './changes-view.ts';
import type { LayerCounts } from './layer-uses.ts';
import type { ListedImages } from './listed-images.ts';
import type { PageKey } from './page-key.ts';
import type { Page } from './page-list.ts';
import type { SelectionsOf } from './selections.ts';
import type { Site, SiteSettings } from './site.ts';
import type { MeasuredFile } from './summary-lines.ts';

/** What pages are made from, besides their own part of it. */
export interface RenderPlan {
  /** The folder whose snapshot is rendered. */
  readonly stateDir: string;
  /** The summaries of that snapshot, as `joinSummaryLines` wrote them. Read where a page needs all of them. */
  readonly summariesFile: string;
  /** What no single repository knows, as `encodeWholeViews` wrote it. Read only where a page shows some of it. */
  readonly wholeFile: string;
  readonly settings: SiteSettings;
  /** The catalogue in numbers, for the homepage. */
  readonly counts: Pick<CatalogueTotals, 'repositories' | 'tags' | 'uniqueCompressedSizeBytes' | 'isSizeLeast'>;
  /** What an audit found wrong with blobs. */
  readonly faults: readonly BlobFault[];
}

/** What of a plan is in memory already where the run itself renders, and else is read. */
export interface AtHand {
  readonly site: Site;
  /** Every repository that has pages. */
  readonly measured: readonly MeasuredFile[];
  readonly listed: ListedImages;
  readonly selectionsOf: SelectionsOf;
  readonly days: readonly ChangeDay[];
  readonly layerCounts: LayerCounts;
}

export interface RenderedPage {
  /** Where it goes, relative to the site. */
  readonly file: string;
  readonly key: PageKey;
  /** Null where it is known already. */
  readonly html: string | null;
}

export interface PageRenderer {
  /** Renders a page, unless it is known by its key. Rejects with whatever went wrong in it. */
  render(page: Page, isKnown: (key: PageKey) => boolean): Promise<RenderedPage>;
}

/** What the renderer's program exports: opens what a plan names. Rejects where there is no snapshot. */
export type OpenRenderer = (plan: RenderPlan, atHand: AtHand | null) => Promise<PageRenderer>;
