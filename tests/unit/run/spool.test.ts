import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSpool, readSpooled, type SpoolPlace } from '../../../src/run/spool.ts';
import { useFolder } from '../../support/run-program.ts';

test('pieces come back by their places, while more are added and when all are', async (t) => {
  const path = join(await useFolder(t), 'texts');
  const spool = createSpool(path);
  // Some wait for others, some are longer than what waits, and one is read while it waits.
  const texts = ['größe – 1\n', '', 'x'.repeat(100_000), 'y'.repeat(200_000), 'z'.repeat(300_000), 'last'];
  const places = texts.map((text) => {
    const place = spool.append(text);
    assert.equal(spool.read(place).toString(), text);
    return place;
  });
  const readText = (place: SpoolPlace) => spool.read(place).toString();
  assert.deepEqual(places.map(readText), texts);
  spool.end();
  spool.close();
  assert.deepEqual(
    places.map((place) => readSpooled(path, place).toString()),
    texts,
  );
});

test('where the last piece ends the file ends, though nothing was read or closed', async (t) => {
  const path = join(await useFolder(t), 'texts');
  const spool = createSpool(path);
  for (const text of ['one', 'two', 'x'.repeat(400_000), 'three']) spool.append(text);
  assert.equal((await stat(path)).size < 400_011, true, 'something waits');
  assert.equal(spool.end(), 400_011);
  assert.equal((await stat(path)).size, 400_011);
  spool.append('four');
  spool.close();
  assert.equal(await readFile(path, 'utf8'), `onetwo${'x'.repeat(400_000)}three`);
});

test('what is not there as a whole is not read, and a file that is there is not written over', async (t) => {
  const path = join(await useFolder(t), 'texts');
  const spool = createSpool(path);
  spool.append('short');
  assert.throws(() => spool.read({ from: 2, sizeBytes: 10 }), /ends too early/);
  spool.close();
  assert.throws(() => createSpool(path), { code: 'EEXIST' });
});
