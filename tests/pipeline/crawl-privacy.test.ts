/** What settings exclude or credentials may not read stands in no byte that a crawl leaves, and in no line that it says. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import type { DemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import { encodeImage, encodeIndex, putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import type { ReceivedRequest } from '../../scripts/demo-registry/server/received-request.ts';
import { createRegistryStore, type RegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { noOutlines } from '../../src/run/outlines.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { putSmallImage } from '../support/small-registry.ts';
import { describeFindings, useCrawls } from '../support/use-crawl.ts';
import { useDemoRegistry } from '../support/use-server.ts';

const mention = 'registry.example/vault/keys:1.0';

/** An image whose every text names another. */
function putMentioning(store: RegistryStore, name: string, tag: string, text = mention): void {
  const image = encodeImage({
    author: `maintainer of ${text}`,
    config: {
      Labels: { 'org.opencontainers.image.base.name': text, [text]: 'yes' },
      Env: [`BASE=${text}`],
      Cmd: ['run', text],
    },
    layers: [],
    history: [{ created_by: `COPY --from=${text} /x /x`, comment: text }],
    annotations: { 'org.opencontainers.image.base.name': text },
  });
  const index = encodeIndex({
    children: [{ content: image, platform: { os: 'linux', architecture: 'amd64' }, annotations: { from: text } }],
    annotations: { from: text },
  });
  putContent(store, parseRepositoryName(name), index, [parseTag(tag)]);
}

function createVaultStore(): RegistryStore {
  const store = createRegistryStore();
  putMentioning(store, 'public/app', '1.0');
  putSmallImage(store, 'public/base', '1.0');
  putSmallImage(store, 'vault/keys', '1.0');
  return store;
}

/** From now on, and `times` times, what lies beneath `vault/` is for those who have the password. */
function close(registry: DemoRegistry, times: number | 'always' = 'always', status = 401): void {
  const isClosed = ({ path, headers }: ReceivedRequest) =>
    path.startsWith('/v2/vault/') && headers.authorization !== `Basic ${Buffer.from('reader:pw').toString('base64')}`;
  registry.script({
    path: isClosed,
    times,
    respond: { status, headers: { 'WWW-Authenticate': 'Basic realm="vault"' } },
  });
}

async function useVault(t: TestContext) {
  const store = createVaultStore();
  const registry = await useDemoRegistry(t, { store });
  const crawls = await useCrawls(t);
  return { store, registry, crawls, settings: { sources: [{ url: registry.url }] } };
}

