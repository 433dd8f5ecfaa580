/** Manifests and configs: asked for once, verified always. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { app, latest, never, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest }));
const digest = computeDigest(manifest);
const other = computeDigest('something else');
const path = '/v2/team/app/manifests/latest';
const good = { headers: { 'Docker-Content-Digest': digest, 'Content-Type': mediaTypes.ociManifest }, body: manifest };

describe('a manifest', () => {
  it('is asked for with all four media types, and comes as it is', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ method: 'GET', path, respond: good });
    const found = await useClient(t, server.url).fetchManifest(app, latest, null, never);
    assert.deepEqual(found, { outcome: 'fetched', digest, bytes: manifest, contentType: mediaTypes.ociManifest });
    const { accept, 'if-none-match': condition } = server.requests[0]?.headers ?? {};
    assert.deepEqual(accept?.split(', ').sort(), [
      mediaTypes.dockerList,
      mediaTypes.dockerManifest,
      mediaTypes.ociIndex,
      mediaTypes.ociManifest,
    ]);
    assert.equal(condition, undefined);
  });

  it('without an announced digest has the computed one', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { body: manifest } });
    const found = await useClient(t, server.url).fetchManifest(app, latest, null, never);
    assert.equal(found.digest, digest);
    assert.equal(found.outcome === 'fetched' && found.contentType, null);
  });

  it('without an announced digest has to be whole', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, times: 3, respond: { body: manifest.subarray(0, 20) } });
    await rejection(useClient(t, server.url).fetchManifest(app, latest, null, never), 'INVALID_DOCUMENT');
  });

  const junk: Readonly<Record<string, string>> = {
    'an error that calls itself a success': '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
    'an empty object': '{}',
    nothing: 'null',
    'a text': '"maintenance"',
    'a list': '[]',
    'a number': '503',
    'an object of another kind': '{"status":"ok","mediaType":7}',
  };
  for (const [name, body] of Object.entries(junk)) {
    for (const headers of [{}, { 'Docker-Content-Digest': 'none' }, { 'Content-Type': 'application/json' }]) {
      it(`without a digest to prove it is not ${name} (${JSON.stringify(headers)})`, async (t) => {
        const server = await useScriptedServer(t);
        server.script({ path, times: 3, respond: { headers, body } });
        await rejection(useClient(t, server.url).fetchManifest(app, latest, other, never), 'INVALID_DOCUMENT');
      });
    }
  }

  const shapes: Readonly<Record<string, readonly [body: string, contentType: string]>> = {
    'a manifest without a media type': ['{"schemaVersion":2,"config":{},"layers":[]}', 'application/json'],
    'an index without a schema version': ['{"manifests":[]}', 'text/plain'],
    'one of schema 1': ['{"fsLayers":[],"history":[]}', 'application/json'],
    'one of a type yet unknown, by its own word': ['{"mediaType":"application/vnd.acme+json"}', 'application/json'],
    'one of a type that is known, by its header': ['{"annotations":{}}', `${mediaTypes.ociManifest}; charset=utf-8`],
  };
  for (const [name, [body, contentType]] of Object.entries(shapes)) {
    it(`without a digest to prove it is ${name}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path, respond: { headers: { 'Content-Type': contentType }, body } });
      const found = await useClient(t, server.url).fetchManifest(app, latest, null, never);
      assert.equal(found.digest, computeDigest(body));
    });
  }

  it('with an announced digest that is none has the computed one', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { headers: { 'Docker-Content-Digest': 'sha256:abc' }, body: manifest } });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, null, never)).digest, digest);
  });

  it('may have a digest of another algorithm', async (t) => {
    const server = await useScriptedServer(t);
    const long = computeDigest(manifest, 'sha512');
    server.script({ path, respond: { headers: { 'Docker-Content-Digest': long }, body: manifest } });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, null, never)).digest, long);
  });

  for (const headers of [
    { 'Docker-Content-Digest': other },
    { 'Docker-Content-Digest': computeDigest('x', 'sha512') },
  ]) {
    it(`of another digest than the announced ${headers['Docker-Content-Digest'].slice(0, 6)} is refused after three times`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path, times: 3, respond: { headers, body: manifest } });
      const error = await rejection(
        useClient(t, server.url).fetchManifest(app, latest, null, never),
        'DIGEST_MISMATCH',
      );
      assert.match(error.message, new RegExp(`${path}: the bytes have digest sha`));
    });
  }

  it('that was asked for by digest has that digest, whatever is announced', async (t) => {
    const server = await useScriptedServer(t);
    const byDigest = `/v2/team/app/manifests/${digest}`;
    server.script(
      { path: byDigest, respond: { headers: { 'Docker-Content-Digest': other }, body: manifest } },
      { path: byDigest, times: 3, respond: { headers: { 'Docker-Content-Digest': digest }, body: 'else' } },
    );
    const client = useClient(t, server.url);
    assert.equal((await client.fetchManifest(app, digest, null, never)).digest, digest);
    await rejection(client.fetchManifest(app, digest, null, never), 'DIGEST_MISMATCH');
  });

  it('of 200 MB is not read', async (t) => {
    const server = await useScriptedServer(t);
    const chunk = Buffer.alloc(1_048_576, 0x20);
    const body = { sizeBytes: 200 * chunk.length, chunks: () => Array(200).fill(chunk) as Buffer[] };
    server.script({ path, respond: { headers: { 'Transfer-Encoding': 'chunked' }, body } });
    await rejection(useClient(t, server.url).fetchManifest(app, latest, null, never), 'BODY_TOO_LARGE');
  });
});

/**
 * A manifest of Docker's schema 1 with a signature in it, made as docker-registry does: its digest is that of what was
 * signed.
 */
