/**
 * Folds the rebuilds of one version under it, so that a reader sees 12 versions and not 260 builds.
 *
 * A rebuild is the same version packaged again: a date or a counter (`-s4`, `-r2`) at the end, or several of them. What is
 * left without them is the version. A revision (`-3`), a fix (`-u1`, `-p1`), a flavour, a pre-release and a commit are part
 * of it: they change what is inside. Versions are one only when they are spelled alike: `1.10` may move, `1.10.0` does not.
 */
import { sortTags } from './tag-order.ts';

export interface TagGroup {
  /** What its tags have in common, such as `4.0.2-3`; itself a tag only if `tags` holds it. */
  readonly version: string;
  /** The first of `tags`: the one to show. */
  readonly newest: string;
  /** Newest first, never empty. */
  readonly tags: readonly string[];
}

const DASHED_DATE = String.raw`[-_+~](?:19|20)\d\d([-._]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])`;
const DOTTED_DATE = String.raw`\.(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:-?\d{6}|\d{4}|t[\d.:-]{4,8}z?)`;
const COUNTER = String.raw`[-._+~](?:s\d+(?:\.\d+)?|r\d+)`;
const REBUILD = new RegExp(`(?:(?:${DASHED_DATE}|${DOTTED_DATE})${TIME}?|${COUNTER})$`, 'i');

/** Puts every tag in exactly one group; groups stand in the order of their newest tags. */
export function foldTags(tags: readonly string[]): readonly TagGroup[] {
  return [...Map.groupBy(sortTags(tags), toRebuiltVersion)].map(([version, [newest = version, ...older]]) => ({
    version,
    newest,
    tags: [newest, ...older],
  }));
}

/** The version that a tag is a rebuild of; the tag itself when it is none, or is nothing but a date. */
export function toRebuiltVersion(tag: string): string {
  const version = tag.replace(REBUILD, '');
  return version === tag || version === '' ? tag : toRebuiltVersion(version);
}
