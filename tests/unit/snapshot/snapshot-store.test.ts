import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { appendEvents } from '../../../src/catalogue/events.ts';
import type { Repository } from '../../../src/catalogue/model.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import type { IndexEntry, SnapshotIndex } from '../../../src/snapshot/index.schema.ts';
import type { SnapshotError } from '../../../src/snapshot/snapshot-error.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { createImage, createRepository, hour } from '../../support/catalogue-values.ts';

let stateDir = '';
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'snapshot-'));
});
afterEach(() => rm(stateDir, { recursive: true }));

const image = createImage('one');

function named(name: string, over: Partial<Repository> = {}): Repository {
  return createRepository({ a: image }, { name: parseRepositoryName(name), ...over });
}

/** Writes `repositories` and commits an index of them. */
async function commit(
  repositories: readonly Repository[],
  over: Partial<SnapshotIndex> = {},
  store = createSnapshotStore(stateDir),
): Promise<SnapshotIndex> {
  const entries = [];
  for (const repository of repositories) entries.push(await store.writeRepository(repository));
  const index: SnapshotIndex = {
    checkedAt: hour(3),
    changedAt: hour(2),
    beganAt: hour(0),
    registry: 'registry.example',
    runs: 7,
    withheldRepositories: 1,
    unreadRepositories: 0,
    heldBackRemovals: { repositories: 2, tags: 3 },
    sources: [{ name: 'main', outcome: 'incomplete', completeAt: null }],
    repositories: entries,
    ...over,
  };
  await store.commit(index);
  return index;
}

