/** The site stands, whatever is done to the run; and it is the same bytes, wherever the run is. */
import assert from 'node:assert/strict';
import { cp, readFile, stat, truncate, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import { encodeManifest, putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { createBlob } from '../../scripts/demo-registry/store/blob.ts';
import { computeDigest } from '../../src/oci/digest.ts';
import { mediaTypes } from '../../src/oci/media-type.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { programDir } from '../../src/run/program-version.ts';
import { runProgram, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';

/** What of a site readers can see, each file with its bytes; the hour's files are another matter. */
async function readSite(siteDir: string): Promise<ReadonlyMap<string, string>> {
  const root = join(siteDir, 'current');
  const files = await listFiles(root);
  assert.ok(files.length > 10, 'a site has more files than that');
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'base64')] as const)),
  );
}

/** Lets one list of tags wait for ever. Resolves when it is asked for. */
function stallWhenAsked(registry: DemoRegistry): Promise<void> {
  const { promise: asked, resolve: tell } = Promise.withResolvers<void>();
  registry.script({
    path: ({ path }) => {
      if (path !== '/v2/base/tags/list') return false;
      tell();
      return true;
    },
    respond: { stall: 'before-headers' },
  });
  return asked;
}

test('a registry without images has a site, and the first image is on it an hour later', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const registry = await useDemoRegistry(t);
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
  const first = await runProgram(words);
  assert.equal(first.exitCode, 0, first.stderr);
  const empty = await readSite(siteDir);
  for (const page of ['index.html', '-/status/index.html', '-/storage/index.html', '-/search/index.json']) {
    assert.ok(empty.has(page), page);
  }
  const again = await runProgram(words);
  assert.equal(again.exitCode, 0, again.stderr);
  putSmallImage(registry.store, 'first', '1.0');
  const last = await runProgram(words);
  assert.equal(last.exitCode, 0, last.stderr);
  assert.ok((await readSite(siteDir)).has('first/index.html'));
});

test('a registry of which nothing could be read yet has a site that says so', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  registry.script({ path: ({ path }) => path.endsWith('/tags/list'), respond: { status: 400 } });
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
  const { exitCode, stderr } = await runProgram(words);
  assert.equal(exitCode, 3, stderr);
  assert.ok((await readSite(siteDir)).has('index.html'));
});

test('a stopped run ends soon, says so, and leaves the site', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
  assert.equal((await runProgram(words)).exitCode, 0);
  const before = await readSite(siteDir);
  const asked = stallWhenAsked(registry);
  const { child, result } = startProgram(words);
  await asked;
  child.kill('SIGTERM');
  const { exitCode, stderr } = await result;
  assert.equal(exitCode, 75, stderr);
  assert.match(stderr, /stopped/);
  assert.deepEqual(await readSite(siteDir), before);
});

test('a check that is stopped says so, and nothing of what it did not come to ask', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const asked = stallWhenAsked(registry);
  const { child, result } = startProgram(['check', '--registry', registry.url], { workingDir: await useFolder(t) });
  await asked;
  child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await result;
  assert.equal(exitCode, 75, stderr);
  assert.match(stderr, /stopped/);
  assert.equal(stdout, '');
});

test('a build that is stopped with all that it started ends as a stopped run does, and leaves the site', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const config = join(folder, 'settings.json');
  const words = async (title: string) => {
    await writeFile(config, JSON.stringify({ title, publicHost: 'h.example.org', sources: [{ url: registry.url }] }));
    return ['--config', config];
  };
  assert.equal((await runProgram(['refresh', ...(await words('One'))])).exitCode, 0);
  const before = await readSite(siteDir);
  const folders = watch(join(siteDir, 'releases'));
  const { child, result } = startProgram(['build', ...(await words('Two'))], { isGroup: true });
  for await (const { eventType } of folders) if (eventType === 'rename') break;
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  const { exitCode, stderr } = await result;
  assert.equal(exitCode, 75, stderr);
  assert.match(stderr, /stopped/);
  assert.deepEqual(await readSite(siteDir), before);
});

for (const page of ['-/status/index.html', 'index.html', '404.html', '-/help/index.html']) {
  test(`a page that was cut off is whole again after the next change: ${page}`, async (t) => {
    const folder = await useFolder(t);
    const siteDir = join(folder, 'site');
    const store = createSmallStore();
    const registry = await useDemoRegistry(t, { store });
    const words = ['refresh', '--registry', registry.url, '--site-dir', siteDir];
    assert.equal((await runProgram(words)).exitCode, 0);
    const whole = await readFile(join(siteDir, 'current', page), 'utf8');
    await truncate(join(siteDir, 'current', page), 100);
    putSmallImage(store, 'base', '9.9', '2026-08-18T00:00:00Z');
    const { exitCode, stderr } = await runProgram(words);
    assert.equal(exitCode, 0, stderr);
    const after = await readFile(join(siteDir, 'current', page), 'utf8');
    assert.ok(after.endsWith('</html>') && after.length > whole.length / 2, `${after.length} of ${whole.length}`);
    assert.match(await readFile(join(siteDir, 'current', 'base', 'tags', 'index.html'), 'utf8'), />9\.9</);
  });
}

