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

/** A build of a line, by the tag that puts it there. */
interface Build {
  readonly row: IndexedRow;
  readonly tag: Tag;
}

/** The lines of one repository. */
export interface TagLines {
  /** The line of a tag, newest first; empty where neither names nor dates put it in order. */
  lineOf(tag: string): readonly Build[];
}

const unknownAge: Age = { newest: null, behind: null };

/** Counts the newer builds of the same line that have other layers for the platform. */
export function measureAge(row: IndexedRow, platform: string | null, lines: TagLines): Age {
  const line = lines.lineOf(leadOf(row));
  if (row.repository.isRemoved || line.length === 0) return unknownAge;
  const contentOf = (each: IndexedRow) => each.images.find((image) => image.platform === platform)?.node ?? null;
  const own = contentOf(row);
  const offered = line.filter((each) => each.row === row || contentOf(each.row) !== null);
  const at = offered.findIndex(
    (each) => each.row === row || (own !== null && own !== 0 && contentOf(each.row) === own),
  );
  const newer = new Set(offered.slice(0, at).map((each) => contentOf(each.row) || each.row));
  return { newest: offered[0]?.tag ?? leadOf(row), behind: newer.size };
}

/** The age of a digest that only history knows, by the tag that pointed at it. */
export function measureFormerAge(repository: IndexedRepository, tag: Tag, digest: string, lines: TagLines): Age {
  const line = lines.lineOf(tag);
  const later = toTagFamily(tag).isOrdered ? line.filter((each) => compareTags(each.tag, tag) < 0).length : 0;
  const { former, rows, isRemoved } = repository;
  const now = rows.find(({ tags }) => tags.includes(tag));
  const left = former.findLastIndex((each) => each[0] === tag && each[1] === digest);
  const moves = now === undefined ? 0 : former.slice(left).filter((each) => each[0] === tag).length;
  const behind = Math.max(later, moves);
  const newest = line[0]?.tag ?? (now === undefined ? null : leadOf(now));
  return behind === 0 || newest === null || isRemoved ? unknownAge : { newest, behind };
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

/**
 * Sorts the rows of a repository into lines. A row is in the line of each of its tags: the newest build of `bookworm-20260222` may
 * be `12.9` as well, and its older ones not any more.
 */
export function createTagLines({ rows }: IndexedRepository): TagLines {
  const placed = rows.flatMap((row) => row.tags.map((tag) => ({ row, tag, family: toTagFamily(tag) })));
  const counted = new Set<string>();
  for (const [flavour, members] of Map.groupBy(placed, ({ family }) => family.flavour)) {
    if (members.every(({ family }) => family.isWholeNumber)) counted.add(flavour);
  }
  const keyOf = ({ flavour, line }: TagFamily) => (counted.has(flavour) ? flavour : `${flavour} ${line}`);
  const lines = new Map<string, readonly Build[]>();
  for (const [key, members] of Map.groupBy(placed, ({ family }) => keyOf(family))) {
    const seen = new Set<IndexedRow>();
    const own = members.filter(({ row }) => seen.size < seen.add(row).size);
    if (own.length === 1) lines.set(key, own);
    else if (members[0]?.family.isOrdered) lines.set(key, own.sort(byName));
    else if (own.every(({ row }) => row.builtAt !== null)) lines.set(key, own.sort(byBuildDate));
  }
  return { lineOf: (tag) => lines.get(keyOf(toTagFamily(tag))) ?? [] };
}

function byName(a: Build, b: Build): number {
  return compareTags(a.tag, b.tag);
}

function byBuildDate(a: Build, b: Build): number {
  const [left, right] = [a.row.builtAt ?? '', b.row.builtAt ?? ''];
  return left === right ? byName(a, b) : left > right ? -1 : 1;
}
