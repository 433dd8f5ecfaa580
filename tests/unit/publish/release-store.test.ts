import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createReleaseStore } from '../../../src/publish/release-store.ts';
import { useFolder } from '../../support/run-program.ts';

const record = { fingerprint: 'f', shared: '', hiddenNames: null, repositories: { a: '1' }, assets: [] };

async function publish(siteDir: string, text: string, builtAt = '2026-11-21T13:07:00Z') {
  const store = createReleaseStore(siteDir);
  const staged = await store.stage();
  await writeFile(join(staged, 'index.html'), text);
  return store.publish(staged, record, builtAt);
}

test('a published release is what `current` shows, whole', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  assert.equal(await createReleaseStore(siteDir).readCurrent(), null);
  const release = await publish(siteDir, 'one');
  assert.equal(release.id, '20261121T130700Z');
  assert.equal(await readlink(join(siteDir, 'current')), 'releases/20261121T130700Z');
  assert.equal(await readFile(join(siteDir, 'current/index.html'), 'utf8'), 'one');
  assert.deepEqual((await createReleaseStore(siteDir).readCurrent())?.record, record);
});

test('two releases of one second have ids of their own, and the order of their making', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  await publish(siteDir, 'one');
  await publish(siteDir, 'two');
  assert.deepEqual(
    (await createReleaseStore(siteDir).list()).map(({ id }) => id),
    ['20261121T130700Z', '20261121T130700Z-2'],
  );
  assert.equal(await readFile(join(siteDir, 'current/index.html'), 'utf8'), 'two');
});

test('pruning keeps the newest and the current one, and nothing that is not ours is touched', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  for (const hour of ['10', '11', '12', '13']) await publish(siteDir, hour, `2026-11-21T${hour}:00:00Z`);
  await mkdir(join(siteDir, 'releases', '20200101T000000Z'));
  await mkdir(join(siteDir, 'releases', 'photos'));
  await writeFile(join(siteDir, 'notes.txt'), 'mine');
  const store = createReleaseStore(siteDir);
  assert.deepEqual(await store.prune(2), ['20261121T100000Z', '20261121T110000Z']);
  assert.deepEqual((await readdir(join(siteDir, 'releases'))).sort(), [
    '20200101T000000Z',
    '20261121T120000Z',
    '20261121T120000Z.json',
    '20261121T130000Z',
    '20261121T130000Z.json',
    'photos',
  ]);
  assert.ok((await readdir(siteDir)).includes('notes.txt'));
});

test('staging clears what a killed run left, and leaves what readers see', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  await publish(siteDir, 'one');
  await mkdir(join(siteDir, 'releases', '.staging-1/deep'), { recursive: true });
  await createReleaseStore(siteDir).stage();
  assert.ok(!(await readdir(join(siteDir, 'releases'))).includes('.staging-1'));
  assert.equal(await readFile(join(siteDir, 'current/index.html'), 'utf8'), 'one');
});
