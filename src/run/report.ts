/** `report.json`: what the last run did, for operators and for the programs that watch it. */
import { join } from 'node:path';
import type { Finding, FindingCode } from '../catalogue/observation.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { BuildResult } from './build-result.ts';
import type { CrawlRunResult } from './conclude-look.ts';
import { programVersion } from './program-version.ts';
import type { ListingState } from './source-verdicts.ts';

export const reportSchemaVersion = 1;

export interface ReportInput {
  readonly command: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly exitCode: number;
  readonly sources: readonly CrawlSource[];
  /** How the sources fared where no crawl came of it. */
  readonly listings: readonly ListingState[];
  readonly crawl: CrawlRunResult | null;
  readonly build: BuildResult | null;
  /** Of `crawl` and `build`, where they were begun. */
  readonly durationsMs: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}

export type Report = ReturnType<typeof toReport>;

/** More findings of one kind than this are counted, not listed. */
const mostListed = 100;

/** The report of a run, finished or failed. */
export function toReport(input: ReportInput) {
  const { crawl, build, sources } = input;
  return {
    schemaVersion: reportSchemaVersion,
    program: `registry-homepage/${programVersion}`,
    command: input.command,
    startedAt: input.startedAt.toISOString(),
    finishedAt: input.finishedAt.toISOString(),
    durationMs: input.finishedAt.getTime() - input.startedAt.getTime(),
    durationsMs: input.durationsMs,
    exitCode: input.exitCode,
    error: input.error,
    sources: sources.map((source) => toSourceReport(source, crawl?.listings ?? input.listings)),
    repositories: crawl?.counts.repositories ?? null,
    tags: crawl?.counts.tags ?? null,
    heldBackRemovals: crawl?.index.heldBackRemovals ?? null,
    findings: groupFindings(crawl?.findings ?? input.listings.flatMap(findingsOfFailure)),
    build,
  };
}

/** Writes the report into the state folder. */
export async function writeReport(stateDir: string, report: Report): Promise<void> {
  await replaceFile(join(stateDir, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
}

/** That it failed or refused. What else a list showed names names, and they were never held against those that are hidden. */
function findingsOfFailure({ findings }: ListingState): readonly Finding[] {
  return findings.filter(({ code }) => code === 'source-failed' || code === 'source-refused');
}

function toSourceReport({ name, client }: CrawlSource, listings: readonly ListingState[]) {
  const listing = listings.find(({ source }) => source.name === name);
  const { byKind, ...counts } = client.counts;
  return {
    name,
    outcome: listing?.outcome ?? null,
    listed: listing?.names.size ?? null,
    failure: listing?.failure ?? null,
    requests: { ...byKind, total: Object.values(byKind).reduce((sum, count) => sum + count, 0) },
    ...counts,
  };
}

/** The findings by kind, each kind with its number and its first hundred. */
export function groupFindings(findings: readonly Finding[]) {
  const groups = new Map<FindingCode, Finding[]>();
  for (const finding of findings) groups.set(finding.code, [...(groups.get(finding.code) ?? []), finding]);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, all]) => ({
      code,
      count: all.length,
      examples: all
        .map(({ source, repository, tag, text }) => ({ source, repository, tag, text }))
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        .slice(0, mostListed),
    }));
}

/** A finding in one line: where, and what. */
export function formatFinding({ source, repository, tag, text }: Omit<Finding, 'code'>): string {
  const place = repository === null ? (source ?? 'registry') : tag === null ? repository : `${repository}:${tag}`;
  return `${place}: ${text}`;
}