test('one snapshot gives the same bytes under any time zone, language and working folder', async (t) => {
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore(3) });
  const stateDir = join(folder, 'state');
  const crawl = await runProgram(['crawl', '--registry', registry.url, '--state-dir', stateDir]);
  assert.equal(crawl.exitCode, 0, crawl.stderr);
  const build = async (name: string, environment: Readonly<Record<string, string>>, workingDir: string) => {
    const copy = join(folder, `${name}-state`);
    await cp(join(stateDir, 'snapshot'), join(copy, 'snapshot'), { recursive: true });
    const siteDir = join(folder, name);
    const words = ['build', '--registry', registry.url, '--state-dir', copy, '--site-dir', siteDir];
    const result = await runProgram(words, { environment, workingDir });
    assert.equal(result.exitCode, 0, result.stderr);
    return readSite(siteDir);
  };
  const here = await build('one', { TZ: 'Pacific/Apia', LANG: 'de_DE.UTF-8' }, folder);
  const there = await build('two', { TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8' }, '/');
  assert.deepEqual([...there.keys()], [...here.keys()]);
  for (const [file, bytes] of here) assert.equal(there.get(file), bytes, file);
});

test('sizes that add up to more than a number can say are no reason to stop the site', async (t) => {
  const siteDir = join(await useFolder(t), 'site');
  const store = createSmallStore();
  const name = parseRepositoryName('hostile');
  const mediaType = mediaTypes.ociManifest;
  const config = { mediaType: mediaTypes.ociConfig, digest: computeDigest('{}'), size: 2 };
  const layer = (letter: string, type: string) => {
    return { mediaType: type, digest: computeDigest(letter), size: Number.MAX_SAFE_INTEGER };
  };
  for (const [tag, type] of [['1', mediaTypes.ociLayerGzip] as const, ['2', mediaTypes.dockerForeignLayer] as const]) {
    const layers = ['a', 'b', 'c'].map((letter) => layer(`${tag}${letter}`, type));
    const manifest = encodeManifest(mediaType, { schemaVersion: 2, mediaType, config, layers });
    const content = { manifest, blobs: [createBlob(Buffer.from('{}'))], children: [] };
    // Three share them, so that what that saves is too much as well.
    for (const at of [name, parseRepositoryName('hostile/two'), parseRepositoryName('hostile/three')]) {
      putContent(store, at, content, [parseTag(tag), parseTag(`${tag}.0`)]);
    }
  }
  const registry = await useDemoRegistry(t, { store });
  const words = ['--registry', registry.url, '--site-dir', siteDir];
  const { exitCode, stderr } = await runProgram(['refresh', ...words]);
  assert.equal(exitCode, 0, stderr);
  const read = async (file: string) => JSON.parse(await readFile(join(siteDir, 'current/-/api/v1', file), 'utf8'));
  const { repositories, counts } = await read('catalogue.json');
  const [shown] = repositories.filter((one: { name: string }) => one.name === name);
  assert.deepEqual(
    shown.recommended.platforms.map((platform: { compressedSizeBytes: number | null }) => platform.compressedSizeBytes),
    [null],
  );
  assert.equal(counts.uniqueCompressedSizeBytes, Number.MAX_SAFE_INTEGER);
  const storage = await read('storage.json');
  assert.equal(storage.registry.taggedBytes, Number.MAX_SAFE_INTEGER);
  assert.deepEqual([storage.registry.isLeast, storage.isExact], [true, false]);
  const audit = await runProgram(['verify', '--sizes-only', ...words]);
  assert.equal(audit.exitCode, 3, audit.stderr);
});

test('a refresh writes nothing into the folder of the program', async (t) => {
  const before = await listProgramFiles();
  const folder = await useFolder(t);
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const result = await runProgram(['refresh', '--registry', registry.url, '--site-dir', join(folder, 'site')]);
  assert.equal(result.exitCode, 0, result.stderr);
  assert.deepEqual(await listProgramFiles(), before);
});

/** The files of the program with their times, the packages' own caches included. */
async function listProgramFiles(): Promise<readonly string[]> {
  const files = (await listFiles(programDir)).filter((file) => !/^(?:\.git|tests)\//.test(file));
  const cached = files.filter(
    (file) => !file.startsWith('node_modules/') || /^node_modules\/\.(?!package-lock)/.test(file),
  );
  return Promise.all(cached.map(async (file) => `${file} ${(await stat(join(programDir, file))).mtimeMs}`));
}
