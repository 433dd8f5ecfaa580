/** Where a registry may send us: token services and redirects. */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it, type TestContext, test } from 'node:test';
import { guardedLookup, isForbiddenHost } from '../../../src/registry/forbidden-address.ts';
import { forbiddenRedirect } from '../../../src/registry/redirect.ts';
import { forbiddenRealm } from '../../../src/registry/token-realm.ts';
import { app, never, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

describe('link-local and metadata addresses', () => {
  const forbidden = [
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.1.1',
    'http://2852039166/',
    'http://0xA9FEA9FE/',
    'http://0251.0376.0251.0376/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::a9fe:a9fe]/',
    'http://[64:ff9b:1:a9fe:a9:fe00::]/',
    'http://[2002:a9fe:a9fe::]/',
    'http://[2002:a9fe:a9fe:1::5]/',
    'http://[::169.254.169.254]/',
    'http://[::ffff:0:169.254.169.254]/',
    'http://[2001:0:a9fe:a9fe::1]/',
    'http://[2001:0:808:808::5601:5601]/',
    'http://[2001:db8::5efe:169.254.169.254]/',
    'http://[2001:db8::200:5efe:a9fe:a9fe]/',
    'http://[2002:6464:64c8::]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://metadata.google.internal/',
    'http://METADATA.google.internal./',
    'http://metadata.goog/',
  ];
  for (const url of forbidden) it(`${url} is one`, () => assert.equal(isForbiddenHost(new URL(url)), true));
  for (const url of [
    'http://127.0.0.1/',
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://[2001:db8::1]/',
    'http://[2002:808:808::1]/',
    'http://[64:ff9b::808:808]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[2606:4700::a9fe:a9fe]/',
    'https://cdn.example/',
    'http://169.253.0.1/',
  ]) {
    it(`${url} is none`, () => assert.equal(isForbiddenHost(new URL(url)), false));
  }
});

describe('token services', () => {
  const cases: readonly (readonly [registry: string, realm: string, allowed: boolean, tokenHosts?: string[]])[] = [
    ['https://registry.example.org', 'https://registry.example.org/token', true],
    ['https://registry.example.org:5000', 'https://registry.example.org/token', true],
    ['https://registry.example.org', 'https://auth.example.org/token', true],
    ['https://registry-1.docker.io', 'https://auth.docker.io/token', true],
    ['https://a.github.io', 'https://b.github.io/token', false],
    ['https://registry.example.co.uk', 'https://evil.co.uk/token', false],
    ['https://registry.example.org', 'https://auth.example.com/token', false],
    ['https://registry.example.org', 'https://auth.example.com/token', true, ['auth.example.com']],
    ['https://registry.example.org', 'https://auth.example.com:8443/token', true, ['auth.example.com:8443']],
    ['https://registry.example.org', 'http://registry.example.org/token', false],
    ['https://registry.example.org', 'http://auth.example.com/token', false, ['auth.example.com']],
    ['http://registry.example.org', 'https://auth.example.org/token', true],
    ['http://registry.example.org', 'http://auth.example.org/token', true],
    ['http://10.0.0.1:5000', 'http://10.0.0.1:5001/token', true],
    ['http://10.0.0.1:5000', 'http://10.0.0.2:5001/token', false],
    ['http://localhost:5000', 'http://127.0.0.1:5001/token', false],
    ['http://registry.example.org', 'http://169.254.169.254/token', false],
    ['http://registry.example.org', 'http://169.254.169.254/token', false, ['169.254.169.254']],
    ['https://registry.example.org', 'file:///etc/passwd', false],
    ['https://registry.example.org', 'ftp://registry.example.org/token', false],
  ];
  for (const [registry, realm, allowed, tokenHosts] of cases) {
    it(`${registry} -> ${realm}${tokenHosts ? ' (named in settings)' : ''}: ${allowed ? 'asked' : 'refused'}`, () => {
      assert.equal(forbiddenRealm(new URL(registry), new URL(realm), tokenHosts) === null, allowed);
    });
  }
});

describe('redirects', () => {
  const open = { followRedirects: true };
  const cases: readonly (readonly [
    from: string,
    to: string,
    rules: Parameters<typeof forbiddenRedirect>[2],
    allowed: boolean,
  ])[] = [
    ['https://r.example/v2/', 'https://cdn.example/blob', open, true],
    ['https://r.example/v2/', 'http://cdn.example/blob', open, false],
    ['https://r.example/v2/', 'http://r.example/blob', open, false],
    ['http://r.example/v2/', 'https://r.example/blob', open, true],
    ['http://r.example/v2/', 'http://cdn.example/blob', open, true],
    ['http://r.example/v2/', 'http://169.254.169.254/blob', open, false],
    ['http://r.example/v2/', 'file:///etc/passwd', open, false],
    ['http://r.example/v2/', 'http://cdn.example/blob', { followRedirects: false }, false],
    ['http://r.example/v2/', 'http://r.example/other', { followRedirects: false }, true],
    ['http://r.example/v2/', 'http://cdn.example/b', { followRedirects: true, redirectHosts: ['cdn.example'] }, true],
    [
      'http://r.example/v2/',
      'http://cdn.example:81/b',
      { followRedirects: true, redirectHosts: ['cdn.example:81'] },
      true,
    ],
    ['http://r.example/v2/', 'http://evil.example/b', { followRedirects: true, redirectHosts: ['cdn.example'] }, false],
    [
      'http://r.example/v2/',
      'http://169.254.169.254/b',
      { followRedirects: true, redirectHosts: ['169.254.169.254'] },
      false,
    ],
  ];
  for (const [from, to, rules, allowed] of cases) {
    it(`${from} -> ${to} with ${JSON.stringify(rules)}: ${allowed ? 'followed' : 'refused'}`, () => {
      assert.equal(forbiddenRedirect(new URL(from), new URL(to), rules) === null, allowed);
    });
  }
});

/** Makes every name lead to `address`, as its owner may at any time. */
function answerNames(t: TestContext, address: string): void {
  const lookup = (_name: string, _options: unknown, callback: (error: null, found: unknown) => void) =>
    callback(null, [{ address, family: 4 }]);
  const mock = t.mock.method(dns, 'lookup', lookup as never);
  syncBuiltinESMExports();
  t.after(() => {
    mock.mock.restore();
    syncBuiltinESMExports();
  });
}

test('a redirect to a harmless name that leads to the metadata service is refused when it is looked up', async (t) => {
  const server = await useScriptedServer(t);
  server.script({
    path: '/v2/team/app/tags/list',
    respond: { status: 307, headers: { Location: 'http://cdn.registry.example/tags' } },
  });
  answerNames(t, '169.254.169.254');
  const client = useClient(t, server.url);
  const error = await rejection(client.listTags(app, never)[Symbol.asyncIterator]().next(), 'REDIRECT_REFUSED');
  assert.match(error.message, /link-local or metadata/);
});

test('a redirect to a name that leads elsewhere is followed', async (t) => {
  const server = await useScriptedServer(t);
  const cdn = await useScriptedServer(t);
  const { port } = new URL(cdn.url);
  server.script({
    path: '/v2/team/app/tags/list',
    respond: { status: 307, headers: { Location: `http://cdn.registry.example:${port}/tags` } },
  });
  cdn.script({ path: '/tags', respond: { json: { name: 'team/app', tags: ['1'] } } });
  answerNames(t, '127.0.0.1');
  const [page] = await Array.fromAsync(useClient(t, server.url).listTags(app, never));
  assert.deepEqual(page?.entries, ['1']);
});

test('a token service whose name leads to the metadata service is never sent anything', async (t) => {
  const server = await useScriptedServer(t);
  server.script({
    path: '/v2/team/app/tags/list',
    respond: { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="http://auth.registry.example/token"' } },
  });
  answerNames(t, '169.254.169.254');
  const client = useClient(t, server.url, { tokenHosts: ['auth.registry.example'] });
  await rejection(client.listTags(app, never)[Symbol.asyncIterator]().next(), 'REDIRECT_REFUSED');
});

test('the guarded look-up tells what it finds in the form it was asked for', async () => {
  const look = (options: object) =>
    new Promise((resolve) =>
      guardedLookup('127.0.0.1', options, (error, found, family) => resolve([error, found, family])),
    );
  assert.deepEqual(await look({ all: false }), [null, '127.0.0.1', 4]);
  assert.deepEqual(await look({ all: true }), [null, [{ address: '127.0.0.1', family: 4 }], undefined]);
});
