/** What the contract with a real registry does not cover: the other dialect, scripts, and the store behind the API. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerRegistry28, ociDistribution11 } from '../../../../scripts/demo-registry/dialect.ts';
import {
  encodeArtifact,
  encodeImage,
  putContent,
  toDescriptor,
} from '../../../../scripts/demo-registry/image/encode-content.ts';
import { createRegistryStore, type RegistryStore } from '../../../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../../../src/oci/reference.ts';
import { exchange } from '../../../support/exchange.ts';
import { createPusher } from '../../../support/pusher.ts';
import { useDemoRegistry } from '../../../support/use-server.ts';

const name = parseRepositoryName('a/b');
const image = encodeImage({ layers: [] });
const toSbom = (artifactType: string) =>
  encodeArtifact({
    artifactType,
    files: [{ mediaType: artifactType, content: '{}' }],
    subject: toDescriptor(image),
    annotations: { about: 'an image' },
  });

function createStore(...tags: readonly string[]): RegistryStore {
  const store = createRegistryStore();
  putContent(store, name, image, tags.map(parseTag));
  return store;
}

test('distribution-spec 1.1 pages tags, in their order', async (t) => {
  const { url } = await useDemoRegistry(t, {
    store: createStore('c', 'B', 'a', '10', '9'),
    dialect: ociDistribution11,
  });
  const first = await exchange(`${url}/v2/a/b/tags/list?n=2`);
  assert.deepEqual(first.json, { name, tags: ['10', '9'] });
  assert.equal(first.headers.link, '</v2/a/b/tags/list?last=9&n=2>; rel="next"');
  const second = await exchange(`${url}/v2/a/b/tags/list?last=9&n=3`);
  assert.deepEqual(second.json, { name, tags: ['B', 'a', 'c'] });
  assert.equal(second.headers.link, undefined);
  assert.deepEqual((await exchange(`${url}/v2/a/b/tags/list`)).json, { name, tags: ['10', '9', 'B', 'a', 'c'] });
});

test('distribution-spec 1.1 lists referrers, by type if wanted', async (t) => {
  const { url } = await useDemoRegistry(t, { store: createStore(), dialect: ociDistribution11 });
  const [spdx, signature] = [toSbom('application/spdx+json'), toSbom('application/vnd.example.signature')];
  const subject = image.manifest.digest;
  await createPusher(url).pushContent(name, spdx);
  const put = await exchange(`${url}/v2/a/b/manifests/${spdx.manifest.digest}`, {
    method: 'PUT',
    headers: { 'Content-Type': spdx.manifest.mediaType },
    body: spdx.manifest.bytes,
  });
  assert.equal(put.headers['oci-subject'], subject);
  await createPusher(url).pushContent(name, signature);

  const all = await exchange(`${url}/v2/a/b/referrers/${subject}`);
  assert.equal(all.headers['content-type'], 'application/vnd.oci.image.index.v1+json');
  assert.equal(all.headers['oci-filters-applied'], undefined);
  assert.deepEqual(all.json, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [spdx, signature].map((content) => ({
      ...toDescriptor(content),
      artifactType: content === spdx ? 'application/spdx+json' : 'application/vnd.example.signature',
      annotations: { about: 'an image' },
    })),
  });
  const some = await exchange(`${url}/v2/a/b/referrers/${subject}?artifactType=application/spdx%2Bjson`);
  assert.equal(some.headers['oci-filters-applied'], 'artifactType');
  assert.equal((some.json as { manifests: unknown[] }).manifests.length, 1);
  const none = await exchange(`${url}/v2/a/b/referrers/${spdx.manifest.digest}`);
  assert.deepEqual((none.json as { manifests: unknown[] }).manifests, []);
});

test('distribution-spec 1.1 deletes a tag and keeps its manifest', async (t) => {
  const store = createStore('one', 'two');
  const { url } = await useDemoRegistry(t, { store, dialect: ociDistribution11 });
  assert.equal((await exchange(`${url}/v2/a/b/manifests/one`, { method: 'DELETE' })).status, 202);
  assert.equal((await exchange(`${url}/v2/a/b/manifests/one`)).status, 404);
  assert.equal((await exchange(`${url}/v2/a/b/manifests/two`)).status, 200);
});

test('a dialect can link to an empty page, page smaller, and cap lower', async (t) => {
  const store = createRegistryStore();
  for (const one of ['a', 'b', 'c', 'd']) putContent(store, parseRepositoryName(one), image);
  const dialect = { ...dockerRegistry28, catalogPageSize: 2, largestCatalogPageSize: 4, linksToEmptyPage: true };
  const { url } = await useDemoRegistry(t, { store, dialect });
  assert.deepEqual((await exchange(`${url}/v2/_catalog`)).json, { repositories: ['a', 'b'] });
  const exact = await exchange(`${url}/v2/_catalog?n=4`);
  assert.equal(exact.headers.link, '</v2/_catalog?last=d&n=4>; rel="next"');
  assert.deepEqual((await exchange(`${url}/v2/_catalog?last=d&n=4`)).json, { repositories: [] });
  assert.equal((await exchange(`${url}/v2/_catalog?n=5`)).status, 400);
});

test('the order of tags means nothing and is the same every time', async (t) => {
  const tags = ['1', '2', '3', '4', '5', '6'];
  const one = await useDemoRegistry(t, { store: createStore(...tags) });
  const other = await useDemoRegistry(t, { store: createStore(...tags.toReversed()) });
  const first = await exchange(`${one.url}/v2/a/b/tags/list`);
  assert.equal(first.text, (await exchange(`${other.url}/v2/a/b/tags/list`)).text);
  assert.notDeepEqual((first.json as { readonly tags: readonly string[] }).tags, tags);
});

test('any answer can be scripted, and the next one is its own again', async (t) => {
  const registry = await useDemoRegistry(t, { store: createStore('1') });
  registry.script(
    { path: '/v2/a/b/tags/list', respond: { status: 503, headers: { 'Retry-After': '1' } } },
    {
      path: '/v2/a/b/manifests/1',
      respond: {
        alter: (answer) => ({ ...answer, headers: { ...answer.headers, 'Docker-Content-Digest': 'sha256:00' } }),
      },
    },
  );
  const target = `${registry.url}/v2/a/b/tags/list`;
  assert.equal((await exchange(target)).headers['retry-after'], '1');
  assert.equal((await exchange(target)).status, 200);
  const headers = { Accept: image.manifest.mediaType };
  const altered = await exchange(`${registry.url}/v2/a/b/manifests/1`, { headers });
  assert.equal(altered.headers['docker-content-digest'], 'sha256:00');
  assert.deepEqual(altered.body, image.manifest.bytes);
  assert.deepEqual(
    registry.requests.map(({ path, status }) => `${status} ${path}`),
    ['503 /v2/a/b/tags/list', '200 /v2/a/b/tags/list', '200 /v2/a/b/manifests/1'],
  );
});

test('the store may change while it serves', async (t) => {
  const registry = await useDemoRegistry(t, { store: createStore('1') });
  registry.store.deleteRepository(name);
  assert.deepEqual((await exchange(`${registry.url}/v2/_catalog`)).json, { repositories: [] });
  await createPusher(registry.url).pushContent(name, image, [parseTag('again')]);
  assert.deepEqual([...(registry.store.repository(name)?.tags.keys() ?? [])], ['again']);
});
