import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StorageFigures } from '../../../src/api/storage-json.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import {
  beginStock,
  createStockWriter,
  finishStock,
  readStorageFigures,
  toSiteFolder,
  toUnfinished,
  toViewsFile,
} from '../../../src/run/stock-files.ts';
import { repositoryStorageJsonAddress } from '../../../src/view/addresses.ts';
import { encodeWholeViews, type WholeViews } from '../../../src/view/whole-views.ts';
import { useFolder } from '../../support/run-program.ts';
import { createSampleWorld, workOutSample } from '../../support/sample-world.ts';

const [first, second] = ['a', 'b/c'];
const views = await workOutSample(createSampleWorld());

function createFigures(storedBytes: number): StorageFigures {
  const uniqueBytes = storedBytes / 3;
  return {
    whole: { storedBytes, uniqueBytes, isWhole: true, tagCount: 1, taggedBytes: 2 * storedBytes },
    rows: {
      storedBytes: Float64Array.of(storedBytes, 7, 0),
      uniqueBytes: Float64Array.of(uniqueBytes, 0, 0),
      areWhole: Uint8Array.of(1, 0, 1),
    },
  };
}

async function take(folder: string, storage: readonly (readonly [string, number])[], seen: WholeViews) {
  beginStock(folder);
  const writer = createStockWriter(toUnfinished(folder));
  writer.add({ path: '-/storage/storage.json', text: '{"all":true}\n' });
  for (const [name, bytes] of storage) writer.addStorage(parseRepositoryName(name), createFigures(bytes));
  return finishStock(folder, seen, writer.close());
}

test('what was taken is read again, file by file', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  const sizes = [
    [first, 2 ** 52 - 1],
    [second, 10],
  ] as const;
  const stock = await take(folder, sizes, views);
  for (const [name, bytes] of sizes) {
    const place = stock.shares.get(parseRepositoryName(name))?.storage;
    assert.ok(place);
    assert.equal(place.path, repositoryStorageJsonAddress(parseRepositoryName(name)));
    assert.deepEqual(readStorageFigures(folder, place), createFigures(bytes));
  }
  assert.equal(await readFile(join(toSiteFolder(folder), '-/storage/storage.json'), 'utf8'), '{"all":true}\n');
  assert.equal(await readFile(toViewsFile(folder), 'utf8'), encodeWholeViews(views));
  assert.equal(stock.lineagePages, views.lineages.length);
});

test('a key changes with the bytes of its own repository, and with no others', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  const before = await take(
    folder,
    [
      ['a', 1],
      ['b', 1],
    ],
    views,
  );
  const after = await take(
    folder,
    [
      ['a', 1],
      ['b', 2],
    ],
    views,
  );
  const keyOf = (stock: typeof before, name: string) => stock.shares.get(parseRepositoryName(name))?.key;
  assert.equal(keyOf(after, 'a'), keyOf(before, 'a'));
  assert.notEqual(keyOf(after, 'b'), keyOf(before, 'b'));
});

test('what was cut off, or is not what was written, is not taken for a file', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  const { shares } = await take(folder, [['a', 1]], views);
  const place = shares.get(parseRepositoryName('a'))?.storage;
  assert.ok(place);
  assert.throws(() => readStorageFigures(folder, { ...place, sizeBytes: 1000 }), /ends too early/);
  assert.throws(
    () => readStorageFigures(folder, { ...place, sizeBytes: place.sizeBytes - 1 }),
    /not say what was written/,
  );
  const file = join(folder, 'storage.bin');
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(1, bytes.length - 5));
  assert.throws(() => readStorageFigures(folder, place), /not say what was written/);
});

test('what came to nothing is done again', async (t) => {
  const folder = join(await useFolder(t), 'whole');
  beginStock(folder);
  const failed = createStockWriter(toUnfinished(folder));
  failed.add({ path: 'one', text: 'half of what was' });
  failed.addStorage(parseRepositoryName(first), createFigures(1_000_000));
  const again = createStockWriter(toUnfinished(folder));
  again.add({ path: 'one', text: '1' });
  again.addStorage(parseRepositoryName(first), createFigures(1));
  const written = again.close();
  const { shares } = finishStock(folder, views, written);
  assert.deepEqual(written.files, ['one']);
  const place = shares.get(parseRepositoryName(first))?.storage;
  assert.ok(place);
  assert.deepEqual(readStorageFigures(folder, place), createFigures(1));
  assert.equal(await readFile(join(toSiteFolder(folder), 'one'), 'utf8'), '1');
  assert.deepEqual((await readdir(folder)).sort(), ['site', 'storage.bin', 'views.json']);
});
