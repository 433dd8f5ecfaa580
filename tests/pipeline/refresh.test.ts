/** `refresh` from end to end: what operators see, whatever the registry does. */
import assert from 'node:assert/strict';
import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { takeRunLock } from '../../src/run/run-lock.ts';
import { runProgram, runTool, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry, useScriptedServer } from '../support/use-server.ts';

/** A registry, a site folder beside its state, and `refresh` on both. */
async function useSite(t: TestContext, images = 0) {
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore(images) });
  const siteDir = join(folder, 'site');
  const refresh = (...words: readonly string[]) =>
    runProgram(['refresh', '--registry', registry.url, '--site-dir', siteDir, ...words]);
  const read = (file: string) => readFile(join(siteDir, 'current', file), 'utf8');
  const readReport = async () => JSON.parse(await readFile(join(`${siteDir}-state`, 'report.json'), 'utf8'));
  return { folder, registry, siteDir, stateDir: `${siteDir}-state`, refresh, read, readReport };
}

test('a first run publishes every image, and a second one that finds no difference fetches and writes nothing', async (t) => {
  const { registry, siteDir, stateDir, refresh, read, readReport } = await useSite(t);
  const first = await refresh();
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(first.stdout, /^2 repositories \(2 new\), 4 tags, \d+ requests, \d+ pages written, [\d.]+ s\n$/);

  const home = await read('index.html');
  for (const fact of ['base', 'web/front', '1.1', '2.0', 'UTC']) assert.ok(home.includes(fact), fact);
  const image = await read('base/tags/index.html');
  const digest = registry.store.repository(parseRepositoryName('base'))?.tags.get(parseTag('1.1'));
  assert.ok(digest && image.includes(digest), 'the page has the whole digest');
  assert.equal(await read('base/-/recommended.txt'), `${new URL(registry.url).host}/base:1.1\n`);
  const catalogue = JSON.parse(await read('-/api/v1/catalogue.json'));
  assert.deepEqual(
    catalogue.repositories.map(({ name, recommended }: { name: string; recommended: { tag: string } }) => [
      name,
      recommended.tag,
    ]),
    [
      ['base', '1.1'],
      ['web/front', '2.0'],
    ],
  );

  const release = await readlink(join(siteDir, 'current'));
  const files = await listFiles(join(stateDir, 'snapshot', 'repositories'));
  const before = await Promise.all(files.map((file) => stat(join(stateDir, 'snapshot', 'repositories', file))));
  const asked = registry.requests.length;
  const second = await refresh();
  assert.equal(second.exitCode, 0, second.stderr);
  assert.match(second.stdout, /site unchanged/);
  assert.equal(await readlink(join(siteDir, 'current')), release, 'no new release');
  assert.deepEqual(await listFiles(join(stateDir, 'snapshot', 'repositories')), files);
  const after = await Promise.all(files.map((file) => stat(join(stateDir, 'snapshot', 'repositories', file))));
  assert.deepEqual(
    after.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
  );
  const requests = registry.requests.slice(asked);
  assert.deepEqual(
    requests.filter(({ path }) => path.includes('/blobs/')),
    [],
  );
  const manifests = requests.filter(({ path }) => path.includes('/manifests/'));
  assert.deepEqual(
    manifests.map(({ status }) => status),
    [304, 304, 304, 304],
  );
  assert.equal((await readReport()).exitCode, 0);
});

test('a changed tag renders its own pages and links the others', async (t) => {
  const { registry, siteDir, refresh, read } = await useSite(t);
  assert.equal((await refresh()).exitCode, 0);
  const before = await readlink(join(siteDir, 'current'));
  const untouched = await stat(join(siteDir, 'current/web/front/tags/index.html'));
  putSmallImage(registry.store, 'base', '1.2', '2026-08-17T00:00:00Z');
  const result = await refresh();
  assert.equal(result.exitCode, 0, result.stderr);
  assert.notEqual(await readlink(join(siteDir, 'current')), before);
  assert.match(await read('base/tags/index.html'), /1\.2/);
  assert.equal((await stat(join(siteDir, 'current/web/front/tags/index.html'))).ino, untouched.ino);
});

