/** Bodies that a proxy compressed though nobody asked it to. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { computeDigest } from '../../../src/oci/digest.ts';
import { decodeBody } from '../../../src/registry/decode-body.ts';
import { app, latest, never, readListing, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const text = JSON.stringify({ text: 'x'.repeat(5000) });
const url = new URL('http://registry.example/v2/');

function decode(encoding: string | null, bytes: Uint8Array, over: { status?: number; maxBytes?: number } = {}) {
  const { status = 200, maxBytes = 10_000 } = over;
  const headers = new Map(encoding === null ? [] : [['content-encoding', encoding]]);
  return decodeBody({ status, headers, bytes, url }, { method: 'GET', url, maxBytes, timeoutMs: 1000 });
}

describe('a compressed body', () => {
  const encodings: readonly (readonly [string | null, Uint8Array])[] = [
    [null, Buffer.from(text)],
    ['identity', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['X-GZip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['gzip', Buffer.from(text)],
  ];
  for (const [encoding, bytes] of encodings) {
    it(`is read as it was: ${encoding}, ${bytes.length} bytes`, async () => {
      assert.equal(Buffer.from((await decode(encoding, bytes)).bytes).toString(), text);
    });
  }

  it('may have just as many bytes as the bound allows', async () => {
    assert.equal((await decode('gzip', gzipSync(text), { maxBytes: text.length })).bytes.length, text.length);
  });

  it('is held against its bound as what it becomes', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const error = await rejection(decode('gzip', bomb, { maxBytes: text.length }), 'BODY_TOO_LARGE');
    assert.match(error.message, new RegExp(`more than ${text.length} bytes`));
  });

  const broken: readonly (readonly [string, string, Uint8Array])[] = [
    ['cut', 'gzip', gzipSync(text).subarray(0, 30)],
    ['of another kind', 'br', Buffer.from(text)],
    ['of a kind that nobody knows', 'compress', Buffer.from(text)],
    ['encoded twice', 'gzip, br', Buffer.from(text)],
  ];
  for (const [what, encoding, bytes] of broken) {
    it(`says so where it is ${what}`, async () => {
      const error = await rejection(decode(encoding, bytes), 'INVALID_DOCUMENT');
      assert.match(error.message, /compressed|not asked for/);
    });
    it(`does not hide what the status says where it is ${what}`, async () => {
      assert.equal((await decode(encoding, bytes, { status: 404 })).bytes, bytes);
    });
  }
});

test('tags and manifests are read behind a proxy that compresses all it passes on', async (t) => {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
  });
  const digest = computeDigest(manifest);
  const server = await useScriptedServer(t);
  const headers = { 'Content-Encoding': 'gzip', 'Content-Type': 'application/json' };
  server.script({ path: /tags\/list/, respond: { headers, body: gzipSync('{"name":"app","tags":["1.0"]}') } });
  server.script({
    path: /manifests/,
    respond: {
      headers: {
        ...headers,
        'Content-Type': 'application/vnd.oci.image.index.v1+json',
        'Docker-Content-Digest': digest,
      },
      body: gzipSync(manifest),
    },
  });
  const client = useClient(t, server.url);
  assert.deepEqual((await readListing(client.listTags(app, never))).entries, ['1.0']);
  assert.equal((await client.fetchManifest(app, latest, null, never)).digest, digest);
});
