import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type KeptSummaries, readKeptSummaries, readSummaries } from '../../../src/run/summaries.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { listSampleRepositories, writeSampleSnapshot } from '../../support/sample-catalogue.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/', movingTags: ['latest'] };

describe('readSummaries', () => {
  let stateDir = '';
  before(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'registry-homepage-summaries-'));
    await writeSampleSnapshot(stateDir);
  });
  after(() => rm(stateDir, { recursive: true }));

  const readKept = () => readKeptSummaries({ stateDir, settings, programVersion: '1.0.0' });
  const read = async (over: { programVersion?: string; movingTags?: string[]; kept?: KeptSummaries | null } = {}) => {
    const store = createSnapshotStore(stateDir);
    const index = await store.readIndex();
    assert.ok(index);
    const { programVersion = '1.0.0', movingTags = ['latest'], kept = null } = over;
    const { signal } = new AbortController();
    const process = { signal, log: { write: assert.fail } };
    return readSummaries({
      ...{ stateDir, store, index, kept, programVersion, process },
      settings: { ...settings, movingTags },
    });
  };
  const all = listSampleRepositories().filter(({ state }) => state !== 'unread').length;

  it('sums everything up once', async () => {
    assert.equal((await read()).renewed, all);
    assert.equal((await read()).renewed, 0);
  });

  it('sums up anew what has changed', async () => {
    const changed = listSampleRepositories().map((each) => {
      return each.name === 'debian' ? { ...each, staleSince: '2026-11-20T13:07:00Z' } : each;
    });
    await writeSampleSnapshot(stateDir, changed);
    const { renewed, repositories } = await read();
    assert.equal(renewed, 1);
    assert.equal(repositories.length, all);
    assert.equal(
      repositories.find(({ summary }) => summary.name === 'debian')?.summary.staleSince,
      '2026-11-20T13:07:00Z',
    );
  });

  it('forgets what is gone', async () => {
    await writeSampleSnapshot(stateDir, listSampleRepositories().slice(1));
    const { renewed, repositories, file } = await read();
    assert.deepEqual([renewed, repositories.length], [1, all - 1]);
    assert.doesNotMatch(await readFile(file, 'utf8'), /"name":"404"/);
  });

  it('makes the same of what was kept before the snapshot changed', async () => {
    const kept = await readKept();
    assert.ok(kept);
    const changed = listSampleRepositories().map((each) => {
      return each.name === 'debian' ? { ...each, staleSince: '2026-11-20T14:07:00Z' } : each;
    });
    await writeSampleSnapshot(stateDir, changed.slice(1));
    const [ahead, again] = [await read({ kept }), await read()];
    assert.deepEqual([ahead.renewed, again.renewed], [1, 0]);
    assert.deepEqual(ahead.repositories, again.repositories);
    assert.deepEqual(ahead.totals, again.totals);
    assert.equal(ahead.tallyLayers().standingSizeBytes, ahead.totals.uniqueCompressedSizeBytes);
    await writeSampleSnapshot(stateDir, listSampleRepositories().slice(1));
    await read();
  });

  it('begins anew for another program, other settings, or a broken file', async () => {
    assert.equal((await read({ programVersion: '1.0.1' })).renewed, all - 1);
    assert.equal((await read({ programVersion: '1.0.1', movingTags: ['stable'] })).renewed, all - 1);
    const { file } = await read();
    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -10));
    assert.equal((await read()).renewed, all - 1);
  });
});
