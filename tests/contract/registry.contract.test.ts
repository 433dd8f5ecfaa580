/**
 * What this project relies on in a registry, held against the demo registry and against a real docker-registry. As long as
 * both pass, a test that uses the demo registry says something about real ones.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { encodeImage, encodeIndex } from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../scripts/demo-registry/image/layer.ts';
import { createBlob } from '../../scripts/demo-registry/store/blob.ts';
import { computeDigest } from '../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { exchange } from '../support/exchange.ts';
import { createPusher } from '../support/pusher.ts';
import { requireTool } from '../support/require-tool.ts';
import { runSkopeo, toSkopeoReference } from '../support/run-skopeo.ts';
import { useDemoRegistry, useDockerRegistry } from '../support/use-server.ts';
import { writeRegistryLayout } from '../support/write-registry-layout.ts';
import { accept, type ContractCase, contractCases, differences, unknownDigest } from './contract-cases.ts';
import { createContractStore, kinds, layer, ociIndex } from './contract-world.ts';

type Implementation = 'demo' | 'real';

/** Starts a registry that holds the contract's world; null when the test was skipped. */
async function start(t: TestContext, implementation: Implementation): Promise<string | null> {
  if (implementation === 'demo') return (await useDemoRegistry(t, { store: createContractStore() })).url;
  if (!requireTool(t, 'docker-registry')) return null;
  const storageDir = await mkdtemp(join(tmpdir(), 'contract-'));
  t.after(() => rm(storageDir, { recursive: true, force: true }));
  writeRegistryLayout(storageDir, createContractStore().repositories());
  return (await useDockerRegistry(t, { storageDir }))?.url ?? null;
}

async function assertCase(
  url: string,
  { target, options, status, headers = {}, error, body }: ContractCase,
): Promise<void> {
  const answer = await exchange(`${url}${target}`, options);
  assert.equal(answer.status, status, answer.text.slice(0, 500));
  for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name] ?? null, value, name);
  if (error !== undefined) {
    const { errors } = answer.json as { readonly errors: readonly { readonly code: string }[] };
    assert.equal(errors[0]?.code, error);
  }
  if (body !== undefined) assert.deepEqual(answer.body, Buffer.from(body));
}

/** All names, by following links to their end, and how many pages they took. */
async function readCatalog(url: string, target: string): Promise<{ names: readonly string[]; pages: number }> {
  const names: string[] = [];
  let pages = 0;
  for (let next: string | undefined = target; next !== undefined; pages += 1) {
    const answer = await exchange(`${url}${next}`);
    names.push(...(answer.json as { repositories: readonly string[] }).repositories);
    next = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1];
  }
  return { names, pages };
}

