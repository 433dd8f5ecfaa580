import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { createBuildAhead } from '../../../src/run/build-ahead.ts';
import { describeSite } from '../../../src/run/build-inputs.ts';
import { readSummaries } from '../../../src/run/summaries.ts';
import { decodeSettings } from '../../../src/settings/settings.ts';
import { createSnapshotStore } from '../../../src/snapshot/snapshot-store.ts';
import { toCatalogueSettings } from '../../../src/view/site.ts';
import { useFolder } from '../../support/run-program.ts';
import { writeSampleSnapshot } from '../../support/sample-catalogue.ts';

const nothing = { extras: {}, logoBytes: null, remark: null };

test('what a build kept is read ahead, given away once, and is what the next build finds', async (t) => {
  const stateDir = await useFolder(t);
  await writeSampleSnapshot(stateDir);
  const settings = decodeSettings({ sources: [{ url: 'https://registry.example.org' }], stateDir }, stateDir);
  const readAhead = async () => {
    await using ahead = createBuildAhead(settings);
    ahead.begin(nothing);
    ahead.begin(nothing);
    const [taken, again] = [await ahead.take(), await ahead.take()];
    assert.equal(again, null);
    return taken;
  };
  assert.equal(await readAhead(), null, 'where no build was');

  const store = createSnapshotStore(stateDir);
  const index = await store.readIndex();
  assert.ok(index);
  const { siteSettings, programFingerprint } = await describeSite(settings, nothing.extras);
  const read = async (kept: Awaited<ReturnType<typeof readAhead>>) =>
    readSummaries({
      ...{ stateDir, store, index, kept, programVersion: programFingerprint },
      settings: toCatalogueSettings(siteSettings),
      process: { signal: t.signal, log: { write: assert.fail } },
    });
  const { renewed, repositories } = await read(null);
  assert.ok(renewed > 1);

  const kept = await readAhead();
  assert.ok(kept);
  await rm(stateDir, { recursive: true });
  const found = await read(kept);
  assert.equal(found.renewed, 0);
  assert.deepEqual(found.repositories, repositories);
});

test('it has nothing where it was not begun, and ends where nobody asks for it', async (t) => {
  const stateDir = await useFolder(t);
  const settings = decodeSettings({ sources: [{ url: 'https://registry.example.org' }], stateDir }, stateDir);
  const ahead = createBuildAhead(settings);
  assert.equal(await ahead.take(), null);
  ahead.begin(nothing);
  await ahead[Symbol.asyncDispose]();
});
