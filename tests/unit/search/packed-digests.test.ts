import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packDigests, type SearchableDigest, unpackDigests } from '../../../src/search/packed-digests.ts';

const short = `sha256:${'0123456789abcdef'.repeat(4)}`;
const long = `sha512:${'fedcba9876543210'.repeat(8)}`;
const digests: readonly SearchableDigest[] = [
  { digest: short, kind: 'manifest', tag: '1.1' },
  { digest: long, kind: 'layer', tag: 'gone' },
  { digest: short, kind: 'layer', tag: '1.0' },
  { digest: 'no digest', kind: 'layer', tag: '1.0' },
  { digest: `sha256:${'9'.repeat(64)}`, kind: 'config', tag: null },
];
const tags = ['1.0', '1.1'];

test('packs each digest once, as the first says that names it, and gives all of it back', () => {
  const packed = packDigests(digests, tags);
  const expected = [digests[0], digests[1], digests[4]];
  assert.deepEqual([...packed], expected);
  assert.deepEqual(packed.tags, ['1.0', '1.1', 'gone']);
  assert.equal(packed.hexAt(0), short.slice('sha256:'.length));
  assert.deepEqual([...unpackDigests(packed.bytes.toString('base64'), packed.tags)], expected);
});

test('keeps no more memory than its bytes need: those of thousands of repositories are held at once', () => {
  const packed = packDigests(digests, tags);
  const unpacked = unpackDigests(packed.bytes.toString('base64'), packed.tags);
  for (const { bytes } of [packed, unpacked]) {
    assert.ok(bytes.length > 0);
    assert.ok(bytes.buffer.byteLength <= bytes.length + 3, `${bytes.buffer.byteLength} bytes for ${bytes.length}`);
  }
});

test('has nothing of a repository without digests', () => {
  assert.deepEqual([...packDigests([], tags)], []);
  assert.deepEqual([...unpackDigests('', [])], []);
});
