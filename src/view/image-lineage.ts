/** What an image's page says of its base, and of what is built on it. It depends on other repositories, so it is worked out for all at once. */
import type { BaseEvidence } from '../catalogue/base-image.ts';
import { listAncestors } from '../catalogue/dependents.ts';
import type { Base, Lineage, NamedBase, RowLineage } from '../catalogue/lineage.ts';
import type { IndexedRepository, IndexedRow, LineageIndex } from '../catalogue/lineage-index.ts';
import { boundText } from '../oci/bounded-text.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { toVisibleText } from './visible-text.ts';

/** A version that an image stands on. */
export interface BaseNote {
  /** The platforms that it holds for; null where it holds for all of the image. */
  readonly platforms: readonly string[] | null;
  readonly evidence: BaseEvidence;
  readonly name: RepositoryName;
  readonly tag: Tag;
  readonly digest: Digest;
  /** Whether a tag still points at it. */
  readonly isTagged: boolean;
  readonly alsoNamed: readonly { readonly name: RepositoryName; readonly tag: Tag }[];
  readonly newest: Tag | null;
  readonly behind: number | null;
}

/** The lineage of the tag that one would pull. */
export interface ImageLineage {
  readonly tag: Tag;
  readonly bases: readonly BaseNote[];
  /** What its layers begin with, where the base itself is not known here. */
  readonly beneath: readonly BaseNote[];
  /** What those stand on in turn, nearest first. */
  readonly further: readonly BaseNote[];
  readonly outside: readonly { readonly platforms: readonly string[] | null; readonly text: string }[];
  readonly denied: readonly { readonly platforms: readonly string[] | null; readonly text: string }[];
  /** Whether anything that it stands on has newer builds. */
  readonly isOutdated: boolean;
  /** The images that stand on any version of this one, sorted by name; only the first of them are named. */
  readonly builtOn: readonly RepositoryName[];
  readonly builtOnCount: number;
}

/** How many images are named as standing on one. */
const mostBuiltOn = 20;
const longestText = 300;

/** The row by which an image is judged: what is recommended, else the newest. Null where there is none. */
export function pickJudgedRow({ rows, isRemoved }: IndexedRepository, recommended: Tag | null): IndexedRow | null {
  if (isRemoved) return null;
  return rows.find(({ tags }) => recommended !== null && tags.includes(recommended)) ?? rows[0] ?? null;
}

/** The lineage of every image that has one, by name. */
export function listImageLineages(
  index: LineageIndex,
  lineage: Lineage,
  recommendedTagOf: (name: RepositoryName) => Tag | null,
): ReadonlyMap<RepositoryName, ImageLineage> {
  const own = new Map<RepositoryName, Omit<ImageLineage, 'builtOn' | 'builtOnCount'>>();
  const builtOn = new Map<RepositoryName, Set<RepositoryName>>();
  for (const repository of index.repositories.values()) {
    const recommended = recommendedTagOf(repository.name);
    const row = pickJudgedRow(repository, recommended);
    if (row === null) continue;
    const found = lineage.lineageOf(row);
    const ancestors = listAncestors(found, lineage);
    const tag = recommended !== null && row.tags.includes(recommended) ? recommended : (row.tags[0] as Tag);
    own.set(repository.name, {
      tag,
      bases: found.bases.map((base) => toBaseNote(base, row)),
      beneath: found.beneath.map((base) => toBaseNote(base, row)),
      further: ancestors.filter(({ via }) => via.length > 0).map(({ base }) => toBaseNote(base, row)),
      outside: found.outside.map((named) => toNamedNote(named, row)),
      denied: found.denied.map((named) => toNamedNote(named, row)),
      isOutdated: ancestors.some(({ base }) => (base.behind ?? 0) > 0),
    });
    for (const { base } of ancestors) {
      const names = builtOn.get(base.name) ?? new Set<RepositoryName>();
      builtOn.set(base.name, names.add(repository.name));
    }
  }
  const lineages = new Map<RepositoryName, ImageLineage>();
  for (const name of [...index.repositories.values()].map((each) => each.name).sort()) {
    const names = [...(builtOn.get(name) ?? [])].sort();
    const mine = own.get(name);
    if (mine === undefined || isEmpty(mine, names)) continue;
    lineages.set(name, { ...mine, builtOn: names.slice(0, mostBuiltOn), builtOnCount: names.length });
  }
  return lineages;
}

function isEmpty(
  { bases, beneath, outside, denied }: Pick<ImageLineage, 'bases' | 'beneath' | 'outside' | 'denied'>,
  names: readonly string[],
): boolean {
  return [bases, beneath, outside, denied, names].every(({ length }) => length === 0);
}

/** A base as text for people needs it. */
export function toBaseNote({ platforms, row: own, ...base }: Base, row: IndexedRow): BaseNote {
  const { evidence, name, tag, digest, alsoNamed, newest, behind } = base;
  return {
    platforms: toPlatforms(platforms, row),
    ...{ evidence, name, tag, digest },
    isTagged: own !== null,
    ...{ alsoNamed, newest, behind },
  };
}

/** Texts of annotations, fit to be shown. */
export function toNamedNote({ platforms, text }: NamedBase, row: IndexedRow): ImageLineage['outside'][number] {
  return { platforms: toPlatforms(platforms, row), text: toVisibleText(boundText(text, longestText)) };
}

/** The platforms of a lineage of which nothing is known. */
export function listUnknown({ unknown, row }: RowLineage): readonly string[] {
  return toPlatforms(unknown, row) ?? row.images.map(({ platform }) => platform ?? 'unknown');
}

function toPlatforms(platforms: readonly (string | null)[], row: IndexedRow): readonly string[] | null {
  return platforms.length === row.images.length ? null : platforms.map((platform) => platform ?? 'unknown');
}
