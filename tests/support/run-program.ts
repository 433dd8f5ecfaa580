/** Runs the command line as an operator would: a process of its own. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';

export interface ProgramResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly workingDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it leads a process group of its own, so that it can be killed with all that it started. */
  readonly isGroup?: boolean;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly result: Promise<ProgramResult>;
}

const program = join(import.meta.dirname, '..', '..', 'scripts', 'registry-homepage.ts');

/** Starts `registry-homepage` with these words, with nobody's credentials, and lets it run. */
export function startProgram(words: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: options.workingDir ?? tmpdir(),
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.isGroup === true,
  });
  return { child, result: readResult(child) };
}

/** Runs any program to its end. */
export function runTool(tool: string, words: readonly string[]): Promise<ProgramResult> {
  return readResult(spawn(tool, words, { stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function readResult(child: ChildProcessByStdio<null, Readable, Readable>): Promise<ProgramResult> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

/** Runs `registry-homepage` to its end. */
export function runProgram(words: readonly string[], options?: ProgramOptions): Promise<ProgramResult> {
  return startProgram(words, options).result;
}

/** A new folder that goes when the test ends. */
export async function useFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-homepage-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
