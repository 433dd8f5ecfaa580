/**
 * A real registry as operators run it: nginx before it, a password on one namespace, the catalog for one address only, and
 * blobs on another host that refuses whoever brings credentials.
 */
import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useCrawls } from '../support/use-crawl.ts';
import { useNginx } from '../support/use-nginx.ts';
import { useDockerRegistry } from '../support/use-server.ts';

test('docker-registry behind nginx is crawled completely', async (t) => {
  const registry = await useDockerRegistry(t);
  if (registry === null) return;
  const store = createSmallStore(4);
  putSmallImage(store, 'restricted/vault', '1.0');
  await copyCatalogue(store, registry.url);

  const folder = await useFolder(t);
  await chmod(folder, 0o755); // nginx reads it as another user
  const users = join(folder, 'users');
  await writeFile(users, 'reader:{PLAIN}a-secret\n');
  const ports = await useNginx(t, 2, ([front, cdn]) => {
    const closed = `auth_basic "restricted"; auth_basic_user_file ${users};`;
    const pass = `proxy_pass ${registry.url}; proxy_set_header Host $http_host;`;
    return `
      server {
        listen 127.0.0.1:${front};
        location / { ${pass} }
        location = /v2/_catalog { allow 127.0.0.1; deny all; ${pass} }
        location /v2/restricted/ { ${closed} ${pass} }
        location ~ ^/v2/restricted/.*/blobs/ { ${closed} try_files /none @blobs; }
        location @blobs { return 302 http://127.0.0.1:${cdn}$request_uri?signature=abc; }
        location ~ ^/v2/.*/blobs/ { return 302 http://127.0.0.1:${cdn}$request_uri?signature=abc; }
      }
      server {
        listen 127.0.0.1:${cdn};
        if ($http_authorization) { return 400; }
        location / { ${pass} }
      }`;
  });
  if (ports === null) return;
  const [front, cdn] = ports;
  const url = `http://127.0.0.1:${front}`;

  const crawls = await useCrawls(t);
  const anonymous = await crawls.run({ sources: [{ url }] });
  assert.deepEqual(anonymous.findings, []);
  assert.deepEqual(anonymous.withheldNames, ['restricted/vault']);
  assert.deepEqual(await crawls.names(), ['base', 'bulk/00', 'bulk/01', 'bulk/02', 'bulk/03', 'web/front']);
  assert.doesNotMatch(await crawls.bytes(), /restricted/);

  const credentials = { usernameVariable: 'READER', passwordVariable: 'PASSWORD' };
  const environment = { READER: 'reader', PASSWORD: 'a-secret' };
  const full = await crawls.run({ sources: [{ url, credentials }] }, {}, environment);
  assert.deepEqual(full.findings, []);
  assert.equal(full.index.repositories.length, 7);
  const [config] = (await crawls.read('restricted/vault'))?.configs.values() ?? [];
  assert.ok(config && 'environment' in config);
  assert.deepEqual([config.withheld, config.createdAt], [true, '2026-08-16T03:00:00Z']);
  const [open] = (await crawls.read('base'))?.configs.values() ?? [];
  assert.ok(open && 'environment' in open && !open.withheld);
  assert.doesNotMatch(await crawls.bytes(), /a-secret/);

  const unchanged = await crawls.run({ sources: [{ url, credentials }] }, {}, environment);
  assert.equal(unchanged.hasChanged, false);
  assert.equal(unchanged.requests[0]?.byKind.config, 0);
  assert.equal(unchanged.requests[0]?.unchanged, 9);

  const strict = await useCrawls(t);
  const { counts, findings } = await strict.run({ sources: [{ url, followRedirects: false }] });
  assert.deepEqual(new Set(findings.map(({ code }) => code)), new Set(['config-unreadable']));
  assert.deepEqual([counts.repositories.stale, counts.tags.stale, counts.tags.settling], [0, 0, 0]);
  const elsewhere = await strict.run({ sources: [{ url, redirectHosts: [`127.0.0.1:${cdn}`] }] });
  assert.deepEqual(elsewhere.findings, []);
  assert.equal(elsewhere.requests[0]?.byKind.config, 8);
});

test('a real registry that is larger than a page, and has nothing, and lost something', async (t) => {
  const registry = await useDockerRegistry(t);
  if (registry === null) return;
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url, pageSize: 2 }] };
  const empty = await crawls.run(settings);
  assert.deepEqual([empty.index.repositories, empty.findings], [[], []]);

  const store = createRegistryStore();
  for (const name of ['a', 'a/b', 'a-b', 'c', 'd', 'e']) putSmallImage(store, name, '1.0');
  await copyCatalogue(store, registry.url);
  const filled = await crawls.run(settings);
  assert.deepEqual(await crawls.names(), ['a', 'a-b', 'a/b', 'c', 'd', 'e']);
  assert.ok((filled.requests[0]?.byKind.catalog ?? 0) >= 3);
  assert.deepEqual(filled.findings, []);
});
