/** What an audit found stands on the pages that it concerns, with its date, and renders no other. */
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, encodeSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

test('from a verified registry to a corrupt layer on its pages', async (t) => {
  const store = createSmallStore(3);
  const registry = await useDemoRegistry(t, { store });
  const folder = await useFolder(t);
  const config = join(folder, 'settings.json');
  const settings = {
    sources: [{ url: registry.url }],
    stateDir: join(folder, 'state'),
    siteDir: join(folder, 'site'),
    siteUrl: 'https://registry.example.org/',
  };
  await writeFile(config, JSON.stringify(settings));
  const words = ['--config', config];
  const read = async (file: string) =>
    (await readFile(join(folder, 'site', 'current', file), 'utf8')).replaceAll('\u00a0', ' ');
  const readJson = async () => JSON.parse(await read('-/status.json')).integrity;
  const run = async (command: string, exitCode: number) => {
    const result = await runProgram([command, ...words]);
    assert.equal(result.exitCode, exitCode, result.stderr);
    return result.stdout;
  };

  await run('refresh', 0);
  assert.equal(await readJson(), null);
  assert.doesNotMatch(await read('-/status/index.html'), /verified/i);

  assert.match(
    await run('verify', 0),
    /^15 of 15 blobs checked \(.*\), all verified, [\d.]+ s, the cycle is complete\n$/,
  );
  const feed = '-/feed.xml';
  const healthyFeed = await read(feed);
  assert.match(await run('refresh', 0), /site unchanged/);
  assert.equal(await read(feed), healthyFeed, 'what is sound is no news');
  const status = await read('-/status/index.html');
  assert.match(status, /15 of 15 layers and configs \([^)]+\) verified on <time datetime="[^"]+">/);
  assert.match(status, /Nothing is known to be at fault/);
  const { bytes, faults } = await readJson();
  assert.deepEqual([bytes.soundBlobs, bytes.namedBlobs, faults], [15, 15, []]);
  assert.match(bytes.oldestCheckedAt, /^\d{4}-/);

  // The layer of `web/front` for one platform: the same length, the same headers, other bytes.
  const front = store.repositories().find(({ name }) => name === 'web/front') ?? assert.fail();
  const others = new Set(
    store
      .repositories()
      .filter((one) => one !== front)
      .flatMap(({ blobs }) => [...blobs.keys()]),
  );
  const spoiled = [...front.blobs.values()].find(({ digest, sizeBytes }) => !others.has(digest) && sizeBytes > 2000);
  assert.ok(spoiled);
  registry.script({
    method: 'GET',
    path: new RegExp(`/blobs/${spoiled.digest}$`),
    times: 'always',
    respond: { body: Buffer.alloc(spoiled.sizeBytes, 'x') },
  });
  const found = await run('verify', 3);
  assert.match(found, new RegExp(`^corrupt: web/front:2.0 ${spoiled.digest}: its bytes do not have this digest$`, 'm'));

  const before = await stat(join(folder, 'site', 'current', 'base/tags/index.html'));
  assert.match(await run('refresh', 0), /pages written/);
  for (const page of ['web/front/tags/index.html', '-/status/index.html']) {
    const html = await read(page);
    assert.ok(html.includes(spoiled.digest), page);
    assert.match(html, /corrupt/);
  }
  assert.match(await read('-/status/index.html'), /Not sound: 1 corrupt\..*>web\/front:2\.0</s);
  const index = front.tags.get([...front.tags.keys()][0] ?? assert.fail()) ?? assert.fail();
  const manifest = await read(`web/front/-/sha256/${index.slice('sha256:'.length)}/index.html`);
  assert.match(manifest, /Not sound/);
  assert.doesNotMatch(await read('base/tags/index.html'), /Not sound/);
  assert.equal(
    (await stat(join(folder, 'site', 'current', 'base/tags/index.html'))).ino,
    before.ino,
    'not rendered again',
  );
  for (const file of [feed, 'web/front/-/feed.xml']) {
    const xml = await read(file);
    assert.match(xml, /<title>web\/front: content is corrupt<\/title>/, file);
    assert.match(xml, new RegExp(`${spoiled.digest} is corrupt .*Affected: web/front:2\\.0`), file);
  }
  assert.doesNotMatch(await read('base/-/feed.xml'), /corrupt/);
  const json = await readJson();
  assert.deepEqual(
    json.faults.map(({ digest, kind, images }: { digest: string; kind: string; images: unknown }) => [
      digest,
      kind,
      images,
    ]),
    [[spoiled.digest, 'corrupt', [{ name: 'web/front', tags: ['2.0'] }]]],
  );

  await run('verify', 3);
  assert.match(await run('refresh', 0), /site unchanged/, 'what was found again changes no page');

  // Gone from the pages as soon as it is hidden.
  await writeFile(config, JSON.stringify({ ...settings, exclude: ['web/**'] }));
  const refreshed = await runProgram(['refresh', '--config', config]);
  assert.equal(refreshed.exitCode, 0, refreshed.stderr);
  assert.ok(!(await read('-/status/index.html')).includes(spoiled.digest));
  assert.ok(!(await read('-/status.json')).includes(spoiled.digest));
  assert.doesNotMatch(await read(feed), /web\/front|corrupt/);
  const known = await readFile(join(folder, 'state', 'integrity', 'bytes.json'), 'utf8');
  assert.ok(!known.includes(spoiled.digest) && known.includes('sha256:'), 'what nothing shown names is forgotten');
});

