import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { programDir } from '../../../src/run/program-version.ts';
import { useFolder } from '../../support/run-program.ts';
import { createSmallStore } from '../../support/small-registry.ts';
import { useDemoRegistry } from '../../support/use-server.ts';

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

test('a run whose last line does not fit on the disk ends as it went', {
  skip: !existsSync('/dev/full'),
}, async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const siteDir = join(await useFolder(t), 'site');
  const full = await open('/dev/full', 'w');
  const run = (...words: readonly string[]) => runWithout('stdout', [...words, '--site-dir', siteDir], full.fd);
  try {
    const crawled = await run('crawl', '--registry', registry.url);
    assert.match(crawled.rest, /standard output cannot be written: ENOSPC/);
    assert.equal(crawled.exitCode, 0);
    assert.equal((await run('search', '--registry', registry.url, 'base')).exitCode, 74);
    assert.equal((await run('search', '--registry', registry.url, 'nothing-like-it')).exitCode, 1);
    assert.equal((await run('check', '--registry', registry.url)).exitCode, 74);
  } finally {
    await full.close();
  }
});
