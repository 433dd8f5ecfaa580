import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { encodeTwin, encodeTwinAside, listTwins } from '../../../src/publish/compress-files.ts';
import { compressSite } from '../../../src/publish/compress-site.ts';
import { walkFiles } from '../../../src/publish/list-files.ts';
import { useFolder } from '../../support/run-program.ts';

const long = 'the same words again and again '.repeat(100);

async function makeSite(folder: string, home: string) {
  await mkdir(join(folder, 'a'), { recursive: true });
  await writeFile(join(folder, 'index.html'), home);
  await writeFile(join(folder, 'a/index.html'), long);
  await writeFile(join(folder, 'short.txt'), 'short');
  await writeFile(join(folder, 'image.png'), Buffer.alloc(2000, 7));
}

/** A site that is compressed, and the one after it, in which the homepage is another. */
async function useReleases(t: TestContext, home: string) {
  const folder = await useFolder(t);
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  await makeSite(before, long);
  await makeSite(after, home);
  await compressSite(before, null);
  return { before, after };
}

test('text files get twins that hold the same, short and binary ones none', async (t) => {
  const folder = await useFolder(t);
  await makeSite(folder, long);
  assert.deepEqual(await compressSite(folder, null), { compressed: 3, linked: 0 });
  assert.deepEqual((await readdir(folder)).sort(), [
    'a',
    'image.png',
    'index.html',
    'index.html.br',
    'index.html.gz',
    'short.txt',
  ]);
  assert.equal(gunzipSync(await readFile(join(folder, 'a/index.html.gz'))).toString(), long);
  assert.equal(brotliDecompressSync(await readFile(join(folder, 'index.html.br'))).toString(), long);
});

test('the same content gives the same bytes, and twins of unchanged files are linked', async (t) => {
  const { before, after } = await useReleases(t, `${long}!`);
  assert.deepEqual(await compressSite(after, before), { compressed: 2, linked: 1 });
  const inode = async (path: string) => (await stat(path)).ino;
  assert.equal(await inode(join(after, 'a/index.html.gz')), await inode(join(before, 'a/index.html.gz')));
  assert.notEqual(await inode(join(after, 'index.html.gz')), await inode(join(before, 'index.html.gz')));
});

test('a thread makes the same bytes as whoever waits for them', async () => {
  for (const twin of [...listTwins('index.html'), ...listTwins('-/assets/a.js'), ...listTwins('a/index.html')]) {
    const bytes = Buffer.from(long);
    assert.deepEqual(await encodeTwinAside(twin, bytes), encodeTwin(twin, bytes), `${twin.file}${twin.ending}`);
  }
});

test('a file that is as long as it was and holds something else gets twins of its own', async (t) => {
  const other = `${long.slice(0, -1)}!`;
  const { before, after } = await useReleases(t, other);
  assert.deepEqual(await compressSite(after, before), { compressed: 2, linked: 1 });
  assert.equal(gunzipSync(await readFile(join(after, 'index.html.gz'))).toString(), other);
});

test('a twin that the release before lacks is made, and the others are linked', async (t) => {
  const { before, after } = await useReleases(t, long);
  await rm(join(before, 'index.html.br'));
  const inode = async (path: string) => (await stat(path)).ino;
  assert.deepEqual(await compressSite(after, before), { compressed: 1, linked: 2 });
  assert.equal(await inode(join(after, 'index.html.gz')), await inode(join(before, 'index.html.gz')));
  assert.equal(brotliDecompressSync(await readFile(join(after, 'index.html.br'))).toString(), long);
});

test('what one of few meets with is told with its code, and a run that is stopped with its reason', async (t) => {
  const folder = await useFolder(t);
  await makeSite(folder, long);
  const signal = AbortSignal.abort(new RangeError('stopped'));
  await assert.rejects(compressSite(folder, null, { signal }), { name: 'RangeError', message: 'stopped' });
  await mkdir(join(folder, 'a/index.html.gz'));
  await assert.rejects(compressSite(folder, null), { code: 'EISDIR' });
});

