/** Results for `name:tag` and `:tag`: which images have the tag. */
import type { Candidates } from './candidates.ts';
import type { TagsFound } from './lookups.ts';
import type { Span } from './name-text.ts';
import type { Accepts } from './rank-names.ts';
import type { Why } from './search-result.ts';

/** A result before it is written out. `place` is that of the candidate; -1 where the query has no words. */
export interface Row {
  readonly position: number;
  readonly place: number;
  readonly tag: string | null;
  readonly tagMatches: readonly Span[];
  /** Null: why the name was found is why. */
  readonly why: Why | null;
}

const mostOwnTags = 10;

/** Every image that has the tag, in the order of the index; then those whose tags begin so. */
export function findTagged(tag: string, { tags }: TagsFound, accepts: Accepts): Row[] {
  return orderByCase(tag, tags).flatMap((found) =>
    found.positions.filter(accepts).map((position) => toRow(position, -1, found.tag, tag)),
  );
}

/**
 * The tags of the images that the words mean. An image that was called by its name comes first even when it has no such tag,
 * because that is the answer then; after it those that do have it. `ownTags` are those of the first candidate.
 */
export function findTaggedCandidates(
  tag: string,
  candidates: Candidates,
  ownTags: readonly string[] | null,
  found: TagsFound | null,
): Row[] {
  const [first] = candidates.positions;
  if (first === undefined) return [];
  const isNamed = candidates.namedCount > 0 || candidates.positions.length === 1;
  const own = ownTags === null ? [] : matchOwnTags(tag, ownTags).map((each) => toRow(first, 0, each, tag));
  const elsewhere = found === null ? [] : findElsewhere(tag, candidates, found);
  if (own.length + elsewhere.length === 0) {
    const isKnown = (place: number) => place === 0 || found?.isComplete !== false;
    const meant = isNamed ? candidates.positions.slice(0, candidates.namedCount || 1) : candidates.positions;
    return meant.map((position, place) => tagless(position, place, isKnown(place) ? tag : ''));
  }
  if (!isNamed) return [...elsewhere, ...own].sort(byExactness);
  const named = [...own, ...elsewhere.filter((row) => row.place < candidates.namedCount)].sort(byExactness);
  const others = elsewhere.filter((row) => row.place >= candidates.namedCount);
  return [...(named.length > 0 || ownTags === null ? named : [tagless(first, 0, tag)]), ...others];
}

/** An image that was meant, and that has no such tag; for an empty tag, of which nothing is known. */
function tagless(position: number, place: number, tag: string): Row {
  const why = tag === '' ? null : ({ code: 'no-such-tag', text: `Has no tag ${tag}` } as const);
  return { position, place, tag: null, tagMatches: [], why };
}

/** The tag itself, else those that begin so, else those that contain it. */
function matchOwnTags(tag: string, ownTags: readonly string[]): string[] {
  const lower = tag.toLowerCase();
  const exact = ownTags.filter((own) => own.toLowerCase() === lower);
  const beginning = ownTags.filter((own) => own.toLowerCase().startsWith(lower) && !exact.includes(own));
  if (exact.length + beginning.length > 0) {
    const sameCaseFirst = exact.sort((a, b) => Number(b === tag) - Number(a === tag));
    return [...sameCaseFirst, ...beginning].slice(0, mostOwnTags);
  }
  return ownTags.filter((own) => own.toLowerCase().includes(lower)).slice(0, mostOwnTags);
}

/** One tag of every candidate but the first: the tag itself where it has it, else one that begins so. */
function findElsewhere(tag: string, candidates: Candidates, { tags }: TagsFound): Row[] {
  const placeOf = new Map(candidates.positions.map((position, place) => [position, place]));
  placeOf.delete(candidates.positions[0] ?? -1);
  const rows = new Map<number, Row>();
  if (tag === '') return [];
  for (const found of orderByCase(tag, tags)) {
    for (const position of found.positions) {
      const place = placeOf.get(position);
      if (place !== undefined && !rows.has(position)) rows.set(position, toRow(position, place, found.tag, tag));
    }
  }
  return [...rows.values()].sort(byExactness);
}

function byExactness(a: Row, b: Row): number {
  return Number(a.why?.code !== 'tag') - Number(b.why?.code !== 'tag') || a.place - b.place;
}

/** The very tag first, then the same in other letters, then longer ones in their order. */
function orderByCase<Found extends { readonly tag: string }>(tag: string, found: readonly Found[]): Found[] {
  const lower = tag.toLowerCase();
  const rank = (each: Found) => (each.tag === tag ? 0 : each.tag.toLowerCase() === lower ? 1 : 2);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function toRow(position: number, place: number, found: string, wanted: string): Row {
  const at = found.toLowerCase().indexOf(wanted.toLowerCase());
  const isExact = found.length === wanted.length;
  const text = isExact
    ? `Has the tag ${found}`
    : at === 0
      ? `Has a tag that begins with ${wanted}`
      : `A tag contains ${wanted}`;
  return {
    position,
    place,
    tag: found,
    tagMatches: wanted === '' || at === -1 ? [] : [[at, at + wanted.length]],
    why: wanted === '' ? null : { code: isExact ? 'tag' : 'tag-prefix', text },
  };
}