describe('an excluded name', () => {
  it('that is listed is read by nobody and mentioned nowhere', async (t) => {
    const { registry, crawls, settings } = await useVault(t);
    const result = await crawls.run({ ...settings, exclude: ['vault/**'] });
    assert.doesNotMatch(await crawls.bytes(), /vault/);
    assert.doesNotMatch(JSON.stringify([result.findings, result.index, result.counts]), /vault/);
    assert.equal(result.counts.repositories.excluded, 1);
    assert.ok(registry.requests.every(({ path }) => !path.includes('vault')));
    const [config] = (await crawls.read('public/app'))?.configs.values() ?? [];
    assert.ok(config && 'labels' in config);
    assert.equal(config.labels['org.opencontainers.image.base.name'], 'registry.example/withheld:1.0');
    assert.deepEqual(config.command, ['run', 'registry.example/withheld:1.0']);
  });

  it('is not mentioned by what is pushed later either', async (t) => {
    const { store, crawls, registry } = await useVault(t);
    const settings = { sources: [{ url: registry.url }], exclude: ['vault/**'] };
    await crawls.run(settings);
    putMentioning(store, 'public/app', '2.0', 'registry.example/vault/keys:2.0');
    await crawls.run(settings);
    assert.equal((await crawls.read('public/app'))?.tags.size, 2);
    assert.doesNotMatch(await crawls.bytes(), /vault/);
  });

  it('that nobody lists any more is not mentioned either', async (t) => {
    const { store, crawls, settings } = await useVault(t);
    store.deleteRepository(parseRepositoryName('vault/keys'));
    await crawls.run({ ...settings, exclude: ['vault/**'] });
    assert.doesNotMatch(await crawls.bytes(), /vault/);
  });

  it('is purged and taken out of what was known, in that very run', async (t) => {
    const { store, crawls, settings } = await useVault(t);
    await crawls.run(settings);
    store.deleteRepository(parseRepositoryName('public/app'));
    for (let run = 0; run < 2; run++) await crawls.run(settings);
    putMentioning(store, 'public/other', '1.0');
    await crawls.run(settings);
    assert.equal((await crawls.read('public/app'))?.state, 'removed');
    assert.match(await crawls.bytes(), /vault/);
    const result = await crawls.run({ ...settings, exclude: ['vault/**'] });
    assert.doesNotMatch(await crawls.bytes(), /vault/, 'tombstones included');
    assert.deepEqual(await crawls.names(), ['public/app', 'public/base', 'public/other']);
    assert.equal(result.hasChanged, true);
  });

  it('of one part is no part of longer words, or of a name that is shown', async (t) => {
    const { store, crawls, settings } = await useVault(t);
    putMentioning(store, 'team', '1', 'hidden');
    putMentioning(store, 'team/app', '1', 'see registry.example/team/app, the teamwork of team');
    await crawls.run({ ...settings, exclude: ['team'] });
    const [config] = (await crawls.read('team/app'))?.configs.values() ?? [];
    assert.ok(config && 'author' in config);
    assert.equal(config.author, 'maintainer of see registry.example/team/app, the teamwork of withheld');
  });

  it('costs an unchanged hour nothing: each repository is read once', async (t) => {
    const { crawls, registry } = await useVault(t);
    const settings = { sources: [{ url: registry.url }], exclude: ['vault/**'] };
    const { index } = await crawls.run(settings);
    let reads = 0;
    const store = {
      ...crawls.store,
      readRepository: (entry: Parameters<typeof crawls.store.readRepository>[0]) => {
        reads++;
        return crawls.store.readRepository(entry);
      },
    };
    const second = await crawls.run(settings, { store, outlines: noOutlines });
    assert.equal(reads, 2);
    assert.deepEqual([second.hasChanged, second.index.hiddenNames], [false, index.hiddenNames]);
    assert.match(index.hiddenNames ?? '', /^[0-9a-f]{16}$/);
    assert.equal(second.requests[0]?.byKind.config, 0);
  });
});

test('what is hidden no more is mentioned again, for what something was taken out of is read anew', async (t) => {
  const { registry, crawls, settings } = await useVault(t);
  await crawls.run(settings);
  const before = await crawls.read('public/app');
  close(registry, 1);
  await crawls.run(settings);
  assert.doesNotMatch(await crawls.bytes(), /vault/);
  const opened = await crawls.run(settings);
  assert.equal((await crawls.read('public/app'))?.state, 'listed');
  const last = await crawls.run(settings);
  const after = await crawls.read('public/app');
  assert.deepEqual([...(after?.manifests ?? [])].sort(), [...(before?.manifests ?? [])].sort());
  assert.deepEqual([...(after?.configs ?? [])], [...(before?.configs ?? [])]);
  assert.equal(opened.index.hiddenNamesChanged, true);
  const settled = await crawls.run(settings);
  assert.deepEqual([last.index.hiddenNamesChanged, settled.hasChanged], [undefined, false]);
  assert.equal(settled.requests[0]?.byKind.config, 0);
});

test('where nothing is hidden, nothing is searched or noted', async (t) => {
  const { crawls, settings } = await useVault(t);
  const { index } = await crawls.run(settings);
  assert.deepEqual([index.hiddenNames, index.hiddenNamesChanged], [undefined, undefined]);
  assert.match(await crawls.bytes(), /vault\/keys/);
});

