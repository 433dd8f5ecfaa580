import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTarEntry, tarEnd } from '../../../../../scripts/demo-registry/image/tar-entry.ts';
import { readTar } from './read-tar.ts';

test('entries can be read back, whatever their length', () => {
  const contents = [0, 1, 511, 512, 513].map((length) => Buffer.alloc(length, 'x'));
  const entries = contents.map((content) => encodeTarEntry(`dir/${content.byteLength}`, content));
  const files = readTar(Buffer.concat([...entries, tarEnd]));
  assert.deepEqual(
    [...files].map(([path, content]) => [path, content.byteLength]),
    contents.map(({ byteLength }) => [`dir/${byteLength}`, byteLength]),
  );
  for (const entry of entries) assert.equal(entry.byteLength % 512, 0);
});
