/** The example `load-balanced`: two hosts of one storage, layers on another host, podman first, links of an old page. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles } from '../../src/publish/list-files.ts';
import { programDir } from '../../src/run/program-version.ts';
import { copyCatalogue } from '../support/copy-catalogue.ts';
import { findTool, requireTool } from '../support/require-tool.ts';
import { runTool, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { follow, readNginxMaps, runShell, useExample } from '../support/use-example.ts';
import { useNginx } from '../support/use-nginx.ts';
import { useDockerRegistry } from '../support/use-server.ts';

test('two hosts serve the same bytes, configs come from the CDN, and the old links lead to their pages', async (t) => {
  if (!requireTool(t, 'rsync', 'nginx')) return;
  const first = await useDockerRegistry(t);
  const second = first && (await useDockerRegistry(t, { storageDir: first.storageDir }));
  if (first === null || second === null) return;
  const store = createSmallStore(2);
  for (const [tag, created] of [
    ['1.0', '2020-01-01T00:00:00Z'],
    ['1.1', '2020-02-01T00:00:00Z'],
  ] as const) {
    putSmallImage(store, 'apps/web', tag, created);
  }
  putSmallImage(store, 'apps/web', 'latest', '2026-11-01T00:00:00Z');
  await copyCatalogue(store, first.url);

  const example = await useExample(t, 'load-balanced');
  const other = await useFolder(t);
  await chmod(other, 0o755);
  const otherSite = join(other, 'site');
  const maps = await readNginxMaps(example.siteDir);
  const ports = await useNginx(t, 4, async ([balancer, one, two, cdn]) => {
    const host = (port: number | undefined, registry: string, siteDir: string) =>
      example.readNginx('nginx.conf', {
        'listen 8081;': `listen 127.0.0.1:${port};`,
        'listen [::]:8081;': '',
        'http://127.0.0.1:5000': registry,
        'https://cdn.registry.example.org': `http://127.0.0.1:${cdn}`,
        '/srv/homepage': siteDir,
        '/opt/registry-homepage/scripts/': `${example.folder}/../../`,
      });
    const front = await example.readNginx('load-balancer.conf', {
      'listen 80;': '',
      'listen [::]:80;': '',
      'listen 127.0.0.1:8080;': `listen 127.0.0.1:${balancer};`,
      '10.0.0.11:8081': `127.0.0.1:${one}`,
      '10.0.0.12:8081': `127.0.0.1:${two}`,
    });
    return `${maps}
      ${await host(one, first.url, example.siteDir)}
      ${await host(two, second.url, otherSite)}
      ${front}
      server {
        listen 127.0.0.1:${cdn};
        if ($http_authorization) { return 400; }
        location ~ /blobs/ { proxy_pass ${second.url}; }
      }`;
  });
  if (ports === null) return;
  const front = `http://127.0.0.1:${ports[0]}`;

  const result = await example.refresh(`main=${front}`);
  assert.equal(result.exitCode, 0, result.stderr);
  const catalogue = JSON.parse(await example.readPage('-/api/v1/catalogue.json'));
  assert.equal(catalogue.complete, true);
  assert.ok(
    catalogue.repositories.every(({ createdAt }: { createdAt: string | null }) => createdAt !== null),
    'configs came from the CDN',
  );
  const page = await example.readPage('apps/web/tags/index.html');
  const commands = [...page.matchAll(/(podman pull|skopeo copy|docker pull|crictl pull|nerdctl pull) /g)].map(
    ([, tool]) => tool,
  );
  assert.equal(commands[0], 'podman pull');
  assert.deepEqual([...new Set(commands)], ['podman pull', 'skopeo copy', 'docker pull']);
  const cleanup = JSON.parse(await example.readPage('-/api/v1/cleanup.json'));
  const proposed = JSON.stringify(cleanup);
  assert.ok(proposed.includes('"1.0"') && !proposed.includes('"latest"'), proposed.slice(0, 500));

  // As the drop-in of the second host's unit says, and with the command that the key is held to on the first.
  const unit = await readFile(join(example.folder, 'second-host.service.conf'), 'utf8');
  const [, line = ''] = /^ExecStart=(\/opt\/.*)$/m.exec(unit) ?? [];
  const guide = await readFile(join(example.folder, 'README.md'), 'utf8');
  const [, forced = ''] = /command="([^"]+) \/var\/lib\/registry-homepage"/.exec(guide) ?? [];
  assert.match(forced, /^rrsync -ro$/);
  const login = join(other, 'ssh');
  const answer = findTool('python3') === null ? 'cd DIR && exec "$@"' : `SSH_ORIGINAL_COMMAND="$*" exec ${forced} DIR`;
  const words = `echo "$*" >> ${login}.log\nuntil [ "$1" = rsync ]; do shift; done\n`;
  await writeFile(login, `#!/bin/sh\n${words}${answer.replace('DIR', example.stateDir)}\n`, { mode: 0o755 });
  const build = (siteDir: string) =>
    runShell(
      `${line.replace('/opt/registry-homepage/scripts', `${programDir}/scripts`).replace('/etc/registry-homepage.yaml', 'settings.yaml')} --site-dir ${siteDir}`,
      example.folder,
      { REGISTRY_HOMEPAGE_STATE_DIR: join(other, 'state'), RSYNC_RSH: login },
    );
  for (const expected of [/pages written/, /site unchanged/]) {
    const built = await build(otherSite);
    assert.equal(built.exitCode, 0, built.stderr);
    assert.match(built.stdout, expected);
  }
  assert.match(await readFile(`${login}.log`, 'utf8'), /^-l homepage-copy registry-1 rsync --server --sender /);
  const files = await listFiles(join(example.siteDir, 'current'));
  assert.deepEqual(await listFiles(join(otherSite, 'current')), files);
  assert.ok(files.length > 30);
  for (const file of files) {
    const [here, there] = [example.siteDir, otherSite].map((site) => readFile(join(site, 'current', file)));
    assert.ok((await here)?.equals((await there) ?? Buffer.alloc(0)), file);
  }

  const rows: readonly (readonly [old: string, path: string, says: RegExp])[] = [
    ['/', '/', /apps\/web/],
    ['/repo/', '/', /apps\/web/],
    ['/repo/base/tags/', '/base/tags/', /1\.1/],
    ['/repo/base/tags', '/base/tags/', /1\.1/],
    ['/repo/base', '/base/tags/', /1\.1/],
    ['/repo/apps/web/tags/', '/apps/web/tags/', /podman pull/],
    ['/apps/web/tags/', '/apps/web/tags/', /podman pull/],
    ['/apps/web', '/apps/web/', /apps\/web\/tags/],
    ['/v2/apps/web/tags/list', '/v2/apps/web/tags/list', /"latest"/],
  ];
  // Twice: the load balancer takes the hosts in turn.
  for (const [old, path, says] of [...rows, ...rows]) {
    const end = await follow(front + old);
    assert.deepEqual([end.status, end.path], [200, path], old);
    assert.match(end.text, says, old);
  }
});

test("systemd takes the second host's drop-ins, which change what is run and when, and nothing else", async (t) => {
  if (!requireTool(t, 'systemd-analyze')) return;
  const folder = await useFolder(t);
  for (const kind of ['service', 'timer']) {
    const name = `registry-homepage.${kind}`;
    const dropIn = await readFile(
      join(programDir, 'scripts/examples/load-balanced', `second-host.${kind}.conf`),
      'utf8',
    );
    const keys = [...dropIn.matchAll(/^(\w+)=/gm)].map(([, key = '']) => key);
    const allowed = kind === 'service' ? ['ExecStart'] : ['OnCalendar', 'RandomizedDelaySec'];
    assert.deepEqual([...new Set(keys)], allowed);
    await mkdir(join(folder, `${name}.d`));
    // What stands at its place on a host has to be there to be verified.
    const here = (text: string) => text.replaceAll('/opt/registry-homepage/scripts', `${programDir}/scripts`);
    const unit = await readFile(join(programDir, 'scripts/systemd', name), 'utf8');
    await writeFile(join(folder, `${name}.d`, 'second-host.conf'), here(dropIn));
    await writeFile(join(folder, name), unit.replace(/^OnFailure=.*$/m, ''));
  }
  const units = ['service', 'timer'].map((kind) => join(folder, `registry-homepage.${kind}`));
  const verified = await runTool('systemd-analyze', ['verify', ...units]);
  assert.deepEqual([verified.exitCode, verified.stderr], [0, '']);
  assert.equal((await runTool('systemd-analyze', ['calendar', '*:45'])).exitCode, 0);
});
