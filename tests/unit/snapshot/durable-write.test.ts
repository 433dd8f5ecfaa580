import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { replaceFile, syncFileSystem, syncFolder } from '../../../src/snapshot/durable-write.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'durable-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('replacing a file', () => {
  it('makes it, and the folders it needs', async () => {
    await replaceFile(join(folder, 'a', 'b', 'file'), 'text');
    assert.equal(await readFile(join(folder, 'a', 'b', 'file'), 'utf8'), 'text');
  });

  it('replaces it whole, and leaves nothing beside it', async () => {
    const file = join(folder, 'file');
    await replaceFile(file, 'a long first text');
    const before = await stat(file);
    await replaceFile(file, new Uint8Array([1, 2, 3]));
    assert.deepEqual([...(await readFile(file))], [1, 2, 3]);
    assert.notEqual((await stat(file)).ino, before.ino);
    assert.deepEqual(await readdir(folder), ['file']);
  });

  it('can be read by the web server', async () => {
    await replaceFile(join(folder, 'file'), '');
    assert.equal((await stat(join(folder, 'file'))).mode & 0o044, 0o044 & ~process.umask());
  });

  it('that cannot be replaced leaves nothing behind, and says why', async () => {
    await mkdir(join(folder, 'taken', 'x'), { recursive: true });
    await assert.rejects(replaceFile(join(folder, 'taken'), 'text'), { code: /EISDIR|ENOTEMPTY|EEXIST/ });
    assert.deepEqual(await readdir(folder), ['taken']);
  });

  it('is not disturbed by what a killed process of the same id left', async () => {
    // The names that the next ten writes of this process would take.
    for (let at = 0; at < 200; at++) await writeFile(join(folder, `.${process.pid}-${at}.tmp`), 'left');
    const file = join(folder, 'file');
    await replaceFile(file, 'new');
    assert.equal(await readFile(file, 'utf8'), 'new');
  });

  it('many at once gives each its own bytes', async () => {
    const names = Array.from({ length: 20 }, (_, at) => String(at));
    await Promise.all(names.map((name) => replaceFile(join(folder, name), name.repeat(1000))));
    for (const name of names) assert.equal(await readFile(join(folder, name), 'utf8'), name.repeat(1000));
  });

  it('in a folder that may not be written fails with its code', {
    skip: process.getuid?.() === 0 && 'root may write',
  }, async () => {
    await chmod(folder, 0o500);
    await assert.rejects(replaceFile(join(folder, 'file'), ''), { code: 'EACCES' });
    await chmod(folder, 0o700);
  });
});

it('a folder and its file system can be flushed', async () => {
  await syncFolder(folder);
  await syncFileSystem(folder);
  await assert.rejects(syncFolder(join(folder, 'missing')), { code: 'ENOENT' });
});
