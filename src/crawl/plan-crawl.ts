/** Which repository is asked of which source. */
import type { Finding } from '../catalogue/observation.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { CrawlSource } from './crawl-source.ts';
import type { SourceListing } from './list-source.ts';

/** One repository of the crawl. `listed` is false for a known one that its source does not list: it is asked directly. */
export interface Assignment {
  readonly name: RepositoryName;
  readonly source: CrawlSource;
  readonly listed: boolean;
}

export interface CrawlPlan {
  readonly assignments: readonly Assignment[];
  /** Known repositories whose source could not be listed at all; nothing is asked about them. */
  readonly unanswered: readonly Assignment[];
  readonly findings: readonly Finding[];
}

/**
 * Plans a crawl. Of several sources that list one name the last wins, unless a later one that had it before is not heard
 * in full: its silence must not put an earlier one's leftovers in its place.
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
    const holder = pickHolder(name, listings, known.get(name)?.source);
    const last = listers.at(-1);
    const winner = last === undefined || (holder && isSilent(holder) && comesLater(holder, last)) ? holder : last;
    if (winner === undefined) continue;
    for (const listing of listers) {
      if (listing !== winner) findings.push(shadowed(name, listing, winner));
    }
    const fixed = winner.source.fixedNames !== null;
    const assignment = { name, source: winner.source, listed: winner.names.has(name) && !fixed };
    const isUnheard = (winner.outcome === 'failed' || winner.outcome === 'refused') && !winner.names.has(name);
    (isUnheard ? unanswered : assignments).push(assignment);
  }
  return { assignments, unanswered, findings };

  function comesLater(a: SourceListing, b: SourceListing): boolean {
    return listings.indexOf(a) > listings.indexOf(b);
  }
}

/** The source to ask about a known name: the one that had it, else the last that may have it. */
function pickHolder(name: RepositoryName, listings: readonly SourceListing[], had: string | undefined) {
  if (had === undefined) return undefined;
  const able = listings.filter(({ source }) => source.serves(name));
  return able.find(({ source }) => source.name === had) ?? able.at(-1);
}

function isSilent({ outcome }: SourceListing): boolean {
  return outcome !== 'complete';
}

function shadowed(name: RepositoryName, listing: SourceListing, winner: SourceListing): Finding {
  const text = `also listed by ${listing.source.name}; shown from ${winner.source.name}`;
  return { code: 'shadowed', source: listing.source.name, repository: name, tag: null, text };
}
