/** `Look` <-> what a shard's file keeps of it. */
import type { Finding, FindingCode } from '../catalogue/observation.ts';
import type { Shard } from '../crawl/shard.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { RequestCounts } from '../registry/request-counts.ts';
import type { IndexEntry } from '../snapshot/index.schema.ts';
import type { ShardFile } from '../snapshot/shard-file.schema.ts';
import type { Look } from './look.ts';
import { type RunCounts, sumRunCounts } from './run-counts.ts';

export interface ShardContext {
  readonly shard: Shard;
  /** Of its settings. */
  readonly settings: string;
  readonly base: ShardFile['base'];
  readonly known: ReadonlyMap<RepositoryName, IndexEntry>;
  readonly requests: ReadonlyMap<string, RequestCounts>;
  /** Fingerprints of the names that settings give, by source. */
  readonly givenNames: ReadonlyMap<string, string | null>;
  readonly hidden: ShardFile['hidden'];
}

/** What is kept of a look whose hidden names are marks already. */
export function encodeLook(look: Look, context: ShardContext): Omit<ShardFile, 'schemaVersion'> {
  const { shard, settings, base, known, requests, givenNames, hidden } = context;
  return {
    shard: { number: shard.number, count: shard.count },
    ...{ settings, base, lookedAt: look.lookedAt, counts: look.counts, hidden },
    sources: look.listings.map(({ source: { name }, outcome, names, excluded, ignoresConditions, ...listing }) => {
      const { failure, hint, findings } = listing;
      const answers = look.answers.get(name) ?? noAnswers;
      const own = { ...noRequests, ...requests.get(name) };
      const given = givenNames.get(name) ?? null;
      const facts = { failure, hint, givenNames: given, answers, requests: own, findings: [...findings] };
      return { name, outcome, listed: names.size, excluded, ignoresConditions, ...facts };
    }),
    looked: [...look.looked]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, { source, isEmpty, isNew, entry, due, heir }]) => {
        // Nothing is kept of it, and perhaps its registry says so of what may not be read.
        if (entry === null) return [];
        const own = entry.file === known.get(name)?.file ? ('as-known' as const) : entry;
        return {
          ...{ name, source, isEmpty, isNew, entry: own },
          due: due === null ? null : { ...due, tags: [...due.tags] },
          ...(heir === null ? {} : { heir: { ...heir, findings: [...heir.findings] } }),
        };
      }),
    unanswered: [...look.unanswered],
    refused: [...look.refused],
    findings: [...look.findings],
  };
}

/** `entryOf` gives the entry of a repository that is not as it was known, and throws where it has none. */
export function decodeLook(
  file: ShardFile,
  entryOf: (name: RepositoryName, entry: IndexEntry | 'as-known') => IndexEntry,
): Look {
  const { lookedAt, base, sources, looked, unanswered, refused, hidden, findings, counts } = file;
  return {
    ...{ lookedAt, base, unanswered, refused },
    listings: sources.map(({ name, listed, findings: found, ...source }) => ({
      ...source,
      source: { name },
      names: { size: listed },
      findings: found.map(toFinding),
    })),
    answers: new Map(sources.map(({ name, answers }) => [name, answers])),
    looked: new Map(
      looked.map(({ name, entry, due, heir, ...one }) => [
        name,
        {
          ...one,
          entry: entryOf(name, entry),
          due: due === null ? null : { ...due, tags: new Map(due.tags) },
          heir:
            heir === undefined
              ? null
              : { ...heir, entry: heir.entry && entryOf(name, heir.entry), findings: heir.findings.map(toFinding) },
        },
      ]),
    ),
    names: {
      ...{ leftOutNames: [], shownNames: looked.map(({ name }) => name), searchedFor: hidden.searchedFor },
      elsewhere: {
        ...{ strict: new Set(hidden.strict), referred: new Set(hidden.referred), withheld: hidden.withheld },
      },
    },
    findings: findings.map(toFinding),
    counts: sumRunCounts([counts as unknown as RunCounts]),
  };
}

const noAnswers = {
  ...{ answered: 0, refused: 0, failed: 0, firstFailure: null },
  ...{ isGiven: false, isOpen: false },
};
const noRequests = { byKind: {}, unchanged: 0, retries: 0, rateLimited: 0, receivedBytes: 0 };

/** Its code may be one that only another program knows; it is counted all the same. */
function toFinding(finding: ShardFile['findings'][number]): Finding {
  return { ...finding, code: finding.code as FindingCode };
}
