/** What the files of a site are held to, one by one. */
import { isPlainName } from '../catalogue/plain-words.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import { isOwnPath } from '../view/addresses.ts';
import { listPathsAbove } from '../view/site.ts';

export interface SiteRules {
  readonly base: string;
  /** Repositories that may be named in no file, and those that are shown. */
  readonly hiddenNames: ReadonlySet<string>;
  readonly shownNames: ReadonlySet<string>;
}

/** What may have changed in how files are checked, so that all must be read again. */
const rulesVersion = 3;

/** Under which rules a site is checked: files that were checked under others count for nothing. */
export function toRulesFingerprint({ base, hiddenNames, shownNames }: SiteRules): string {
  const names = listSearchedNames({ hiddenNames, shownNames });
  const near = names.size === 0 ? [] : [...shownNames].filter((name) => listEnds(name).some((end) => names.has(end)));
  return fingerprintOf([rulesVersion, base, [...names].sort(), near.sort()]);
}

/**
 * The hidden names that files are searched for. Left to the crawl, which cleans what authors wrote, are names of one part, for
 * they are common words too, and names that are the path of something shown.
 */
export function listSearchedNames({
  hiddenNames,
  shownNames,
}: Pick<SiteRules, 'hiddenNames' | 'shownNames'>): ReadonlySet<string> {
  const shownPaths = new Set([...shownNames].flatMap((name) => listPathsAbove(name)));
  return new Set(
    [...hiddenNames].filter((name) => {
      return name.includes('/') && !shownPaths.has(name) && !isPlainName(name) && !isOwnPath(name);
    }),
  );
}

/** What stands behind each slash of a name. */
export function listEnds(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, at) => parts.slice(at + 1).join('/'));
}
