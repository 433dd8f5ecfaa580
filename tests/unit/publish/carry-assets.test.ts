import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { carryAssets } from '../../../src/publish/carry-assets.ts';
import { listFiles } from '../../../src/publish/list-files.ts';
import type { Release } from '../../../src/publish/release-store.ts';
import { useFolder } from '../../support/run-program.ts';

const [first, second, third] = ['000000000001', '000000000002', '000000000003'];
const search = (digest: string | undefined) => `-/search/tags-${digest}.json`;

test('what the newest releases made themselves is carried on, and what is new is said', async (t) => {
  const folder = await useFolder(t);
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const makeRelease = async (id: string, made: readonly string[], carried: readonly string[]): Promise<Release> => {
    for (const file of [...made, ...carried]) await write(join(id, file), file);
    return { id, folder: join(folder, id), record: { assets: [...made] } as unknown as Release['record'] };
  };
  const releases = [
    await makeRelease('a', [search('00000000000f')], []),
    await makeRelease('b', [search(first), '-/assets/app.1.js'], []),
    await makeRelease('c', [search(second)], [search(first), '-/assets/app.1.js']),
  ];
  // Of a release that is gone its assets are in those that came after it.
  await rm(join(folder, 'b', search(first)));
  const staged = join(folder, 'staged');
  for (const file of [search(third), search(second), '-/search/index.json', 'index.html']) {
    await write(join('staged', file), `new ${file}`);
  }

  assert.deepEqual(carryAssets(staged, releases, 2), [search(second), search(third)]);
  assert.deepEqual(await listFiles(staged), [
    '-/assets/app.1.js',
    ...['-/search/index.json', search(first), search(second), search(third)],
    'index.html',
  ]);
  assert.equal(await readFile(join(staged, search(second)), 'utf8'), `new ${search(second)}`, 'it is there already');
  const inodeOf = async (id: string) => (await stat(join(folder, id, search(first)))).ino;
  assert.equal(await inodeOf('staged'), await inodeOf('c'), 'linked from a release that has it');
});
