/** Lists of the clean-up that are too short for twins are put in their place after the last look at the site, as long ones are. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { deleteCommandsAddress, fixedAddresses } from '../../src/view/addresses.ts';
import { deleteTools } from '../../src/view/delete-commands.ts';
import { assertSameLists, copyWithoutLists } from '../support/assert-same-lists.ts';
import { assertSameSite } from '../support/assert-same-site.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

test('short lists of the clean-up are what a build from nothing makes, after the first run and after a changed hour', async (t) => {
  const folder = await useFolder(t);
  const { store, url } = await useDemoRegistry(t, { store: createSmallStore(3) });
  const run = async (command: string, siteDir: string, stateDir: string) => {
    const file = join(folder, `${siteDir}.json`);
    const settings = { sources: [{ name: 'main', url }], siteUrl: 'https://images.example.org/' };
    await writeFile(file, JSON.stringify({ ...settings, cleanup: [{ beyondNewest: 1 }], siteDir, stateDir }));
    const { exitCode, stderr } = await runProgram([command, '--config', file]);
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, /release-damaged|stock-damaged/);
  };
  const site = join(folder, 'site/current');
  const seen = new Set<string>();
  for (const hour of [1, 2]) {
    // One image goes at either hour, or the lists would not stay short; that it is another one makes them other lists.
    putSmallImage(store, 'base', '1.0', `2026-07-0${hour}T00:00:00Z`);
    await run('refresh', 'site', 'state');
    await copyWithoutLists(join(folder, 'state'), join(folder, `state-${hour}`));
    await run('build', `cold-${hour}`, `state-${hour}`);
    const cold = join(folder, `cold-${hour}/current`);
    const later = await assertSameLists(site, cold);
    assert.deepEqual(new Set(later), new Set([fixedAddresses.cleanupCsv, ...deleteTools.map(deleteCommandsAddress)]));
    await assertSameSite(site, cold);
    seen.add(await readFile(join(site, fixedAddresses.cleanupCsv), 'utf8'));
  }
  assert.equal(seen.size, 2);
});
