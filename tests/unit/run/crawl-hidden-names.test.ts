/** What may not be read stands in no text, also in hours in which it is not listed and so nobody is told that it may not. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { encodeImage, putContent } from '../../../scripts/demo-registry/image/encode-content.ts';
import type { RegistryStore } from '../../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { hideNames } from '../../../src/run/hide-names.ts';
import { createShownNames } from '../../../src/run/shown-names.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';
import { createSmallStore, putSmallImage } from '../../support/small-registry.ts';
import { useCrawls } from '../../support/use-crawl.ts';
import { useDemoRegistry } from '../../support/use-server.ts';

/** An image whose labels and history name what nobody may read. */
function mention(store: RegistryStore, tag: string): void {
  const text = `registry.example/vault/keys:1.0 ${tag}`;
  const image = encodeImage({
    config: { Labels: { about: text } },
    layers: [],
    history: [{ created_by: `COPY ${text}` }],
  });
  putContent(store, parseRepositoryName('about'), image, [parseTag(tag)]);
}

type Registry = Awaited<ReturnType<typeof useDemoRegistry>>;

/** `isClosed` may say that it is not any more. */
function closeVault(registry: Registry, isClosed = () => true): void {
  const headers = { 'WWW-Authenticate': 'Basic realm="vault"' };
  const path = (request: { readonly path: string }) => isClosed() && isOfVault(request);
  registry.script({ path, times: 'always', respond: { status: 401, headers } });
}

function isOfVault({ path }: { readonly path: string }): boolean {
  return path.startsWith('/v2/vault/');
}

/** One has an image that names what the other holds. */
async function useTwoBackends(t: TestContext) {
  const open = await useDemoRegistry(t, { store: createSmallStore(2) });
  const closed = await useDemoRegistry(t, { store: createSmallStore(0) });
  mention(open.store, '1.0');
  for (const name of ['vault/keys', 'tools']) putSmallImage(closed.store, name, '1.0');
  const sources = Object.entries({ open, closed }).map(([name, { url }]) => ({ name, url }));
  return { open, closed, settings: { sources } };
}

const attempts = 5;

test('where a backend does not list what it holds', async (t) => {
  const { open, closed, settings } = await useTwoBackends(t);
  const crawls = await useCrawls(t);
  closeVault(closed);
  const whole = await crawls.run(settings);
  assert.deepEqual([whole.withheldNames, whole.exitCode], [['vault/keys'], 0]);

  for (let hour = 1; hour <= 3; hour++) {
    closed.script({ path: '/v2/_catalog', times: attempts, respond: { status: 503 } });
    if (hour === 2) mention(open.store, '2.0');
    const { index, exitCode } = await crawls.run(settings);
    assert.doesNotMatch(await crawls.bytes(), /vault/, `hour ${hour}`);
    assert.deepEqual([index.hiddenNames, index.withheldRepositories], [whole.index.hiddenNames, 1], `hour ${hour}`);
    assert.deepEqual([index.hiddenNamesChanged, exitCode], [undefined, 3], `hour ${hour}`);
  }

  // It is gone, and the list that says so is whole: the next run reads anew what was taken out.
  closed.store.deleteRepository(parseRepositoryName('vault/keys'));
  assert.equal((await crawls.run(settings)).index.hiddenMarks, undefined);
  await crawls.run(settings);
  assert.match(await crawls.bytes(), /vault\/keys/);
});

test('where the backend that refuses it is down, and an earlier one has left some of it', async (t) => {
  const { open, closed, settings } = await useTwoBackends(t);
  const crawls = await useCrawls(t);
  putSmallImage(open.store, 'vault/keys', 'leftover');
  let isClosed = true;
  closeVault(closed, () => isClosed);
  const whole = await crawls.run(settings);
  assert.deepEqual([whole.withheldNames, whole.exitCode], [['vault/keys'], 0]);
  for (const [status, times] of [
    [503, attempts],
    [401, 1],
  ] as const) {
    closed.script({ path: '/v2/_catalog', times, respond: { status } });
    mention(open.store, `${status}`);
    const { index, withheldNames } = await crawls.run(settings);
    assert.doesNotMatch(await crawls.bytes(), /vault|leftover/, `${status}`);
    assert.deepEqual([index.hiddenNames, index.withheldRepositories], [whole.index.hiddenNames, 1], `${status}`);
    assert.deepEqual(withheldNames, ['vault/keys'], 'so that it is in no page either');
  }
  // A backend whose routes do not have it says nothing of it, be it up or down.
  closed.script({ path: '/v2/_catalog', times: attempts, respond: { status: 503 } });
  const routed = settings.sources.map((source) => (source.name === 'open' ? source : { ...source, routes: ['tools'] }));
  await crawls.run({ sources: routed });
  assert.deepEqual((await crawls.read('vault/keys'))?.source, 'open');
  isClosed = false;
  await crawls.run(settings);
  assert.deepEqual((await crawls.read('vault/keys'))?.source, 'closed');
});

