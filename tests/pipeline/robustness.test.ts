/** The site stands, whatever is done to the run; and it is the same bytes, wherever the run is. */
import assert from 'node:assert/strict';
import { cp, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles } from '../../src/publish/list-files.ts';
import { programDir } from '../../src/run/program-version.ts';
import { runProgram, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

/** What of a site readers can see, each file with its bytes; the hour's files are another matter. */
async function readSite(siteDir: string): Promise<ReadonlyMap<string, string>> {
  const root = join(siteDir, 'current');
  const files = await listFiles(root);
  assert.ok(files.length > 10, 'a site has more files than that');
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'base64')] as const)),
  );
}

test('killing a refresh at any moment leaves a whole site, and the next run mends everything', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const store = createSmallStore(5);
  const registry = await useDemoRegistry(t, { store });
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
  assert.equal((await runProgram(words)).exitCode, 0);

  const rounds = 8;
  const started = performance.now();
  putSmallImage(store, 'base', '2.0', '2026-08-20T00:00:00Z');
  assert.equal((await runProgram(words)).exitCode, 0);
  const wholeRunMs = performance.now() - started;
  let killed = 0;
  for (let round = 1; round <= rounds; round++) {
    const before = await readSite(siteDir);
    const release = await readlink(join(siteDir, 'current'));
    putSmallImage(store, 'base', `2.${round}`, `2026-08-${20 + round}T00:00:00Z`);
    const { child, result } = startProgram(words);
    const timer = setTimeout(() => child.kill('SIGKILL'), (wholeRunMs * round) / (rounds + 1));
    const { exitCode } = await result;
    clearTimeout(timer);
    if (exitCode === null) killed++;
    const after = await readSite(siteDir);
    if ((await readlink(join(siteDir, 'current'))) === release) {
      for (const [file, bytes] of before) assert.equal(after.get(file), bytes, `round ${round}: ${file} changed`);
    }
    const catalogue = JSON.parse(Buffer.from(after.get('-/api/v1/catalogue.json') ?? '', 'base64').toString());
    assert.equal(catalogue.repositories.length, 7, `round ${round}`);
  }
  assert.ok(killed >= rounds / 2, `only ${killed} of ${rounds} runs were killed in time`);

  const last = await runProgram(words);
  assert.equal(last.exitCode, 0, last.stderr);
  const names = await listFiles(siteDir);
  assert.deepEqual(
    names.filter((name) => /staging|\.tmp$|\.current-/.test(name)),
    [],
    'nothing is left lying about',
  );
  const page = await readFile(join(siteDir, 'current/base/tags/index.html'), 'utf8');
  assert.match(page, new RegExp(`>2\\.${rounds}<`));
});

test('a stopped run ends soon, says so, and leaves the site', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
  assert.equal((await runProgram(words)).exitCode, 0);
  const before = await readSite(siteDir);
  const { promise: asked, resolve: tell } = Promise.withResolvers<void>();
  registry.script({
    path: ({ path }) => {
      if (path !== '/v2/base/tags/list') return false;
      tell();
      return true;
    },
    respond: { stall: 'before-headers' },
  });
  const { child, result } = startProgram(words);
  await asked;
  child.kill('SIGTERM');
  const { exitCode, stderr } = await result;
  assert.equal(exitCode, 75, stderr);
  assert.match(stderr, /stopped/);
  assert.deepEqual(await readSite(siteDir), before);
});

test('one snapshot gives the same bytes under any time zone, language and working folder', async (t) => {
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore(3) });
  const stateDir = join(folder, 'state');
  const crawl = await runProgram(['crawl', '--registry', registry.url, '--state-dir', stateDir]);
  assert.equal(crawl.exitCode, 0, crawl.stderr);
  const build = async (name: string, environment: Readonly<Record<string, string>>, workingDir: string) => {
    const copy = join(folder, `${name}-state`);
    await cp(join(stateDir, 'snapshot'), join(copy, 'snapshot'), { recursive: true });
    const siteDir = join(folder, name);
    const words = ['build', '--registry', registry.url, '--state-dir', copy, '--site-dir', siteDir];
    const result = await runProgram(words, { environment, workingDir });
    assert.equal(result.exitCode, 0, result.stderr);
    return readSite(siteDir);
  };
  const here = await build('one', { TZ: 'Pacific/Apia', LANG: 'de_DE.UTF-8' }, folder);
  const there = await build('two', { TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8' }, '/');
  assert.deepEqual([...there.keys()], [...here.keys()]);
  for (const [file, bytes] of here) assert.equal(there.get(file), bytes, file);
});

test('a refresh writes nothing into the folder of the program', async (t) => {
  const before = await listProgramFiles();
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const result = await runProgram(['refresh', '--registry', registry.url, '--site-dir', join(folder, 'site')]);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.deepEqual(await listProgramFiles(), before);
});

/** The files of the program with their times, the packages' own caches included. */
async function listProgramFiles(): Promise<readonly string[]> {
  const files = (await listFiles(programDir)).filter((file) => !/^(?:\.git|tests)\//.test(file));
  const cached = files.filter(
    (file) => !file.startsWith('node_modules/') || /^node_modules\/\.(?!package-lock)/.test(file),
  );
  return Promise.all(cached.map(async (file) => `${file} ${(await stat(join(programDir, file))).mtimeMs}`));
}
