import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { clearRelease } from '../../../src/publish/clear-release.ts';
import { ForeignFileError } from '../../../src/publish/foreign-file-error.ts';
import { createReleaseStore } from '../../../src/publish/release-store.ts';
import { useFolder } from '../../support/run-program.ts';

const record = {
  fingerprint: 'f',
  shared: '',
  catalogue: '',
  hiddenNames: null,
  repositories: { a: '1' },
  pages: {},
  sealed: [],
  sealedSince: '',
  assets: [],
};

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
  assert.deepEqual(await store.prune(2, null), ['20261121T100000Z', '20261121T110000Z']);
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

test('a clock that was set back makes no new release an old one', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const store = createReleaseStore(siteDir);
  await publish(siteDir, 'in 2099', '2099-01-01T00:00:00Z');
  const ids = ['2099-01-01T00:00:00Z'];
  for (let count = 2; count <= 12; count++) ids.push((await publish(siteDir, `${count}`, '2026-11-21T13:07:00Z')).id);
  assert.deepEqual(
    (await store.list()).map(({ id }) => id),
    ['20990101T000000Z', ...ids.slice(1)],
    'the order of their making, the tenth after the ninth',
  );
  assert.equal((await store.readCurrent())?.id, '20990101T000000Z-12');
  await store.prune(2, null);
  assert.deepEqual(
    (await store.list()).map(({ id }) => id),
    ['20990101T000000Z-11', '20990101T000000Z-12'],
  );
});

test('repair clears what killed runs left, and leaves what readers see and what is not ours', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const releases = join(siteDir, 'releases');
  await publish(siteDir, 'one');
  await mkdir(join(releases, '.staging-aB3_-x/deep'), { recursive: true });
  await mkdir(join(releases, '.removed-20260101T000000Z/deep'), { recursive: true });
  await mkdir(join(releases, '.mine'));
  await writeFile(join(releases, '.4711-0.tmp'), 'half a record');
  await writeFile(join(releases, '20260101T000000Z.json'), JSON.stringify(record));
  await writeFile(join(releases, '20260102T000000Z.json'), '{"somebody": "else"}');
  await writeFile(join(releases, 'notes.json'), '{}');
  await symlink('nowhere', join(siteDir, '.current-4711'));
  await writeFile(join(siteDir, 'notes.txt'), 'mine');
  await createReleaseStore(siteDir).repair();
  assert.deepEqual((await readdir(releases)).sort(), [
    '.mine',
    '20260102T000000Z.json',
    '20261121T130700Z',
    '20261121T130700Z.json',
    'notes.json',
  ]);
  assert.deepEqual((await readdir(siteDir)).sort(), ['current', 'notes.txt', 'releases']);
  assert.equal(await readFile(join(siteDir, 'current/index.html'), 'utf8'), 'one');
});

test('a `current` that is not ours is not replaced', async (t) => {
  const linkToOther = async (siteDir: string, current: string) => {
    const { folder } = await publish(`${siteDir}-other`, 'one');
    await mkdir(join(siteDir, 'releases'));
    await symlink(folder, current);
  };
  const makers: readonly (readonly [string, (current: string) => Promise<unknown>])[] = [
    ['a folder', (current) => mkdir(current)],
    ['a file', (current) => writeFile(current, '')],
    ['a link to elsewhere', (current) => symlink('/srv/www', current)],
    ["a link to another site's release", (current) => symlink('/srv/www/releases/20261121T130700Z', current)],
    ["a link to another site's release that stands", (current) => linkToOther(dirname(current), current)],
    ['a link out of the releases', (current) => symlink('releases/../20261121T130700Z', current)],
  ];
  for (const [what, make] of makers) {
    const siteDir = join(await useFolder(t), 'site');
    await mkdir(siteDir);
    await make(join(siteDir, 'current'));
    await assert.rejects(createReleaseStore(siteDir).repair(), ForeignFileError, what);
  }
});

test('a `current` that somebody set back to an older release is ours, however the link is written', async (t) => {
  const folder = await useFolder(t);
  const real = join(folder, 'data/homepage');
  await mkdir(real, { recursive: true });
  const siteDir = join(folder, 'site');
  await symlink(real, siteDir);
  const { id } = await publish(siteDir, 'one');
  await publish(siteDir, 'two');
  for (const target of [
    `releases/${id}`,
    `releases/${id}/`,
    `./releases/${id}`,
    join(siteDir, 'releases', id),
    join(real, 'releases', id),
    `../homepage/releases/${id}`,
  ]) {
    await rm(join(siteDir, 'current'));
    await symlink(target, join(siteDir, 'current'));
    const store = createReleaseStore(siteDir);
    await store.repair();
    assert.equal((await store.readCurrent())?.id, id, target);
    assert.deepEqual(await store.prune(1, null), [], 'what readers see stays');
  }
});

