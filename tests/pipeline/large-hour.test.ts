/** Hours of a catalogue that is so large that other processes do parts of a build. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Report } from '../../src/run/report.ts';
import { tagsWorthAProcess } from '../../src/run/work-process.ts';
import { fixedAddresses } from '../../src/view/addresses.ts';
import { assertSameLists, copyWithoutLists } from '../support/assert-same-lists.ts';
import { assertSameSite } from '../support/assert-same-site.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

const noteProcess = pathToFileURL(join(import.meta.dirname, '../support/note-process.mjs')).href;

test('one process beside the run makes an hour in which one image changed, and both make what a build from nothing does', async (t) => {
  const folder = await useFolder(t);
  const store = createSmallStore(3);
  for (let at = 0; at < tagsWorthAProcess; at++) putSmallImage(store, 'many', `1.0.${at}`);
  const { url } = await useDemoRegistry(t, { store });
  const write = async (name: string, siteDir: string, stateDir = 'state') => {
    const file = join(folder, `${name}.json`);
    const settings = { sources: [{ name: 'main', url }], siteUrl: 'https://images.example.org/', shareFolders: true };
    await writeFile(
      file,
      JSON.stringify({ ...settings, keepReleases: 2, cleanup: [{ beyondNewest: 10 }], siteDir, stateDir }),
    );
    return file;
  };
  const notes = join(folder, 'processes.txt');
  const environment = { NODE_OPTIONS: `--import=${noteProcess}`, PROCESS_NOTES: notes };
  const run = async (command: string, config: string) => {
    await rm(notes, { force: true });
    const { exitCode, stderr } = await runProgram([command, '--config', config], { environment });
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, /process-failed|release-damaged/);
    return (await readFile(notes, 'utf8')).trimEnd().split('\n').sort();
  };

  const assertAsFromNothing = async (hour: number) => {
    await copyWithoutLists(join(folder, 'state'), join(folder, `state-${hour}`));
    await run('build', await write('cold', `cold-${hour}`, `state-${hour}`));
    const [site, cold] = [join(folder, 'site/current'), join(folder, `cold-${hour}/current`)];
    const later = await assertSameLists(site, cold);
    assert.deepEqual(later, [fixedAddresses.cleanupJson], 'it alone is long enough to be written last');
    await assertSameSite(site, cold);
  };

  const standing = await write('standing', 'site');
  const first = await run('refresh', standing);
  assert.equal(first.filter((name) => name === 'side-process').length, 3, 'to sum up, to take stock, to write');
  await assertAsFromNothing(1);
  // From the third hour on the oldest release is made over.
  for (const hour of [2, 3, 4]) {
    putSmallImage(store, 'base', `${hour}.0`, `2026-08-1${hour}T00:00:00Z`);
    assert.deepEqual(await run('refresh', standing), ['registry-homepage', 'side-process']);
    const { build } = JSON.parse(await readFile(join(folder, 'state/report.json'), 'utf8')) as Report;
    assert.equal(build?.kind, 'published');
    await assertAsFromNothing(hour);
  }
});
