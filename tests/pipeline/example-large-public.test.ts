/** The example `large-public`: four backends behind one host, a namespace that must not appear. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { follow, useExample, useExampleServer } from '../support/use-example.ts';
import { useDockerRegistry } from '../support/use-server.ts';

const prefixes = { releng: 'releng/', ml: 'ml/', tools: 'tools/' };

test('four backends, one page, nothing of what is restricted, and the old addresses', async (t) => {
  const store = createSmallStore(2);
  for (const name of ['releng/node24', 'ml/torch', 'tools/helm', 'restricted/secret-thing']) {
    putSmallImage(store, name, '1.0-20260801');
    putSmallImage(store, name, 'latest', '2026-08-17T00:00:00Z');
  }
  const backends: Record<string, string> = {};
  const registries = new Map<string, { close(): Promise<void> }>();
  for (const source of ['main', 'releng', 'ml', 'tools'] as const) {
    const registry = await useDockerRegistry(t);
    if (registry === null) return;
    const own = source === 'main' ? null : prefixes[source];
    const selects = (name: string) =>
      own === null ? !Object.values(prefixes).some((prefix) => name.startsWith(prefix)) : name.startsWith(own);
    await copyCatalogue(store, registry.url, { selects });
    backends[source] = registry.url;
    registries.set(source, registry);
  }
  // Before it moved, the main backend served this one.
  const before = createSmallStore();
  putSmallImage(before, 'ml/left-behind', '0.1');
  await copyCatalogue(before, backends['main'] ?? '', { selects: (name) => name === 'ml/left-behind' });

  const example = await useExample(t, 'large-public');
  const addresses = Object.entries(backends)
    .map(([source, url]) => `${source}=${url}`)
    .join(' ');
  const first = await example.refresh(addresses);
  assert.equal(first.exitCode, 0, first.stderr);
  const catalogue = JSON.parse(await example.readPage('-/api/v1/catalogue.json'));
  const names = catalogue.repositories.map(({ name }: { name: string }) => name);
  assert.deepEqual(names, ['base', 'bulk/00', 'bulk/01', 'ml/torch', 'releng/node24', 'tools/helm', 'web/front']);
  assert.deepEqual([catalogue.title, catalogue.complete], ['Example images', true]);
  assert.match(await example.readPage('index.html'), /Complete.*7 of 7 images/s);
  const page = await example.readPage('ml/torch/tags/index.html');
  assert.match(page, /docker pull docker-registry\.example\.org\/ml\/torch:/);
  assert.match(page, /https:\/\/audit\.example\.org\/images\/ml\/torch\?tag=/);
  for (const hidden of ['secret-thing', 'restricted']) {
    assert.deepEqual(await example.listFilesWith(hidden), [], hidden);
    assert.ok(!`${first.stdout}${first.stderr}`.includes(hidden), `${hidden} in the log`);
  }
  assert.deepEqual(await example.listFilesWith('left-behind'), ['report.json'], 'a shadow is reported, not shown');
  assert.ok((await example.listFilesWith('releng/node24')).length > 3, 'the search finds what is there');

  const host = (source: string) => new URL(backends[source] ?? '').host;
  const front = await useExampleServer(t, example, {
    '127.0.0.1:5001': host('main'),
    '127.0.0.1:5002': host('releng'),
    '127.0.0.1:5003': host('ml'),
    '127.0.0.1:5004': host('tools'),
  });
  if (front === null) return;
  const rows: readonly (readonly [old: string, status: number, path: string, says: RegExp])[] = [
    ['/', 200, '/', /releng\/node24/],
    ['/index.html', 200, '/index.html', /releng\/node24/],
    ['/releng/node24/tags/', 200, '/releng/node24/tags/', /latest/],
    ['/releng/node24/tags', 200, '/releng/node24/tags/', /latest/],
    ['/releng/node24', 200, '/releng/node24/', /releng\/node24\/tags/],
    ['/releng/', 200, '/releng/', /node24/],
    ['/images/', 200, '/', /releng\/node24/],
    ['/images.json', 200, '/-/api/v1/catalogue.json', /"releng\/node24"/],
    ['/long/gone/tags/', 404, '/long/gone/tags/', /search/i],
    ['/restricted/secret-thing/tags/', 404, '/restricted/secret-thing/tags/', /search/i],
    ['/v2/', 200, '/v2/', /^\{\}$/],
    ['/v2/base/tags/list', 200, '/v2/base/tags/list', /"1\.1"/],
    ['/v2/releng/node24/tags/list', 200, '/v2/releng/node24/tags/list', /"latest"/],
    ['/v2/ml/torch/tags/list', 200, '/v2/ml/torch/tags/list', /"latest"/],
    ['/v2/ml/left-behind/tags/list', 404, '/v2/ml/left-behind/tags/list', /NAME_UNKNOWN/],
    ['/v2/tools/helm/tags/list', 200, '/v2/tools/helm/tags/list', /"latest"/],
    ['/v2/restricted/secret-thing/tags/list', 401, '/v2/restricted/secret-thing/tags/list', /Authorization/],
    ['/v2/_catalog', 404, '/v2/_catalog', /404/],
  ];
  for (const [old, status, path, says] of rows) {
    const end = await follow(front + old);
    assert.deepEqual([end.status, end.path], [status, path], old);
    assert.match(end.text, says, old);
  }

  await registries.get('ml')?.close();
  const second = await example.refresh(addresses);
  assert.equal(second.exitCode, 3, second.stderr);
  assert.match(await example.readPage('ml/torch/tags/index.html'), />latest</);
  const status = JSON.parse(await example.readPage('-/status.json'));
  assert.deepEqual(
    [status.complete, status.incompleteRepositories.map(({ name }: { name: string }) => name)],
    [false, ['ml/torch']],
  );
});
