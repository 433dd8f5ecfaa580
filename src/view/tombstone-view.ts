/** What stands where an image was: since when it is gone, what was last known of it, and where to look instead. */
import type { Instant, Interval, Repository } from '../catalogue/model.ts';
import { pickRecommendedTag } from '../catalogue/recommended-tag.ts';
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import type { Link } from './listing-view.ts';
import { listPathsAbove, type Site, toPathHref } from './site.ts';

export interface TombstoneView {
  /** Null where nobody noted it. */
  readonly removed: Interval | null;
  readonly firstSeenAt: Instant;
  readonly tagCount: number;
  /** What was recommended when it was last seen. */
  readonly last: { readonly tag: Tag; readonly digest: Digest } | null;
  /** The nearest path above it, where its neighbours are; the homepage where there is none. */
  readonly neighbours: Link;
}

/** Describes a removed repository. Null for one that is there. */
export function toTombstoneView(repository: Repository, site: Site): TombstoneView | null {
  const { name, state, events, firstSeenAt, tags } = repository;
  if (state !== 'removed') return null;
  const removal = events.findLast(({ tag, type }) => tag === null && type === 'removed');
  const recommended = pickRecommendedTag(repository, site.settings.movingTags);
  const path = listPathsAbove(name).at(-1) ?? '';
  return {
    removed: removal === undefined ? null : { notBefore: removal.notBefore, notAfter: removal.notAfter },
    firstSeenAt,
    tagCount: tags.size,
    last: recommended === null ? null : { tag: recommended.tag, digest: recommended.digest },
    neighbours: { text: path === '' ? 'All images' : `Images in ${path}/`, href: toPathHref(site, path) },
  };
}