test('releases that were made when other names were hidden go, however few there are', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  await publish(siteDir, 'names a secret', '2026-11-21T12:00:00Z');
  const store = createReleaseStore(siteDir);
  const staged = await store.stage();
  await store.publish(staged, { ...record, hiddenNames: 'secret' }, '2026-11-21T13:00:00Z');
  assert.deepEqual(await store.prune(3, 'secret'), ['20261121T120000Z']);
});

test('the record of another version matches nothing, and its release is ours to remove', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const { id } = await publish(siteDir, 'one');
  await writeFile(join(siteDir, 'releases', `${id}.json`), '{"fingerprint": "f", "assets": 7, "later": true}');
  const store = createReleaseStore(siteDir);
  assert.deepEqual((await store.readCurrent())?.record, {
    fingerprint: 'f',
    shared: 'unknown',
    catalogue: '',
    hiddenNames: 'unknown',
    repositories: {},
    pages: {},
    sealed: [],
    sealedSince: '',
    assets: [],
  });
  await publish(siteDir, 'two', '2026-11-21T14:00:00Z');
  assert.deepEqual(await store.prune(1, null), [id]);
});

test('sealed folders are shown by every release that names them, and go with the last', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const store = createReleaseStore(siteDir);
  const [first, second] = ['1'.repeat(32), '2'.repeat(32)];
  const toFolder = (id: string) => ({
    folder: 'team/a',
    id,
    fileCount: 1,
    listFiles: () => ['team/a/tags/index.html'],
  });
  const stage = async (text: string) => {
    const staged = await store.stage();
    await mkdir(join(staged, 'team/a/tags'), { recursive: true });
    await writeFile(join(staged, 'team/a/tags/index.html'), text);
    return staged;
  };
  const shown = (release = 'current') => readFile(join(siteDir, release, 'team/a/tags/index.html'), 'utf8');
  const kept = async () => (await readdir(join(siteDir, 'releases', 'parts'))).sort();

  await store.publish(await stage('one'), { ...record, sealed: [first] }, '2026-11-21T10:00:00Z', [toFolder(first)]);
  assert.equal(await shown(), 'one');

  const linked = await store.stage();
  await store.sealed.link(linked, [toFolder(first)]);
  await store.publish(linked, { ...record, sealed: [first] }, '2026-11-21T11:00:00Z');
  assert.equal(await shown(), 'one');

  await store.publish(await stage('two'), { ...record, sealed: [second] }, '2026-11-21T12:00:00Z', [toFolder(second)]);
  assert.deepEqual([await shown(), await shown('releases/20261121T110000Z')], ['two', 'one']);
  assert.deepEqual(await kept(), [first, second]);

  await store.prune(2, null);
  assert.equal(await shown('releases/20261121T110000Z'), 'one', 'the release that is left still shows it');
  await store.prune(1, null);
  assert.deepEqual(await kept(), [second]);
  assert.equal(await shown(), 'two');
});

test('what a killed run had sealed goes, and nothing while the current release is not known', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const { id } = await publish(siteDir, 'one');
  const left = join(siteDir, 'releases', 'parts', 'a'.repeat(32));
  const store = createReleaseStore(siteDir);
  await mkdir(left, { recursive: true });
  await mkdir(join(siteDir, 'releases', 'parts', 'mine'));
  await store.repair();
  assert.deepEqual(await readdir(join(siteDir, 'releases', 'parts')), ['mine']);
  await mkdir(left);
  await writeFile(join(siteDir, 'releases', `${id}.json`), '{');
  await store.repair();
  assert.equal((await readdir(join(siteDir, 'releases', 'parts'))).length, 2);
});

