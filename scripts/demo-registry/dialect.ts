/** Where implementations of the Distribution API differ, so that the demo registry can speak like one or another. */

export interface Dialect {
  /** Entries of a `_catalog` page when the request does not say. */
  readonly catalogPageSize: number;
  /** A larger `n` is refused with 400 `PAGINATION_NUMBER_INVALID`. */
  readonly largestCatalogPageSize: number;
  /** Whether a catalog that ends exactly with a page is followed by a link to an empty one. */
  readonly linksToEmptyPage: boolean;
  /** Whether `tags/list` honours `n` and `last` and is sorted; otherwise it is one list in the order of a folder. */
  readonly pagesTags: boolean;
  /** Whether an OCI manifest is 404 for a request that does not accept its media type. */
  readonly hidesUnacceptedOci: boolean;
  /** Whether a Docker list, asked for by tag without its media type, is answered with its linux/amd64 child. */
  readonly resolvesUnacceptedLists: boolean;
  /** Whether a tag can be deleted by its name. */
  readonly deletesTags: boolean;
  /** Whether the referrers API is there. */
  readonly hasReferrersApi: boolean;
}

/** docker-registry 2.8, as Debian ships it. */
export const dockerRegistry28: Dialect = {
  catalogPageSize: 100,
  largestCatalogPageSize: 1000,
  linksToEmptyPage: false,
  pagesTags: false,
  hidesUnacceptedOci: true,
  resolvesUnacceptedLists: true,
  deletesTags: false,
  hasReferrersApi: false,
};

/** A registry that does all that version 1.1 of the distribution specification describes. */
export const ociDistribution11: Dialect = {
  catalogPageSize: 100,
  largestCatalogPageSize: 1000,
  linksToEmptyPage: false,
  pagesTags: true,
  hidesUnacceptedOci: false,
  resolvesUnacceptedLists: false,
  deletesTags: true,
  hasReferrersApi: true,
};
