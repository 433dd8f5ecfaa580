import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Repository } from '../../../src/catalogue/model.ts';
import { type InventoriesOptions, openInventories, readKeptInventories } from '../../../src/run/inventories.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { useFolder } from '../../support/run-program.ts';
import { listPlainRepositories } from '../../support/sample-catalogue.ts';

/** Twelve repositories, of which three are a quarter. */
const [plain, changed] = [1, 2].map((tags) => listPlainRepositories(12, tags));
assert.ok(plain?.length === 12 && changed?.length === 12);
const withChanged = (count: number) => plain.map((each, at) => (at < count ? (changed[at] as Repository) : each));

async function useInventories(t: TestContext) {
  const stateDir = await useFolder(t);
  const store = createSnapshotStore(stateDir);
  const [all, beyond] = ['figures.bin', 'figures-beyond.bin'].map((name) => join(stateDir, 'cache/inventories', name));
  assert.ok(all !== undefined && beyond !== undefined);
  const means = { stateDir, movingTags: ['latest'], programFingerprint: '1' };
  const writeAll = async (repositories: readonly Repository[]) => {
    const entries = [];
    for (const repository of repositories) entries.push(await store.writeRepository(repository));
    return { store, index: { repositories: entries } };
  };
  const open = async (repositories: readonly Repository[], hiddenNames: string | null = null) => {
    const { index: plainIndex } = await writeAll(repositories);
    const read: string[] = [];
    const counting: InventoriesOptions['store'] = Object.create(store, {
      readRepository: {
        value: (entry: Parameters<typeof store.readRepository>[0]) => {
          read.push(entry.name);
          return store.readRepository(entry);
        },
      },
    });
    const index = { ...plainIndex, ...(hiddenNames === null ? {} : { hiddenNames }) };
    const inventories = await openInventories({ ...means, store: counting, index });
    const held = inventories.held.map((each) => ({ ...each, read: each.read() }));
    await inventories.keep();
    inventories.close();
    return { held, read };
  };
  /** The same without anything that was kept. */
  const openAnew = async (repositories: readonly Repository[]) =>
    (await (await useInventories(t)).open(repositories)).held;
  const texts = () => readdirSync(dirname(all)).find((name) => name.startsWith('texts-')) ?? '';
  return { all, beyond, means, texts, writeAll, open, openAnew };
}

test('of a catalogue in which little changed little is written, and nothing is read again', async (t) => {
  const { all, beyond, open, openAnew } = await useInventories(t);
  assert.equal((await open(plain)).read.length, 12);
  const written = readFileSync(all);
  assert.equal(existsSync(beyond), false);

  for (const count of [1, 2, 3]) {
    const { held, read } = await open(withChanged(count));
    assert.equal(read.length, 1, 'those that changed before are known');
    assert.deepEqual(held, await openAnew(withChanged(count)));
    assert.deepEqual(readFileSync(all), written);
  }
  assert.ok(readFileSync(beyond).length * 2 < written.length);
  const { read } = await open(withChanged(3));
  assert.deepEqual(read, []);

  await open(withChanged(4));
  assert.notDeepEqual(readFileSync(all), written, 'more than a quarter');
  assert.equal(existsSync(beyond), false);
  assert.deepEqual((await open(withChanged(4))).read, []);

  const back = await open(plain);
  assert.deepEqual([back.held, back.read.length], [await openAnew(plain), 4], 'what was is nothing that is kept');
});

test('figures of a few that are broken, or gone, or beyond others, are made anew, and those only', async (t) => {
  const { all, beyond, open, openAnew } = await useInventories(t);
  const old = join(await useFolder(t), 'old.bin');
  await open(plain);
  await open(withChanged(2));
  copyFileSync(beyond, old);
  const expected = await openAnew(withChanged(2));
  const damages: readonly (() => void)[] = [
    () => truncateSync(beyond, 10),
    () => truncateSync(beyond, 0),
    () => rmSync(beyond),
    () => writeFileSync(beyond, readFileSync(beyond).fill(1, 200, 210)),
    () => writeFileSync(beyond, readFileSync(all)),
  ];
  for (const damage of damages) {
    damage();
    const { held, read } = await open(withChanged(2));
    assert.deepEqual([held, read.length], [expected, 2]);
    assert.deepEqual((await open(withChanged(2))).read, []);
  }
  await open(withChanged(6));
  copyFileSync(old, beyond);
  assert.deepEqual((await open(withChanged(6))).read, []);
  assert.equal(existsSync(beyond), false, 'it may name what is hidden since');
});

test('where the texts are moved all figures are written anew', async (t) => {
  const { all, beyond, texts, open, openAnew } = await useInventories(t);
  await open(plain);
  let moves = 0;
  for (let hour = 1; hour <= 24; hour++) {
    const before = texts();
    const repositories = withChanged(hour % 2);
    const { held } = await open(repositories);
    assert.deepEqual(held, await openAnew(repositories));
    if (texts() === before) continue;
    moves++;
    assert.equal(existsSync(beyond), false);
    assert.ok(readFileSync(all, 'latin1').includes(texts()));
  }
  assert.ok(moves > 0, 'they were never moved');
});

test('what was read before it was known what changed is what is gone on with', async (t) => {
  const { means, open, writeAll } = await useInventories(t);
  await open(plain);
  await open(withChanged(1));
  const kept = readKeptInventories(means);
  const inventories = await openInventories({ ...means, ...(await writeAll(withChanged(2))), kept });
  const before = new Map(kept.before.kept.map(({ name, figures }) => [name, figures]));
  const same = inventories.held.filter(({ name, figures }) => before.get(name) === figures);
  inventories.close();
  assert.deepEqual([inventories.held.length, same.length], [12, 11]);
});

test('where other names are hidden nothing that was kept stays as it was', async (t) => {
  const { all, beyond, texts, open, openAnew } = await useInventories(t);
  await open(plain, 'some');
  await open(withChanged(1), 'some');
  const before = { texts: texts(), all: readFileSync(all) };
  assert.equal(existsSync(beyond), true);
  const { held, read } = await open(withChanged(1), 'others');
  assert.deepEqual([held, read], [await openAnew(withChanged(1)), []]);
  assert.notEqual(texts(), before.texts);
  assert.notDeepEqual(readFileSync(all), before.all);
  assert.equal(existsSync(beyond), false);
});

test('a name that is gone, or hidden, is in neither file', async (t) => {
  for (const hiddenNames of [null, 'others']) {
    const { all, beyond, open, openAnew } = await useInventories(t);
    await open(plain);
    await open(withChanged(1));
    const gone: Repository | undefined = plain[0];
    assert.ok(gone !== undefined && [all, beyond].every((file) => readFileSync(file, 'latin1').includes(gone.name)));
    const { held } = await open(plain.slice(1), hiddenNames);
    assert.deepEqual(held, await openAnew(plain.slice(1)));
    assert.equal(readFileSync(all, 'latin1').includes(gone.name), false);
    assert.equal(existsSync(beyond), false);
  }
  const { all, beyond, open } = await useInventories(t);
  await open(plain);
  await open(withChanged(1));
  assert.deepEqual(await open([]), { held: [], read: [] });
  for (const { name } of plain) assert.equal(readFileSync(all, 'latin1').includes(name), false);
  assert.equal(existsSync(beyond), false);
});
