/** The snapshot of an older program, frozen as it wrote it, under the program of today. */
import assert from 'node:assert/strict';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { toEventId } from '../../../src/catalogue/events.ts';
import { migrate } from '../../../src/snapshot/migrations.ts';
import { decodeRepository, encodeRepository } from '../../../src/snapshot/repository-codec.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { useFolder } from '../../support/run-program.ts';

const frozen = join(import.meta.dirname, '../../fixtures/snapshots/v1');

async function useFrozen(t: TestContext) {
  const stateDir = await useFolder(t);
  await cp(frozen, stateDir, { recursive: true });
  return { stateDir, store: createSnapshotStore(stateDir) };
}

async function readFrozen(name: string): Promise<Record<string, unknown>> {
  const folder = join(frozen, 'snapshot/repositories', name, '-');
  const [file = ''] = await readdir(folder);
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}

describe('a snapshot of version 1', () => {
  it('is read, every repository of it', async (t) => {
    const { store } = await useFrozen(t);
    const index = await store.readIndex();
    assert.deepEqual([index?.runs, index?.registry, index?.repositories.length], [0, null, 6]);
    for (const entry of index?.repositories ?? []) {
      const { name, state, tags, archives } = await store.readRepository(entry);
      assert.deepEqual([name, state, tags.size, archives], [entry.name, entry.state, entry.tags, []]);
    }
  });

  it('keeps each event as it was, with the id that it was known by', async () => {
    const value = await readFrozen('history/busy');
    const repository = decodeRepository(migrate('repository', value));
    const events = repository.events.map(({ ordinal: _, run, firstSeenAt, ...event }) => {
      assert.deepEqual([run, firstSeenAt], [0, null]);
      return event;
    });
    const before = value['events'] as readonly { readonly id: string }[];
    assert.ok(before.length > 0);
    assert.deepEqual(
      events,
      before.map(({ id: _, ...event }) => event),
    );
    assert.deepEqual(
      repository.events.map((event) => toEventId(repository.name, event)),
      before.map(({ id }) => id),
    );
    assert.ok(repository.events.some(({ ordinal }) => ordinal > 0));
  });

  it('loses nothing of tags, manifests and configs', async () => {
    for (const name of ['history/busy', 'releng/tags', 'services/asleep', 'services/removed', 'services/signed']) {
      const value = await readFrozen(name);
      const again = JSON.parse(encodeRepository(decodeRepository(migrate('repository', value))));
      for (const key of ['name', 'source', 'state', 'firstSeenAt', 'staleSince', 'missedRuns', 'tags', 'manifests']) {
        assert.deepEqual(again[key], value[key], `${name}: ${key}`);
      }
      assert.deepEqual(again.configs, value['configs']);
      const digests = value['digests'] as readonly string[];
      assert.deepEqual(again.digests.slice(0, digests.length), digests);
    }
  });

  it('stands on the disk until it changes, beside files of today', async (t) => {
    const { store } = await useFrozen(t);
    const index = await store.readIndex();
    assert.ok(index);
    const [busy, ...others] = index.repositories;
    assert.ok(busy);
    const repository = await store.readRepository(busy);
    const written = await store.writeRepository({ ...repository, staleSince: '2026-11-20T13:07:00Z' });
    assert.notEqual(written.file, busy.file);
    await store.commit({ ...index, runs: 1, repositories: [written, ...others] });
    assert.equal(await store.removeUnnamed({ ...index, repositories: [written, ...others] }), 1);
    const after = await store.readIndex();
    for (const entry of after?.repositories ?? []) assert.equal((await store.readRepository(entry)).name, entry.name);
    assert.equal(after?.runs, 1);
  });
});

test('what is no file of ours stays what it is, for the schema to refuse', () => {
  for (const value of [null, 'text', {}, { schemaVersion: '1' }, { schemaVersion: 0 }, { schemaVersion: 2 }]) {
    assert.equal(migrate('repository', value), value);
  }
});