test('few that are long get their twins from processes', async (t) => {
  const folder = await useFolder(t);
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(7_000_000));
  for (const [at, text] of texts.entries()) await writeFile(join(folder, `${at}.txt`), text);
  assert.deepEqual(await compressSite(folder, null), { compressed: 3, linked: 0 });
  for (const [at, text] of texts.entries()) {
    assert.equal(gunzipSync(await readFile(join(folder, `${at}.txt.gz`))).toString(), text);
  }
  await mkdir(join(folder, '3.txt.gz'));
  await writeFile(join(folder, '3.txt'), texts.join(''));
  await assert.rejects(compressSite(folder, null), { code: 'EISDIR' });
});

test('nothing is written before it may be, and what was worked out before is not worked out again', async (t) => {
  const { before, after } = await useReleases(t, `${long}!`);
  const untouched = (await readdir(after, { recursive: true })).sort();
  const looking = Promise.withResolvers<void>();
  const compressing = compressSite(after, before, { mayWrite: looking.promise });
  // Later than all that it has to work out.
  await compressSite(before, null);
  assert.deepEqual((await readdir(after, { recursive: true })).sort(), untouched);
  await rm(join(after, 'index.html'));
  looking.resolve();
  assert.deepEqual(await compressing, { compressed: 2, linked: 1 });
  assert.equal(gunzipSync(await readFile(join(after, 'index.html.gz'))).toString(), `${long}!`);
});

test('where nothing may be written after all nothing is', async (t) => {
  const folder = await useFolder(t);
  await makeSite(folder, long);
  const untouched = (await readdir(folder, { recursive: true })).sort();
  const mayWrite = Promise.reject(new Error('unfit'));
  await assert.rejects(compressSite(folder, null, { mayWrite }), /unfit/);
  assert.deepEqual((await readdir(folder, { recursive: true })).sort(), untouched);
});

test('a twin that was made as its file was written is left as it is', async (t) => {
  const folder = await useFolder(t);
  await makeSite(folder, long);
  await writeFile(join(folder, 'a/index.html.gz'), 'made');
  assert.deepEqual(await compressSite(folder, null), { compressed: 3, linked: 0 });
  assert.equal(await readFile(join(folder, 'a/index.html.gz'), 'utf8'), 'made');
});

describe('with more files than one process is for', () => {
  const makeMany = async (folder: string) => {
    for (let at = 0; at < 1200; at++) await writeFile(join(folder, `${at}.txt`), `${at} ${long}`);
  };

  test('each gets its twin', async (t) => {
    const folder = await useFolder(t);
    await makeMany(folder);
    assert.deepEqual(await compressSite(folder, null), { compressed: 1200, linked: 0 });
    for (const at of [0, 599, 1199]) {
      assert.equal(gunzipSync(await readFile(join(folder, `${at}.txt.gz`))).toString(), `${at} ${long}`);
    }
  });

  test('what one of them meets with is told with its code', async (t) => {
    const folder = await useFolder(t);
    await makeMany(folder);
    await mkdir(join(folder, '700.txt.gz'));
    await assert.rejects(compressSite(folder, null), { code: 'EISDIR' });
  });
});

test('what cannot be looked at ends it with its code, and leaves no process behind', { timeout: 60_000 }, async (t) => {
  const [folder, before] = [await useFolder(t), await useFolder(t)];
  // More than one batch, so that it is met with while processes are at work.
  for (let at = 0; at < 1200; at++) await writeFile(join(folder, `${String(at).padStart(4, '0')}.html`), long);
  const [last] = [...walkFiles(folder)].slice(-1);
  await symlink(join(before, last ?? ''), join(before, last ?? ''));
  await assert.rejects(compressSite(folder, before), { code: 'ELOOP' });
});
