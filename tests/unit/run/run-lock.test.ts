import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { toExitCode } from '../../../src/run/exit-code.ts';
import type { RunError } from '../../../src/run/run-error.ts';
import { takeRunLock } from '../../../src/run/run-lock.ts';
import { useFolder } from '../../support/run-program.ts';

const module = new URL('../../../src/run/run-lock.ts', import.meta.url).href;

test('one at a time, and free again when released', async (t) => {
  const stateDir = join(await useFolder(t), 'state');
  const first = await takeRunLock(stateDir);
  await assert.rejects(takeRunLock(stateDir), { code: 'LOCKED' });
  first.release();
  (await takeRunLock(stateDir)).release();
});

test('the kernel frees it when its holder is killed', async (t) => {
  const stateDir = await useFolder(t);
  const script = `const { takeRunLock } = await import(${JSON.stringify(module)});
    globalThis.held = await takeRunLock(${JSON.stringify(stateDir)}); console.log('held'); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  await assert.rejects(takeRunLock(stateDir), { code: 'LOCKED' });
  holder.kill('SIGKILL');
  await once(holder, 'close');
  (await takeRunLock(stateDir)).release();
});

test('a link that leads nowhere is no folder to make: its disk may not be mounted', async (t) => {
  const folder = await useFolder(t);
  const site = join(folder, 'site');
  await symlink(join(folder, 'disk', 'site'), site);
  await assert.rejects(takeRunLock(site), (error: RunError) => {
    assert.deepEqual([toExitCode(error), error.code], [74, 'CANNOT_WRITE']);
    assert.match(`${error.message} ${error.hint}`, /site cannot be made: .*mounted/);
    return true;
  });
});

test('a folder that cannot be written to is no lock', async (t) => {
  const folder = await useFolder(t);
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(takeRunLock(join(folder, 'file', 'state')), { code: 'ENOTDIR' });
});
