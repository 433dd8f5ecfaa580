import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import {
  beginStock,
  createStockWriter,
  finishStock,
  readStorageFile,
  toSiteFolder,
  toViewsFile,
} from '../../../src/run/stock-files.ts';
import { encodeWholeViews, type WholeViews } from '../../../src/view/whole-views.ts';
import { useFolder } from '../../support/run-program.ts';
import { createSampleWorld, workOutSample } from '../../support/sample-world.ts';

const [first, second] = ['a', 'b/c'];
const views = await workOutSample(createSampleWorld());

async function take(folder: string, storage: readonly (readonly [string, string])[], seen: WholeViews) {
  await beginStock(folder);
  const writer = createStockWriter(folder);
  writer.add({ path: '-/storage/storage.json', text: '{"all":true}\n' });
  for (const [name, text] of storage) {
    writer.addStorage(parseRepositoryName(name), { path: `${name}/-/storage.json`, text });
  }
  return finishStock(folder, seen, [writer.close()]);
}

test('what was taken is read again, file by file', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  const texts = [
    [first, '{"größe":"1 – 2"}\n'],
    [second, '{}\n'],
  ] as const;
  const stock = await take(folder, texts, views);
  for (const [name, text] of texts) {
    const place = stock.shares.get(parseRepositoryName(name))?.storage;
    assert.ok(place);
    assert.deepEqual(readStorageFile(folder, place), { path: `${name}/-/storage.json`, text });
  }
  assert.deepEqual(stock.files, ['-/storage/storage.json']);
  assert.equal(await readFile(join(toSiteFolder(folder), '-/storage/storage.json'), 'utf8'), '{"all":true}\n');
  assert.equal(await readFile(toViewsFile(folder), 'utf8'), encodeWholeViews(views));
  assert.equal(stock.lineagePages, views.lineages.length);
});

test('a key changes with the bytes of its own repository, and with no others', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  const before = await take(
    folder,
    [
      ['a', '1'],
      ['b', '1'],
    ],
    views,
  );
  const after = await take(
    folder,
    [
      ['a', '1'],
      ['b', '2'],
    ],
    views,
  );
  const keyOf = (stock: typeof before, name: string) => stock.shares.get(parseRepositoryName(name))?.key;
  assert.equal(keyOf(after, 'a'), keyOf(before, 'a'));
  assert.notEqual(keyOf(after, 'b'), keyOf(before, 'b'));
});

test('what was cut off is not taken for a file', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  await take(folder, [['a', 'short']], views);
  assert.throws(() => readStorageFile(folder, { path: 'a/-/storage.json', from: 2, sizeBytes: 10 }), /ends too early/);
});

test('a file may come in parts with others between, and what was put away comes back and leaves nothing', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  await beginStock(folder);
  const writer = createStockWriter(folder);
  const bring = writer.putAway([{ text: 'größe' }, null]);
  const bringOther = writer.putAway(2);
  for (const [path, text] of [
    ['one', 'a'],
    ['-/two', 'b'],
    ['one', 'c'],
  ] as const)
    writer.add({ path, text });
  for (const _ of [1, 2]) assert.deepEqual([bring(), bringOther()], [[{ text: 'größe' }, null], 2]);
  const { files } = finishStock(folder, views, [writer.close()]);
  assert.deepEqual(files, ['one', '-/two']);
  assert.equal(await readFile(join(toSiteFolder(folder), 'one'), 'utf8'), 'ac');
  assert.equal(await readFile(join(toSiteFolder(folder), '-/two'), 'utf8'), 'b');
  assert.deepEqual((await readdir(folder)).sort(), ['site', 'views.json']);
});

test('what several wrote is one stock, and one that came to nothing is done again', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  await beginStock(folder);
  const failed = createStockWriter(folder);
  failed.add({ path: 'one', text: 'half of what was' });
  failed.addStorage(parseRepositoryName(first), { path: 'a/-/storage.json', text: 'a text that is longer' });
  failed.putAway('what is forgotten');
  const [one, other] = [createStockWriter(folder), createStockWriter(folder)];
  one.add({ path: 'one', text: '1' });
  one.addStorage(parseRepositoryName(first), { path: 'a/-/storage.json', text: 'a' });
  assert.equal(one.putAway('what is kept')(), 'what is kept');
  other.add({ path: 'two', text: '2' });
  const { files, shares } = finishStock(folder, views, [one.close(), other.close()]);
  assert.deepEqual(files, ['one', 'two']);
  const place = shares.get(parseRepositoryName(first))?.storage;
  assert.ok(place);
  assert.equal(readStorageFile(folder, place).text, 'a');
  for (const [file, text] of [
    ['one', '1'],
    ['two', '2'],
  ] as const)
    assert.equal(await readFile(join(toSiteFolder(folder), file), 'utf8'), text);
  assert.equal(await readFile(join(folder, 'storage.txt'), 'utf8'), 'a');
  assert.deepEqual((await readdir(folder)).sort(), ['site', 'storage.txt', 'views.json']);
});
