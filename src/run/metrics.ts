/**
 * What a run did, in Prometheus' text format, for the textfile collector of node_exporter. A failed run writes it too: what it
 * does not know it leaves out, and when the site was last published it takes from the file that it replaces.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import { readFile } from 'node:fs/promises';
import { replaceFile } from '../snapshot/durable-write.ts';
import { exitCodes } from './exit-code.ts';
import { programVersion } from './program-version.ts';
import type { BlobCounts } from './read-integrity.ts';
import { type Report, wasMergedBefore } from './report.ts';

export interface RunOutcome {
  /** The public host: tells the registries of one machine apart. Null where the settings could not be read. */
  readonly registry: string | null;
  /** Which shard was crawled; absent where all was. */
  readonly shard?: string;
  readonly finishedAt: Date;
  readonly durationMs: number;
  readonly exitCode: number;
  /** Null where the run ended before it had anything to report. */
  readonly report: Report | null;
}

/** Every metric's name, and what it means. The names are a promise. */
export const metricHelp = {
  last_run_timestamp_seconds: 'When the newest run ended, whatever came of it.',
  last_success_timestamp_seconds: 'When a run last ended with the site checked and published: exit 0, 3 or 65.',
  last_complete_timestamp_seconds: 'When a run last ended with a site that is complete and current: exit 0.',
  last_run_exit_code: 'How the newest run ended; the README has the table.',
  last_run_duration_seconds: 'How long the newest run took.',
  repositories: 'Repositories of the newest run, by what came of them.',
  tags: 'Tags of the newest run, by what came of them.',
  held_back_removals: 'What seems to be gone and is too many to believe.',
  findings: 'What the newest run noticed, by code.',
  source_complete: 'Whether a source listed everything: 1, or 0.',
  requests: 'Requests of the newest run, by kind; a retry counts again.',
  unchanged_answers: 'Answers 304 of the newest run.',
  retries: 'Requests of the newest run that were tried again.',
  rate_limited: 'Answers 429 of the newest run.',
  received_bytes: 'Bytes that the newest run received from a source.',
  blobs: 'Layers and configs that manifests name, by what is known of them; verify reads them.',
  oldest_verified_timestamp_seconds: 'When what is verified was read, at the longest.',
  pages_written: 'Pages that the newest run rendered; 0 when nothing had changed.',
  info: 'The version of the program.',
} as const satisfies Readonly<Record<string, string>>;

type MetricName = keyof typeof metricHelp;

interface Sample {
  readonly name: MetricName;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

const prefix = 'registry_homepage_';
const published: readonly number[] = [exitCodes.complete, exitCodes.incomplete, exitCodes.removalsHeldBack];

/** Writes the file in one step, for it may be read at any moment, and by another user. */
export async function writeMetrics(file: string, outcome: RunOutcome): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => '');
  await replaceFile(file, encodeMetrics(outcome, before));
}

/** Encodes an outcome; `before` is the file that it replaces, or empty. */
export function encodeMetrics(outcome: RunOutcome, before: string): string {
  const registry = outcome.registry ?? readLabel(before, 'registry') ?? '';
  const shard = outcome.shard === undefined ? {} : { shard: outcome.shard };
  const samples = [...listRunSamples(outcome, before), ...listReportSamples(outcome.report)];
  const names = Object.keys(metricHelp) as MetricName[];
  const blocks = names.flatMap((name) => {
    const own = samples.filter((sample) => sample.name === name);
    if (own.length === 0) return [];
    const lines = own.map(
      ({ labels, value }) => `${prefix}${name}${encodeLabels({ registry, ...shard, ...labels })} ${String(value)}`,
    );
    return [`# HELP ${prefix}${name} ${metricHelp[name]}`, `# TYPE ${prefix}${name} gauge`, ...lines];
  });
  return `${blocks.join('\n')}\n`;
}

