/** Everything that pages show and that no single repository knows: made by a run, read by the rendering. */
import type { RepositoryName } from '../oci/reference.ts';
import type { CleanupView } from './cleanup-view.ts';
import type { ImageLineage } from './image-lineage.ts';
import type { LineageView } from './lineage-view.ts';
import type { StorageView } from './storage-view.ts';

export interface WholeViews {
  readonly storage: StorageView;
  /** Null where no rule is set. */
  readonly cleanup: CleanupView | null;
  /** The pages of lineages, at least one. */
  readonly lineages: readonly LineageView[];
  /** By image; one of which nothing is known is not there. */
  readonly images: ReadonlyMap<RepositoryName, ImageLineage>;
}

/** Encodes them as text. */
export function encodeWholeViews({ images, ...views }: WholeViews): string {
  return JSON.stringify({ ...views, images: [...images] });
}

/** Decodes what `encodeWholeViews` made. */
export function decodeWholeViews(text: string): WholeViews {
  const { images, ...views } = JSON.parse(text) as Omit<WholeViews, 'images'> & {
    readonly images: readonly (readonly [RepositoryName, ImageLineage])[];
  };
  return { ...views, images: new Map(images) };
}

/** A page of lineages, counted from 1. Throws a `TypeError` where there are fewer. */
export function pickLineageView({ lineages }: WholeViews, page: number): LineageView {
  const view = lineages[page - 1];
  if (view === undefined)
    throw new TypeError(`there are ${lineages.length} pages of lineages, and none is page ${page}`);
  return view;
}

/** The page of the clean-up. Throws a `TypeError` where no rule is set. */
export function pickCleanupView({ cleanup }: WholeViews): CleanupView {
  if (cleanup === null) throw new TypeError('no rule of a clean-up is set');
  return cleanup;
}

/** Whether what an image stands on has newer builds; no, where nothing is known. */
export function createIsBaseOutdated({ images }: Pick<WholeViews, 'images'>): (name: RepositoryName) => boolean {
  return (name) => images.get(name)?.isOutdated === true;
}