const faults: readonly {
  readonly what: string;
  readonly exitCode: number;
  readonly says: RegExp;
  /** Words for `--registry`. */
  readonly registry: (t: TestContext) => Promise<string>;
}[] = [
  {
    what: 'nothing listens there',
    exitCode: 69,
    says: /nothing listens there[\s\S]*hint: .*host and port/,
    registry: async () => `http://127.0.0.1:${await pickFreePort()}`,
  },
  {
    what: 'a web server that is no registry',
    exitCode: 69,
    says: /web page[\s\S]*hint: .*not as a registry/,
    registry: async (t) => {
      const server = await useScriptedServer(t);
      const body = '<!doctype html><title>Welcome</title>';
      server.script({ path: /./, times: 'always', respond: { headers: { 'Content-Type': 'text/html' }, body } });
      return server.url;
    },
  },
  {
    what: 'a host that has no such path',
    exitCode: 69,
    says: /answered 404[\s\S]*hint: .*no _catalog/,
    registry: async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: /./, times: 'always', respond: { status: 404, body: 'not here' } });
      return server.url;
    },
  },
  {
    what: 'TLS where there is none',
    exitCode: 69,
    says: /TLS[\s\S]*hint: .*http:\/\//,
    registry: async (t) => (await useDemoRegistry(t)).url.replace('http:', 'https:'),
  },
  {
    what: 'credentials that are refused',
    exitCode: 77,
    says: /answered 401[\s\S]*hint: .*credentials/,
    registry: async (t) => {
      const server = await useScriptedServer(t);
      const headers = { 'WWW-Authenticate': 'Basic realm="registry"' };
      server.script({ path: /./, times: 'always', respond: { status: 401, headers, body: '{}' } });
      return server.url;
    },
  },
];

for (const { what, exitCode, says, registry } of faults) {
  test(`${what}: exit ${exitCode}, one clear message, the old site untouched`, async (t) => {
    const { siteDir, refresh, readReport } = await useSite(t);
    assert.equal((await refresh()).exitCode, 0);
    const before = await readTree(siteDir);
    const result = await runProgram(['refresh', '--registry', await registry(t), '--site-dir', siteDir]);
    assert.equal(result.exitCode, exitCode, result.stderr);
    assert.match(result.stderr, says);
    assert.doesNotMatch(result.stderr, /\bat .*\.ts:/, 'no stack for what is not our defect');
    assert.deepEqual(await readTree(siteDir), before);
    assert.equal((await readReport()).exitCode, exitCode);
  });
}

test('a repository that fails is kept, called stale, and the run says that it is incomplete', async (t) => {
  const { registry, refresh, read } = await useSite(t);
  assert.equal((await refresh()).exitCode, 0);
  registry.script({ path: '/v2/base/tags/list', times: 1, respond: { status: 400, body: 'broken' } });
  const result = await refresh();
  assert.equal(result.exitCode, 3, result.stderr);
  const page = await read('base/tags/index.html');
  assert.match(page, /1\.1/, 'what was known still stands');
  assert.match(page, /stale|not be read/i);
  await assert.rejects(read('base/-/recommended.txt'), 'a script must not trust it');
  assert.match(await read('web/front/tags/index.html'), />2\.0</);
  const status = JSON.parse(await read('-/status.json'));
  assert.equal(status.complete, false);
  const mended = await refresh();
  assert.equal(mended.exitCode, 0, mended.stderr);
  assert.match(await read('base/-/recommended.txt'), /base:1\.1\n$/);
  assert.equal(JSON.parse(await read('-/api/v1/catalogue.json')).complete, true);
});

test('what is gone goes after two runs, and not before', async (t) => {
  const { registry, refresh, read } = await useSite(t);
  assert.equal((await refresh()).exitCode, 0);
  registry.store.deleteTag(parseRepositoryName('base'), parseTag('1.0'));
  const second = await refresh();
  assert.equal(second.exitCode, 3, 'one run is not believed');
  assert.match(await read('base/tags/index.html'), />1\.0</);
  const third = await refresh();
  assert.equal(third.exitCode, 0, third.stderr);
  const json = JSON.parse(await read('-/api/v1/repositories/base/-/repository.json'));
  assert.deepEqual(
    json.tags.map(({ tag }: { tag: string }) => tag),
    ['1.1', 'latest'],
  );
  assert.deepEqual(
    json.events.map(({ type, tag }: { type: string; tag: string }) => [type, tag]),
    [['removed', '1.0']],
  );
});

