import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { encodeGzipMember, encodeZstdFrame } from '../../../../../scripts/demo-registry/image/stored-frames.ts';

for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
  const content = Buffer.alloc(length, 'some text, ');
  test(`gzip holds ${length} bytes`, () => {
    assert.deepEqual(gunzipSync(encodeGzipMember(content)), content);
  });
  test(`Zstandard holds ${length} bytes`, () => {
    assert.deepEqual(zstdDecompressSync(encodeZstdFrame(content)), content);
  });
}

test('gzip members follow one another', () => {
  const members = ['one ', 'two'].map((text) => encodeGzipMember(Buffer.from(text)));
  assert.equal(gunzipSync(Buffer.concat(members)).toString(), 'one two');
});