/** Every file below the snapshot folder, sorted. */
async function listFiles(): Promise<readonly string[]> {
  const entries = await readdir(join(stateDir, 'snapshot'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(stateDir.length + 1))
    .sort();
}

const indexFile = () => join(stateDir, 'snapshot', 'catalogue.json');
const fileOf = ({ name, file }: { name: string; file: string }) =>
  join(stateDir, 'snapshot', 'repositories', name, '-', `${file}.json`);

async function assertRefused(reading: Promise<unknown>, code: SnapshotError['code'], message: RegExp): Promise<void> {
  await assert.rejects(reading, (error: SnapshotError) => {
    assert.deepEqual([error.name, error.code], ['SnapshotError', code], String(error.stack));
    assert.match(error.message, message);
    assert.notEqual(error.hint, '');
    return true;
  });
}

describe('a snapshot', () => {
  it('is none before the first', async () => {
    assert.equal(await createSnapshotStore(stateDir).readIndex(), null);
    assert.equal(await createSnapshotStore(join(stateDir, 'missing')).readIndex(), null);
  });

  it('is read as it was committed, by name', async () => {
    const repositories = [
      named('releng/node24'),
      named('releng'),
      named('a'),
      named('releng/node24/slim', { state: 'removed' }),
    ];
    const index = await commit(repositories);
    const store = createSnapshotStore(stateDir);
    const read = await store.readIndex();
    assert.deepEqual(
      read?.repositories.map(({ name, state, tags, source }) => [name, state, tags, source]),
      [
        ['a', 'listed', 1, 'main'],
        ['releng', 'listed', 1, 'main'],
        ['releng/node24', 'listed', 1, 'main'],
        ['releng/node24/slim', 'removed', 1, 'main'],
      ],
    );
    assert.deepEqual({ ...read, repositories: [] }, { ...index, repositories: [] });
    for (const entry of read?.repositories ?? []) {
      assert.deepEqual(
        await store.readRepository(entry),
        repositories.find(({ name }) => name === entry.name),
      );
    }
  });

  it('has the same bytes, whatever order its repositories came in', async () => {
    const repositories = [named('b'), named('a'), named('a/b')];
    await commit(repositories);
    const before = await readFile(indexFile());
    await commit(repositories.toReversed());
    assert.deepEqual(await readFile(indexFile()), before);
  });

  it('can be read from a copy, anywhere', async () => {
    const { repositories } = await commit([named('a')]);
    await rename(join(stateDir, 'snapshot'), join(stateDir, 'moved'));
    await rename(join(stateDir, 'moved'), join(stateDir, 'snapshot'));
    const [entry] = repositories;
    assert.ok(entry);
    assert.equal((await createSnapshotStore(stateDir).readRepository(entry)).name, 'a');
  });

  it('holds the longest name, and a name that is the parent of another', async () => {
    const long = `${'n'.repeat(200)}/${'m'.repeat(54)}`;
    await commit([named(long), named('n'.repeat(255)), named('n'.repeat(200))]);
    const read = await createSnapshotStore(stateDir).readIndex();
    assert.equal(read?.repositories.length, 3);
  });
});

describe('writing a repository', () => {
  it('touches nothing when it is there already', async () => {
    const { repositories } = await commit([named('a')]);
    const [entry] = repositories;
    assert.ok(entry);
    const before = await stat(fileOf(entry));
    const again = await createSnapshotStore(stateDir).writeRepository(named('a'));
    const after = await stat(fileOf(entry));
    assert.deepEqual(again, entry);
    assert.deepEqual([after.ino, after.mtimeMs, after.ctimeMs], [before.ino, before.mtimeMs, before.ctimeMs]);
  });

  it('gives other content another file, and leaves the old one', async () => {
    const { repositories } = await commit([named('a')]);
    const entry = await createSnapshotStore(stateDir).writeRepository(named('a', { staleSince: hour(1) }));
    assert.notEqual(entry.file, repositories[0]?.file);
    assert.deepEqual(
      (await listFiles()).filter((file) => file.includes('/-/')),
      [repositories[0], entry].flatMap((one) => (one ? [fileOf(one).slice(stateDir.length + 1)] : [])).sort(),
    );
  });

  it('mends what a power cut left half written under the right name', async () => {
    const entry = await createSnapshotStore(stateDir).writeRepository(named('a'));
    for (const length of [0, 100]) {
      await truncate(fileOf(entry), length);
      const store = createSnapshotStore(stateDir);
      assert.deepEqual(await store.writeRepository(named('a')), entry);
      assert.deepEqual(await store.readRepository(entry), named('a'));
    }
  });

  it('writes again what it removed in between', async () => {
    const store = createSnapshotStore(stateDir);
    const entry = await store.writeRepository(named('a'));
    await store.readRepository(entry);
    await store.removeUnnamed(await commit([]));
    await store.writeRepository(named('a'));
    assert.deepEqual(await store.readRepository(entry), named('a'));
  });

  it('is not disturbed by a temporary file of a killed run', async () => {
    const store = createSnapshotStore(stateDir);
    const entry = await store.writeRepository(named('a'));
    await rename(fileOf(entry), `${fileOf(entry)}.tmp`);
    await writeFile(`${fileOf(entry)}.tmp`, 'half a fi');
    await store.writeRepository(named('a'));
    assert.deepEqual(await store.readRepository(entry), named('a'));
    assert.deepEqual(await readdir(dirname(fileOf(entry))), [basename(fileOf(entry))]);
  });
});

describe('a long history', () => {
  const happenings = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      type: 'moved' as const,
      tag: parseTag('latest'),
      from: computeDigest(`${at}`),
      to: computeDigest(`${at + 1}`),
      notBefore: hour(at),
      notAfter: hour(at + 1),
    }));
  const long = (count: number) => named('busy', { events: appendEvents([], happenings(count), 5) });

  it('stands in files of its own, is read only when asked for, and comes back whole', async () => {
    const store = createSnapshotStore(stateDir);
    const entry = await store.writeRepository(long(1300));
    assert.equal(entry.archives?.length, 2);
    const repository = await store.readRepository(entry);
    assert.deepEqual(
      repository.archives.map(({ year, events }) => [year, events]),
      [
        [2026, 1024],
        [2026, 192],
      ],
    );
    assert.equal(repository.events.length, 84);
    assert.deepEqual(await store.readHistory(repository), long(1300));
  });

  it('is named by the same files, however much of it was read when it was written', async () => {
    const store = createSnapshotStore(stateDir);
    const entry = await store.writeRepository(long(200));
    const part = { ...(await store.readRepository(entry)), staleSince: hour(9) };
    const whole = { ...long(200), staleSince: hour(9) };
    assert.deepEqual(await store.writeRepository(part), await store.writeRepository(whole));
    assert.deepEqual((await store.writeRepository(part)).archives, entry.archives);
  });

  it('belongs to what the index names, and goes with it', async () => {
    const index = await commit([long(200)]);
    const store = createSnapshotStore(stateDir);
    assert.equal(await store.removeUnnamed(index), 0);
    const next = await commit([long(260)]);
    assert.equal(await store.removeUnnamed(next), 2, 'the file before, and the archive that grew');
    assert.deepEqual(
      await store.readHistory(await store.readRepository(next.repositories[0] as IndexEntry)),
      long(260),
    );
    assert.equal(await store.removeUnnamed(await commit([])), 2);
    assert.deepEqual(await listFiles(), ['snapshot/catalogue.json', 'snapshot/swept']);
  });

  it('is not believed when a file of it is another, or gone', async () => {
    const store = createSnapshotStore(stateDir);
    const entry = await store.writeRepository(long(200));
    const repository = await store.readRepository(entry);
    const path = join(stateDir, 'snapshot/repositories/busy/-', `${entry.archives?.[0]}.json`);
    await writeFile(path, (await readFile(path, 'utf8')).replace('2026-03-01', '2026-03-02'));
    await assert.rejects(store.readHistory(repository), { code: 'SNAPSHOT_BROKEN' });
    await rm(path);
    await assert.rejects(store.readHistory(repository), { code: 'SNAPSHOT_BROKEN' });
  });
});

