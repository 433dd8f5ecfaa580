/** Bodies that are passed on as they come: bounds, time-outs, ends that come too soon, and what is kept of them. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { computeDigest } from '../../../src/oci/digest.ts';
import { createTransport, type Transport } from '../../../src/registry/transport.ts';
import { app, never, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const bytes = Buffer.alloc(300_000, 'layer');
const digest = computeDigest(bytes);
const sha512 = computeDigest(bytes, 'sha512');
const path = /\/blobs\//;

function useTransport(t: TestContext, url: string): Transport {
  const transport = createTransport({
    registry: new URL(url),
    userAgent: 'test',
    connections: 1,
    followRedirects: true,
  });
  t.after(() => transport.close());
  return transport;
}

describe('a blob that is streamed', () => {
  for (const asked of [digest, sha512]) {
    it(`is hashed and counted by ${asked.slice(0, 6)}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ method: 'GET', path, respond: { body: bytes } });
      const client = useClient(t, server.url);
      assert.deepEqual(await client.blobs.read(app, asked, 1_000_000, never), { digest: asked, sizeBytes: 300_000 });
      assert.equal(client.counts.receivedBytes, 300_000);
      assert.equal(client.counts.byKind.blob, 1);
    });
  }

  it('is told as it is, where its bytes are others', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { body: 'something else' } });
    const found = await useClient(t, server.url).blobs.read(app, digest, 1000, never);
    assert.deepEqual(found, { digest: computeDigest('something else'), sizeBytes: 14 });
  });

  it('is not called another one, where it was compressed on its way', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(bytes) } });
    const error = await rejection(
      useClient(t, server.url, { retries: 0 }).blobs.read(app, digest, 1_000_000, never),
      'INVALID_DOCUMENT',
    );
    assert.match(error.message, /compressed on its way/);
  });

  it('is not called another one, where a web page came under the name of bytes', async (t) => {
    const server = await useScriptedServer(t);
    const page = Buffer.from('\n<!DOCTYPE html><title>Access denied</title>');
    server.script({ path, respond: { headers: { 'Content-Type': 'application/octet-stream' }, body: page } });
    const client = useClient(t, server.url, { retries: 0 });
    await rejection(client.blobs.read(app, digest, 1_000_000, never), 'NOT_A_REGISTRY');
    const own = computeDigest(page);
    server.script({ path, respond: { body: page } });
    assert.deepEqual(await client.blobs.read(app, own, 1000, never), { digest: own, sizeBytes: page.length });
  });

  it('is itself, where only its own compression is announced', async (t) => {
    const layer = gzipSync(bytes);
    const server = await useScriptedServer(t);
    server.script({ path, respond: { headers: { 'Content-Encoding': 'gzip' }, body: layer } });
    const found = await useClient(t, server.url).blobs.read(app, computeDigest(layer), 1_000_000, never);
    assert.deepEqual(found, { digest: computeDigest(layer), sizeBytes: layer.length });
  });

  for (const [what, respond] of [
    ['a connection cut in the body', { body: bytes, cut: { afterBytes: 100_000 } }],
    ['500', { status: 500, body: 'trouble' }],
    ['a web page', { headers: { 'Content-Type': 'text/html' }, body: '<html>' }],
  ] as const) {
    it(`begins anew after ${what}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path, respond }, { path, respond: { body: bytes } });
      const client = useClient(t, server.url);
      assert.deepEqual(await client.blobs.read(app, digest, 1_000_000, never), { digest, sizeBytes: 300_000 });
      assert.equal(client.counts.retries, 1);
    });
  }

  it('is not read beyond its bound, announced or not', async (t) => {
    const server = await useScriptedServer(t);
    const endless = { sizeBytes: 300_000, chunks: () => [bytes] };
    server.script(
      { path, respond: { body: bytes } },
      { path, respond: { headers: { 'Transfer-Encoding': 'chunked' }, body: endless } },
    );
    const client = useClient(t, server.url);
    for (let round = 0; round < 2; round++) {
      await rejection(client.blobs.read(app, digest, 200_000, never), 'BODY_TOO_LARGE');
    }
  });

  it('that stalls is given up; one that comes slowly is not', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { body: bytes, stall: { afterBytes: 1000 } } });
    const client = useClient(t, server.url, { timeoutMs: 100, retries: 0 });
    const error = await rejection(client.blobs.read(app, digest, 1_000_000, never), 'TIMED_OUT');
    assert.match(error.message, /nothing came for 0.1 s/);
  });

  it('is broken off when the run is', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { body: bytes, stall: { afterBytes: 1000 } } });
    const stop = new AbortController();
    const reading = useClient(t, server.url).blobs.read(app, digest, 1_000_000, stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await rejection(reading, 'CANCELLED');
  });

  it('that is not there, or may not be read, is a failure of its own', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { status: 404 } }, { path, respond: { status: 403 } });
    const client = useClient(t, server.url);
    await rejection(client.blobs.read(app, digest, 1000, never), 'NOT_FOUND');
    await rejection(client.blobs.read(app, digest, 1000, never), 'FORBIDDEN');
  });
});

test('HEAD tells a length, or that there is none to tell', async (t) => {
  const server = await useScriptedServer(t);
  server.script(
    { method: 'HEAD', path, respond: { headers: { 'Content-Length': '9000000000' } } },
    { method: 'HEAD', path, respond: { headers: { 'Transfer-Encoding': 'chunked' } } },
  );
  const client = useClient(t, server.url);
  assert.equal(await client.blobs.headSize(app, digest, [], never), 9_000_000_000);
  assert.equal(await client.blobs.headSize(app, digest, [], never), null);
});

test('HEAD tells no length of a web page, nor of what is compressed on its way, save one that was expected', async (t) => {
  const server = await useScriptedServer(t);
  const client = useClient(t, server.url, { retries: 0 });
  for (const [header, value, code] of [
    ['Content-Type', 'text/html; charset=utf-8', 'NOT_A_REGISTRY'],
    ['Content-Encoding', 'gzip', 'INVALID_DOCUMENT'],
  ] as const) {
    const headers = { [header]: value, 'Content-Length': '153' };
    server.script({ method: 'HEAD', path, times: 2, respond: { headers } });
    await rejection(client.blobs.headSize(app, digest, [300_000], never), code);
    assert.equal(await client.blobs.headSize(app, digest, [153, 300_000], never), 153);
  }
});

test('of a long body only a piece is held at a time, and the sender waits for a slow receiver', async (t) => {
  const server = await useScriptedServer(t);
  const chunk = Buffer.alloc(1_048_576, 0x20);
  const total = 200 * chunk.length;
  let made = 0;
  server.script({
    path: '/',
    respond: {
      body: {
        sizeBytes: total,
        *chunks() {
          for (; made < 200; made++) yield chunk;
        },
      },
    },
  });
  const transport = useTransport(t, server.url);
  const before = process.memoryUsage().arrayBuffers;
  let largest = 0;
  let length = 0;
  let farthestAhead = 0;
  const response = await transport.send(
    {
      ...{ method: 'GET', url: new URL(server.url), maxBytes: total, timeoutMs: 60_000, stallTimeoutMs: 5000 },
      receive: (piece) => {
        length += piece.length;
        farthestAhead = Math.max(farthestAhead, made * chunk.length - length);
        largest = Math.max(largest, process.memoryUsage().arrayBuffers - before);
      },
    },
    never,
  );
  assert.equal(length, total);
  assert.equal(response.bytes.length, 0);
  // Garbage that is not yet collected, and what the server made, are in it.
  assert.ok(largest < total / 2, `${largest} bytes were held`);
  assert.ok(farthestAhead < 32 * 1_048_576, `the sender was ${farthestAhead} bytes ahead`);
});

test('what a receiver throws ends the request', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path: '/', respond: { body: bytes } });
  const transport = useTransport(t, server.url);
  const sending = transport.send(
    {
      ...{ method: 'GET', url: new URL(server.url), maxBytes: 1_000_000, timeoutMs: 5000 },
      receive: () => {
        throw new RangeError('enough');
      },
    },
    never,
  );
  await assert.rejects(sending, /enough/);
});
