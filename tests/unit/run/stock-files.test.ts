import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { createStockWriter, readStorageFile, toSiteFolder, toViewsFile } from '../../../src/run/stock-files.ts';
import { encodeWholeViews, type WholeViews } from '../../../src/view/whole-views.ts';
import { useFolder } from '../../support/run-program.ts';
import { createSampleWorld, workOutSample } from '../../support/sample-world.ts';

const [first, second] = ['a', 'b/c'];
const views = await workOutSample(createSampleWorld());

async function take(folder: string, storage: readonly (readonly [string, string])[], seen: WholeViews) {
  const writer = await createStockWriter(folder);
  writer.add({ path: '-/storage/storage.json', text: '{"all":true}\n' });
  for (const [name, text] of storage) {
    writer.addStorage(parseRepositoryName(name), { path: `${name}/-/storage.json`, text });
  }
  return writer.finish(seen);
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
  const writer = await createStockWriter(folder);
  const bring = writer.putAway([{ text: 'größe' }, null]);
  const bringOther = writer.putAway(2);
  for (const [path, text] of [
    ['one', 'a'],
    ['-/two', 'b'],
    ['one', 'c'],
  ] as const)
    writer.add({ path, text });
  for (const _ of [1, 2]) assert.deepEqual([bring(), bringOther()], [[{ text: 'größe' }, null], 2]);
  const { files } = writer.finish(views);
  assert.deepEqual(files, ['one', '-/two']);
  assert.equal(await readFile(join(toSiteFolder(folder), 'one'), 'utf8'), 'ac');
  assert.equal(await readFile(join(toSiteFolder(folder), '-/two'), 'utf8'), 'b');
  assert.deepEqual((await readdir(folder)).sort(), ['site', 'storage.txt', 'views.json']);
});
