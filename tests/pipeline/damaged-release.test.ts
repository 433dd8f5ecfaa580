/** A release that lost files under way: the next one is whole all the same, and is what a build from nothing makes. */
import assert from 'node:assert/strict';
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasTurn } from '../../src/crawl/spread.ts';
import { isHashed } from '../../src/publish/carry-assets.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

/** What a release lost: its name in what is said here, and how to lose it. Returns a file that was lost, below the site. */
const losses: Readonly<Record<string, { shareFolders: boolean; lose(site: string): Promise<string> }>> = {
  'a file of an image that did not change': {
    shareFolders: false,
    async lose(site) {
      const file = 'web/front/index.html';
      await rm(join(site, file));
      return file;
    },
  },
  'a file in a folder that releases share, in the hour in which it is looked at': {
    shareFolders: true,
    async lose(site) {
      const names = (await readdir(join(site, 'bulk'))).map((name) => `bulk/${name}`);
      const folders = names.filter((folder) => hasTurn(folder, 2));
      const [folder] = folders;
      assert.ok(folder !== undefined, `none of ${names.length} has its turn`);
      assert.match(await readlink(join(site, folder)), /parts\//);
      await rm(join(site, folder, 'index.html'));
      return `${folder}/index.html`;
    },
  },
};

for (const [what, { shareFolders, lose }] of Object.entries(losses)) {
  test(`${what} is there again`, async (t) => {
    const folder = await useFolder(t);
    const { store, url } = await useDemoRegistry(t, { store: createSmallStore(60) });
    const run = async (command: string, siteDir: string) => {
      const file = join(folder, `${siteDir}.json`);
      const settings = { sources: [{ name: 'main', url }], shareFolders, siteDir, stateDir: 'state' };
      await writeFile(file, JSON.stringify(settings));
      const result = await runProgram([command, '--config', file]);
      assert.equal(result.exitCode, 0, result.stderr);
      return result.stderr;
    };
    await run('refresh', 'site');
    const site = join(folder, 'site', 'current');
    const lost = await lose(site);
    putSmallImage(store, 'base', '2.0', '2026-08-18T00:00:00Z');
    assert.match(await run('refresh', 'site'), /everything is made anew/);
    await readFile(join(site, lost));
    await run('build', 'cold');
    const cold = join(folder, 'cold', 'current');
    const hourly = /^(?:index\.html|-\/status\/index\.html|-\/status\.json)(?:\.gz|\.br)?$/;
    const files = await listFiles(cold);
    assert.ok(files.length > 200);
    const isCarried = (file: string) => isHashed(file.replace(/\.(?:gz|br)$/, ''));
    assert.deepEqual(
      (await listFiles(site)).filter((file) => !files.includes(file) && !isCarried(file)),
      [],
    );
    for (const file of files.filter((each) => !hourly.test(each))) {
      assert.deepEqual(await readFile(join(site, file)), await readFile(join(cold, file)), file);
    }
    // Nothing is left of the attempt that came to nothing.
    const left = (await readdir(join(folder, 'site', 'releases'))).filter((name) => name.startsWith('.staging'));
    putSmallImage(store, 'base', '2.1', '2026-08-19T00:00:00Z');
    assert.doesNotMatch(await run('refresh', 'site'), /made anew/);
    assert.ok(left.length <= 1);
    assert.deepEqual(
      (await readdir(join(folder, 'site', 'releases'))).filter((name) => name.startsWith('.')),
      [],
    );
  });
}
