import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createLayer } from '../../../../../scripts/demo-registry/image/layer.ts';
import { readBlob } from '../../../../../scripts/demo-registry/store/blob.ts';
import { computeDigest } from '../../../../../src/oci/digest.ts';
import { readTar } from './read-tar.ts';

for (const sizeBytes of [0, 3000, 65_000, 70_000, 200_000, 1_500_000]) {
  test(`a layer of ${sizeBytes} bytes is what its digests and its size say`, () => {
    const { blob, diffId } = createLayer('a seed', sizeBytes);
    const bytes = readBlob(blob);
    assert.equal(bytes.byteLength, blob.sizeBytes);
    assert.equal(computeDigest(bytes), blob.digest);
    const archive = gunzipSync(bytes);
    assert.equal(computeDigest(archive), diffId);
    assert.match(readTar(archive).get('etc/layer')?.toString('latin1') ?? '', /^a seed\n/);
    assert.ok(bytes.byteLength <= Math.max(sizeBytes, 2200), `${bytes.byteLength} bytes`);
    assert.ok(bytes.byteLength > sizeBytes - 65_536, `${bytes.byteLength} bytes`);
  });
}

test('any range is a part of the whole', () => {
  const { blob } = createLayer('ranges', 300_000);
  const whole = readBlob(blob);
  for (const [start, end] of [
    [0, 1],
    [65_046, 65_049],
    [10, 200_000],
    [whole.byteLength - 5, whole.byteLength],
    [70_000, 70_000],
    [0, whole.byteLength],
  ] as const) {
    assert.deepEqual(Buffer.concat([...blob.read(start, end)]), whole.subarray(start, end), `${start} to ${end}`);
  }
});

test('seed and size make the layer, and nothing else', () => {
  const { blob } = createLayer('same', 100_000);
  assert.equal(createLayer('same', 100_000).blob.digest, blob.digest);
  assert.notEqual(createLayer('other', 100_000).blob.digest, blob.digest);
  assert.notEqual(createLayer('same', 200_000).blob.digest, blob.digest);
  // A constant: it must not change from host to host, nor from one version of Node to the next.
  assert.equal(blob.digest, 'sha256:253b285104b3068e1b4f507d32af9097a7faac90e89ae4f648d183dffedbcc19');
});
