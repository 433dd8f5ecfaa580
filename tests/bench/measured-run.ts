/** Runs a program and says what it took: time, processor time and memory, of itself and of the Node processes that it started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Taken {
  readonly wallMs: number;
  /** In user and system mode, of all processes. */
  readonly cpuMs: number;
  /** The most of all processes that ran at the same time, each with its own most. */
  readonly peakBytes: number;
}

export interface MeasuredRun extends Taken {
  readonly stdout: string;
}

export interface MeasuredOptions {
  readonly workingDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes besides 0 that are fine. */
  readonly allowedExits?: readonly number[];
}

const usageModule = pathToFileURL(join(import.meta.dirname, 'write-resource-usage.mjs')).href;

/** Runs Node with these words. Rejects with the end of what it said when it fails. */
export async function runMeasured(words: readonly string[], options: MeasuredOptions = {}): Promise<MeasuredRun> {
  const { workingDir = tmpdir(), environment = {}, allowedExits = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'bench-usage-'));
  try {
    const startedAtMs = performance.now();
    const child = spawn(process.execPath, words, {
      cwd: workingDir,
      env: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        NODE_OPTIONS: `--import=${usageModule}`,
        BENCH_USAGE_DIR: folder,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    const wallMs = performance.now() - startedAtMs;
    if (code !== 0 && !allowedExits.includes(code ?? -1))
      throw new Error(`node ${words.join(' ')}: exit ${code}\n${said}`);
    return { wallMs, stdout, ...(await readUsage(folder)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Usage extends NodeJS.ResourceUsage {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

async function readUsage(folder: string): Promise<Omit<Taken, 'wallMs'>> {
  const usages = await Promise.all(
    (await readdir(folder)).map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Usage),
  );
  const sumAt = (atMs: number) =>
    usages
      .filter(({ startedAtMs, endedAtMs }) => startedAtMs <= atMs && atMs <= endedAtMs)
      .reduce((sum, { maxRSS }) => sum + maxRSS * 1024, 0);
  return {
    cpuMs: usages.reduce((sum, { userCPUTime, systemCPUTime }) => sum + (userCPUTime + systemCPUTime) / 1000, 0),
    peakBytes: Math.max(0, ...usages.map(({ startedAtMs }) => sumAt(startedAtMs))),
  };
}
