/** The page at `/<name>/`, where whoever shortens an image's address finds the way to the image. */
import type { RepositoryName } from '../oci/reference.ts';
import type { Link } from './listing-view.ts';
import { listPathsAbove, type Site, toImageHref, toPathHref } from './site.ts';

export interface SignpostView {
  readonly name: RepositoryName;
  readonly href: string;
  readonly breadcrumbs: readonly Link[];
}

/** Everything that the page shows. */
export function toSignpostView(name: RepositoryName, site: Site): SignpostView {
  return {
    name,
    href: toImageHref(site, name),
    breadcrumbs: listPathsAbove(name).map((path) => ({
      text: path.slice(path.lastIndexOf('/') + 1),
      href: toPathHref(site, path),
    })),
  };
}
