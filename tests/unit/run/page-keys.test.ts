import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type PageKeys, readPageKeys, writePageKeys } from '../../../src/run/page-keys.ts';
import { toPageKey } from '../../../src/view/page-key.ts';
import { useFolder } from '../../support/run-program.ts';

const keyOf = (file: string, content: number) => toPageKey(file, { content });

const contentsOf = (keys: PageKeys, ...files: readonly string[]) =>
  files.map((file) => keys.contentOf(toPageKey(file, {}).file));

test('keys come back as they were, newer ones in the place of older ones', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  const [first, second, changed] = [keyOf('a', 1), keyOf('b', 1), keyOf('a', 2)];
  await writePageKeys(file, 'one', null, [first, second]);
  assert.deepEqual(contentsOf(readPageKeys(file, 'one'), 'a', 'b', 'c'), [first.content, second.content, undefined]);
  const third = keyOf('c', 1);
  await writePageKeys(file, 'two', { file, release: 'one' }, [changed, third]);
  const contents = [changed.content, second.content, third.content];
  assert.deepEqual(contentsOf(readPageKeys(file, 'two'), 'a', 'b', 'c'), contents);
});

test('of many keys, added in any order, each is found', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  const known = new Map<number, number>();
  let before: { readonly file: string; readonly release: string } | null = null;
  for (const [release, count] of [
    ['one', 700],
    ['two', 1300],
    ['three', 10],
  ] as const) {
    const made = Array.from({ length: count }, (_, at) => keyOf(`${release === 'two' ? 'one' : release}-${at}`, count));
    for (const { file: number, content } of made) known.set(number, content);
    await writePageKeys(file, release, before, [...made, ...made.slice(0, 3)]);
    before = { file, release };
  }
  const keys = readPageKeys(file, 'three');
  assert.equal(known.size, 1310);
  for (const [number, content] of known) assert.equal(keys.contentOf(number), content);
});

test('keys are not gone on with that are of another release', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  await writePageKeys(file, 'one', null, [keyOf('a', 1)]);
  await writePageKeys(file, 'three', { file, release: 'two' }, [keyOf('b', 1)]);
  assert.deepEqual(contentsOf(readPageKeys(file, 'three'), 'a', 'b'), [undefined, keyOf('b', 1).content]);
});

test('keys of another release, half of them, and none are no keys', async (t) => {
  const file = join(await useFolder(t), 'pages.bin');
  const nothing = [undefined, undefined];
  assert.deepEqual(contentsOf(readPageKeys(file, 'one'), 'a', 'b'), nothing);
  await writePageKeys(file, 'one', null, [keyOf('a', 1), keyOf('b', 1)]);
  assert.deepEqual(contentsOf(readPageKeys(file, 'two'), 'a', 'b'), nothing);
  await writeFile(file, (await readFile(file)).subarray(0, -5));
  assert.deepEqual(contentsOf(readPageKeys(file, 'one'), 'a', 'b'), nothing);
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
