import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
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
