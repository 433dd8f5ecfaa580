import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { AddressError } from '../../../src/publish/address-error.ts';
import { serveSite } from '../../../src/publish/serve-site.ts';
import { useFolder } from '../../support/run-program.ts';

test('serves pages below the base, with the security headers, and the 404 page for all else', async (t) => {
  const siteDir = await useFolder(t);
  const current = join(siteDir, 'current');
  await mkdir(join(current, 'a/tags'), { recursive: true });
  await mkdir(join(current, '-/assets'), { recursive: true });
  await writeFile(join(current, 'index.html'), '<html>home</html>');
  await writeFile(join(current, 'a/tags/index.html'), '<html>image</html>');
  await writeFile(join(current, '404.html'), '<html>lost</html>');
  await writeFile(join(current, '-/assets/page.abc.css'), 'a{}');
  await writeFile(join(siteDir, 'secret.txt'), 'outside');
  const site = await serveSite({ siteDir, base: '/images/', host: '127.0.0.1', port: 0 });
  t.after(() => site.close());
  const rows: readonly (readonly [path: string, status: number, body: RegExp])[] = [
    ['', 200, /home/],
    ['a/tags/', 200, /image/],
    ['nowhere/', 404, /lost/],
    ['../', 404, /lost/],
    ['..%2fsecret.txt', 404, /lost/],
  ];
  for (const [path, status, body] of rows) {
    const response = await fetch(site.url + path);
    assert.equal(response.status, status, path);
    assert.match(await response.text(), body, path);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/, path);
  }
  const asset = await fetch(`${site.url}-/assets/page.abc.css`);
  assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
  assert.doesNotMatch((await fetch(site.url)).headers.get('cache-control') ?? '', /immutable/);
});

test('a port that somebody has is named, with what to do', async (t) => {
  const siteDir = await useFolder(t);
  const site = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  t.after(() => site.close());
  const port = Number(new URL(site.url).port);
  await assert.rejects(serveSite({ siteDir, base: '/', host: '127.0.0.1', port }), (error: unknown) => {
    assert.ok(error instanceof AddressError);
    assert.equal(error.reason, 'EADDRINUSE');
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
    assert.match(error.hint, /--port/);
    return true;
  });
});

test('nobody is sent to another host by a path that begins with two slashes', async (t) => {
  const siteDir = await useFolder(t);
  await mkdir(join(siteDir, 'current/docker.io/library'), { recursive: true });
  await writeFile(join(siteDir, 'current/docker.io/library/index.html'), '<html>there</html>');
  const site = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  t.after(() => site.close());
  const ask = (path: string) => fetch(`${site.url.slice(0, -1)}${path}`, { redirect: 'manual' });
  assert.equal((await ask('/docker.io/library')).headers.get('location'), '/docker.io/library/');
  for (const path of ['//docker.io/library', '/%2fdocker.io/library']) {
    const { status, headers } = await ask(path);
    assert.deepEqual([status, headers.get('location')], [404, null], path);
  }
});

test('a part is sent to whoever asks for one plainly, and all of it to everybody else', async (t) => {
  const siteDir = await useFolder(t);
  await mkdir(join(siteDir, 'current'));
  await writeFile(join(siteDir, 'current/facts.txt'), '0123456789');
  const site = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  t.after(() => site.close());
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${site.url}facts.txt`, { headers });
    return [response.status, await response.text(), response.headers.get('content-range')];
  };
  const all = [200, '0123456789', null];
  const rows: readonly (readonly [headers: Record<string, string>, answer: readonly unknown[]])[] = [
    [{ range: 'bytes=2-4' }, [206, '234', 'bytes 2-4/10']],
    [{ range: 'bytes=7-' }, [206, '789', 'bytes 7-9/10']],
    [{ range: 'bytes=7-99' }, [206, '789', 'bytes 7-9/10']],
    [{ range: 'bytes=10-' }, [416, '', 'bytes */10']],
    [{ range: 'bytes=-3' }, all],
    [{ range: 'bytes=0-0' }, all],
    [{ range: 'bytes=5-3' }, all],
    [{ range: 'bytes=1-2,4-5' }, all],
    [{ range: 'lines=1-2' }, all],
    [{ range: 'bytes=2-4', 'if-range': '"another"' }, all],
  ];
  for (const [headers, answer] of rows) assert.deepEqual(await ask(headers), answer, JSON.stringify(headers));
});

test('a file is closed when its reader leaves', { timeout: 30_000 }, async (t) => {
  const siteDir = await useFolder(t);
  const file = join(siteDir, 'current/long.txt');
  await mkdir(join(siteDir, 'current'));
  await writeFile(file, Buffer.alloc(64 * 1024 * 1024));
  const site = await serveSite({ siteDir, base: '/', host: '127.0.0.1', port: 0 });
  t.after(() => site.close());
  const isOpen = async () => {
    const names = await readdir('/proc/self/fd');
    const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
    return targets.includes(file);
  };
  const request = get(`${site.url}long.txt`);
  const [response] = await once(request, 'response');
  await once(response, 'data');
  assert.equal(await isOpen(), true, 'the test looks where open files are');
  request.destroy();
  while (await isOpen()) await setImmediate();
});
