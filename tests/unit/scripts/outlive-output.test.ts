import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { programDir } from '../../../src/run/program-version.ts';

/** Runs the program with an output that is lost before it writes: closed, or a full disk. */
async function runWithout(output: 'stdout' | 'stderr', words: readonly string[], full: number | null = null) {
  const lost = full ?? 'pipe';
  const child = spawn(process.execPath, [join(programDir, 'scripts/registry-homepage.ts'), ...words], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
    stdio: ['ignore', output === 'stdout' ? lost : 'pipe', output === 'stderr' ? lost : 'pipe'],
  });
  child[output]?.destroy();
  let rest = '';
  (output === 'stdout' ? child.stderr : child.stdout)?.setEncoding('utf8').on('data', (text: string) => {
    rest += text;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, rest };
}

test('what nobody reads any more ends as if it had been read', async () => {
  assert.deepEqual(await runWithout('stdout', ['refresh', '--help']), { exitCode: 0, rest: '' });
});

test('a failure is told by its exit code where nobody reads the log', async () => {
  assert.deepEqual(await runWithout('stderr', ['check', '--config', '/nonexistent/settings.yaml']), {
    exitCode: 78,
    rest: '',
  });
});

test('a result that does not fit on the disk is 74', { skip: !existsSync('/dev/full') }, async () => {
  const full = await open('/dev/full', 'w');
  try {
    const { exitCode, rest } = await runWithout('stdout', ['refresh', '--help'], full.fd);
    assert.equal(exitCode, 74);
    assert.match(rest, /^registry-homepage: standard output cannot be written: ENOSPC.*\n$/);
    assert.equal((await runWithout('stderr', ['refresh', '--nothing'], full.fd)).exitCode, 64);
  } finally {
    await full.close();
  }
});