test('what one image lacks stands on its own pages, and is gone from the state when it is hidden', async (t) => {
  const store = createSmallStore();
  const content = encodeSmallImage('twin', '1.0');
  for (const name of ['app', 'copy']) putContent(store, parseRepositoryName(name), content, [parseTag('1.0')]);
  const registry = await useDemoRegistry(t, { store });
  const folder = await useFolder(t);
  const config = join(folder, 'settings.json');
  const settings = { sources: [{ url: registry.url }], siteUrl: 'https://registry.example.org/' };
  await writeFile(config, JSON.stringify(settings));
  const run = async (command: string, exitCode: number) => {
    const result = await runProgram([command, '--config', config]);
    assert.equal(result.exitCode, exitCode, result.stderr);
    return result.stdout;
  };
  const read = (file: string) => readFile(join(folder, 'site', 'current', file), 'utf8');
  await run('refresh', 0);
  const layer = content.blobs.find(({ sizeBytes }) => sizeBytes < 6000 && sizeBytes > 2000) ?? assert.fail();
  store.deleteBlob(parseRepositoryName('copy'), layer.digest);
  assert.match(
    await run('verify', 3),
    new RegExp(`^missing: copy:1.0 ${layer.digest}: not found through this repository`, 'm'),
  );
  const before = await stat(join(folder, 'site', 'current', 'app/tags/index.html'));
  assert.match(await run('refresh', 0), /pages written/);

  const page = await read('copy/tags/index.html');
  assert.match(page, /missing from this image, though the registry has it for another/);
  assert.ok(page.includes(layer.digest));
  assert.doesNotMatch(await read('app/tags/index.html'), /Not sound/);
  assert.equal(
    (await stat(join(folder, 'site', 'current', 'app/tags/index.html'))).ino,
    before.ino,
    'not rendered again',
  );
  const { integrity } = JSON.parse(await read('-/status.json'));
  assert.deepEqual(
    integrity.faults.map(({ kind, isElsewhere, images }: Record<string, unknown>) => [kind, isElsewhere, images]),
    [['missing', true, [{ name: 'copy', tags: ['1.0'] }]]],
  );
  assert.match(await read('-/status/index.html'), /missing here, and there for another image/);
  assert.match(await read('copy/-/feed.xml'), /copy: content is missing/);
  assert.doesNotMatch(await read('app/-/feed.xml'), /content is/);

  const file = join(folder, 'site-state', 'integrity', 'bytes.json');
  const rows = async () => JSON.parse(await readFile(file, 'utf8')).checks as readonly (readonly unknown[])[];
  assert.equal((await rows()).filter((row) => row.length === 9).length, 1);
  await writeFile(config, JSON.stringify({ ...settings, exclude: ['copy'] }));
  await run('refresh', 0);
  assert.equal((await rows()).filter((row) => row.length === 9).length, 0);
  assert.doesNotMatch(await read('-/status/index.html'), /Not sound/);
});
