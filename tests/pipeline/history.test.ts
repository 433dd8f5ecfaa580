/** What is remembered, as it is published: the same on every host, and gone where an image is gone. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAtomFeed } from 'feedsmith';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

test('a reader of every hour sees each event once, and two hosts serve the same bytes', async (t) => {
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const stateDir = join(folder, 'state');
  const write = async (name: string, base: string) => {
    const file = join(folder, `${name}.yaml`);
    const settings = {
      ...{ title: 'Images', publicHost: 'registry.example', base, siteUrl: 'https://registry.example' },
      ...{ sources: [{ name: 'main', url: registry.url }], siteDir: join(folder, name), stateDir },
    };
    await writeFile(file, JSON.stringify(settings));
    return file;
  };
  const config = await write('site', '/');
  const read = (file: string, name = 'site') => readFile(join(folder, name, 'current', file), 'utf8');
  const seen: string[] = [];
  let ids = new Set<string>();
  const hour = async () => {
    const { exitCode, stderr } = await runProgram(['refresh', '--config', config]);
    assert.ok(exitCode === 0 || exitCode === 3, stderr);
    const { entries = [] } = parseAtomFeed(await read('-/feed.xml'));
    for (const { id, title } of entries) if (!ids.has(id ?? '')) seen.push(title?.value ?? '');
    ids = new Set(entries.map(({ id }) => id ?? ''));
  };
  await hour();
  assert.deepEqual(seen, [], 'the first run is the beginning');
  assert.match(await read('-/changes/index.html'), /Nothing changed yet/);
  putSmallImage(registry.store, 'base', '1.2', '2026-08-17T00:00:00Z');
  putSmallImage(registry.store, 'base', 'latest', '2026-08-17T00:00:00Z');
  await hour();
  assert.deepEqual(seen.splice(0).sort(), ['base:1.2 added', 'base:latest moved']);
  registry.store.deleteTag(parseRepositoryName('base'), parseTag('1.0'));
  for (let run = 0; run < 3; run++) await hour();
  assert.deepEqual(seen.splice(0), ['base:1.0 removed']);
  const history = JSON.parse(await read('-/api/v1/repositories/base/-/history.json'));
  assert.equal(history.events.length, 3);
  const page = await read('base/tags/index.html');
  assert.match(page, /moved 1\stime, last /);
  assert.match(page, /1\stag that is gone/);

  const copy = join(folder, 'elsewhere', 'state');
  await mkdir(join(folder, 'elsewhere'));
  await cp(stateDir, copy, { recursive: true });
  const other = join(folder, 'elsewhere', 'site');
  const words = ['build', '--config', config, '--state-dir', copy, '--site-dir', other];
  const built = await runProgram(words, { workingDir: '/', environment: { TZ: 'Pacific/Kiritimati', LC_ALL: 'C' } });
  assert.equal(built.exitCode, 0, built.stderr);
  const files = await listFiles(join(other, 'current'));
  // The first host carries the hashed files of its older releases forward, for pages that are open.
  const carried = (await listFiles(join(folder, 'site', 'current'))).filter((file) => !files.includes(file));
  for (const file of carried)
    assert.match(file, /^-\/(?:search|assets)\/.*[-.][\w-]{8,}\.(?:json|js|css)(?:\.(?:gz|br))?$/);
  for (const file of files) {
    const bytes = [join(folder, 'site', 'current', file), join(other, 'current', file)].map((one) => readFile(one));
    assert.ok((await bytes[0])?.equals((await bytes[1]) as Buffer), file);
  }

  const based = await write('based', '/images/');
  const rebuilt = await runProgram(['build', '--config', based, '--state-dir', copy]);
  assert.equal(rebuilt.exitCode, 0, rebuilt.stderr);
  const { entries = [] } = parseAtomFeed(await read('-/feed.xml', 'based'));
  assert.deepEqual(new Set(entries.map(({ id }) => id)), ids);
});
