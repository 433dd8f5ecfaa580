/**
 * One search for the page, its worker and the terminal: a query, the index, and what has been looked up so far, to an
 * answer. What has not been looked up is simply not yet in it, so the same function gives the first answer and the last.
 */
import { type Candidates, findCandidates } from './candidates.ts';
import { createFilter } from './filters.ts';
import type { FuzzyHit } from './fuzzy-search.ts';
import type { DigestFound, LabelFound, TagsFound } from './lookups.ts';
import { nearestTags } from './nearest-tags.ts';
import { isEmptyQuery, type Query } from './query.ts';
import type { Accepts } from './rank-names.ts';
import { recordAt, type SearchIndex } from './search-index.ts';
import type { Answer, SearchResult, Suggestion } from './search-result.ts';
import { fewestDigestDigits } from './shard-directory.ts';
import { findTagged, findTaggedCandidates, type Row } from './tag-results.ts';

/** What has been looked up. Null and empty mean: not, or not yet. */
export interface Evidence {
  /** For each of the query's labels. */
  readonly labels: readonly (readonly LabelFound[])[];
  readonly fuzzy: readonly FuzzyHit[];
  /** Tags that begin as the query's tag does. */
  readonly tags: TagsFound | null;
  /** All tags of the first candidate. */
  readonly ownTags: readonly string[] | null;
  readonly digests: readonly DigestFound[] | null;
  /** Names to suggest when nothing was found. */
  readonly nearestNames: readonly string[];
}

export const noEvidence: Evidence = {
  labels: [],
  fuzzy: [],
  tags: null,
  ownTags: null,
  digests: null,
  nearestNames: [],
};

/** How many results an answer writes out, unless it is told otherwise. */
export const mostResults = 50;

/** Answers a query from what is known. Never throws. */
export function search(
  index: SearchIndex,
  query: Query,
  evidence: Evidence = noEvidence,
  most: number = mostResults,
): Answer {
  if (isEmptyQuery(query)) return toAnswer(query, [], 0, true, []);
  const accepts = createFilter(index, query, evidence.labels);
  if (query.digest === null && query.tag !== null && query.words.length === 0) {
    const rows = evidence.tags === null ? [] : findTagged(query.tag, evidence.tags, accepts);
    const results = rows.slice(0, most).map((row) => writeOut(index, null, row));
    return toAnswer(query, results, rows.length, evidence.tags?.isComplete ?? true, suggest(query, evidence, null));
  }
  const needsOrder = query.tag !== null || query.digest !== null;
  const candidates = findCandidates(index, query, accepts, evidence.fuzzy, needsOrder ? undefined : most);
  if (query.digest !== null) return answerDigest(index, query, evidence, candidates, accepts, most);
  const rows = toRows(query, candidates, evidence, most);
  const results = rows.slice(0, most).map((row) => writeOut(index, candidates, row));
  const total = query.tag === null ? candidates.positions.length : rows.length;
  const best = results[0]?.name ?? null;
  return toAnswer(query, results, total, evidence.tags?.isComplete ?? true, suggest(query, evidence, best));
}

function toRows(query: Query, candidates: Candidates, { tags, ownTags }: Evidence, most: number): readonly Row[] {
  if (query.tag !== null && (tags !== null || ownTags !== null)) {
    return findTaggedCandidates(query.tag, candidates, ownTags, tags);
  }
  return candidates.positions
    .slice(0, most)
    .map((position, place) => ({ position, place, tag: null, tagMatches: [], why: null }));
}

function writeOut(index: SearchIndex, candidates: Candidates | null, row: Row): SearchResult {
  const explained = row.place === -1 ? null : candidates?.explain(row.place);
  const record = recordAt(index, row.position);
  return {
    name: record.name,
    matches: explained?.matches ?? [],
    why: row.why ?? explained?.why ?? { code: 'filter', text: '' },
    tag: row.tag,
    tagMatches: row.tagMatches,
    digest: null,
    record,
  };
}

/** Those nearest to the one that was asked for, and then the best ones. */
const mostOfferedTags = 3;

const kindNames = { index: 'Image index', manifest: 'Manifest', config: 'Config', layer: 'Layer', other: 'Content' };
const shownDigits = 12;

function answerDigest(
  index: SearchIndex,
  query: Query,
  { digests }: Evidence,
  candidates: Candidates,
  accepts: Accepts,
  most: number,
): Answer {
  const places = new Map(query.words.length > 0 ? candidates.positions.map((position, at) => [position, at]) : []);
  const results: SearchResult[] = [];
  let total = 0;
  let isTotalExact = true;
  for (const { digest, kind, repositories, total: all } of digests ?? []) {
    const shown = digest.slice(0, digest.indexOf(':') + 1 + shownDigits);
    const why = { code: 'digest', text: `${kindNames[kind]} ${shown}…` } as const;
    if (all > repositories.length) isTotalExact = false;
    for (const { position, tag } of repositories) {
      if (!accepts(position) || (query.words.length > 0 && !places.has(position))) continue;
      if (total++ >= most) continue;
      const result = writeOut(index, candidates, {
        position,
        place: places.get(position) ?? -1,
        tag,
        tagMatches: [],
        why,
      });
      results.push({ ...result, digest });
    }
  }
  return toAnswer(query, results, total, isTotalExact, []);
}

/** The nearest names when nothing was found, and the nearest tags when none is the one that was asked for. */
function suggest({ tag, words }: Query, evidence: Evidence, best: string | null): Suggestion[] {
  const names = evidence.nearestNames.map((text) => ({ text, kind: 'name' }) as const);
  if (tag === null || tag === '') return names;
  if (words.length === 0) return (evidence.tags?.nearest ?? []).map((near) => ({ text: `:${near}`, kind: 'tag' }));
  const own = evidence.ownTags ?? [];
  if (best === null || own.some((each) => each.toLowerCase().startsWith(tag.toLowerCase()))) return names;
  const offered = [...new Set([...nearestTags(tag, own), ...own])].slice(0, mostOfferedTags);
  return [...names, ...offered.map((each) => ({ text: `${best}:${each}`, kind: 'tag' }) as const)];
}

function toAnswer(
  query: Query,
  results: readonly SearchResult[],
  total: number,
  isTotalExact: boolean,
  suggestions: readonly Suggestion[],
): Answer {
  const isTooShort = query.digest !== null && query.digest.length < fewestDigestDigits;
  const notice = isTooShort ? `A digest is looked up from ${fewestDigestDigits} digits on.` : null;
  return { text: query.text, results, total, isTotalExact, suggestions, notice };
}
