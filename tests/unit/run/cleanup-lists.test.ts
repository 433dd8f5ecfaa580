import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CleanupLists, measureLists, writeLists } from '../../../src/run/cleanup-lists.ts';
import { createKeptTexts, DamagedTextError } from '../../../src/run/kept-texts.ts';
import { useFolder } from '../../support/run-program.ts';

const around = [
  { path: '-/one.json', before: '{"grün":[', between: ',', behind: ']}\n' },
  { path: '-/two/two.csv', before: 'heading\n', between: '', behind: '' },
] as const;

type Parts = readonly [one: string, two: string];

/** Lists whose texts stand in this order, and are said in that one. */
async function useLists(t: TestContext, said: readonly Parts[], order = said.map((_, at) => at)) {
  const folder = await useFolder(t);
  const texts = createKeptTexts(join(folder, 'texts'), 'crc32');
  const places = new Map(
    order.map((at) => {
      const parts = (said[at] as Parts).map((part) => Buffer.from(part));
      return [at, { ...texts.add(Buffer.concat(parts)), sizesBytes: parts.map(({ length }) => length) }] as const;
    }),
  );
  const textsFile = join(folder, 'texts', texts.head().texts);
  texts.close();
  const lists: CleanupLists = {
    parted: around,
    textsFile,
    texts: said.map((_, at) => places.get(at) ?? assert.fail()),
  };
  return { folder: join(folder, 'site'), lists };
}

function expectList(said: readonly Parts[], at: 0 | 1): string {
  const { before, between, behind } = around[at];
  return before + said.map((parts) => parts[at]).join(between) + behind;
}

const unstopped = new AbortController().signal;

const many = Array.from({ length: 3000 }, (_, at): Parts => [`"ä${at}"`, at % 3 === 0 ? '' : `${at},é\n`]);
const long = [700_000, 1, 400_000, 3_000_000, 0, 5].map(
  (length, at): Parts => [`${at}${'x'.repeat(length)}`, 'ü'.repeat(length)],
);
const reversed = (said: readonly Parts[]) => said.map((_, at) => said.length - 1 - at);

const rows: readonly (readonly [what: string, said: readonly Parts[], order?: readonly number[]])[] = [
  ['nothing', []],
  ['one image', [['"a"', 'a\n']]],
  ['more pieces than a system writes at once', many],
  ['images that stand in another order', many, reversed(many)],
  ['what is longer than what is read at once', long],
  ['the same in another order', long, reversed(long)],
];

for (const [what, said, order] of rows) {
  test(`lists of ${what} are what was said, one behind the other, and as long as was said before`, async (t) => {
    const { folder, lists } = await useLists(t, said, order === undefined ? undefined : [...order]);
    await writeLists(lists, new Set(around.map(({ path }) => path)), folder, unstopped);
    for (const [at, { path, sizeBytes }] of measureLists(lists).entries()) {
      const bytes = readFileSync(join(folder, path));
      assert.ok(bytes.equals(Buffer.from(expectList(said, at as 0 | 1))), path);
      assert.equal(bytes.length, sizeBytes);
    }
  });
}

test('only those that are asked for are written, and what releases have under other names stays', async (t) => {
  const { folder, lists } = await useLists(t, many);
  const [one, two] = around.map(({ path }) => join(folder, path));
  assert.ok(one !== undefined && two !== undefined);
  mkdirSync(join(folder, '-'), { recursive: true });
  writeFileSync(one, 'before');
  linkSync(one, join(folder, 'other'));
  await writeLists(lists, new Set([around[0].path]), folder, unstopped);
  assert.equal(readFileSync(one, 'utf8'), expectList(many, 0));
  assert.equal(readFileSync(join(folder, 'other'), 'utf8'), 'before');
  assert.equal(statSync(two, { throwIfNoEntry: false }), undefined);
});

test('a text that is not the one that was said is none', async (t) => {
  const { folder, lists } = await useLists(t, many);
  const bytes = readFileSync(lists.textsFile);
  const paths = new Set([around[0].path]);
  for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] as number) ^ 1;
    writeFileSync(lists.textsFile, altered);
    await assert.rejects(writeLists(lists, paths, folder, unstopped), DamagedTextError, `byte ${at}`);
  }
  writeFileSync(lists.textsFile, bytes);
  truncateSync(lists.textsFile, bytes.length - 1);
  await assert.rejects(writeLists(lists, paths, folder, unstopped), DamagedTextError);
  const gone = { ...lists, textsFile: join(folder, 'gone') };
  await assert.rejects(writeLists(gone, paths, folder, unstopped), DamagedTextError);
  writeFileSync(lists.textsFile, bytes);
  await writeLists(lists, paths, folder, unstopped);
});

test('who is stopped writes no further, and neither that nor what fails leaves a file open', async (t) => {
  const { folder, lists } = await useLists(t, long);
  const [one, two] = around.map(({ path }) => join(folder, path));
  assert.ok(one !== undefined && two !== undefined);
  const paths = new Set(around.map(({ path }) => path));
  const countOpen = () => readdirSync('/proc/self/fd').length;
  const before = countOpen();
  const stop = new AbortController();
  const writing = writeLists(lists, paths, folder, stop.signal);
  stop.abort(new Error('stopped'));
  await assert.rejects(writing, /stopped/);
  assert.ok(statSync(one).size < expectList(long, 0).length);
  rmSync(two, { force: true });
  mkdirSync(join(two, 'in the way'), { recursive: true });
  await assert.rejects(writeLists(lists, paths, folder, unstopped), /EISDIR|directory/);
  assert.equal(countOpen(), before);
});
