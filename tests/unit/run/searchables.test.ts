import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import {
  readSearchables,
  readSearchablesAhead,
  type SearchablesAhead,
  toSearchFingerprint,
} from '../../../src/run/searchables.ts';
import { toRepository } from '../search/sample-search.ts';

const names = Array.from({ length: 40 }, (_, at) => `team${at % 7}/image${at}`);
const parent = await mkdtemp(join(tmpdir(), 'registry-homepage-searchables-'));
after(() => rm(parent, { recursive: true }));

describe('readSearchables', () => {
  let stateDir = '';
  beforeEach(async () => {
    stateDir = await mkdtemp(join(parent, 'state-'));
  });

  const read = async (
    files: Readonly<Record<string, string>>,
    over: { fingerprint?: string; isGuest?: boolean; ahead?: SearchablesAhead } = {},
  ) => {
    const renewed: string[] = [];
    const wanted = Object.entries(files).map(([name, file]) => ({ name, file }));
    const renew = async ({ name, file }: { name: string; file: string }) => {
      renewed.push(name);
      return toRepository({ name, description: file });
    };
    const found = await Array.fromAsync(readSearchables({ stateDir, fingerprint: 'a', wanted, renew, ...over }));
    return { renewed, found: new Map(found.map(({ name, description }) => [name, description])) };
  };
  const all = Object.fromEntries(names.map((name) => [name, 'first']));
  const folder = () => join(stateDir, 'cache', 'search');
  const readTimes = async () => {
    const files = (await readdir(folder())).sort();
    return Promise.all(
      files.map(async (file) => `${file} ${(await stat(join(folder(), file), { bigint: true })).mtimeNs}`),
    );
  };

  it('reads everything once', async () => {
    assert.equal((await read(all)).renewed.length, names.length);
    const before = await readTimes();
    const { renewed, found } = await read(all);
    assert.deepEqual(renewed, []);
    assert.deepEqual([...found.keys()].sort(), names.toSorted());
    assert.deepEqual(await readTimes(), before);
  });

  it('reads anew what changed, and writes one small file for it', async () => {
    await read(all);
    const before = await readTimes();
    const { renewed, found } = await read({ ...all, 'team3/image3': 'second' });
    assert.deepEqual(renewed, ['team3/image3']);
    assert.equal(found.get('team3/image3'), 'second');
    assert.equal(found.get('team4/image4'), 'first');
    const changed = (await readTimes()).filter((each) => !before.includes(each));
    assert.equal(changed.length, 1);
  });

  it('forgets what is gone, to the last byte', async () => {
    await read(all);
    const { 'team3/image3': _, ...rest } = all;
    await read(rest);
    const readAll = async () =>
      (await Promise.all((await readdir(folder())).map((file) => readFile(join(folder(), file), 'utf8')))).join('');
    assert.doesNotMatch(await readAll(), /team3\/image3\b/);
    assert.match(await readAll(), /team4\/image4\b/);
    await read({});
    assert.deepEqual(await readdir(folder()), []);
  });

  it('begins anew for another fingerprint, or a broken file', async () => {
    await read(all);
    assert.equal((await read(all, { fingerprint: 'b' })).renewed.length, names.length);
    const [first = ''] = await readdir(folder());
    await writeFile(join(folder(), first), 'not what was written');
    const { renewed } = await read(all, { fingerprint: 'b' });
    assert.ok(renewed.length > 0 && renewed.length < names.length);
  });

  it('takes what was read ahead, once, and only what was made by the same means', async () => {
    await read(all);
    const times = await readTimes();
    const [first = ''] = await readdir(folder());
    const ahead = readSearchablesAhead(stateDir, 'a');
    await writeFile(join(folder(), first), 'not what was read');
    const { renewed, found } = await read(all, { ahead });
    assert.deepEqual([renewed, found.size], [[], names.length]);
    assert.deepEqual((await readTimes()).slice(1), times.slice(1));
    assert.ok((await read(all, { ahead })).renewed.length > 0, 'the second time it is what is there');

    const changed = { ...all, 'team3/image3': 'second' };
    assert.deepEqual((await read(changed, { ahead: readSearchablesAhead(stateDir, 'a') })).renewed, ['team3/image3']);
    assert.deepEqual((await read(changed)).renewed, [], 'and what was renewed is kept');
    const others = { ahead: readSearchablesAhead(stateDir, 'a'), fingerprint: 'b' };
    assert.equal((await read(all, others)).renewed.length, names.length);
  });

  it('reads ahead what is broken, or not there, as nothing', async () => {
    assert.equal((await read(all, { ahead: readSearchablesAhead(stateDir, 'a') })).renewed.length, names.length);
    const [first = ''] = await readdir(folder());
    await writeFile(join(folder(), first), 'not what was written');
    const { renewed } = await read(all, { ahead: readSearchablesAhead(stateDir, 'a') });
    assert.ok(renewed.length > 0 && renewed.length < names.length);
    assert.deepEqual((await read(all)).renewed, []);
  });

  it('a guest keeps what it had to read, but leaves what was made otherwise, and needs no permission to write', async () => {
    await read(all, { isGuest: true });
    assert.deepEqual((await read(all)).renewed, []);
    await read(all, { isGuest: true, fingerprint: 'b' });
    assert.deepEqual((await read(all)).renewed, []);
    await chmod(folder(), 0o555);
    assert.deepEqual((await read({ ...all, 'team3/image3': 'second' }, { isGuest: true })).renewed, ['team3/image3']);
    await chmod(folder(), 0o755);
  });

  it('is made anew for another program and for other settings that show in it', () => {
    const settings = { title: 'T', publicHost: 'h', alternateHosts: [], base: '/', movingTags: ['latest'] };
    const made = toSearchFingerprint('1', settings);
    assert.equal(toSearchFingerprint('1', { ...settings, title: 'U', base: '/b/' }), made);
    for (const other of [{ publicHost: 'i' }, { alternateHosts: ['i'] }, { movingTags: [] }]) {
      assert.notEqual(toSearchFingerprint('1', { ...settings, ...other }), made);
    }
    assert.notEqual(toSearchFingerprint('2', settings), made);
  });
});
