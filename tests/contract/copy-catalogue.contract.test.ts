/** The demo's catalogue, brought to a real registry by both ways, is there what it was in memory. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fillDemoCatalogue } from '../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { createRegistryStore, type StoredRepository } from '../../scripts/demo-registry/store/registry-store.ts';
import { acceptedManifestTypes } from '../../src/oci/media-type.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { exchange } from '../support/exchange.ts';
import { requireTool } from '../support/require-tool.ts';
import { useDockerRegistry } from '../support/use-server.ts';
import { writeRegistryLayout } from '../support/write-registry-layout.ts';

/** Some of every kind. */
const selected =
  /^(?:charts|ml\/models|istio\/filters)\/|^pause$|^coredns1|^repos\/releng\/|^releng\/(?:retired|upload)/;

const createStore = () => {
  const store = createRegistryStore();
  fillDemoCatalogue(store, { layerScale: 0, selects: (name) => selected.test(name) });
  return store;
};

async function assertHolds(url: string, repositories: readonly StoredRepository[]): Promise<void> {
  const catalog = await exchange(`${url}/v2/_catalog?n=1000`);
  assert.deepEqual(catalog.json, { repositories: repositories.map(({ name }) => name) });
  for (const { name, tags, manifests, blobs, hadTags } of repositories) {
    const listed = await exchange(`${url}/v2/${name}/tags/list`);
    assert.equal(listed.status, hadTags ? 200 : 404, name);
    const body = listed.json as { readonly tags?: readonly string[] | null };
    if (hadTags) assert.deepEqual([...(body.tags ?? [])].sort(), [...tags.keys()].sort(), name);
    for (const reference of [...tags.keys(), ...manifests.keys()]) {
      const answer = await exchange(`${url}/v2/${name}/manifests/${reference}`, {
        method: 'HEAD',
        headers: { Accept: acceptedManifestTypes.join(', ') },
      });
      const expected = manifests.get(tags.get(reference as never) ?? (reference as never));
      assert.equal(answer.headers['docker-content-digest'], expected?.digest, `${name} ${reference}`);
      assert.equal(answer.headers['content-type'], expected?.mediaType, `${name} ${reference}`);
    }
    for (const { digest, sizeBytes } of blobs.values()) {
      const answer = await exchange(`${url}/v2/${name}/blobs/${digest}`, { method: 'HEAD' });
      assert.equal(answer.headers['content-length'], String(sizeBytes), `${name} ${digest}`);
    }
  }
}

test('copyCatalogue pushes what the store holds', async (t) => {
  const registry = await useDockerRegistry(t);
  if (!registry) return;
  const store = createStore();
  await copyCatalogue(store, registry.url);
  await assertHolds(registry.url, store.repositories());
});

test('copyCatalogue pushes only what is selected', async (t) => {
  const registry = await useDockerRegistry(t);
  if (!registry) return;
  await copyCatalogue(createStore(), registry.url, {
    selects: (name) => name.startsWith('charts/'),
    selectsTag: (_, tag) => tag === '0.5.0' || tag === '1.10.0',
  });
  const catalog = await exchange(`${registry.url}/v2/_catalog`);
  assert.deepEqual(catalog.json, { repositories: ['charts/mathoid', 'charts/python-webapp'] });
  const tags = await exchange(`${registry.url}/v2/charts/mathoid/tags/list`);
  assert.deepEqual(tags.json, { name: 'charts/mathoid', tags: ['0.5.0'] });
});

test('writeRegistryLayout writes what docker-registry reads', async (t) => {
  if (!requireTool(t, 'docker-registry')) return;
  const storageDir = await mkdtemp(join(tmpdir(), 'layout-'));
  t.after(() => rm(storageDir, { recursive: true, force: true }));
  const store = createStore();
  writeRegistryLayout(storageDir, store.repositories());
  const registry = await useDockerRegistry(t, { storageDir });
  if (registry) await assertHolds(registry.url, store.repositories());
});

test('writeRegistryLayout can leave the bytes of layers out', async (t) => {
  if (!requireTool(t, 'docker-registry')) return;
  const storageDir = await mkdtemp(join(tmpdir(), 'layout-'));
  t.after(() => rm(storageDir, { recursive: true, force: true }));
  const store = createStore();
  writeRegistryLayout(storageDir, store.repositories(), { layers: 'omit' });
  const registry = await useDockerRegistry(t, { storageDir });
  assert.ok(registry);
  const repository = store.repositories().find(({ name }) => name === 'coredns1.12');
  const digest = repository?.tags.values().next().value;
  assert.ok(repository && digest);
  const headers = { Accept: acceptedManifestTypes.join(', ') };
  const index = (await exchange(`${registry.url}/v2/${repository.name}/manifests/${digest}`, { headers })).json as {
    readonly manifests: readonly [{ readonly digest: string }];
  };
  const image = (
    await exchange(`${registry.url}/v2/${repository.name}/manifests/${index.manifests[0].digest}`, { headers })
  ).json as { readonly config: { readonly digest: string }; readonly layers: readonly [{ readonly digest: string }] };
  const statusOf = async (part: string) =>
    (await exchange(`${registry.url}/v2/${repository.name}/blobs/${part}`)).status;
  assert.equal(await statusOf(image.config.digest), 200);
  assert.equal(await statusOf(image.layers[0].digest), 404);
});
