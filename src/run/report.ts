/** `report.json`: what the last run did, for operators and for the programs that watch it. */
import { join } from 'node:path';
import type { HeldBackRemovals } from '../catalogue/model.ts';
import type { Finding, FindingCode } from '../catalogue/observation.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import { replaceFile } from '../snapshot/durable-write.ts';
import type { BuildResult } from './build-result.ts';
import type { CrawlRunResult } from './conclude-look.ts';
import { toExitCode } from './exit-code.ts';
import { programVersion } from './program-version.ts';
import type { ListingState } from './source-verdicts.ts';

export const reportSchemaVersion = 1;

/** A source, and how it was asked. */
export interface ReportedSource {
  readonly name: string;
  readonly client: Pick<CrawlSource['client'], 'counts'>;
}

export interface ReportedCrawl extends Pick<CrawlRunResult, 'counts' | 'listings' | 'findings' | 'exitCode'> {
  /** Null where only the whole catalogue can say. */
  readonly heldBack: HeldBackRemovals | null;
}

export interface ShardsReport {
  readonly count: number;
  /** The numbers of those that were joined. */
  readonly joined: readonly number[];
  readonly missing: readonly { readonly shard: string; readonly reason: string }[];
}

export interface ReportInput {
  readonly command: string;
  /** Of a crawl of one shard: which. */
  readonly shard?: string;
  /** Of a merge: what became of the shards. */
  readonly shards?: ShardsReport | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly exitCode: number;
  readonly sources: readonly ReportedSource[];
  /** How the sources fared where no crawl came of it. */
  readonly listings: readonly ListingState[];
  readonly crawl: ReportedCrawl | null;
  readonly build: BuildResult | null;
  /** Of `crawl`, `merge` and `build`, where they were begun. */
  readonly durationsMs: Readonly<Record<string, number>>;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
}

/** What ended a run, and the exit code that says so. */
export function describeError(error: unknown): Pick<ReportInput, 'exitCode' | 'error'> {
  const { code, hint, message } = error as { code?: unknown; hint?: unknown; message?: unknown };
  const described = { code: String(code ?? 'DEFECT'), message: String(message), hint: hint ? String(hint) : null };
  return { exitCode: toExitCode(error), error: described };
}

export type Report = ReturnType<typeof toReport>;

/** Whether the run merged what had been merged before, and so did nothing for the age of the site. */
export function wasMergedBefore({
  shards,
  repositories,
  build,
}: Pick<Report, 'shards' | 'repositories' | 'build'>): boolean {
  return shards !== undefined && repositories === null && build === null;
}

/** More findings of one kind than this are counted, not listed. */
const mostListed = 100;

/** The report of a run, finished or failed. */
export function toReport(input: ReportInput) {
  const { crawl, build, sources } = input;
  return {
    schemaVersion: reportSchemaVersion,
    program: `registry-homepage/${programVersion}`,
    command: input.command,
    ...(input.shard === undefined ? {} : { shard: input.shard }),
    ...(input.shards ? { shards: input.shards } : {}),
    startedAt: input.startedAt.toISOString(),
    finishedAt: input.finishedAt.toISOString(),
    durationMs: input.finishedAt.getTime() - input.startedAt.getTime(),
    durationsMs: input.durationsMs,
    exitCode: input.exitCode,
    error: input.error,
    sources: sources.map((source) => toSourceReport(source, crawl?.listings ?? input.listings)),
    repositories: crawl?.counts.repositories ?? null,
    tags: crawl?.counts.tags ?? null,
    heldBackRemovals: crawl?.heldBack ?? null,
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

function toSourceReport({ name, client }: ReportedSource, listings: readonly ListingState[]) {
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
