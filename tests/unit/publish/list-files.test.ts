import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles, walkFiles } from '../../../src/publish/list-files.ts';
import { useFolder } from '../../support/run-program.ts';

test('every file is found once, and what lies behind links where that is asked for', async (t) => {
  const folder = await useFolder(t);
  await mkdir(join(folder, 'site/a/b'), { recursive: true });
  await mkdir(join(folder, 'site/empty'));
  await mkdir(join(folder, 'kept'));
  for (const file of ['site/z.txt', 'site/a/b/c.txt', 'site/a-b.txt', 'kept/k.txt'])
    await writeFile(join(folder, file), '');
  await symlink('../kept', join(folder, 'site/linked'));
  await symlink('z.txt', join(folder, 'site/alias.txt'));
  const own = ['a-b.txt', 'a/b/c.txt', 'z.txt'];
  const all = ['a-b.txt', 'a/b/c.txt', 'alias.txt', 'linked/k.txt', 'z.txt'];
  const site = join(folder, 'site');
  assert.deepEqual(await listFiles(site), all);
  assert.deepEqual(await listFiles(site, { followLinks: false }), own);
  assert.deepEqual([...walkFiles(site, { followLinks: false })].sort(), own);
});
