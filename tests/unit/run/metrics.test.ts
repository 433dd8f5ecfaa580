import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodeMetrics, metricHelp, type RunOutcome, writeMetrics } from '../../../src/run/metrics.ts';
import type { Report } from '../../../src/run/report.ts';
import { useFolder } from '../../support/run-program.ts';

const report = {
  repositories: { seen: 812, stale: 2 },
  tags: { seen: 9000, settling: 1 },
  heldBackRemovals: { repositories: 0, tags: 3 },
  findings: [{ code: 'digest-mismatch', count: 4, examples: [] }],
  sources: [
    {
      name: 'main',
      outcome: 'complete',
      requests: { catalog: 1, manifest: 9000, total: 9001 },
      unchanged: 8999,
      retries: 1,
      rateLimited: 0,
      receivedBytes: 123_456,
    },
  ],
  build: {
    pages: 7,
    blobs: {
      ...{ named: 9, verified: 6, unread: 1, corrupt: 1, missing: 1, misstated: 0 },
      oldestVerifiedAt: '2026-11-14T03:00:00Z',
    },
  },
} as unknown as Report;

function end(exitCode: number, minute: number, over: Partial<RunOutcome> = {}): RunOutcome {
  const finishedAt = new Date(Date.UTC(2026, 10, 21, 13, minute, 0, 900));
  return { registry: 'registry.example.org', finishedAt, durationMs: 61_500, exitCode, report, ...over };
}

/** The samples of a file by what stands before the value, the labels that all have left out. */
function readSamples(text: string): Readonly<Record<string, number>> {
  const samples: Record<string, number> = {};
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('#')) continue;
    const match = /^registry_homepage_([a-z_]+)\{registry="registry\.example\.org",?(.*)\} (-?[\d.]+)$/.exec(line);
    assert.ok(match, line);
    samples[`${match[1]} ${match[2]}`.trim()] = Number(match[3]);
  }
  return samples;
}

test('every fact of a run is a sample, below its help and type', () => {
  const text = encodeMetrics(end(0, 7), '');
  const { info, ...samples } = Object.fromEntries(
    Object.entries(readSamples(text)).map(([key, value]) => [key.startsWith('info') ? 'info' : key, value]),
  );
  assert.equal(info, 1);
  const at = Date.UTC(2026, 10, 21, 13, 7) / 1000;
  assert.deepEqual(samples, {
    last_run_timestamp_seconds: at,
    last_success_timestamp_seconds: at,
    last_complete_timestamp_seconds: at,
    last_run_exit_code: 0,
    last_run_duration_seconds: 61.5,
    'repositories state="seen"': 812,
    'repositories state="stale"': 2,
    'tags state="seen"': 9000,
    'tags state="settling"': 1,
    'held_back_removals of="repositories"': 0,
    'held_back_removals of="tags"': 3,
    'blobs state="corrupt"': 1,
    'blobs state="missing"': 1,
    'blobs state="misstated"': 0,
    'blobs state="named"': 9,
    'blobs state="unread"': 1,
    'blobs state="verified"': 6,
    oldest_verified_timestamp_seconds: Date.parse('2026-11-14T03:00:00Z') / 1000,
    'findings code="digest-mismatch"': 4,
    'source_complete source="main"': 1,
    'requests source="main",kind="catalog"': 1,
    'requests source="main",kind="manifest"': 9000,
    'unchanged_answers source="main"': 8999,
    'retries source="main"': 1,
    'rate_limited source="main"': 0,
    'received_bytes source="main"': 123_456,
    pages_written: 7,
  });
  for (const name of Object.keys(metricHelp)) {
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.startsWith(`# HELP registry_homepage_${name} `));
    assert.equal(lines[at + 1], `# TYPE registry_homepage_${name} gauge`, name);
    assert.ok(lines[at + 2]?.startsWith(`registry_homepage_${name}{`), name);
  }
});

test('a failed run keeps when the site was last published, and leaves out what it does not know', () => {
  const published = encodeMetrics(end(0, 7), '');
  const incomplete = encodeMetrics(end(3, 17), published);
  const failed = encodeMetrics(end(78, 27, { registry: null, report: null }), incomplete);
  const samples = readSamples(failed);
  const at = (minute: number) => Date.UTC(2026, 10, 21, 13, minute) / 1000;
  assert.equal(samples['last_run_timestamp_seconds'], at(27));
  assert.equal(samples['last_success_timestamp_seconds'], at(17));
  assert.equal(samples['last_complete_timestamp_seconds'], at(7));
  assert.equal(samples['last_run_exit_code'], 78);
  assert.equal(samples['repositories state="seen"'], undefined);
});

test('what was merged before does not make the site younger', () => {
  const shards = { count: 2, joined: [1, 2], missing: [] };
  const first = encodeMetrics(end(0, 7, { report: { ...report, shards } }), '');
  const merged = { ...report, shards, repositories: null };
  const again = encodeMetrics(end(0, 30, { report: { ...merged, build: null } }), first);
  const [at, later] = [7, 30].map((minute) => Date.UTC(2026, 10, 21, 13, minute) / 1000);
  const samples = readSamples(again);
  assert.equal(samples['last_run_timestamp_seconds'], later);
  assert.equal(samples['last_success_timestamp_seconds'], at);
  assert.equal(samples['last_complete_timestamp_seconds'], at);

  assert.ok(report.build !== null);
  const published = readSamples(encodeMetrics(end(0, 30, { report: merged }), first));
  assert.equal(published['last_success_timestamp_seconds'], later, 'a site that was made of it does');
});

test('no run was later than this one: a clock that ran ahead would hide for years that none succeeds', () => {
  const ahead = encodeMetrics(end(0, 7, { finishedAt: new Date('2099-01-01T00:00:00Z') }), '');
  const samples = readSamples(encodeMetrics(end(69, 8, { report: null }), ahead));
  const now = Date.UTC(2026, 10, 21, 13, 8) / 1000;
  assert.equal(samples['last_success_timestamp_seconds'], now);
  assert.equal(samples['last_complete_timestamp_seconds'], now);
});

test('a first run that fails was never successful', () => {
  const samples = readSamples(encodeMetrics(end(69, 7), ''));
  assert.equal(samples['last_success_timestamp_seconds'], undefined);
  assert.equal(samples['last_run_exit_code'], 69);
});

test('labels are escaped', () => {
  const text = encodeMetrics(end(0, 7, { registry: 'a"b\\c\nd' }), '');
  assert.match(text, /\{registry="a\\"b\\\\c\\nd"\} /);
});

test('the file is replaced in one step, and others may read it', async (t) => {
  const file = join(await useFolder(t), 'registry-homepage.prom');
  await writeMetrics(file, end(0, 7));
  const { ino, mode } = await stat(file);
  assert.equal(mode & 0o444, 0o444);
  await writeMetrics(file, end(0, 8));
  assert.notEqual((await stat(file)).ino, ino);
  assert.match(await readFile(file, 'utf8'), /last_run_timestamp/);
});

test('what a shard did is told apart from what another did, and from the whole', () => {
  const text = encodeMetrics(end(0, 7, { shard: '2/8' }), '');
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.ok(samples.length > 10);
  for (const sample of samples) assert.match(sample, /\{registry="registry\.example\.org",shard="2\/8"/);
  assert.doesNotMatch(encodeMetrics(end(0, 7), ''), /shard/);
  assert.match(encodeMetrics(end(69, 8, { shard: '2/8', report: null }), text), /last_complete.*shard="2\/8"\} \d+/);
});
