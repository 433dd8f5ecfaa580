/** File systems of their own, small enough to fill, and with a power switch. Only root can have them. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { requireTool } from './require-tool.ts';

/** Whether this process may mount; if not, the test is marked as skipped: then return from it. */
export function requireMounts(t: TestContext, ...tools: readonly string[]): boolean {
  if (process.getuid?.() !== 0) {
    t.skip('only root can mount');
    return false;
  }
  return requireTool(t, 'mount', 'umount', ...tools);
}

export interface Disk {
  /** Where it is mounted. */
  readonly folder: string;
  /** For other files of the test; it goes with the disk. */
  readonly workDir: string;
}

/**
 * Mounts with the words that `toWords` gives, until the test ends. Null where this machine does not let us, which skips the
 * test: then return from it.
 */
export async function useDisk(t: TestContext, toWords: (workDir: string) => readonly string[]): Promise<Disk | null> {
  const workDir = await mkdtemp(join(tmpdir(), 'registry-homepage-disk-'));
  const folder = join(workDir, 'disk');
  // One after the other: what is mounted must not be removed.
  t.after(async () => {
    unmount(folder);
    await rm(workDir, { recursive: true, force: true });
  });
  await mkdir(folder);
  const { status, stderr } = spawnSync('mount', [...toWords(workDir), folder], { encoding: 'utf8' });
  if (status === 0) return { folder, workDir };
  t.skip(`nothing can be mounted here: ${stderr.trim()}`);
  return null;
}

export function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder]);
}

export function run(tool: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(tool, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${tool} ${words.join(' ')} failed: ${stderr}`);
}
