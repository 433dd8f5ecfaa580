import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPageKeys, writePageKeys } from '../../../src/run/page-keys.ts';
import { toPageKey } from '../../../src/view/page-key.ts';
import { useFolder } from '../../support/run-program.ts';

const keyOf = (file: string, content: unknown) => toPageKey(file, content);

test('keys come back as they were, newer ones in the place of older ones', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  const [first, second, changed] = [keyOf('a', 1), keyOf('b', 1), keyOf('a', 2)];
  await writePageKeys(file, 'one', new Map(), [first, second]);
  const one = await readPageKeys(file, 'one');
  assert.deepEqual(
    [...one],
    [first, second].map((key) => [key.file, key.content]),
  );
  await writePageKeys(file, 'two', one, [changed]);
  assert.deepEqual(
    [...(await readPageKeys(file, 'two'))],
    [changed, second].map((key) => [key.file, key.content]),
  );
});

test('keys of another release, half of them, and none are no keys', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  assert.equal((await readPageKeys(file, 'one')).size, 0);
  await writePageKeys(file, 'one', new Map(), [keyOf('a', 1), keyOf('b', 1)]);
  assert.equal((await readPageKeys(file, 'two')).size, 0);
  await writeFile(file, (await readFile(file)).subarray(0, -5));
  assert.equal((await readPageKeys(file, 'one')).size, 0);
});

test('what a page shows is told apart, maps and sets too', () => {
  const contents = [null, {}, { a: 1 }, { a: new Map() }, { a: new Map([['b', 1]]) }, { a: new Set(['b']) }, ['a']];
  const keys = contents.map((content) => keyOf('x', content).content);
  assert.equal(new Set(keys).size, contents.length);
  assert.notEqual(keyOf('x', 1).content, keyOf('y', 1).content);
  assert.deepEqual(keyOf('x', { a: 1 }), keyOf('x', { a: 1 }));
});
