import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readExpected, writeExpected } from '../../../src/run/expected-files.ts';
import { useFolder } from '../../support/run-program.ts';

const createFolder = (id: string, folder: string, files: readonly string[] | null) => ({
  ...{ id, folder },
  listFiles: files === null ? null : () => files,
});

test('what a site must have is read as it was written', async (t) => {
  const path = join(await useFolder(t), 'expected.txt');
  const folders = [
    createFolder('1', 'a', ['a/tags/index.html', 'a/index.html']),
    createFolder('2', 'b', ['b/x']),
    createFolder('3', 'c', null),
  ];
  for (const looseCount of [0, 1, 1000, 2345]) {
    const loose = Array.from({ length: looseCount }, (_, at) => `loose/${at}.html`);
    writeExpected(path, loose.values(), folders);
    const read = readExpected(path);
    assert.deepEqual(read.expectedFiles, loose);
    assert.deepEqual(
      read.folders.map(({ id, folder, listFiles }) => [id, folder, listFiles?.()]),
      folders.map(({ id, folder, listFiles }) => [id, folder, listFiles?.()]),
    );
  }
});

test('nothing is read as nothing', async (t) => {
  const path = join(await useFolder(t), 'expected.txt');
  writeExpected(path, [], []);
  assert.deepEqual(readExpected(path), { expectedFiles: [], folders: [] });
});
