/** Which repository is asked of which source. */
import { hash } from 'node:crypto';
import type { Finding } from '../catalogue/observation.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { CrawlSource } from './crawl-source.ts';
import type { SourceListing } from './list-source.ts';

/** What the source's own list says of a name. */
export type Standing =
  | 'listed'
  /** The list is complete, and a known name is not on it: it is asked for directly. */
  | 'omitted'
  /** The list is not complete, and the name may have been on the part that is missing. */
  | 'unheard'
  /** Settings name it; nobody listed anything. */
  | 'named';

/** One repository of the crawl. */
export interface Assignment {
  readonly name: RepositoryName;
  readonly source: CrawlSource;
  readonly standing: Standing;
  /** Who lists it besides, and is asked when `source` says that it does not have it. */
  readonly fallback: CrawlSource | null;
  /** The source of the plan: another than `source` where it said so, and `fallback` was asked in its place. */
  readonly askedFirst: CrawlSource;
}

export interface CrawlPlan {
  readonly assignments: readonly Assignment[];
  /** Known repositories whose source could not be listed at all; nothing is asked about them. */
  readonly unanswered: readonly Assignment[];
  readonly findings: readonly Finding[];
}

/**
 * Plans a crawl. Of several sources that list one name the last wins, unless a later one had it before: its silence must not
 * put an earlier one's leftovers in its place, so it is asked first, or waited for.
 */
export function planCrawl(
  listings: readonly SourceListing[],
  known: ReadonlyMap<RepositoryName, { readonly source: string }>,
): CrawlPlan {
  const findings: Finding[] = [];
  const assignments: Assignment[] = [];
  const unanswered: Assignment[] = [];
  const names = new Set<RepositoryName>([...listings.flatMap((listing) => [...listing.names]), ...known.keys()]);

  for (const name of [...names].sort()) {
    const listers = listings.filter((listing) => listing.names.has(name));
    const winner = pickWinner(name, listings, listers.at(-1), known.get(name)?.source);
    if (winner === undefined) continue;
    const standing = toStanding(name, winner);
    const fallback = standing === 'omitted' ? (listers.at(-1)?.source ?? null) : null;
    for (const listing of listers) {
      if (listing !== winner && listing.source !== fallback)
        findings.push(shadowed(name, listing.source, winner.source));
    }
    const isUnheard = (winner.outcome === 'failed' || winner.outcome === 'refused') && !winner.names.has(name);
    const { source } = winner;
    (isUnheard ? unanswered : assignments).push({ name, source, standing, fallback, askedFirst: source });
  }
  return { assignments, unanswered, findings };
}

/**
 * The same assignments in an order in which neighbours have little in common. A namespace whose storage is ill then fails here
 * and there, instead of so long in a row that its whole source is taken for broken.
 */
export function spreadOut(assignments: readonly Assignment[]): readonly Assignment[] {
  const keyed = assignments.map((assignment) => ({ assignment, key: hash('sha1', assignment.name) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ assignment }) => assignment);
}

/** The source to ask: the last that lists the name, unless a later one had it; where none lists it, one that may have it. */
function pickWinner(
  name: RepositoryName,
  listings: readonly SourceListing[],
  lister: SourceListing | undefined,
  had: string | undefined,
): SourceListing | undefined {
  if (had === undefined) return lister;
  const able = listings.filter((listing) => mayHave(name, listing));
  const holder = able.find(({ source }) => source.name === had);
  if (lister === undefined) return holder ?? able.at(-1);
  return holder !== undefined && listings.indexOf(holder) > listings.indexOf(lister) ? holder : lister;
}

/** Whether a later source than `source` may list the name too, and would be believed: its list is not whole. */
export function mayBeListedLater(
  name: RepositoryName,
  source: CrawlSource,
  listings: readonly SourceListing[],
): boolean {
  const later = listings.slice(listings.findIndex((listing) => listing.source === source) + 1);
  return later.some((listing) => listing.outcome !== 'complete' && mayHave(name, listing));
}

/** Whether this is a place to look for the name: by the source's routes, and by its list where settings have one. */
function mayHave(name: RepositoryName, { source, names }: SourceListing): boolean {
  return source.serves(name) && (source.fixedNames === null || names.has(name));
}

function toStanding(name: RepositoryName, { source, names, outcome }: SourceListing): Standing {
  if (source.fixedNames !== null) return 'named';
  if (names.has(name)) return 'listed';
  return outcome === 'complete' ? 'omitted' : 'unheard';
}

/** That `lister` lists a name besides, and another source is believed. */
export function shadowed(
  name: RepositoryName,
  lister: Pick<CrawlSource, 'name'>,
  believed: Pick<CrawlSource, 'name'>,
): Finding {
  const text = `also listed by ${lister.name}; shown from ${believed.name}`;
  return { code: 'shadowed', source: lister.name, repository: name, tag: null, text };
}
