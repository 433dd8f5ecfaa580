/** The same facts by the tools that everybody has, one process for each question: on a few repositories, and multiplied. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forEachConcurrently } from '../../src/crawl/for-each-concurrently.ts';
import { findTool } from '../support/require-tool.ts';
import type { MeasuredRun } from './measured-run.ts';
import type { Measurement } from './measurement.ts';
import type { WorldFiles, WorldRegistry } from './world-registry.ts';
import type { PlannedRepository, World } from './worlds.ts';

interface Peer {
  readonly tool: string;
  /** The questions for the facts of one tag: words of a command line. */
  readonly questions: (reference: string) => readonly (readonly string[])[];
}

const peers: readonly Peer[] = [
  {
    tool: 'crane',
    questions: (reference) => [
      ['manifest', '--insecure', reference],
      ['config', '--insecure', reference],
    ],
  },
  {
    tool: 'skopeo',
    questions: (reference) => [['inspect', '--no-tags', '--tls-verify=false', `docker://${reference}`]],
  },
];
const sampledRepositories = 3;
const atOnce = 4;

/** Measures those that are installed beside a cold crawl. */
export async function measurePeers(
  world: World,
  files: WorldFiles,
  registry: WorldRegistry,
  cold: MeasuredRun,
  onMeasured: (measurement: Measurement) => void,
): Promise<void> {
  const sample = pickSample([...world.plan()]);
  const host = new URL(registry.url).host;
  const references = sample.flatMap(({ name, tags }) => tags.map((tag) => `${host}/${name}:${tag}`));
  for (const { tool, questions } of peers) {
    if (findTool(tool) === null) continue;
    const startedAtMs = performance.now();
    await forEachConcurrently(references.flatMap(questions), atOnce, async (words) => {
      await ask(tool, words);
    });
    const sampleMs = performance.now() - startedAtMs;
    onMeasured({
      step: `cold crawl beside ${tool}`,
      taken: null,
      value: cold.wallMs,
      unit: 'ms',
      limit: {
        what: `${tool}, once for each tag, ${atOnce} at once, multiplied`,
        value: (sampleMs * files.tags) / references.length,
        times: 1,
      },
      notes: [
        `${Math.round(sampleMs)} ms for the ${references.length} tags of ${sample.length} repositories, taken ${(files.tags / references.length).toFixed(0)} times; of an index it reads one platform`,
      ],
    });
  }
}

/**
 * Measures, where it is installed, what makes a page of dates of the registry (`reg server --once`), beside an hour of ours in which
 * nothing changed. To be called last: its questions have the registry write new manifests.
 */
export async function measureDatesPage(
  registry: WorldRegistry,
  parent: string,
  { repositories }: WorldFiles,
  hour: MeasuredRun,
  onMeasured: (measurement: Measurement) => void,
): Promise<void> {
  if (findTool('reg') === null) return;
  const folder = join(parent, 'reg');
  await mkdir(folder);
  const startedAtMs = performance.now();
  const said = await ask('reg', ['server', '--once', '-k', '-f', '-r', new URL(registry.url).host], folder);
  const wallMs = performance.now() - startedAtMs;
  await rm(folder, { recursive: true });
  // It gives an image up at the first tag that is an index or of the OCI's types.
  const shown = repositories - (said.match(/level=warning/g)?.length ?? 0);
  const isAnswer = shown * 2 > repositories;
  onMeasured({
    step: 'whole unchanged hour beside reg',
    taken: null,
    value: hour.wallMs,
    unit: 'ms',
    limit: isAnswer ? { what: 'reg server --once, a page of names and dates', value: wallMs, times: 1 } : null,
    notes: [`reg server --once took ${Math.round(wallMs)} ms and could show ${shown} of ${repositories} images`],
  });
}

/** Milliseconds that a script takes which lists names (`incumbent.py`); null where what it needs is not installed. */
export async function measureNameList(registry: WorldRegistry, parent: string): Promise<number | null> {
  if (findTool('python3') === null || !(await isAnswered('python3', ['-c', 'import requests']))) return null;
  const folder = join(parent, 'names');
  const startedAtMs = performance.now();
  await ask('python3', [join(import.meta.dirname, 'incumbent.py'), registry.url, folder]);
  const wallMs = performance.now() - startedAtMs;
  await rm(folder, { recursive: true });
  return wallMs;
}

function pickSample(all: readonly PlannedRepository[]): readonly PlannedRepository[] {
  const step = Math.max(1, Math.floor(all.length / sampledRepositories));
  return all.filter((_, at) => at % step === 0).slice(0, sampledRepositories);
}

async function isAnswered(tool: string, words: readonly string[]): Promise<boolean> {
  return ask(tool, words).then(
    () => true,
    () => false,
  );
}

/** Resolves to what it said besides its answer. */
async function ask(tool: string, words: readonly string[], workingDir = tmpdir()): Promise<string> {
  const child = spawn(tool, words, { cwd: workingDir, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${tool} ${words.join(' ')}: exit ${code}\n${said.slice(-500)}`);
  return said;
}