describe('until an index is committed', () => {
  it('the old snapshot is the one that is read, whatever has been written', async () => {
    await commit([named('a'), named('b')]);
    const store = createSnapshotStore(stateDir);
    const before = await store.readIndex();
    await store.writeRepository(named('a', { staleSince: hour(5) }));
    await store.writeRepository(named('c'));
    assert.deepEqual(await store.readIndex(), before);
    for (const entry of before?.repositories ?? []) assert.equal((await store.readRepository(entry)).staleSince, null);
  });

  it('and what a killed run wrote goes after the next commit, and nothing else', async () => {
    const store = createSnapshotStore(stateDir);
    await commit([named('a'), named('a/b')]);
    const killed = await store.writeRepository(named('a', { staleSince: hour(5) }));
    await store.writeRepository(named('never/committed'));
    await writeFile(`${fileOf(killed)}.tmp`, 'half');
    await writeFile(join(stateDir, 'snapshot', '.4711-0.tmp'), 'half an index');
    const index = await commit([named('a'), named('a/b')], { checkedAt: hour(4) });
    assert.equal(await store.removeUnnamed(index), 4);
    assert.deepEqual(
      await listFiles(),
      [
        'snapshot/catalogue.json',
        'snapshot/swept',
        ...index.repositories.map((entry) => fileOf(entry).slice(stateDir.length + 1)),
      ].sort(),
    );
    assert.deepEqual(await readdir(join(stateDir, 'snapshot', 'repositories')), ['a']);
    assert.equal(await store.removeUnnamed(index), 0);
  });

  it('and only where a run may have left something is looked for it, be it the one before', async () => {
    const content = [named('a'), named('b')];
    await createSnapshotStore(stateDir).removeUnnamed(await commit(content));
    const stray = join(stateDir, 'snapshot/repositories/b/-', `${'0'.repeat(64)}.json`);
    const runAgain = async (repositories: readonly Repository[]) => {
      const store = createSnapshotStore(stateDir);
      await store.readIndex();
      const index = await commit(repositories, {}, store);
      return store.removeUnnamed(index);
    };

    await writeFile(stray, 'of nobody');
    assert.equal(await runAgain(content), 0, 'nothing was written, and so nothing is looked through');
    const changed = named('a', { staleSince: hour(5) });
    assert.equal(await runAgain([changed, named('b')]), 1, 'the file before, and none of where nothing was written');
    assert.equal(
      await runAgain([changed, named('b', { staleSince: hour(5) })]),
      2,
      'the file before, and what stands beside it',
    );

    await writeFile(stray, 'of nobody');
    const rest = [named('b', { staleSince: hour(5) })];
    assert.equal(await runAgain(rest), 1, 'nothing was written, and a name is gone');

    await writeFile(stray, 'of a run that was killed');
    await createSnapshotStore(stateDir).writeRepository(named('c'));
    assert.equal(await runAgain(rest), 2, 'the run before wrote something and did not end');
    assert.equal(await runAgain(rest), 0);

    await writeFile(stray, 'of a program that left no word');
    await rm(join(stateDir, 'snapshot/swept'));
    assert.equal(await runAgain(rest), 1);
  });

  it('a repository that no index names any more is gone without a trace', async () => {
    const store = createSnapshotStore(stateDir);
    await commit([named('a'), named('restricted/secret')]);
    const index = await commit([named('a')]);
    await store.removeUnnamed(index);
    const entries = await readdir(stateDir, { recursive: true });
    assert.ok(!entries.some((entry) => /secret|restricted/.test(entry)));
    assert.doesNotMatch(await readFile(indexFile(), 'utf8'), /secret/);
  });

  it('what somebody else put there stays', async () => {
    const foreign = ['snapshot/notes.txt', 'snapshot/repositories/a/-/notes.txt', 'snapshot/catalogue.json.bak'];
    const index = await commit([named('a')]);
    for (const file of foreign) await writeFile(join(stateDir, file), 'mine');
    assert.equal(await createSnapshotStore(stateDir).removeUnnamed(index), 0);
    const left = await listFiles();
    for (const file of foreign) assert.ok(left.includes(file), file);
  });

  it('there is nothing to remove where there is no snapshot', async () => {
    const index = await commit([]);
    await rm(join(stateDir, 'snapshot'), { recursive: true });
    assert.equal(await createSnapshotStore(stateDir).removeUnnamed(index), 0);
  });
});