for (const status of [401, 403]) {
  describe(`a repository that may not be read (${status})`, () => {
    it('is counted, and named nowhere', async (t) => {
      const { registry, crawls, settings } = await useVault(t);
      close(registry, 'always', status);
      const result = await crawls.run(settings);
      assert.deepEqual([result.withheldNames, result.index.withheldRepositories], [['vault/keys'], 1]);
      assert.equal(result.counts.repositories.withheld, 1);
      assert.deepEqual([...result.hiddenNames], ['vault/keys']);
      assert.doesNotMatch(await crawls.bytes(), /vault/);
      assert.doesNotMatch(JSON.stringify([result.findings, result.index]), /vault/);
      assert.deepEqual(await crawls.names(), ['public/app', 'public/base']);
      const second = await crawls.run(settings);
      assert.equal(second.hasChanged, false);
    });

    it('and was read before goes with its facts, its history, and every mention', async (t) => {
      const { store, registry, crawls, settings } = await useVault(t);
      await crawls.run(settings);
      putSmallImage(store, 'vault/keys', '2.0');
      await crawls.run(settings);
      close(registry, 'always', status);
      const result = await crawls.run(settings);
      assert.doesNotMatch(await crawls.bytes(), /vault/);
      assert.deepEqual(await crawls.names(), ['public/app', 'public/base']);
      assert.deepEqual(result.index.heldBackRemovals, { repositories: 0, tags: 0 });
    });

    it('and is a tombstone goes as well', async (t) => {
      const { store, registry, crawls, settings } = await useVault(t);
      putSmallImage(store, 'vault/other', '1.0');
      await crawls.run(settings);
      store.deleteRepository(parseRepositoryName('vault/other'));
      for (let run = 0; run < 2; run++) await crawls.run(settings);
      assert.equal((await crawls.read('vault/other'))?.state, 'removed');
      putSmallImage(store, 'vault/other', '2.0');
      close(registry, 'always', status);
      await crawls.run(settings);
      assert.doesNotMatch(await crawls.bytes(), /vault/);
    });
  });
}

test('credentials that open what is closed leave the rest as everyone reads it', async (t) => {
  const { registry, crawls } = await useVault(t);
  close(registry);
  const credentials = { usernameVariable: 'READER', passwordVariable: 'PASSWORD' };
  const settings = { sources: [{ url: registry.url, credentials }] };
  for (let run = 0; run < 2; run++) await crawls.run(settings, {}, { READER: 'reader', PASSWORD: 'pw' });
  const environments = async (name: string) =>
    [...((await crawls.read(name))?.configs.values() ?? [])].map((config) =>
      'environment' in config ? [config.environment, config.history.length, config.withheld] : [],
    );
  assert.deepEqual(await environments('vault/keys'), [[['PATH', 'VERSION'], 0, true]]);
  assert.deepEqual(await environments('public/base'), [[['PATH=/usr/bin', 'VERSION=1.0'], 2, false]]);
  assert.doesNotMatch(await crawls.bytes(), /reader|Basic/);

  await crawls.run({ ...settings, publishEnvironment: true }, {}, { READER: 'reader', PASSWORD: 'pw' });
  assert.deepEqual(await environments('vault/keys'), [[['PATH=/usr/bin', 'VERSION=1.0'], 2, false]]);
  await crawls.run(settings, {}, { READER: 'reader', PASSWORD: 'pw' });
  assert.deepEqual(await environments('vault/keys'), [[['PATH', 'VERSION'], 0, true]]);
});

describe('a source that refuses every repository it lists', () => {
  it('has expired credentials, and is not taken for private', async (t) => {
    const { registry, crawls, settings } = await useVault(t);
    await crawls.run(settings);
    const before = await crawls.bytes();
    registry.script({ path: /\/tags\/list/, times: 3, respond: { status: 401 } });
    await assert.rejects(crawls.run(settings), { code: 'ALL_SOURCES_REFUSED', message: /expired/ });
    assert.equal(await crawls.bytes(), before);
  });

  it('and is one of two keeps what it had, as stale', async (t) => {
    const { registry, crawls } = await useVault(t);
    const other = createRegistryStore();
    putSmallImage(other, 'other', '1.0');
    const second = await useDemoRegistry(t, { store: other });
    const settings = {
      sources: [
        { name: 'one', url: registry.url },
        { name: 'two', url: second.url },
      ],
    };
    await crawls.run(settings);
    registry.script({ path: /\/tags\/list/, times: 3, respond: { status: 403 } });
    const result = await crawls.run(settings);
    assert.deepEqual(describeFindings(result.findings), [
      'repository-failed public/app',
      'repository-failed public/base',
      'repository-failed vault/keys',
      'source-refused -',
    ]);
    assert.deepEqual(
      result.index.sources.map(({ outcome }) => outcome),
      ['refused', 'complete'],
    );
    assert.deepEqual([result.counts.repositories.stale, result.withheldNames], [3, []]);
  });
});