test('removals that are too many to believe are held back, until the operator accepts them', async (t) => {
  const { registry, refresh, read } = await useSite(t, 20);
  assert.equal((await refresh()).exitCode, 0);
  for (let number = 0; number < 20; number++) {
    registry.store.deleteTag(parseRepositoryName(`bulk/${String(number).padStart(2, '0')}`), parseTag('1.0'));
  }
  putSmallImage(registry.store, 'base', '1.2', '2026-08-17T00:00:00Z');
  assert.equal((await refresh()).exitCode, 3);
  const held = await refresh();
  assert.equal(held.exitCode, 65, held.stderr);
  assert.match(await read('bulk/07/tags/index.html'), />1\.0</);
  assert.match(await read('base/tags/index.html'), />1\.2</, 'everything else is published');
  const accepted = await refresh('--accept-removals');
  assert.equal(accepted.exitCode, 0, accepted.stderr);
  assert.equal(JSON.parse(await read('-/api/v1/catalogue.json')).counts.emptyRepositories, 20);
});

test('wrong usage is 64, wrong settings are 78 and name the nearest key, and neither does anything', async (t) => {
  const folder = await useFolder(t);
  const config = join(folder, 'settings.yaml');
  await writeFile(config, 'sources: [{ url: "http://127.0.0.1:1" }]\npublicHots: registry.example.org\n');
  const usage = await runProgram(['refresh', '--regsitry', 'http://127.0.0.1:1']);
  assert.equal(usage.exitCode, 64);
  assert.match(usage.stderr, /--registry/);
  const settings = await runProgram(['refresh', '--config', config]);
  assert.equal(settings.exitCode, 78);
  assert.match(settings.stderr, /publicHots: unknown key; did you mean "publicHost"\?/);
  const none = await runProgram(['refresh'], { workingDir: folder });
  assert.equal(none.exitCode, 78);
  assert.match(none.stderr, /--registry/);
  assert.deepEqual(await readdir(folder), ['settings.yaml']);
});

test('a build or merge of a state folder that is not there does not make it', async (t) => {
  const folder = await useFolder(t);
  const words = [
    '--registry',
    'http://127.0.0.1:1',
    '--state-dir',
    join(folder, 'sttae'),
    '--site-dir',
    join(folder, 'site'),
  ];
  for (const [command, expected, said] of [
    ['build', 64, /no snapshot in .*sttae/],
    ['merge', 69, /nor a folder .*sttae/],
  ] as const) {
    const { exitCode, stderr } = await runProgram([command, ...words]);
    assert.equal(exitCode, expected, stderr);
    assert.match(stderr, said);
    assert.deepEqual(await readdir(folder), []);
  }
});

test('metrics that cannot be written are told of, and the exit code goes on saying what became of the site', async (t) => {
  const { folder, siteDir, refresh } = await useSite(t);
  const { exitCode, stderr } = await refresh('--metrics-file', folder);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /cannot be written/);
  await stat(join(siteDir, 'current', 'index.html'));
});

test('a site that only its owner may read is told of, until it is readable', async (t) => {
  const { siteDir, refresh } = await useSite(t);
  const refreshWith = (umask: number) => {
    const before = process.umask(umask);
    const result = refresh();
    process.umask(before);
    return result;
  };
  for (const [umask, mend, warned] of [
    [0o077, '', siteDir],
    [0o022, '', siteDir],
    [0o022, `chmod a+rx ${siteDir} ${siteDir}/releases`, join(siteDir, 'current', '-')],
    [0o022, `chmod -R a+rX ${siteDir}`, null],
    [0o077, '', join(siteDir, 'current', 'index.html')],
    [0o027, '', null],
  ] as const) {
    await runTool('sh', ['-c', mend]);
    const { exitCode, stderr } = await refreshWith(umask);
    assert.equal(exitCode, 0, stderr);
    if (warned === null) assert.doesNotMatch(stderr, /may read/);
    else assert.ok(stderr.includes(`only its owner may read ${warned}:`), stderr);
  }
});

test('a second run at the same time is 75 and does nothing', async (t) => {
  const { stateDir, siteDir, refresh } = await useSite(t);
  const lock = await takeRunLock(stateDir);
  t.after(() => lock.release());
  const result = await refresh();
  assert.equal(result.exitCode, 75);
  assert.match(result.stderr, /another run holds/);
  await assert.rejects(stat(siteDir));
});

