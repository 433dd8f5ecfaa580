/** Asking what is about a digest, in registries that know and in those that do not. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { ScriptedResponse } from '../../../scripts/demo-registry/server/script.ts';
import { computeDigest, type Digest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { app, never, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const subject = computeDigest('an image');
const path = `/v2/team/app/referrers/${subject}`;
const entry = (seed: string, more: object = {}) => ({
  mediaType: mediaTypes.ociManifest,
  digest: computeDigest(seed),
  size: 700,
  artifactType: 'application/spdx+json',
  ...more,
});

function page(manifests: unknown, headers: Readonly<Record<string, string>> = {}): ScriptedResponse {
  const json = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  return { json, headers: { 'Content-Type': mediaTypes.ociIndex, ...headers } };
}

const digests = (listed: { readonly referrers: readonly { readonly digest: Digest }[] } | null) =>
  listed?.referrers.map(({ digest }) => digest);

test('reads what the registry lists, and counts the request apart', async (t) => {
  const server = await useScriptedServer(t);
  const annotations = { 'org.opencontainers.image.created': '2026-08-12T09:30:00Z' };
  server.script({ path, respond: page([entry('a', { annotations }), entry('b', { artifactType: '' })]) });
  const client = useClient(t, server.url);
  const listed = await client.fetchReferrers(app, subject, never);
  assert.deepEqual(listed, {
    complete: true,
    referrers: [
      {
        mediaType: mediaTypes.ociManifest,
        digest: computeDigest('a'),
        sizeBytes: 700,
        platform: null,
        artifactType: 'application/spdx+json',
        annotations,
      },
      {
        mediaType: mediaTypes.ociManifest,
        digest: computeDigest('b'),
        sizeBytes: 700,
        platform: null,
        artifactType: null,
        annotations: {},
      },
    ],
  });
  assert.equal(server.requests[0]?.headers.accept, mediaTypes.ociIndex);
  assert.deepEqual({ ...client.counts.byKind }, { ...client.counts.byKind, referrers: 1, manifest: 0 });
});

test('nothing is about it', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path, respond: page([]) }, { path, respond: page(null) });
  const client = useClient(t, server.url);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await client.fetchReferrers(app, subject, never), { referrers: [], complete: true });
  }
});

describe('pages', () => {
  const link = (target: string) => ({ Link: `<${target}>; rel="next"` });
  const cases: readonly (readonly [string, readonly ScriptedResponse[], readonly string[], boolean])[] = [
    ['are followed to the last', [page([entry('a')], link('?page=2')), page([entry('b')])], ['a', 'b'], true],
    ['that repeat one another', [page([entry('a')], link('?page=2')), page([entry('a')])], ['a'], true],
    ['that lead back', [page([entry('a')], link('?page=2')), page([entry('b')], link('?page=2'))], ['a', 'b'], false],
    ['whose link cannot be read', [page([entry('a')], { Link: 'rel=next' })], ['a'], false],
    ['that end in an error page', [page([entry('a')], link('?page=2')), { status: 404 }], ['a'], false],
    ['that were filtered unasked', [page([entry('a')], { 'OCI-Filters-Applied': 'artifactType' })], ['a'], false],
    ['with entries that are none', [page([entry('a'), 7, { digest: 'x' }, null])], ['a'], false],
  ];
  for (const [name, answers, expected, complete] of cases) {
    it(name, async (t) => {
      const server = await useScriptedServer(t);
      server.script(...answers.map((respond) => ({ path: ({ path: at }: { path: string }) => at === path, respond })));
      const listed = await useClient(t, server.url).fetchReferrers(app, subject, never);
      assert.deepEqual(
        digests(listed),
        expected.map((seed) => computeDigest(seed)),
      );
      assert.equal(listed?.complete, complete);
    });
  }

  it('without end are left, and said to be incomplete', async (t) => {
    const server = await useScriptedServer(t);
    const answer = (at: number) => page([entry(`r${at}`)], link(`?page=${at + 1}`));
    server.script(...Array.from({ length: 20 }, (_, at) => ({ path, respond: answer(at) })));
    const listed = await useClient(t, server.url).fetchReferrers(app, subject, never);
    assert.equal(listed?.complete, false);
    assert.equal(server.requests.length, 20);
  });

  it('of more than anybody signs are cut', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: page(Array.from({ length: 700 }, (_, at) => entry(`r${at}`))) });
    const listed = await useClient(t, server.url).fetchReferrers(app, subject, never);
    assert.deepEqual([listed?.referrers.length, listed?.complete], [500, false]);
  });
});

describe('a registry without the API', () => {
  const answers: readonly (readonly [string, ScriptedResponse])[] = [
    ['says 404', { status: 404, body: '404 page not found\n' }],
    ['says 405', { status: 405, json: { errors: [{ code: 'UNSUPPORTED' }] } }],
    ['says 403, as a proxy that knows the other endpoints', { status: 403 }],
    ['says 400', { status: 400 }],
    ['sends a web page', { body: '<!doctype html><title>Registry</title>' }],
    ['sends something else', { json: { tags: [] } }],
    ['sends a manifest', { json: { schemaVersion: 2, mediaType: mediaTypes.ociManifest, manifests: [] } }],
  ];
  for (const [name, respond] of answers) {
    it(`${name}, and is asked once`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path, respond });
      const client = useClient(t, server.url);
      const all = Array.from({ length: 5 }, () => client.fetchReferrers(app, subject, never));
      assert.deepEqual(await Promise.all(all), [null, null, null, null, null]);
      assert.equal(await client.fetchReferrers(app, computeDigest('another'), never), null);
      assert.equal(server.requests.length, 1);
    });
  }

  it('fails at the first question, and is left alone', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, times: 'always', respond: { status: 500 } });
    const client = useClient(t, server.url, { retries: 1 });
    await rejection(client.fetchReferrers(app, subject, never), 'SERVER_FAILED');
    assert.equal(await client.fetchReferrers(app, subject, never), null);
    assert.equal(server.requests.length, 2);
  });
});

test('an API that fails again and again is left alone before the registry is', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path, respond: page([entry('a')]) }, { path, times: 'always', respond: { status: 502 } });
  const client = useClient(t, server.url, { retries: 0 });
  assert.deepEqual(digests(await client.fetchReferrers(app, subject, never)), [computeDigest('a')]);
  for (let time = 0; time < 3; time++) await rejection(client.fetchReferrers(app, subject, never), 'SERVER_FAILED');
  assert.equal(await client.fetchReferrers(app, subject, never), null);
  assert.equal(server.requests.length, 4);
});

test('one that later says something else has said nothing', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path, respond: page([entry('a')]) }, { path, respond: { status: 404 } }, { path, respond: page([]) });
  const client = useClient(t, server.url);
  assert.notEqual(await client.fetchReferrers(app, subject, never), null);
  assert.equal(await client.fetchReferrers(app, subject, never), null);
  assert.deepEqual(await client.fetchReferrers(app, subject, never), { referrers: [], complete: true });
});
