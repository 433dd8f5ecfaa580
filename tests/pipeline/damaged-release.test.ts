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
const losses: Readonly<Record<string, { shareFolders: boolean; said: RegExp; lose(site: string): Promise<string> }>> = {
  'a file of an image that did not change': {
    shareFolders: false,
    said: /a file that it should have is not there; .*everything is made anew/,
    async lose(site) {
      const file = 'web/front/index.html';
      await rm(join(site, file));
      return file;
    },
  },
  'a file in a folder that releases share, in the hour in which it is looked at': {
    shareFolders: true,
    said: /a folder lacks files that it should have; .*everything is made anew/,
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

for (const [what, { shareFolders, said, lose }] of Object.entries(losses)) {
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
    const stderr = await run('refresh', 'site');
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /site-invalid|links to/, 'it is no fault of what was made');
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
    assert.deepEqual(left, []);
    putSmallImage(store, 'base', '2.1', '2026-08-19T00:00:00Z');
    assert.doesNotMatch(await run('refresh', 'site'), /made anew/);
    assert.deepEqual(
      (await readdir(join(folder, 'site', 'releases'))).filter((name) => name.startsWith('.')),
      [],
    );
  });
}

for (const shareFolders of [false, true]) {
  const how = shareFolders ? 'sharing folders' : 'linking files';
  test(`a page that was lost is there again in the hour in which its image is looked at, though nothing changed, ${how}`, async (t) => {
    const folder = await useFolder(t);
    const { url } = await useDemoRegistry(t, { store: createSmallStore(60) });
    const config = join(folder, 'settings.json');
    const settings = { sources: [{ name: 'main', url }], shareFolders, siteDir: 'site', stateDir: 'state' };
    await writeFile(config, JSON.stringify(settings));
    const run = async () => {
      const result = await runProgram(['refresh', '--config', config]);
      assert.equal(result.exitCode, 0, result.stderr);
      return `${result.stdout}\n${result.stderr}`;
    };
    await run();
    const site = join(folder, 'site', 'current');
    const names = (await readdir(join(site, 'bulk'))).map((name) => `bulk/${name}`);
    const lost = names.find((name) => hasTurn(name, 2)) ?? assert.fail(`none of ${names.length} has its turn`);
    await rm(join(site, lost, 'index.html'));
    assert.match(await run(), new RegExp(`lacks ${lost}/index\\.html; ${lost} is made anew`));
    await readFile(join(site, lost, 'index.html'));
    const { pages } = JSON.parse(await readFile(join(folder, 'state', 'report.json'), 'utf8')).build;
    assert.ok(pages < names.length, `${pages} pages were made for the sake of one`);
    for (let hour = 0; hour < 2; hour++) {
      const said = await run();
      assert.match(said, /site unchanged/);
      assert.doesNotMatch(said, /made anew/);
    }
  });
}
