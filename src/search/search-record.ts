/** What search knows of one repository before anything is looked up: enough for a row of results. */

export interface SearchRecord {
  readonly name: string;
  readonly description: string | null;
  readonly tagCount: number;
  readonly recommendedTag: string | null;
  /** The day in UTC on which the recommended tag's newest platform was built: `2026-08-16`. */
  readonly createdOn: string | null;
  /** Of the recommended tag's first platform. Three significant digits survive the index, as many as a row shows. */
  readonly compressedSizeBytes: number | null;
  /** As `formatPlatform` writes them, the commonest first. */
  readonly platforms: readonly string[];
  /** What its tags hold, such as `image` or `helm-chart`. */
  readonly kinds: readonly string[];
  /** The repositories that it is built on, the nearest first; with `:tag` where that is known. */
  readonly bases: readonly string[];
  readonly state: 'current' | 'stale' | 'deprecated';
  /** Whether anything that it is built on has newer builds. */
  readonly isBaseOutdated: boolean;
  /** Its page's address below the site's base, where that is not `<name>/tags/`. */
  readonly path: string | null;
}

/** Where a repository's page is, below the site's base. */
export function toPagePath(record: SearchRecord): string {
  return record.path ?? `${record.name}/tags/`;
}

/** Characters of a description that are searched. */
export const longestDescription = 160;

/** As much of a description as is searched: one line, and not the whole of a long one. Null where nothing is left. */
export function toSearchedDescription(description: string | null): string | null {
  return cutText((description ?? '').replace(/\s+/g, ' ').trim(), longestDescription) || null;
}

/** The beginning of a text. Never half of a character. */
export function cutText(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}