test('a folder that cannot be written to is 74', async (t) => {
  const { folder, registry } = await useSite(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  const result = await runProgram([
    'refresh',
    '--registry',
    registry.url,
    '--site-dir',
    join(file, 'site'),
    '--state-dir',
    join(folder, 'state'),
  ]);
  assert.equal(result.exitCode, 74, result.stderr);
  assert.match(result.stderr, /hint:/);
});

test('the snapshot of a newer program is refused with 78, and left alone', async (t) => {
  const { stateDir, refresh } = await useSite(t);
  assert.equal((await refresh()).exitCode, 0);
  const file = join(stateDir, 'snapshot', 'catalogue.json');
  const newer = (await readFile(file, 'utf8')).replace('"schemaVersion": 2', '"schemaVersion": 99');
  await writeFile(file, newer);
  const result = await refresh();
  assert.equal(result.exitCode, 78, result.stderr);
  assert.match(result.stderr, /schema version 99/);
  assert.equal(await readFile(file, 'utf8'), newer);
});

test('excluded names are in no byte of state and site', async (t) => {
  const { folder, registry, siteDir, stateDir } = await useSite(t);
  putSmallImage(registry.store, 'restricted/secret-thing', '9.9');
  const config = join(folder, 'settings.yaml');
  const settings = { sources: [{ url: registry.url }], exclude: ['restricted/**'], siteDir, stateDir };
  await writeFile(config, JSON.stringify(settings));
  const result = await runProgram(['refresh', '--config', config]);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.match(result.stdout, /1 excluded/);
  assert.ok(!(result.stderr + result.stdout).includes('secret-thing'));
  assert.deepEqual(await listNaming('secret-thing', [siteDir, stateDir]), []);
});

test('a new exclude takes what it names out of state, caches and every kept release in that run', async (t) => {
  const { folder, registry, siteDir, stateDir, refresh } = await useSite(t);
  putSmallImage(registry.store, 'restricted/secret-thing', '9.8');
  assert.equal((await refresh()).exitCode, 0);
  putSmallImage(registry.store, 'restricted/secret-thing', '9.9', '2026-08-17T00:00:00Z');
  assert.equal((await refresh()).exitCode, 0);
  assert.ok((await listNaming('secret-thing', [siteDir, stateDir])).length > 5, 'it was there before');
  const config = join(folder, 'settings.yaml');
  const settings = { sources: [{ url: registry.url }], exclude: ['restricted/**'], siteDir, stateDir };
  await writeFile(config, JSON.stringify(settings));
  const result = await runProgram(['refresh', '--config', config]);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.deepEqual(await listNaming('secret-thing', [siteDir, stateDir]), []);
});

for (const [what, status, exitCode] of [
  ['no source answers', 500, 69],
  ['every source refuses the credentials', 401, 77],
] as const) {
  test(`a new exclude hides also in an hour when ${what}`, async (t) => {
    const { folder, registry, siteDir, stateDir, refresh } = await useSite(t);
    putSmallImage(registry.store, 'restricted/secret-thing', '9.8');
    assert.equal((await refresh()).exitCode, 0);
    putSmallImage(registry.store, 'restricted/secret-thing', '9.9', '2026-08-17T00:00:00Z');
    assert.equal((await refresh()).exitCode, 0);
    const ill = await useScriptedServer(t);
    ill.script({ path: /./, times: 'always', respond: { status, body: '{}' } });
    const config = join(folder, 'settings.yaml');
    const source = { url: ill.url, retries: 0 };
    await writeFile(config, JSON.stringify({ sources: [source], exclude: ['restricted/**'], siteDir, stateDir }));
    const result = await runProgram(['refresh', '--config', config]);
    assert.equal(result.exitCode, exitCode, result.stderr);
    assert.deepEqual(await listNaming('secret-thing', [siteDir, stateDir]), []);
    const report = JSON.parse(await readFile(join(stateDir, 'report.json'), 'utf8'));
    const outcome = exitCode === 77 ? 'refused' : 'failed';
    assert.equal(report.sources[0].outcome, outcome);
    assert.match(report.sources[0].failure.message, new RegExp(`answered ${status}`));
    assert.deepEqual(
      report.findings.map(({ code, count }: { code: string; count: number }) => [code, count]),
      [[`source-${outcome}`, 1]],
    );
    const released = await readdir(join(siteDir, 'releases'));
    assert.equal((await runProgram(['refresh', '--config', config])).exitCode, exitCode);
    assert.deepEqual(await readdir(join(siteDir, 'releases')), released, 'once it is hidden, the old site stands');
  });
}

test('a crawl with a new exclude leaves the name in nothing of the state', async (t) => {
  const { folder, registry, siteDir, stateDir, refresh } = await useSite(t, 20);
  putSmallImage(registry.store, 'restricted/secret-thing', '9.8');
  assert.equal((await refresh()).exitCode, 0);
  putSmallImage(registry.store, 'shown', 'secret-tag');
  assert.equal((await refresh()).exitCode, 0);
  assert.ok((await listNaming('secret-t', [join(stateDir, 'cache')])).length > 0, 'it was there before');
  const config = join(folder, 'settings.yaml');
  const settings = { sources: [{ url: registry.url }], siteDir, stateDir };
  await writeFile(config, JSON.stringify({ ...settings, excludeTags: ['secret-*'] }));
  assert.equal((await runProgram(['crawl', '--config', config])).exitCode, 0);
  assert.deepEqual(await listNaming('secret-tag', [stateDir]), []);
  await writeFile(config, JSON.stringify({ ...settings, exclude: ['restricted/**'], excludeTags: ['secret-*'] }));
  assert.equal((await runProgram(['crawl', '--config', config])).exitCode, 0);
  assert.deepEqual(await listNaming('secret-thing', [stateDir]), []);
});

test('a build of a snapshot that was crawled with other settings hides what its own settings hide', async (t) => {
  const { folder, registry, siteDir, stateDir, refresh } = await useSite(t);
  putSmallImage(registry.store, 'restricted/secret-thing', '9.8');
  putSmallImage(registry.store, 'shown', 'secret-tag');
  assert.equal((await refresh()).exitCode, 0);
  const config = join(folder, 'settings.yaml');
  const hiding = { exclude: ['restricted/**'], excludeTags: ['secret-*'] };
  await writeFile(config, JSON.stringify({ sources: [{ url: registry.url }], ...hiding, siteDir, stateDir }));
  const result = await runProgram(['build', '--config', config]);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.deepEqual(await listNaming('secret-t', [siteDir, stateDir]), []);
  await readFile(join(siteDir, 'current', 'shown', 'tags', 'index.html'));
});

test('a repository that turns private goes, with its history, in that very run', async (t) => {
  const { registry, siteDir, stateDir, refresh, read } = await useSite(t);
  putSmallImage(registry.store, 'team/secret-thing', '9.9');
  assert.equal((await refresh()).exitCode, 0);
  registry.script({ path: /^\/v2\/team\/secret-thing\//, times: 'always', respond: { status: 403, body: '{}' } });
  const result = await refresh();
  assert.equal(result.exitCode, 0, result.stderr);
  assert.match(result.stdout, /1 withheld/);
  assert.equal(JSON.parse(await read('-/api/v1/catalogue.json')).counts.withheldRepositories, 1);
  assert.deepEqual(await listNaming('secret-thing', [siteDir, stateDir]), []);
});

/** The files below `roots` that name `word`, in their bytes or their path. */
async function listNaming(word: string, roots: readonly string[]): Promise<readonly string[]> {
  const naming: string[] = [];
  let inspected = 0;
  for (const root of roots) {
    for (const file of await listFiles(root)) {
      const path = join(root, file);
      if (file.includes(word)) naming.push(path);
      if (!(await stat(path)).isFile()) continue;
      inspected++;
      const bytes = await readFile(path);
      const text = file.endsWith('.gz')
        ? gunzipSync(bytes)
        : file.endsWith('.br')
          ? brotliDecompressSync(bytes)
          : bytes;
      if (text.includes(word)) naming.push(path);
    }
  }
  assert.ok(inspected > 20, `only ${inspected} files were looked at`);
  return naming;
}

async function readTree(siteDir: string): Promise<Readonly<Record<string, string>>> {
  const tree: Record<string, string> = { current: await readlink(join(siteDir, 'current')) };
  for (const file of await listFiles(join(siteDir, 'releases'))) {
    tree[file] = (await readFile(join(siteDir, 'releases', file))).toString('base64');
  }
  return tree;
}

/** A port that nothing listens on any more. */
async function pickFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