function signedManifest() {
  const payload = '{\n   "schemaVersion": 1,\n   "name": "team/app",\n   "tag": "latest"\n}';
  const formatLength = payload.length - 2;
  const header = { formatLength, formatTail: Buffer.from(payload.slice(formatLength)).toString('base64url') };
  const signature = { protected: Buffer.from(JSON.stringify(header)).toString('base64url'), signature: 'c2ln' };
  const signed = `${payload.slice(0, formatLength)},\n   "signatures": [${JSON.stringify(signature)}]\n}`;
  return { bytes: Buffer.from(signed), digest: computeDigest(payload) };
}

describe('a signed manifest of schema 1', () => {
  const headers = { 'Content-Type': mediaTypes.dockerSchema1Signed };
  it('is verified by what was signed', async (t) => {
    const server = await useScriptedServer(t);
    const signed = signedManifest();
    server.script({
      path,
      respond: { headers: { ...headers, 'Docker-Content-Digest': signed.digest }, body: signed.bytes },
    });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, null, never)).digest, signed.digest);
  });

  it('is verified by that where a registry calls it plain JSON', async (t) => {
    const server = await useScriptedServer(t);
    const signed = signedManifest();
    const plain = { 'Content-Type': 'application/json; charset=utf-8', 'Docker-Content-Digest': signed.digest };
    server.script({ path, respond: { headers: plain, body: signed.bytes } });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, null, never)).digest, signed.digest);
  });

  it('without an announced digest has that of what was signed', async (t) => {
    const server = await useScriptedServer(t);
    const signed = signedManifest();
    server.script({ path, respond: { headers, body: signed.bytes } });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, null, never)).digest, signed.digest);
  });

  for (const type of [mediaTypes.ociManifest, mediaTypes.dockerSchema1Signed, 'application/json']) {
    for (const own of [{ mediaType: mediaTypes.ociManifest }, {}]) {
      // This one is read as schema 1.
      if (type === mediaTypes.dockerSchema1Signed && !('mediaType' in own)) continue;
      it(`lends its digest to no manifest of another kind, called ${type}, ${JSON.stringify(own)}`, async (t) => {
        const server = await useScriptedServer(t);
        const genuine = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] });
        const header = { formatLength: 1, formatTail: Buffer.from(genuine.slice(1)).toString('base64url') };
        const signatures = [{ protected: Buffer.from(JSON.stringify(header)).toString('base64url') }];
        const descriptor = { mediaType: 'application/octet-stream', digest: computeDigest('evil'), size: 4 };
        const body = JSON.stringify({ schemaVersion: 2, ...own, config: descriptor, layers: [descriptor], signatures });
        const announced = { 'Content-Type': type, 'Docker-Content-Digest': computeDigest(genuine) };
        server.script({ path, times: 3, respond: { headers: announced, body } });
        await rejection(useClient(t, server.url).fetchManifest(app, latest, null, never), 'DIGEST_MISMATCH');
      });
    }
  }

  it('that was changed is refused', async (t) => {
    const server = await useScriptedServer(t);
    const signed = signedManifest();
    const body = signed.bytes.toString().replace('team/app', 'evil/app');
    server.script({
      path,
      times: 3,
      respond: { headers: { ...headers, 'Docker-Content-Digest': signed.digest }, body },
    });
    await rejection(useClient(t, server.url).fetchManifest(app, latest, null, never), 'DIGEST_MISMATCH');
  });

  for (const junk of ['!!!', '', 'bm8', '//8']) {
    const body = JSON.stringify({ schemaVersion: 1, name: 'x', signatures: [{ protected: junk }] });
    for (const announced of [{}, { 'Docker-Content-Digest': computeDigest(body) }]) {
      it(`with signatures that cannot be read (${junk}) has its own digest, ${JSON.stringify(announced)}`, async (t) => {
        const server = await useScriptedServer(t);
        server.script({ path, respond: { headers: { ...headers, ...announced }, body } });
        const found = await useClient(t, server.url).fetchManifest(app, latest, null, never);
        assert.equal(found.digest, computeDigest(body));
      });
    }
  }

  it('that is not even JSON has the digest that is announced, where that is its own', async (t) => {
    const server = await useScriptedServer(t);
    const announced = { ...headers, 'Docker-Content-Digest': computeDigest('hello') };
    server.script({ path, respond: { headers: announced, body: 'hello' } });
    const found = await useClient(t, server.url).fetchManifest(app, latest, null, never);
    assert.equal(found.digest, computeDigest('hello'));
  });

  it('without signatures is a manifest like any other', async (t) => {
    const server = await useScriptedServer(t);
    const body = Buffer.from('{"schemaVersion": 1, "signatures": [{"protected": "e30"}]}');
    server.script({ path, respond: { headers, body } });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, null, never)).digest, computeDigest(body));
  });
});