test('where a list breaks off before it', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore(2) });
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url, pageSize: 2 }] };
  mention(registry.store, '1.0');
  putSmallImage(registry.store, 'vault/keys', '1.0');
  closeVault(registry);
  const whole = await crawls.run(settings);
  assert.deepEqual(whole.withheldNames, ['vault/keys']);
  for (let hour = 1; hour <= 3; hour++) {
    registry.script({ path: /_catalog\?.*last=/, times: attempts, respond: { status: 503 } });
    if (hour === 2) mention(registry.store, '2.0');
    const { index } = await crawls.run(settings);
    assert.equal(index.sources[0]?.outcome, 'incomplete');
    assert.doesNotMatch(await crawls.bytes(), /vault/, `hour ${hour}`);
    assert.equal(index.withheldRepositories, 1);
  }
});

for (const [where, names] of [
  ['a list of names', null],
  ['settings', ['about', 'base', 'vault/keys']],
] as const) {
  test(`where it is in ${where}, and fails before anybody can say that it may not be read`, async (t) => {
    const registry = await useDemoRegistry(t, { store: createSmallStore(2) });
    const crawls = await useCrawls(t);
    const settings = { sources: [{ url: registry.url, ...(names === null ? {} : { repositories: names }) }] };
    mention(registry.store, '1.0');
    putSmallImage(registry.store, 'vault/keys', '1.0');
    let isClosed = true;
    closeVault(registry, () => isClosed);
    assert.deepEqual((await crawls.run(settings)).withheldNames, ['vault/keys']);
    isClosed = false;
    for (let hour = 1; hour <= 2; hour++) {
      registry.script({ path: isOfVault, times: attempts, respond: { status: 503 } });
      mention(registry.store, `2.${hour}`);
      const { index, withheldNames } = await crawls.run(settings);
      assert.doesNotMatch(await crawls.bytes(), /vault/, `hour ${hour}`);
      assert.deepEqual([index.withheldRepositories, withheldNames], [1, ['vault/keys']]);
    }
    assert.equal((await crawls.run(settings)).index.withheldRepositories, 0);
    assert.ok((await crawls.names()).includes('vault/keys'), 'it may be read now');
  });
}

test('where settings hide it in an hour in which its list fails', async (t) => {
  const { open, closed, settings } = await useTwoBackends(t);
  const crawls = await useCrawls(t);
  await crawls.run(settings);
  assert.match(await crawls.bytes(), /vault/);

  for (const newly of [{ include: ['**', '!vault/**'] }, { exclude: ['vault/**'] }]) {
    const patterns = createShownNames(decodeSettings({ ...settings, ...newly }, crawls.stateDir));
    await hideNames(crawls.store, patterns, { seen: async () => undefined, made: async () => undefined });
    for (let hour = 1; hour <= 2; hour++) {
      closed.script({ path: '/v2/_catalog', times: attempts, respond: { status: 503 } });
      mention(open.store, `${JSON.stringify(newly).length}.${hour}`);
      await crawls.run({ ...settings, ...newly });
      assert.doesNotMatch(await crawls.bytes(), /vault\/keys/, `${JSON.stringify(newly)}, hour ${hour}`);
    }
    await crawls.run(settings);
  }
});

test('what was hidden before is no news when it is shown', async (t) => {
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore(1) });
  putSmallImage(store, 'vault/keys', '1.0');
  for (const tag of ['1.0-int', 'gone']) putSmallImage(store, 'base', tag);
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url }] };
  const tellOf = async (name: string) => (await crawls.read(name))?.events.map(({ type, tag }) => `${type} ${tag}`);

  await crawls.run({ ...settings, exclude: ['vault/**'], excludeTags: ['*-int'] });
  store.deleteTag(parseRepositoryName('base'), parseTag('gone'));
  for (const _ of [1, 2]) await crawls.run({ ...settings, exclude: ['vault/**'], excludeTags: ['*-int'] });
  assert.deepEqual(await tellOf('base'), ['removed gone']);

  // What returns in the same hour was seen to go.
  putSmallImage(store, 'base', 'gone');
  await crawls.run(settings);
  assert.deepEqual(await tellOf('base'), ['removed gone', 'returned gone']);
  assert.deepEqual(await tellOf('vault/keys'), []);
  assert.ok((await crawls.read('base'))?.tags.has(parseTag('1.0-int')));

  for (const name of ['base', 'vault/keys', 'vault/new']) putSmallImage(store, name, '2.0');
  await crawls.run(settings);
  assert.deepEqual(await tellOf('base'), ['removed gone', 'returned gone', 'added 2.0']);
  assert.deepEqual(await tellOf('vault/keys'), ['added 2.0']);
  assert.deepEqual(await tellOf('vault/new'), ['added null']);
});

test('a repository that fails in the hour in which its tags are shown again has no news of them later', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore(1) });
  const { store, url } = registry;
  putSmallImage(store, 'base', '1.0-int');
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url, retries: 0 }] };
  const readEvents = async () => (await crawls.read('base'))?.events.map(({ type, tag }) => `${type} ${tag}`);
  await crawls.run({ ...settings, excludeTags: ['*-int'] });
  for (let hour = 0; hour < 2; hour++) {
    registry.script({ path: '/v2/base/tags/list', respond: { status: 500 } });
    assert.equal((await crawls.run(settings)).exitCode, 3);
    assert.ok((await crawls.read('base'))?.staleSince);
  }
  await crawls.run(settings);
  assert.ok((await crawls.read('base'))?.tags.has(parseTag('1.0-int')));
  assert.deepEqual(await readEvents(), []);
  putSmallImage(store, 'base', '2.0');
  await crawls.run(settings);
  assert.deepEqual(await readEvents(), ['added 2.0']);
});
