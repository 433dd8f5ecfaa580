/** How old a version of a base is: how many builds of its line are newer. */
import type { Tag } from '../oci/reference.ts';
import type { IndexedRepository, IndexedRow } from './lineage-index.ts';
import { type TagFamily, toTagFamily } from './tag-family.ts';
import { compareTags } from './tag-order.ts';

export interface Age {
  /** The newest of the line, or null where nothing tells. */
  readonly newest: Tag | null;
  /** How many builds of the line are newer and have other layers; null is unknown. */
  readonly behind: number | null;
}

/** The lines of one repository. */
export interface TagLines {
  /** The line of a tag, newest first; empty where neither names nor dates put it in order. */
  lineOf(tag: string): readonly IndexedRow[];
}

const unknownAge: Age = { newest: null, behind: null };

/** Counts the newer builds of the same line that have other layers for the platform. */
export function measureAge(row: IndexedRow, platform: string | null, lines: TagLines): Age {
  const line = lines.lineOf(leadOf(row));
  if (row.repository.isRemoved || line.length === 0) return unknownAge;
  const contentOf = (each: IndexedRow) => each.images.find((image) => image.platform === platform)?.node ?? null;
  const own = contentOf(row);
  const offered = line.filter((each) => each === row || contentOf(each) !== null);
  const at = offered.findIndex((each) => each === row || (own !== null && own !== 0 && contentOf(each) === own));
  const newer = new Set(offered.slice(0, at).map((each) => contentOf(each) || each));
  return { newest: leadOf(offered[0] ?? row), behind: newer.size };
}

/** The age of a digest that only history knows, by the tag that pointed at it. */
export function measureFormerAge(repository: IndexedRepository, tag: Tag, digest: string, lines: TagLines): Age {
  const line = lines.lineOf(tag);
  const later = toTagFamily(tag).isOrdered ? line.filter((row) => compareTags(leadOf(row), tag) < 0).length : 0;
  const { former, rows, isRemoved } = repository;
  const now = rows.find(({ tags }) => tags.includes(tag));
  const left = former.findLastIndex((each) => each[0] === tag && each[1] === digest);
  const moves = now === undefined ? 0 : former.slice(left).filter((each) => each[0] === tag).length;
  const behind = Math.max(later, moves);
  const newest = line[0] ?? now;
  return behind === 0 || newest === undefined || isRemoved ? unknownAge : { newest: leadOf(newest), behind };
}

/** The greater of two ages; unknown where one of them is. */
export function pickOlder(a: Age, b: Age): Age {
  if (a.behind === null || b.behind === null) return unknownAge;
  return b.behind > a.behind ? b : a;
}

/** The tag that says most exactly what a row is. */
export function leadOf({ tags }: IndexedRow): Tag {
  return tags[0] as Tag;
}

/** Sorts the rows of a repository into lines. */
export function createTagLines({ rows }: IndexedRepository): TagLines {
  const placed = rows.map((row) => ({ row, family: toTagFamily(leadOf(row)) }));
  const counted = new Set<string>();
  for (const [flavour, members] of Map.groupBy(placed, ({ family }) => family.flavour)) {
    if (members.every(({ family }) => family.isWholeNumber)) counted.add(flavour);
  }
  const keyOf = ({ flavour, line }: TagFamily) => (counted.has(flavour) ? flavour : `${flavour} ${line}`);
  const lines = new Map<string, readonly IndexedRow[]>();
  for (const [key, members] of Map.groupBy(placed, ({ family }) => keyOf(family))) {
    const own = members.map(({ row }) => row);
    if (own.length === 1 || members[0]?.family.isOrdered) lines.set(key, own);
    else if (own.every(({ builtAt }) => builtAt !== null)) lines.set(key, own.sort(byBuildDate));
  }
  return { lineOf: (tag) => lines.get(keyOf(toTagFamily(tag))) ?? [] };
}

function byBuildDate(a: IndexedRow, b: IndexedRow): number {
  const [left, right] = [a.builtAt ?? '', b.builtAt ?? ''];
  return left === right ? compareTags(leadOf(a), leadOf(b)) : left > right ? -1 : 1;
}
