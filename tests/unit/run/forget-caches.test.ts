import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { compiledFolder, forgetCaches } from '../../../src/run/forget-caches.ts';
import { useFolder } from '../../support/run-program.ts';

test('all that is kept to save time is forgotten, save for the program that runs from there', async (t) => {
  const cacheDir = await useFolder(t);
  await forgetCaches(join(cacheDir, 'not', 'there'));
  for (const name of [compiledFolder, 'search', 'whole']) {
    await mkdir(join(cacheDir, name));
    await writeFile(join(cacheDir, name, 'file'), '');
  }
  await writeFile(join(cacheDir, 'summaries.txt'), '');
  await forgetCaches(cacheDir);
  assert.deepEqual(await readdir(cacheDir), [compiledFolder]);
  assert.deepEqual(await readdir(join(cacheDir, compiledFolder)), ['file']);
});
