/** The nginx example in a real nginx, with a site and a registry behind it; and `serve`, which answers as it does. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { serveSite } from '../../src/publish/serve-site.ts';
import { programDir } from '../../src/run/program-version.ts';
import { get } from '../support/raw-get.ts';
import { runProgram, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useNginx } from '../support/use-nginx.ts';
import { useDemoRegistry } from '../support/use-server.ts';

const examples = join(programDir, 'scripts', 'nginx');

/** A published site, one image of which is gone. */
async function useSite(t: TestContext, base: string) {
  const folder = await useFolder(t);
  await chmod(folder, 0o755);
  const siteDir = join(folder, 'site');
  const store = createSmallStore(3);
  putSmallImage(store, 'old/tool', '1.0');
  const registry = await useDemoRegistry(t, { store });
  const config = join(folder, 'settings.json');
  const sources = [{ url: registry.url }];
  await writeFile(config, JSON.stringify({ sources, siteDir, base, confirmRuns: 1 }));
  assert.equal((await runProgram(['refresh', '--config', config])).exitCode, 0);
  store.deleteRepository(parseRepositoryName('old/tool'));
  const second = await runProgram(['refresh', '--config', config, '--accept-removals']);
  assert.equal(second.exitCode, 0, second.stderr);
  return { folder, siteDir, registry };
}

/** The example files with this machine's folders and ports in place of the example's. */
async function readExample(file: string, siteDir: string, port: number, registryUrl: string): Promise<string> {
  const text = await readFile(join(examples, file), 'utf8');
  return text
    .replaceAll('/srv/homepage', siteDir)
    .replaceAll('/opt/registry-homepage', programDir)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('listen [::]:80;', '')
    .replaceAll('http://127.0.0.1:5000', registryUrl);
}

const compared = [
  'content-type',
  'cache-control',
  'access-control-allow-origin',
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'content-encoding',
  'content-length',
  'vary',
  'location',
] as const;

test('the nginx example and `serve` answer alike: pages, twins, assets, JSON, redirects, what is gone and what never was', async (t) => {
  const { folder, siteDir, registry } = await useSite(t, '/');
  const passwords = join(folder, 'passwords');
  await writeFile(passwords, 'reader:{PLAIN}secret\n');
  const http = await readExample('registry-homepage.conf', siteDir, 0, registry.url);
  const ports = await useNginx(t, 1, async ([port = 0]) => {
    const server = await readExample('site.example.conf', siteDir, port, registry.url);
    const restricted = `location /v2/restricted/ { auth_basic "r"; auth_basic_user_file ${passwords}; proxy_pass ${registry.url}; }`;
    return `${http}\n${server.replace('# location /v2/restricted/', `${restricted}\n# location /v2/restricted/`)}`;
  });
  if (ports === null) return;
  const nginx = `http://127.0.0.1:${ports[0]}`;
  const served = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  t.after(() => served.close());
  const other = served.url.slice(0, -1);

  const files = await listFiles(join(siteDir, 'current'));
  const find = (pattern: RegExp) => files.find((file) => pattern.test(file)) ?? assert.fail(String(pattern));
  const rows: readonly (readonly [path: string, status: number, says: RegExp])[] = [
    ['/', 200, /text\/html; charset=utf-8.*max-age=60/],
    ['/base/tags/', 200, /text\/html; charset=utf-8.*max-age=60/],
    ['/base/tags/?q=1', 200, /text\/html/],
    ['/base/tags', 301, /"\/base\/tags\/"/],
    ['/base/tags?q=1', 301, /"\/base\/tags\/\?q=1"/],
    [`/${find(/^-\/assets\/.*\.css$/)}`, 200, /text\/css; charset=utf-8.*immutable/],
    [`/${find(/^-\/assets\/.*\.js$/)}`, 200, /text\/javascript; charset=utf-8.*immutable/],
    [`/${find(/^-\/search\/tags-[0-9a-f]{12}\.json$/)}`, 200, /application\/json.*immutable.*"\*"/],
    ['/-/search/index.json', 200, /application\/json.*max-age=60.*"\*"/],
    ['/-/status.json', 200, /application\/json.*max-age=60.*"\*"/],
    ['/base/-/recommended.txt', 200, /text\/plain; charset=utf-8.*"\*"/],
    ['/favicon.svg', 200, /image\/svg\+xml/],
    ['/robots.txt', 200, /text\/plain/],
    ['/old/tool/tags/', 410, /text\/html; charset=utf-8.*max-age=60/],
    ['/old/tool/tags', 301, /"\/old\/tool\/tags\/"/],
    ['/nowhere/tags/', 404, /text\/html; charset=utf-8.*no-store/],
    ['/nowhere.json', 404, /text\/html; charset=utf-8.*no-store/],
    ['/-/assets/', 404, /text\/html; charset=utf-8.*no-store/],
    ['/404', 404, /no-store/],
    ['/.gitignore', 404, /no-store/],
    ['/%2e%2e/%2e%2e/etc/passwd', 400, /./],
  ];
  for (const [path, status, says] of rows) {
    for (const encoding of ['identity', 'gzip']) {
      const headers = { 'accept-encoding': encoding };
      const [one, two] = [await get(nginx, path, headers), await get(other, path, headers)];
      const what = `${path} as ${encoding}`;
      if (status === 400) {
        assert.ok(one.status >= 400 && two.status >= 400, what);
        continue;
      }
      assert.deepEqual([one.status, two.status], [status, status], what);
      const pick = ({ headers: got }: typeof one) => Object.fromEntries(compared.map((name) => [name, got[name]]));
      const [expected, actual] = [pick(one), pick(two)];
      // nginx has a page of its own for redirects.
      if (status === 301)
        for (const one of [expected, actual])
          for (const name of ['content-type', 'content-length', 'vary'] as const) delete one[name];
      assert.deepEqual(actual, expected, what);
      assert.match(JSON.stringify(expected), says, what);
      if (status !== 301) assert.ok(one.body.equals(two.body), `${what}: the same bytes`);
    }
  }
  assert.match((await get(nginx, '/old/tool/tags/')).body.toString(), /old\/tool/, 'the page of what is gone');
  const packed = await get(nginx, '/base/tags/', { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(packed.body).toString(), /<h1/);

  for (const origin of [nginx, other]) {
    const { headers } = await get(origin, '/base/tags/');
    const again = await get(origin, '/base/tags/', { 'if-none-match': String(headers['etag']) });
    assert.equal(again.status, 304, 'a page that the reader has is not sent again');
    assert.match(String(again.headers['cache-control']), /max-age=60/);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      assert.equal((await fetch(`${origin}/base/tags/`, { method })).status, 405, method);
    }
    assert.equal((await fetch(`${origin}/base/tags/`, { method: 'HEAD' })).status, 200);
  }

  const ping = await get(nginx, '/v2/');
  assert.equal(ping.status, 200);
  assert.equal(ping.headers['content-security-policy'], undefined, 'the registry answers for itself');
  assert.equal((await get(nginx, '/v2/base/tags/list')).status, 200);
  const push = await fetch(`${nginx}/v2/base/blobs/uploads/`, { method: 'POST' });
  assert.equal(push.status, 401, 'nobody pushes without a password');
  assert.equal((await get(nginx, '/v2/restricted/x/tags/list')).status, 401, 'what was restricted still is');
});

