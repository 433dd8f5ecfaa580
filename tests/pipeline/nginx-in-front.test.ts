/** A real registry behind a real nginx, set up as large public registries are. */
import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles } from '../../src/publish/list-files.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { runProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useNginx } from '../support/use-nginx.ts';
import { useDockerRegistry } from '../support/use-server.ts';

/** `crawler` with the password `open sesame`, as `htpasswd` would write it. */
const passwords = 'crawler:{PLAIN}open sesame\n';

test('Basic on restricted/, the catalogue for one address only, blobs on another host: crawled completely, nothing leaked', async (t) => {
  const registry = await useDockerRegistry(t);
  if (registry === null) return;
  const store = createSmallStore(3);
  putSmallImage(store, 'restricted/secret-thing', '9.9');
  await copyCatalogue(store, registry.url);

  const folder = await useFolder(t);
  await chmod(folder, 0o755); // nginx reads the passwords as another user
  const users = join(folder, 'passwords');
  await writeFile(users, passwords);
  const ports = await useNginx(t, 2, ([front, cdn]) => {
    return `
  server {
    listen 127.0.0.1:${front};
    location = /v2/_catalog { allow 127.0.0.1; deny all; proxy_pass ${registry.url}; proxy_set_header Host public.example.org; }
    location /v2/restricted/ {
      auth_basic "restricted"; auth_basic_user_file ${users};
      proxy_pass ${registry.url}; proxy_set_header Host $http_host;
    }
    location ~ ^/v2/.+/blobs/ { return 302 http://127.0.0.1:${cdn}$request_uri?signature=abc; }
    location /v2/ { proxy_pass ${registry.url}; proxy_set_header Host $http_host; }
  }
  server {
    listen 127.0.0.1:${cdn};
    if ($http_authorization) { return 400; }
    location / { proxy_pass ${registry.url}; }
  }`;
  });
  if (ports === null) return;
  const front = `http://127.0.0.1:${ports[0]}`;
  const siteDir = join(folder, 'site');

  const anonymous = await runProgram(['refresh', '--registry', front, '--site-dir', siteDir]);
  assert.equal(anonymous.exitCode, 0, anonymous.stderr);
  assert.match(anonymous.stdout, /1 withheld/);
  const catalogue = JSON.parse(await readFile(join(siteDir, 'current/-/api/v1/catalogue.json'), 'utf8'));
  assert.deepEqual(
    catalogue.repositories.map(({ name }: { name: string }) => name),
    ['base', 'bulk/00', 'bulk/01', 'bulk/02', 'web/front'],
  );
  assert.equal(catalogue.counts.withheldRepositories, 1);
  assert.ok(
    catalogue.repositories.every(({ createdAt }: { createdAt: string | null }) => createdAt !== null),
    'configs came from the other host',
  );
  for (const root of [siteDir, `${siteDir}-state`]) {
    const files = (await listFiles(root)).filter(
      (file) => !file.startsWith('current') && !file.includes('/node_modules'),
    );
    assert.ok(files.length > 5);
    for (const file of files) {
      const bytes = await readFile(join(root, file)).catch(() => Buffer.alloc(0));
      assert.ok(!bytes.includes('secret-thing'), `${file} names what may not be read`);
    }
  }

  const config = join(folder, 'settings.json');
  const credentials = { usernameVariable: 'CRAWLER', passwordVariable: 'PASSWORD' };
  const settings = { sources: [{ url: front, credentials }], siteDir, stateDir: `${siteDir}-state` };
  await writeFile(config, JSON.stringify(settings));
  const environment = { CRAWLER: 'crawler', PASSWORD: 'open sesame' };
  const known = await runProgram(['refresh', '--config', config], { environment });
  assert.equal(known.exitCode, 0, known.stderr);
  assert.ok(!(known.stderr + known.stdout).includes('sesame'));
  const page = await readFile(join(siteDir, 'current/restricted/secret-thing/tags/index.html'), 'utf8');
  assert.match(page, />9\.9</);
  const check = await runProgram(['check', '--registry', front]);
  assert.match(check.stdout, /withheld: restricted\/secret-thing/);
});