describe('a file that was changed is not believed', () => {
  const changes: readonly (readonly [string, (path: string) => Promise<void>, RegExp])[] = [
    ['a byte more', async (path) => writeFile(path, `${await readFile(path, 'utf8')} `), /not those that were written/],
    ['half of it', (path) => truncate(path, 200), /not those that were written/],
    ['nothing in it', (path) => truncate(path, 0), /not those that were written/],
    ['gone', (path) => rm(path), /ENOENT/],
  ];
  for (const [name, change, message] of changes) {
    it(`a repository’s: ${name}`, async () => {
      const [entry] = (await commit([named('a')])).repositories;
      assert.ok(entry);
      await change(fileOf(entry));
      await assertRefused(createSnapshotStore(stateDir).readRepository(entry), 'SNAPSHOT_BROKEN', message);
    });
  }

  it('the index gone from beside what it named is no beginning: the next run would remove the history', async () => {
    const store = createSnapshotStore(stateDir);
    const [entry] = (await commit([named('a')], {}, store)).repositories;
    assert.ok(entry);
    await store.removeUnnamed({ repositories: [entry] });
    await rm(indexFile());
    await assertRefused(createSnapshotStore(stateDir).readIndex(), 'SNAPSHOT_BROKEN', /catalogue\.json .*is gone/);
    await rm(join(stateDir, 'snapshot'), { recursive: true });
    assert.equal(await createSnapshotStore(stateDir).readIndex(), null);
  });

  it('what a first run left that was killed is a beginning', async () => {
    await createSnapshotStore(stateDir).writeRepository(named('a'));
    assert.equal(await createSnapshotStore(stateDir).readIndex(), null);
  });

  it('a file that may not be read is not called broken', {
    skip: process.getuid?.() === 0 && 'root may read',
  }, async () => {
    const [entry] = (await commit([named('a')])).repositories;
    assert.ok(entry);
    await chmod(fileOf(entry), 0);
    await assert.rejects(createSnapshotStore(stateDir).readRepository(entry), { code: 'EACCES' });
  });

  it('a folder in its place is not called broken', async () => {
    const [entry] = (await commit([named('a')])).repositories;
    assert.ok(entry);
    await rm(fileOf(entry));
    await createSnapshotStore(stateDir).writeRepository(named('a/b'));
    await rename(join(stateDir, 'snapshot', 'repositories', 'a', 'b'), fileOf(entry));
    await assert.rejects(createSnapshotStore(stateDir).readRepository(entry), { code: 'EISDIR' });
  });

  const indexes: readonly (readonly [string, (text: string) => string, SnapshotError['code'], RegExp])[] = [
    ['half of it', (text) => text.slice(0, text.length / 2), 'SNAPSHOT_BROKEN', /JSON/],
    ['nothing in it', () => '', 'SNAPSHOT_BROKEN', /JSON/],
    ['null', () => 'null', 'SNAPSHOT_BROKEN', /cannot be used/],
    ['no version', (text) => text.replace('"schemaVersion": 2,', ''), 'SNAPSHOT_BROKEN', /cannot be used/],
    [
      'a newer version',
      (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 3'),
      'SNAPSHOT_NEWER',
      /has schema version 3; this program knows 2/,
    ],
    ['a newer version of another shape', () => '{"schemaVersion": 99}', 'SNAPSHOT_NEWER', /99/],
    [
      'an older version than any',
      (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 0'),
      'SNAPSHOT_BROKEN',
      /cannot be used/,
    ],
    [
      'a file outside the folder',
      (text) => text.replace(/"file":"[0-9a-f]+"/, '"file":"../../../etc/passwd"'),
      'SNAPSHOT_BROKEN',
      /cannot be used: repositories\.0\.file: \w/,
    ],
    [
      'a name outside the folder',
      (text) => text.replace('"name":"a"', '"name":"../a"'),
      'SNAPSHOT_BROKEN',
      /cannot be used/,
    ],
  ];
  for (const [name, change, code, message] of indexes) {
    it(`the index: ${name}`, async () => {
      await commit([named('a')]);
      await writeFile(indexFile(), change(await readFile(indexFile(), 'utf8')));
      await assertRefused(createSnapshotStore(stateDir).readIndex(), code, message);
    });
  }
});
