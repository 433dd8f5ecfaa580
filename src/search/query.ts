/** What a text in the search box asks for. */

export interface Query {
  /** The text itself, cleaned of what cannot be seen. */
  readonly text: string;
  /** Every one of them must be found in the name, or in the description. */
  readonly words: readonly QueryWord[];
  /** A tag or its beginning. Empty after `name:`, which asks for the tags of that image. Null: no tag is asked for. */
  readonly tag: string | null;
  /** The hexadecimal digits of a digest, or its first ones, in lower case; null: no digest is asked for. */
  readonly digest: string | null;
  readonly platforms: readonly string[];
  readonly kinds: readonly string[];
  readonly bases: readonly string[];
  readonly labels: readonly LabelFilter[];
  /** `outdated`, `stale` or `deprecated`, or how they begin. */
  readonly states: readonly string[];
}

/** In lower case. `isQuoted`: it is meant letter by letter. */
export interface QueryWord {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** `value` null: any value will do. */
export interface LabelFilter {
  readonly key: string;
  readonly value: string | null;
}

/** Whether the query narrows by facts other than names, tags and digests. */
export function hasFilters(query: Query): boolean {
  const { platforms, kinds, bases, labels, states } = query;
  return [platforms, kinds, bases, labels, states].some((filters) => filters.length > 0);
}

/** Whether there is nothing to search for. */
export function isEmptyQuery(query: Query): boolean {
  return query.words.length === 0 && query.tag === null && query.digest === null && !hasFilters(query);
}