test('the only repository of a source that is open to all turns private by itself', async (t) => {
  const store = createRegistryStore();
  putSmallImage(store, 'vault/keys', '1.0');
  const registry = await useDemoRegistry(t, { store });
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url }] };
  await crawls.run(settings);
  close(registry);
  const result = await crawls.run(settings);
  assert.deepEqual([result.withheldNames, await crawls.names()], [['vault/keys'], []]);
  assert.doesNotMatch(await crawls.bytes(), /vault/);
});

test('what is refused beside what is not there leaves nothing to read', async (t) => {
  const { store, registry, crawls, settings } = await useVault(t);
  putSmallImage(store, 'vault/keys', '2.0');
  await crawls.run(settings);
  registry.script({ path: /vault\/keys\/manifests\/1.0/, times: 'always', respond: { status: 404 } });
  registry.script({ path: /vault\/keys\/manifests/, times: 'always', respond: { status: 403 } });
  assert.deepEqual((await crawls.run(settings)).withheldNames, ['vault/keys']);
  assert.doesNotMatch(await crawls.bytes(), /vault/);
});

test('where a list breaks off is not said when that is at a hidden name', async (t) => {
  const { registry, crawls, settings } = await useVault(t);
  const next = '</v2/_catalog?last=secret%2Fplan&n=1000>; rel="next"';
  registry.script({
    path: '/v2/_catalog',
    times: 1,
    respond: { headers: { Link: next }, json: { repositories: ['public/base', 'secret/plan'] } },
  });
  registry.script({ path: '/v2/_catalog', times: 'always', respond: { status: 500 } });
  const result = await crawls.run({ ...settings, exclude: ['secret/**'] });
  assert.equal(result.listings[0]?.outcome, 'incomplete');
  assert.doesNotMatch(JSON.stringify([result.findings, result.listings.map(({ failure }) => failure)]), /secret/);
});

test('the program says nothing of what is hidden: not in its log, its report, or its errors', async (t) => {
  const folder = await useFolder(t);
  const store = createVaultStore();
  putMentioning(store, 'public/app', '2.0', 'registry.example/secret/plan:1.0');
  putSmallImage(store, 'secret/plan', '1.0');
  const registry = await useDemoRegistry(t, { store });
  close(registry);
  registry.script({
    path: '/v2/_catalog',
    times: 2,
    respond: {
      json: {
        repositories: [
          'public/app',
          'public/base',
          'vault/keys',
          'secret/plan',
          'secret/UPPER',
          '/secret/plan',
          'Secret/Plan',
        ],
      },
    },
  });
  const config = join(folder, 'settings.yaml');
  const settings = { sources: [{ url: registry.url }], exclude: ['secret/**'], siteDir: 'site' };
  await writeFile(config, JSON.stringify(settings));
  for (const format of ['text', 'json']) {
    const { exitCode, stdout, stderr } = await runProgram(['crawl', '--config', config, '--log-format', format]);
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stdout + stderr, /vault|secret\/plan/i);
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const looked = files.filter((file) => file.isFile() && file.name !== 'settings.yaml');
  assert.ok(looked.length >= 4);
  for (const file of looked) {
    const path = join(file.parentPath, file.name);
    // The program lies there too, and knows domains of the world that are called so.
    assert.doesNotMatch(`${path} ${await readFile(path, 'latin1')}`, /vault\/|secret\/plan/, path);
  }
});