describe('a manifest that is known', () => {
  it('is asked for on condition, by its bare digest in quotes', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ method: 'GET', path, times: 2, respond: { status: 304 } });
    const client = useClient(t, server.url);
    for (let run = 0; run < 2; run++) {
      const found = await client.fetchManifest(app, latest, digest, never);
      assert.deepEqual(found, { outcome: 'unchanged', digest });
    }
    assert.deepEqual(
      server.requests.map(({ headers }) => headers['if-none-match']),
      [`"${digest}"`, `"${digest}"`],
    );
    assert.equal(client.counts.unchanged, 2);
  });

  it('is believed to be unchanged under a weak ETag too', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { status: 304, headers: { ETag: `W/"${digest}"` } } });
    assert.equal((await useClient(t, server.url).fetchManifest(app, latest, digest, never)).outcome, 'unchanged');
  });

  it('is not believed to be unchanged where the answer names another digest', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, times: 3, respond: { status: 304, headers: { 'Docker-Content-Digest': other } } });
    await rejection(useClient(t, server.url).fetchManifest(app, latest, digest, never), 'DIGEST_MISMATCH');
  });

  it('and moved comes anew', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: good });
    const found = await useClient(t, server.url).fetchManifest(app, latest, other, never);
    assert.equal(found.outcome, 'fetched');
  });

  it('is asked for by HEAD from then on, where the source answers conditions with the same manifest', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { method: 'GET', path, respond: { ...good, headers: { ...good.headers, ETag: `W/"${digest}"` } } },
      { method: 'HEAD', path, times: 2, respond: good },
    );
    const client = useClient(t, server.url);
    for (let run = 0; run < 3; run++) {
      assert.equal((await client.fetchManifest(app, latest, digest, never)).outcome, 'unchanged');
    }
    assert.deepEqual({ ...client.counts.byKind }, { ...client.counts.byKind, manifest: 1, 'manifest-head': 2 });
    assert.equal(server.requests[1]?.headers.connection, 'keep-alive');
  });

  it('that HEAD says has moved comes anew', async (t) => {
    const server = await useScriptedServer(t);
    const moved = Buffer.from('{"schemaVersion": 2}');
    const headers = { 'Docker-Content-Digest': computeDigest(moved) };
    server.script(
      { method: 'GET', path, respond: good },
      { method: 'HEAD', path, respond: { headers } },
      { method: 'GET', path, respond: { headers, body: moved } },
    );
    const client = useClient(t, server.url);
    await client.fetchManifest(app, latest, digest, never);
    assert.equal((await client.fetchManifest(app, latest, digest, never)).digest, computeDigest(moved));
  });

  it('is asked by HEAD from the beginning, where an earlier run learned to', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ method: 'HEAD', path, times: 2, respond: good });
    const client = useClient(t, server.url);
    client.expectIgnoredConditions();
    for (let tag = 0; tag < 2; tag++) await client.fetchManifest(app, latest, digest, never);
    assert.equal(client.ignoresConditions, true);
  });

  it('that neither HEAD nor GET may read says nothing about HEAD', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, times: 2, respond: { status: 403 } }, { method: 'HEAD', path, respond: good });
    const client = useClient(t, server.url);
    client.expectIgnoredConditions();
    await rejection(client.fetchManifest(app, latest, digest, never), 'FORBIDDEN');
    assert.equal((await client.fetchManifest(app, latest, digest, never)).outcome, 'unchanged');
  });

  const silentHeads = {
    'names no digest': { status: 200 },
    'is not spoken': { status: 405 },
    'is forbidden': { status: 403 },
    'is answered as if nothing were there': { status: 404 },
    'is told of a policy': { status: 418 },
  };
  for (const [name, respond] of Object.entries(silentHeads)) {
    it(`is asked for by GET again, where HEAD ${name}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ method: 'GET', path, times: 3, respond: good }, { method: 'HEAD', path, respond });
      const client = useClient(t, server.url);
      for (let run = 0; run < 3; run++) await client.fetchManifest(app, latest, digest, never);
      assert.equal(client.counts.byKind['manifest-head'], 1);
      assert.equal(client.ignoresConditions, false);
    });
  }
});

describe('whether a tag is there', () => {
  const answers: readonly (readonly [status: number, expected: string])[] = [
    [200, 'present'],
    [404, 'absent'],
  ];
  for (const [status, expected] of answers) {
    it(`${status} says ${expected}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ method: 'HEAD', path, respond: { status } });
      assert.equal(await useClient(t, server.url).headManifest(app, latest, never), expected);
    });
  }

  for (const [status, expected] of answers) {
    it(`is asked by GET where HEAD is not spoken: ${expected}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script(
        { method: 'HEAD', path, respond: { status: 501 } },
        { method: 'GET', path, respond: status === 200 ? good : { status } },
      );
      assert.equal(await useClient(t, server.url).headManifest(app, latest, never), expected);
    });
  }

  it('is not said by a refusal', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ method: 'HEAD', path, respond: { status: 403 } });
    await rejection(useClient(t, server.url).headManifest(app, latest, never), 'FORBIDDEN');
  });
});

describe('a config', () => {
  const body = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'arm64', created: '2026-08-16T03:00:00Z' }));
  const config = { digest: computeDigest(body) };
  const blob = `/v2/team/app/blobs/${config.digest}`;

  it('is verified and decoded', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: blob, respond: { body } });
    const found = await useClient(t, server.url).fetchImageConfig(app, config, never);
    assert.equal(found.platform?.architecture, 'arm64');
    assert.equal(found.createdAt, '2026-08-16T03:00:00Z');
  });

  it('may be had from another host', async (t) => {
    const server = await useScriptedServer(t);
    const cdn = await useScriptedServer(t);
    server.script({ path: blob, respond: { status: 307, headers: { Location: `${cdn.url}/x?sig=1` } } });
    cdn.script({ path: '/x', respond: { body } });
    assert.equal((await useClient(t, server.url).fetchImageConfig(app, config, never)).platform?.os, 'linux');
  });

  it('of other bytes is refused', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: blob, times: 3, respond: { body: '{}' } });
    await rejection(useClient(t, server.url).fetchImageConfig(app, config, never), 'DIGEST_MISMATCH');
  });

  it('that is no config is refused', async (t) => {
    const server = await useScriptedServer(t);
    const list = Buffer.from('[]');
    const digestOfList = { digest: computeDigest(list) };
    server.script({ path: `/v2/team/app/blobs/${digestOfList.digest}`, times: 3, respond: { body: list } });
    await rejection(useClient(t, server.url).fetchImageConfig(app, digestOfList, never), 'INVALID_DOCUMENT');
  });

  it('with ten megabytes of labels is not read', async (t) => {
    const server = await useScriptedServer(t);
    const huge = Buffer.from(JSON.stringify({ config: { Labels: { big: 'x'.repeat(10_485_760) } } }));
    const large = { digest: computeDigest(huge) };
    server.script({ path: `/v2/team/app/blobs/${large.digest}`, respond: { body: huge } });
    await rejection(useClient(t, server.url).fetchImageConfig(app, large, never), 'BODY_TOO_LARGE');
  });

  it('nested ten thousand deep is refused', async (t) => {
    const server = await useScriptedServer(t);
    const deep = Buffer.from(`{"os":"linux","architecture":"amd64","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
    const nested = { digest: computeDigest(deep) };
    server.script({ path: `/v2/team/app/blobs/${nested.digest}`, respond: { body: deep } });
    await rejection(useClient(t, server.url).fetchImageConfig(app, nested, never), 'INVALID_DOCUMENT');
  });

  it('of a chart has its fields', async (t) => {
    const server = await useScriptedServer(t);
    const chart = Buffer.from('{"name":"web","version":"1.2.3","keywords":["a"]}');
    const wanted = { digest: computeDigest(chart) };
    server.script({ path: `/v2/team/app/blobs/${wanted.digest}`, respond: { body: chart } });
    const found = await useClient(t, server.url).fetchHelmChart(app, wanted, never);
    assert.deepEqual(found, { chart: { name: 'web', version: '1.2.3', keywords: 'a' } });
  });
});

describe('the API itself', () => {
  it('is there', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/v2/', respond: { json: {} } });
    await useClient(t, server.url).checkApi(never);
  });

  it('is not a web page', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/v2/', times: 3, respond: { headers: { 'Content-Type': 'text/html' }, body: '<p>Hello' } });
    const error = await rejection(useClient(t, server.url).checkApi(never), 'NOT_A_REGISTRY');
    assert.match(error.hint, /port/);
  });
});

test('an address with a path keeps it', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path: '/docker/v2/team/app/manifests/latest', respond: good });
  await useClient(t, `${server.url}/docker/`).fetchManifest(app, latest, null, never);
});
