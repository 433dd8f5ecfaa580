import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { createShardStore } from '../../../src/snapshot/shard-store.ts';
import { useFolder } from '../../support/run-program.ts';

type Committed = Parameters<ReturnType<typeof createShardStore>['commit']>[0];

const file: Committed = {
  ...{ shard: { number: 2, count: 8 }, settings: 'a'.repeat(64), base: null, lookedAt: '2026-03-01T00:07:00Z' },
  counts: { repositories: { seen: 0 }, tags: { seen: 0 } },
  hidden: { withheld: 0, strict: [], referred: ['0'.repeat(32)], unvouched: [] },
  ...{ sources: [], looked: [], unanswered: [], refused: [], findings: [] },
};

test('what a shard left is read as it was written, and another id stands for other content', async (t) => {
  const store = createShardStore(await useFolder(t));
  assert.equal(await store.read(), null);
  await store.commit(file);
  const first = await store.read();
  assert.deepEqual(first?.file, { schemaVersion: 2, ...file });
  await store.commit(file);
  assert.equal((await store.read())?.id, first?.id);
  await store.commit({ ...file, lookedAt: '2026-03-01T01:07:00Z' });
  assert.notEqual((await store.read())?.id, first?.id);
});

test('once it is put away its id is left, and nothing of what it saw', async (t) => {
  const folder = await useFolder(t);
  const store = createShardStore(folder);
  await store.commit(file);
  const { id = '' } = (await store.read()) ?? {};
  await store.putAway({ number: 2, count: 8, id });
  assert.deepEqual([await store.read(), await store.readMerged()], [null, { number: 2, count: 8, id }]);
  assert.deepEqual(await readdir(folder), ['merged.json']);
  await store.withdraw();
  assert.deepEqual([await readdir(folder), await store.readMerged()], [[], null]);
});

test('one that begins takes back what it left or what was merged, and keeps what it saved for its settings', async (t) => {
  const folder = await useFolder(t);
  const store = createShardStore(folder);
  assert.equal(await store.readSettings(), null);
  await store.begin(file.settings);
  assert.equal(await store.readSettings(), file.settings);
  await mkdir(join(folder, 'cache'));
  await store.commit(file);
  await store.begin('b'.repeat(64));
  assert.deepEqual([await store.read(), await store.readSettings()], [null, 'b'.repeat(64)]);
  await store.putAway({ number: 2, count: 8, id: 'c'.repeat(64) });
  await store.begin(file.settings);
  assert.deepEqual([await readdir(folder), await store.readMerged()], [['cache', 'settings.json'], null]);
  await writeFile(join(folder, 'settings.json'), '{"settings": "vault/keys"}');
  assert.equal(await store.readSettings(), null);
  await store.forget();
  assert.deepEqual(await readdir(folder), []);
});

describe('what cannot be used', () => {
  const rows: readonly [what: string, change: (text: string) => string, code: string, message: RegExp][] = [
    ['cut off', (text) => text.slice(0, 100), 'SNAPSHOT_BROKEN', /shard\.json cannot be used/],
    [
      'of a newer program',
      (text) => text.replace(': 2,', ': 99,'),
      'SNAPSHOT_NEWER',
      /version 99; this program knows 2/,
    ],
    [
      'of an older program',
      (text) => text.replace(': 2,', ': 1,'),
      'SNAPSHOT_BROKEN',
      /version 1; this program knows 2/,
    ],
    [
      'with a name that is none',
      (text) => text.replace('"looked": []', '"looked": [{"name": "A/B"}]'),
      'SNAPSHOT_BROKEN',
      /cannot be used: looked\.0\.\w+: \w/,
    ],
    [
      'with a name in the place of a mark',
      (text) => text.replace('0'.repeat(32), 'vault'),
      'SNAPSHOT_BROKEN',
      /cannot be used: [\w.]+: \w/,
    ],
  ];
  for (const [what, change, code, message] of rows) {
    it(`is a file ${what}`, async (t) => {
      const folder = await useFolder(t);
      const store = createShardStore(folder);
      await store.commit(file);
      const path = join(folder, 'shard.json');
      const text = await readFile(path, 'utf8');
      assert.notEqual(change(text), text);
      await writeFile(path, change(text));
      await assert.rejects(store.read(), { code, message });
    });
  }
});