test('a folder that lacks a file is not whole', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const store = createReleaseStore(siteDir);
  const id = '3'.repeat(32);
  const staged = await store.stage();
  await mkdir(join(staged, 'a'));
  await writeFile(join(staged, 'a/x.txt'), 'x');
  const folder = { folder: 'a', id, fileCount: 1, listFiles: () => ['a/x.txt'] };
  assert.equal(store.sealed.readIds().has(id), false);
  await store.publish(staged, { ...record, sealed: [id] }, '2026-11-21T10:00:00Z', [folder]);
  assert.deepEqual([store.sealed.readIds().has(id), store.sealed.isWhole(folder)], [true, true]);
  assert.equal(store.sealed.isWhole({ ...folder, listFiles: () => ['a/x.txt', 'a/y.txt'] }), false);
});

test('a folder that is kept is replaced by what was made in its place only where it lost something', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const store = createReleaseStore(siteDir);
  const id = '5'.repeat(32);
  const folder = { folder: 'a', id, fileCount: 2, listFiles: () => ['a/x.txt', 'a/y.txt'] };
  const publishAt = async (hour: string) => {
    const staged = await store.stage();
    await mkdir(join(staged, 'a'));
    for (const file of folder.listFiles()) await writeFile(join(staged, file), hour);
    await store.publish(staged, { ...record, sealed: [id] }, `2026-11-21T${hour}:00:00Z`, [folder]);
    return Promise.all(folder.listFiles().map((file) => readFile(join(siteDir, 'current', file), 'utf8')));
  };
  assert.deepEqual(await publishAt('10'), ['10', '10']);
  assert.deepEqual(await publishAt('11'), ['10', '10'], 'it is what it would be');
  await rm(join(siteDir, 'releases', 'parts', id, 'y.txt'));
  assert.deepEqual(await publishAt('12'), ['12', '12']);
});

test('a release that would go is made over: of it stay the links that the new one shows too, and nothing else', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const store = createReleaseStore(siteDir);
  const toFolder = (folder: string, digit: string, count = 1) => ({
    ...{ folder, id: digit.repeat(32), fileCount: count },
    listFiles: () => [`${folder}/index.html`],
  });
  const [same, changed, gone] = [toFolder('team/a', '1'), toFolder('team/b', '2'), toFolder('other/c', '3')];
  const publishAll = async (folders: readonly ReturnType<typeof toFolder>[], at: string) => {
    const staged = await store.stage();
    for (const { folder } of folders) {
      await mkdir(join(staged, folder), { recursive: true });
      await writeFile(join(staged, folder, 'index.html'), `${folder} ${at}`);
    }
    await writeFile(join(staged, 'index.html'), at);
    const sealed = folders.map(({ id }) => id);
    return store.publish(staged, { ...record, sealed }, `2026-11-21T${at}:00:00Z`, folders);
  };
  const first = await publishAll([same, changed, gone], '10');
  assert.equal(await store.findSpare(1, null), null, 'readers are shown it');
  assert.equal(await store.findSpare(2, null), null, 'two are to be kept, and there is one');
  const second = await publishAll([same], '11');
  assert.equal((await store.findSpare(2, null))?.id, first.id);
  assert.equal(await store.findSpare(3, null), null);
  assert.equal(await store.findSpare(2, 'other names'), null, 'it goes for what it may name, and not for its age');

  const [sameNow, changedNow] = [toFolder('team/a', '1'), toFolder('team/b', '4')];
  const { staged, links } = await store.makeOver(first, async (folder) => clearRelease(folder));
  const all = ['other', 'other/c', 'other/c/index.html', 'team'];
  const parts = ['team/a', 'team/a/index.html', 'team/b', 'team/b/index.html'];
  assert.deepEqual((await readdir(staged, { recursive: true })).sort(), [...all, ...parts]);
  assert.deepEqual([...store.sealed.leaveOnly(staged, links, [sameNow, changedNow])], [sameNow]);
  const left = await readdir(staged, { recursive: true });
  assert.deepEqual(left.sort(), ['team', 'team/a', 'team/a/index.html']);
  assert.equal(await readFile(join(staged, 'team/a/index.html'), 'utf8'), 'team/a 10');
  assert.deepEqual(
    (await store.list()).map(({ id }) => id),
    [second.id],
  );

  // A run that is killed now leaves a site that is whole, and nothing that stays.
  await store.repair();
  assert.deepEqual((await readdir(join(siteDir, 'releases'))).sort(), [second.id, `${second.id}.json`, 'parts']);
  assert.deepEqual(await readdir(join(siteDir, 'releases', 'parts')), [same.id]);
  assert.equal(await readFile(join(siteDir, 'current/team/a/index.html'), 'utf8'), 'team/a 10');
});
