/** Where it was measured. */
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { listFiles } from '../../src/publish/list-files.ts';
import { readProgramFingerprint } from '../../src/run/program-fingerprint.ts';
import { programDir } from '../../src/run/program-version.ts';
import { findTool } from '../support/require-tool.ts';

/** A line for each part: processor, memory, system, programs, and which one of ours. */
export async function describeMachine(): Promise<readonly string[]> {
  const processors = cpus();
  const registry = findTool('docker-registry');
  const version = registry === null ? null : spawnSync(registry, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return [
    `${processors.length} processors: ${processors[0]?.model.trim() || 'unknown'}`,
    `${Math.round(totalmem() / 1024 ** 3)} GiB of memory`,
    `${type()} ${release()}, Node ${process.version}`,
    version?.replace(/^\S*\//, '') ??
      'docker-registry is not installed: only the crawls of the demo registry were measured',
    `registry-homepage of ${await describeProgram()}`,
  ];
}

/** Digits that are others when what runs is: how it is started counts here as well. */
async function describeProgram(): Promise<string> {
  const scripts = join(programDir, 'scripts');
  const files = (await listFiles(scripts)).map((file) => [file, hash('sha256', readFileSync(join(scripts, file)))]);
  return hash('sha256', JSON.stringify([await readProgramFingerprint(), files])).slice(0, 12);
}
