/** The example `single-host`: moving tags only, and the ghosts that deletion leaves. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { createPusher } from '../support/pusher.ts';
import { encodeSmallImage, putSmallImage } from '../support/small-registry.ts';
import { follow, useExample, useExampleServer } from '../support/use-example.ts';
import { useDockerRegistry } from '../support/use-server.ts';

test('moving tags, ghosts of two kinds, an image that goes, and the old addresses', async (t) => {
  const registry = await useDockerRegistry(t);
  if (registry === null) return;
  const store = createRegistryStore();
  putSmallImage(store, 'python311', 'latest', '2026-08-01T00:00:00Z');
  putSmallImage(store, 'python311', 'testing', '2026-08-16T00:00:00Z');
  putSmallImage(store, 'next/node26', 'testing');
  for (const name of ['emptied', 'lost', 'leaving']) putSmallImage(store, name, 'latest');
  await copyCatalogue(store, registry.url);
  const repositories = join(registry.storageDir, 'docker/registry/v2/repositories');
  await rm(join(repositories, 'emptied/_manifests/tags/latest'), { recursive: true });
  await rm(join(repositories, 'lost/_manifests/revisions'), { recursive: true });

  const example = await useExample(t, 'single-host');
  const refresh = async (exitCode: number) => {
    const result = await example.refresh(`main=${registry.url}`);
    assert.equal(result.exitCode, exitCode, result.stderr);
  };
  const readJson = async (path: string) => JSON.parse(await example.readPage(path));
  await refresh(3);
  const recommended = new Map<string, string | null>(
    (await readJson('-/api/v1/catalogue.json')).repositories.map(
      ({ name, recommended: tag }: { name: string; recommended: { tag: string } | null }) => [name, tag?.tag ?? null],
    ),
  );
  assert.deepEqual(Object.fromEntries(recommended), {
    emptied: null,
    leaving: 'latest',
    lost: null,
    'next/node26': 'testing',
    python311: 'latest',
  });
  assert.match(await example.readPage('emptied/tags/index.html'), /This image has no tags/);
  const ghost = await example.readPage('lost/tags/index.html');
  assert.match(ghost, /not readable yet/);
  assert.doesNotMatch(ghost, /docker pull/);
  assert.match(await example.readPage('-/status/index.html'), /Status: incomplete.*>lost</s);
  assert.match(
    await example.readPage('python311/tags/index.html'),
    /docker pull docker-registry\.tools\.example\.org\/python311:latest/,
  );

  // The ghost is mended as the guide says, a tag moves, and an image is deleted as it should be.
  await rm(join(repositories, 'lost/_manifests/tags/latest'), { recursive: true });
  const pusher = createPusher(registry.url);
  const newer = encodeSmallImage('python311', 'newer', '2026-08-20T00:00:00Z');
  const python = parseRepositoryName('python311');
  await pusher.pushContent(python, newer, [parseTag('latest')]);
  const leaving = store.repositories().find(({ name }) => name === 'leaving');
  for (const digest of leaving?.manifests.keys() ?? [])
    await pusher.deleteManifest(leaving?.name ?? assert.fail(), digest);
  await rm(join(repositories, 'leaving'), { recursive: true });
  await refresh(3); // what is gone has to be gone twice
  await refresh(0);
  assert.match(await example.readPage('-/changes/index.html'), /python311.*moved/s);
  assert.match(await example.readPage('leaving/tags/index.html'), /gone|removed/i);

  const front = await useExampleServer(t, example, {
    'http://127.0.0.1:5000': registry.url,
  });
  if (front === null) return;
  const rows: readonly (readonly [old: string, status: number, path: string, says: RegExp])[] = [
    ['/', 200, '/', /python311/],
    ['/index.html', 200, '/index.html', /python311/],
    ['/python311.html', 200, '/python311/tags/', /testing/],
    ['/next/node26.html', 200, '/next/node26/tags/', /testing/],
    ['/python311', 200, '/python311/', /python311\/tags/],
    ['/python311/tags/index.html', 200, '/python311/tags/index.html', /testing/],
    ['/list.txt', 200, '/-/api/v1/catalogue.json', /"python311"/],
    [
      '/python311/-/recommended.txt',
      200,
      '/python311/-/recommended.txt',
      /^docker-registry\.tools\.example\.org\/python311:latest\n$/,
    ],
    ['/leaving.html', 410, '/leaving/tags/', /leaving/],
    ['/never-was.html', 404, '/never-was/tags/', /search/i],
    ['/404.html', 200, '/404.html', /search/i],
    ['/v2/python311/tags/list', 200, '/v2/python311/tags/list', /"testing"/],
  ];
  for (const [old, status, path, says] of rows) {
    const end = await follow(front + old);
    assert.deepEqual([end.status, end.path], [status, path], old);
    assert.match(end.text, says, old);
  }
});
