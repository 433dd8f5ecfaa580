import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPageKeys, writePageKeys } from '../../../src/run/page-keys.ts';
import { toPageKey } from '../../../src/view/page-key.ts';
import { useFolder } from '../../support/run-program.ts';

const keyOf = (file: string, content: number) => toPageKey(file, { content });

test('keys come back as they were, newer ones in the place of older ones', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  const [first, second, changed] = [keyOf('a', 1), keyOf('b', 1), keyOf('a', 2)];
  await writePageKeys(file, 'one', null, [first, second]);
  const one = await readPageKeys(file, 'one');
  assert.deepEqual(
    [...one],
    [first, second].map((key) => [key.file, key.content]),
  );
  const third = keyOf('c', 1);
  await writePageKeys(file, 'two', { file, release: 'one' }, [changed, third]);
  assert.deepEqual(
    [...(await readPageKeys(file, 'two'))],
    [changed, second, third].map((key) => [key.file, key.content]),
  );
});

test('keys are not gone on with that are of another release', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  await writePageKeys(file, 'one', null, [keyOf('a', 1)]);
  await writePageKeys(file, 'three', { file, release: 'two' }, [keyOf('b', 1)]);
  assert.deepEqual([...(await readPageKeys(file, 'three')).keys()], [keyOf('b', 1).file]);
});

test('keys of another release, half of them, and none are no keys', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  assert.equal((await readPageKeys(file, 'one')).size, 0);
  await writePageKeys(file, 'one', null, [keyOf('a', 1), keyOf('b', 1)]);
  assert.equal((await readPageKeys(file, 'two')).size, 0);
  await writeFile(file, (await readFile(file)).subarray(0, -5));
  assert.equal((await readPageKeys(file, 'one')).size, 0);
});

test('what a page shows is told apart', () => {
  const keys = [
    ...[toPageKey('x', {}), toPageKey('x', { a: 1 }), toPageKey('x', { a: '1' })],
    ...[toPageKey('x', ['a']), toPageKey('x', [1]), toPageKey('x', { a: ['a'] })],
  ];
  assert.equal(new Set(keys.map(({ content }) => content)).size, keys.length);
  assert.notEqual(toPageKey('x', [1]).content, toPageKey('y', [1]).content);
  assert.deepEqual(toPageKey('x', { a: 1 }), toPageKey('x', { a: 1 }));
});

test('what JSON does not tell apart has no key', () => {
  // @ts-expect-error: a map
  toPageKey('x', { a: new Map([['b', 1]]) });
  // @ts-expect-error: a set, further within
  toPageKey('x', { a: [{ b: new Set(['c']) }] });
});