function listRunSamples(outcome: RunOutcome, before: string): readonly Sample[] {
  const { finishedAt, durationMs, exitCode, report } = outcome;
  const now = Math.floor(finishedAt.getTime() / 1000);
  const isNew = report === null || !wasMergedBefore(report);
  const lastSuccess =
    isNew && published.includes(exitCode) ? now : readTime(before, 'last_success_timestamp_seconds', now);
  const lastComplete =
    isNew && exitCode === exitCodes.complete ? now : readTime(before, 'last_complete_timestamp_seconds', now);
  return [
    { name: 'last_run_timestamp_seconds', value: now },
    ...(lastSuccess === null ? [] : [{ name: 'last_success_timestamp_seconds', value: lastSuccess } as const]),
    ...(lastComplete === null ? [] : [{ name: 'last_complete_timestamp_seconds', value: lastComplete } as const]),
    { name: 'last_run_exit_code', value: exitCode },
    { name: 'last_run_duration_seconds', value: durationMs / 1000 },
    { name: 'info', labels: { version: programVersion }, value: 1 },
  ];
}

function listReportSamples(report: Report | null): readonly Sample[] {
  if (report === null) return [];
  const { repositories, tags, heldBackRemovals, findings, sources, build } = report;
  return [
    ...listCounts('repositories', 'state', repositories),
    ...listCounts('tags', 'state', tags),
    ...listCounts('held_back_removals', 'of', heldBackRemovals === null ? null : { ...heldBackRemovals }),
    ...findings.map(({ code, count }) => ({ name: 'findings', labels: { code }, value: count }) as const),
    ...sources.flatMap(listSourceSamples),
    ...(build === null ? [] : [{ name: 'pages_written', value: build.pages } as const]),
    ...listBlobSamples(build?.blobs ?? null),
  ];
}

function listBlobSamples(blobs: BlobCounts | null): readonly Sample[] {
  if (blobs === null) return [];
  const { oldestVerifiedAt, ...counts } = blobs;
  const name = 'oldest_verified_timestamp_seconds';
  const oldest = oldestVerifiedAt === null ? [] : [{ name, value: Date.parse(oldestVerifiedAt) / 1000 } as const];
  return [...listCounts('blobs', 'state', counts), ...oldest];
}

function listSourceSamples(source: Report['sources'][number]): readonly Sample[] {
  const { name, outcome, requests, unchanged, retries, rateLimited, receivedBytes } = source;
  const labels = { source: name };
  const { total: _, ...byKind } = requests;
  return [
    { name: 'source_complete', labels, value: outcome === 'complete' ? 1 : 0 },
    ...listCounts('requests', 'kind', byKind).map((sample) => ({ ...sample, labels: { ...labels, ...sample.labels } })),
    { name: 'unchanged_answers', labels, value: unchanged },
    { name: 'retries', labels, value: retries },
    { name: 'rate_limited', labels, value: rateLimited },
    { name: 'received_bytes', labels, value: receivedBytes },
  ];
}

function listCounts(
  name: MetricName,
  label: string,
  counts: Readonly<Record<string, number>> | null,
): readonly Sample[] {
  return Object.entries(counts ?? {}).map(([key, value]) => ({ name, labels: { [label]: key }, value }));
}

function encodeLabels(labels: Readonly<Record<string, string>>): string {
  const texts = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${escaped}"`;
  });
  return `{${texts.join(',')}}`;
}

function readValue(text: string, name: MetricName): number | null {
  const value = new RegExp(`^${prefix}${name}\\{[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1];
  return value === undefined ? null : Number(value);
}

/** No run was later than this one: a clock that ran ahead then would make the site seem young for years. */
function readTime(text: string, name: MetricName, now: number): number | null {
  const value = readValue(text, name);
  return value === null ? null : Math.min(value, now);
}

function readLabel(text: string, label: string): string | null {
  return new RegExp(`\\{${label}="([^"\\\\]*)"`).exec(text)?.[1] ?? null;
}