test('the example works below a path of its own', async (t) => {
  const { siteDir, registry } = await useSite(t, '/images/');
  const http = await readExample('registry-homepage.conf', siteDir, 0, registry.url);
  const ports = await useNginx(t, 1, async ([port = 0]) => {
    const server = await readExample('site.example.conf', siteDir, port, registry.url);
    const moved = server
      .replace(
        'location / {',
        'location = /images { absolute_redirect off; return 301 /images/; }\n    location /images/ {',
      )
      .replace(`root ${siteDir}/current;`, `alias ${siteDir}/current/;`)
      .replace('=404 /404.html;\n        include', '=404 /images/404.html;\n        include');
    assert.match(moved, /location \/images\/ \{\s+alias/);
    return `${http}\n${moved}`;
  });
  if (ports === null) return;
  const nginx = `http://127.0.0.1:${ports[0]}`;
  const served = await serveSite({ siteDir, base: '/images/', host: '127.0.0.1', port: 0 });
  t.after(() => served.close());
  const other = new URL(served.url).origin;
  for (const [path, status] of [
    ['/images/', 200],
    ['/images', 301],
    ['/images/base/tags/', 200],
    ['/images/base/tags', 301],
    ['/images/old/tool/tags/', 410],
    ['/images/nowhere/', 404],
    ['/base/tags/', 404],
  ] as const) {
    const [one, two] = [await get(nginx, path), await get(other, path)];
    assert.deepEqual([one.status, two.status], [status, status], path);
    assert.equal(two.headers['location'], one.headers['location'], path);
    if (path.startsWith('/images/'))
      assert.equal(two.headers['content-security-policy'], one.headers['content-security-policy']);
  }
});

test('`serve` says when there is no site, and serves the one that comes', async (t) => {
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const registry = await useDemoRegistry(t, { store: createSmallStore(1) });
  const words = ['--registry', registry.url, '--site-dir', siteDir];
  const { child, result } = startProgram(['serve', ...words, '--port', '0']);
  t.after(() => child.kill());
  assert.ok(child.stdout !== null && child.stderr !== null);
  const [[address], [said]] = await Promise.all([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  assert.match(String(said), /there is no site in .*site yet/);
  const url = String(address).trim();
  assert.equal((await fetch(url)).status, 404);
  assert.equal((await runProgram(['refresh', ...words])).exitCode, 0);
  assert.equal((await fetch(url)).status, 200);
  child.kill();
  assert.equal((await result).exitCode, 0);
});