for (const implementation of ['demo', 'real'] as const) {
  test(`the contract, ${implementation === 'demo' ? 'with the demo registry' : 'with docker-registry'}`, async (t) => {
    const url = await start(t, implementation);
    if (url === null) return;
    const pusher = createPusher(url);
    const names = createContractStore()
      .repositories()
      .map(({ name }) => name as string);

    await t.test('answers reads', async (t) => {
      for (const expected of contractCases) await t.test(expected.what, () => assertCase(url, expected));
    });

    await t.test('differs only where it may', async (t) => {
      for (const { what, target, options, ...status } of differences) {
        await t.test(what, async () => {
          assert.equal((await exchange(`${url}${target}`, options)).status, status[implementation]);
        });
      }
    });

    await t.test('lists the catalog in pages', async () => {
      for (const [target, pages] of [
        ['/v2/_catalog', 11],
        ['/v2/_catalog?n=1000', 2],
        [`/v2/_catalog?n=${names.length / 2}`, 2],
        ['/v2/_catalog?n=abc', 11],
      ] as const) {
        assert.deepEqual(await readCatalog(url, target), { names, pages }, target);
      }
    });

    await t.test('lists tags at once, in no order', async () => {
      const answer = await exchange(`${url}/v2/kinds/all/tags/list?n=2`);
      const { name, tags } = answer.json as { readonly name: string; readonly tags: readonly string[] };
      assert.equal(name, 'kinds/all');
      assert.deepEqual([...tags].sort(), Object.keys(kinds).sort());
      assert.equal(answer.headers.link, undefined);
    });

    await t.test('takes what is pushed, byte for byte', async () => {
      const name = parseRepositoryName('pushed/here');
      for (const [tag, content] of Object.entries(kinds)) await pusher.pushContent(name, content, [parseTag(tag)]);
      for (const [tag, { manifest }] of Object.entries(kinds)) {
        const answer = await exchange(`${url}/v2/${name}/manifests/${tag}`, { headers: accept });
        assert.equal(computeDigest(answer.body), manifest.digest, tag);
      }
    });

    await t.test('takes a blob in chunks, and not under another digest', async () => {
      const bytes = Buffer.from('in three chunks');
      const begin = async () =>
        (await exchange(`${url}/v2/chunks/blobs/uploads/`, { method: 'POST', body: '' })).headers.location ?? '';
      const withDigest = (location: string, digest: string) => `${location}&digest=${encodeURIComponent(digest)}`;
      let location = await begin();
      for (const [from, to] of [
        [0, 5],
        [5, 9],
      ] as const) {
        const answer = await exchange(location, { method: 'PATCH', body: bytes.subarray(from, to) });
        assert.equal(answer.status, 202);
        assert.equal(answer.headers['range'], `0-${to - 1}`);
        location = answer.headers.location ?? '';
      }
      const { digest } = createBlob(bytes);
      const end = await exchange(withDigest(location, digest), { method: 'PUT', body: bytes.subarray(9) });
      assert.equal(end.status, 201);
      assert.equal(end.headers['docker-content-digest'], digest);
      assert.equal((await exchange(`${url}/v2/chunks/blobs/${digest}`)).text, 'in three chunks');

      const wrong = await exchange(withDigest(await begin(), unknownDigest), { method: 'PUT', body: bytes });
      assert.ok(wrong.status === 400 || wrong.status === 404, String(wrong.status));
      const abandoned = await begin();
      assert.equal((await exchange(abandoned, { method: 'DELETE' })).status, 204);
      assert.equal((await exchange(abandoned)).status, 404);
    });

    await t.test('mounts a blob that another repository has', async () => {
      const { digest } = layer.blob;
      const mount = await exchange(`${url}/v2/mounted/blobs/uploads/?mount=${digest}&from=kinds/all`, {
        method: 'POST',
        body: '',
      });
      assert.equal(mount.status, 201);
      assert.equal((await exchange(`${url}/v2/mounted/blobs/${digest}`, { method: 'HEAD' })).status, 200);
    });

    await t.test('moves a tag, and forgets the tags of a deleted manifest', async () => {
      const name = parseRepositoryName('moving');
      const [first, second] = ['first', 'second'].map((seed) =>
        encodeImage({ layers: [{ layer: createLayer(seed, 0) }] }),
      );
      assert.ok(first && second);
      const latest = parseTag('latest');
      await pusher.pushContent(name, first, [latest, parseTag('1')]);
      await pusher.pushContent(name, second, [latest]);
      const read = (reference: string) => exchange(`${url}/v2/${name}/manifests/${reference}`, { headers: accept });
      assert.equal((await read('latest')).headers['docker-content-digest'], second.manifest.digest);
      assert.equal((await read('1')).headers['docker-content-digest'], first.manifest.digest);

      await pusher.deleteManifest(name, second.manifest.digest);
      assert.equal((await read('latest')).status, 404);
      assert.deepEqual((await exchange(`${url}/v2/${name}/tags/list`)).json, { name, tags: ['1'] });
      await pusher.deleteManifest(name, first.manifest.digest);
      assert.deepEqual((await exchange(`${url}/v2/${name}/tags/list`)).json, { name, tags: null });
      assert.equal((await exchange(`${url}/v2/${name}/blobs/${layer.blob.digest}`)).status, 404);
    });

    await t.test('speaks with skopeo', async (t) => {
      if (!requireTool(t, 'skopeo')) return;
      const source = toSkopeoReference(url, 'kinds/all', 'oci-index');
      assert.equal(await runSkopeo('inspect', '--raw', source), Buffer.from(ociIndex.manifest.bytes).toString());

      const copy = toSkopeoReference(url, 'copied/by/skopeo', 'all');
      await runSkopeo('copy', '--all', '--preserve-digests', source, copy);
      assert.equal(await runSkopeo('inspect', '--raw', copy), Buffer.from(ociIndex.manifest.bytes).toString());
      const { Digest, Layers } = JSON.parse(
        await runSkopeo('inspect', toSkopeoReference(url, 'copied/by/skopeo', 'all')),
      );
      assert.equal(Digest, ociIndex.manifest.digest);
      assert.deepEqual(Layers, [layer.blob.digest]);

      const nested = encodeIndex({ children: [{ content: ociIndex }] });
      await pusher.pushContent(parseRepositoryName('nested'), nested, [parseTag('1')]);
      assert.deepEqual(JSON.parse(await runSkopeo('list-tags', `docker://${new URL(url).host}/nested`)).Tags, ['1']);
      await runSkopeo('delete', toSkopeoReference(url, 'nested', '1'));
      assert.deepEqual((await exchange(`${url}/v2/nested/tags/list`)).json, { name: 'nested', tags: null });
    });
  });
}
