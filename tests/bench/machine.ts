/** Where it was measured. */
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { readProgramFingerprint } from '../../src/run/program-fingerprint.ts';
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
    `registry-homepage of ${(await readProgramFingerprint()).slice(0, 12)}`,
  ];
}
