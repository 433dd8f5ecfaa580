/** Authentication, answered request by request, over real HTTP. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { createAnswer, createJsonAnswer } from '../../../scripts/demo-registry/server/answer.ts';
import type { ScriptedResponse } from '../../../scripts/demo-registry/server/script.ts';
import type { ScriptedServer } from '../../../scripts/demo-registry/server/scripted-server.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import type { Credentials } from '../../../src/registry/credentials.ts';
import { app, never, readListing, rejection, useClient, user } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const basic = `Basic ${Buffer.from('reader:hunter2-secret').toString('base64')}`;
const other = parseRepositoryName('team/other');
const appTags = '/v2/team/app/tags/list';
const otherTags = '/v2/team/other/tags/list';
const tags = { json: { name: 'x', tags: ['1'] } };

function challenge(header: string | readonly string[]) {
  return { status: 401, headers: { 'WWW-Authenticate': header }, json: { errors: [{ code: 'UNAUTHORIZED' }] } };
}

function authorizations(server: ScriptedServer): readonly (string | undefined)[] {
  return server.requests.map(({ headers }) => headers.authorization);
}

/** A registry that wants tokens, and its token service on the same host. */
async function useTokenRegistry(t: TestContext, token: object = { token: 'T1' }) {
  const server = await useScriptedServer(t);
  const service = await useScriptedServer(t);
  const bearer = `Bearer realm="${service.url}/token",service="registry"`;
  service.script({ path: '/token', times: 'always', respond: { json: token } });
  return { server, service, bearer, scopes: () => service.requests.map(({ query }) => query.get('scope')) };
}

describe('Basic', () => {
  it('is sent where it is asked for, and not before', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: appTags, respond: challenge('Basic realm="private"') },
      { path: appTags, times: 2, respond: tags },
      { path: otherTags, respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await readListing(client.listTags(app, never));
    await readListing(client.listTags(app, never));
    await readListing(client.listTags(other, never));
    assert.deepEqual(authorizations(server), [undefined, basic, basic, undefined]);
    assert.equal(client.usesCredentialsFor(app), true);
    assert.equal(client.usesCredentialsFor(other), false, 'what is open to all is read as everyone reads it');
    assert.equal(client.usedCredentials, true);
  });

  it('for the catalog is no reason to send it elsewhere', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: '/v2/_catalog', respond: challenge('Basic realm="catalog"') },
      { path: '/v2/_catalog', respond: { json: { repositories: [] } } },
      { path: appTags, respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await readListing(client.listRepositories(never));
    await readListing(client.listTags(app, never));
    assert.deepEqual(authorizations(server), [undefined, basic, undefined]);
  });

  it('is not asked for twice with the same credentials', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: appTags, times: 2, respond: challenge('Basic realm="private"') });
    const client = useClient(t, server.url, { credentials: user });
    const error = await rejection(readListing(client.listTags(app, never)), 'UNAUTHORIZED');
    assert.equal(error.registryCode, 'UNAUTHORIZED');
  });

  it('cannot be answered by nobody', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: appTags, respond: challenge('Basic realm="private"') });
    await rejection(readListing(useClient(t, server.url).listTags(app, never)), 'UNAUTHORIZED');
  });
});

describe('Bearer', () => {
  it('asks for a token with user and password, for each repository one', async (t) => {
    const { server, service, bearer, scopes } = await useTokenRegistry(t);
    server.script(
      { path: appTags, respond: challenge(bearer) },
      { path: appTags, times: 2, respond: tags },
      { path: otherTags, respond: challenge(bearer) },
      { path: otherTags, respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await readListing(client.listTags(app, never));
    await readListing(client.listTags(app, never));
    await readListing(client.listTags(other, never));
    assert.deepEqual(scopes(), ['repository:team/app:pull', 'repository:team/other:pull']);
    assert.deepEqual(authorizations(service), [basic, basic]);
    assert.deepEqual(authorizations(server), [undefined, 'Bearer T1', 'Bearer T1', undefined, 'Bearer T1']);
    assert.equal(service.requests[0]?.query.get('service'), 'registry');
    assert.equal(client.counts.byKind.token, 2);
  });

  it('asks without credentials for a token that everyone gets', async (t) => {
    const { server, service, bearer } = await useTokenRegistry(t, { access_token: 'A1', expires_in: 300 });
    server.script({ path: appTags, respond: challenge(bearer) }, { path: appTags, respond: tags });
    const client = useClient(t, server.url);
    await readListing(client.listTags(app, never));
    assert.deepEqual(authorizations(service), [undefined]);
    assert.deepEqual(authorizations(server), [undefined, 'Bearer A1']);
    assert.equal(client.usedCredentials, false);
  });

  it('asks for the catalog as registry:catalog:*, and from then on for tokens before it is told to', async (t) => {
    const { server, bearer, scopes } = await useTokenRegistry(t);
    server.script(
      { path: '/v2/_catalog', respond: challenge(bearer) },
      { path: '/v2/_catalog', respond: { json: { repositories: ['team/app'] } } },
      { path: appTags, respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await readListing(client.listRepositories(never));
    await readListing(client.listTags(app, never));
    assert.deepEqual(scopes(), ['registry:catalog:*', 'repository:team/app:pull']);
    assert.deepEqual(authorizations(server), [undefined, 'Bearer T1', 'Bearer T1']);
  });

  it('asks for the scope that the challenge names, and for no more than reading', async (t) => {
    const { server, bearer, scopes } = await useTokenRegistry(t);
    server.script(
      { path: appTags, respond: challenge(`${bearer},scope="repository:library/app:pull"`) },
      { path: appTags, respond: tags },
      { path: otherTags, respond: challenge(`${bearer},scope="repository:team/other:pull,push"`) },
      { path: otherTags, respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await readListing(client.listTags(app, never));
    await readListing(client.listTags(other, never));
    assert.deepEqual(scopes(), ['repository:library/app:pull', 'repository:team/other:pull']);
  });

  it('renews a token shortly before it expires', async (t) => {
    const { server, bearer, scopes } = await useTokenRegistry(t, { token: 'T1', expires_in: 60 });
    let now = Date.UTC(2026, 0, 1);
    server.script({ path: appTags, respond: challenge(bearer) }, { path: appTags, times: 3, respond: tags });
    const client = useClient(t, server.url, { credentials: user, clock: () => now });
    await readListing(client.listTags(app, never));
    now += 49_000;
    await readListing(client.listTags(app, never));
    assert.equal(scopes().length, 1);
    now += 2000;
    await readListing(client.listTags(app, never));
    assert.equal(scopes().length, 2);
  });

  for (const lifetime of [undefined, null, 0, -1, '300', 1e99]) {
    it(`takes a token whose lifetime is ${lifetime}`, async (t) => {
      const { server, bearer, scopes } = await useTokenRegistry(t, { token: 'T1', expires_in: lifetime });
      server.script({ path: appTags, respond: challenge(bearer) }, { path: appTags, times: 2, respond: tags });
      const client = useClient(t, server.url, { credentials: user });
      for (let run = 0; run < 2; run++) await readListing(client.listTags(app, never));
      assert.equal(scopes().length, 1);
    });
  }

  it('takes a new token when the registry refuses one before its time, once', async (t) => {
    const server = await useScriptedServer(t);
    const service = await useScriptedServer(t);
    const refusal = challenge(`Bearer realm="${service.url}/token",error="invalid_token"`);
    service.script(
      { path: '/token', respond: { json: { token: 'T1' } } },
      { path: '/token', respond: { json: { token: 'T2' } } },
    );
    server.script({ path: appTags, times: 2, respond: refusal }, { path: appTags, respond: tags });
    const client = useClient(t, server.url, { credentials: user });
    await rejection(readListing(client.listTags(app, never)), 'UNAUTHORIZED');
    await readListing(client.listTags(app, never));
    assert.deepEqual(authorizations(server), [undefined, 'Bearer T1', 'Bearer T1']);
    server.script({ path: appTags, respond: refusal }, { path: appTags, respond: tags });
    await readListing(client.listTags(app, never));
    assert.deepEqual(authorizations(server).slice(3), ['Bearer T1', 'Bearer T2']);
  });

  it('asks once for a token that many requests need at the same time', async (t) => {
    const { server, bearer, scopes } = await useTokenRegistry(t);
    server.script(
      { path: ({ headers }) => headers.authorization === undefined, times: 'always', respond: challenge(bearer) },
      { path: appTags, times: 'always', respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await Promise.all(Array.from({ length: 20 }, () => readListing(client.listTags(app, never))));
    assert.deepEqual(scopes(), ['repository:team/app:pull']);
  });

  it('renews once when many requests are refused with the same token', async (t) => {
    const server = await useScriptedServer(t);
    const service = await useScriptedServer(t);
    const bearer = `Bearer realm="${service.url}/token"`;
    let valid = 1;
    service.script({
      path: '/token',
      times: 'always',
      respond: {
        alter: (answer) => ({ ...answer, body: Buffer.from(JSON.stringify({ token: `T${valid}` })) }),
        json: {},
      },
    });
    server.script(
      {
        path: ({ headers }) => headers.authorization !== `Bearer T${valid}`,
        times: 'always',
        respond: challenge(bearer),
      },
      { path: appTags, times: 'always', respond: tags },
    );
    const client = useClient(t, server.url, { credentials: user });
    await readListing(client.listTags(app, never));
    valid = 2;
    await Promise.all(Array.from({ length: 20 }, () => readListing(client.listTags(app, never))));
    assert.equal(service.requests.length, 2);
  });

  it('trades an identity token for an access token', async (t) => {
    const { server, service, bearer } = await useTokenRegistry(t, { access_token: 'A1' });
    server.script({ path: appTags, respond: challenge(bearer) }, { path: appTags, respond: tags });
    const client = useClient(t, server.url, { credentials: { kind: 'identity', refreshToken: 'R-secret' } });
    await readListing(client.listTags(app, never));
    const [request] = service.requests;
    const form = new URLSearchParams(Buffer.from(request?.body ?? []).toString());
    assert.equal(request?.method, 'POST');
    assert.deepEqual(Object.fromEntries(form), {
      grant_type: 'refresh_token',
      refresh_token: 'R-secret',
      client_id: 'registry-homepage',
      service: 'registry',
      scope: 'repository:team/app:pull',
    });
    assert.equal(request?.target, '/token', 'no secret stands in an address');
    assert.equal(client.usesCredentialsFor(app), true);
  });

  it('sends a token that settings give as it is', async (t) => {
    const server = await useScriptedServer(t);
    const wanted = 'Bearer realm="https://auth.elsewhere.example/token"';
    server.script({ path: appTags, respond: challenge(wanted) }, { path: appTags, respond: tags });
    const client = useClient(t, server.url, { credentials: { kind: 'token', token: 'S-secret' } });
    await readListing(client.listTags(app, never));
    assert.deepEqual(authorizations(server), [undefined, 'Bearer S-secret']);
  });
});

describe('challenges', () => {
  it('of several in one header, Bearer is answered before Basic', async (t) => {
    const { server, bearer } = await useTokenRegistry(t);
    server.script(
      { path: appTags, respond: challenge(`Negotiate, Basic realm="b", ${bearer}`) },
      { path: appTags, respond: tags },
    );
    await readListing(useClient(t, server.url, { credentials: user }).listTags(app, never));
    assert.deepEqual(authorizations(server), [undefined, 'Bearer T1']);
  });

  it('of several headers likewise', async (t) => {
    const { server, bearer } = await useTokenRegistry(t);
    server.script({ path: appTags, respond: challenge(['Basic realm="b"', bearer]) }, { path: appTags, respond: tags });
    await readListing(useClient(t, server.url, { credentials: user }).listTags(app, never));
    assert.deepEqual(authorizations(server), [undefined, 'Bearer T1']);
  });

  it('that cannot be answered give way to one that can', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path: appTags, respond: challenge('Bearer realm="https://auth.elsewhere.example/", Basic realm="b"') },
      { path: appTags, respond: tags },
    );
    await readListing(useClient(t, server.url, { credentials: user }).listTags(app, never));
    assert.deepEqual(authorizations(server), [undefined, basic]);
  });

  for (const header of ['Digest realm="x", nonce="y"', 'Negotiate', '']) {
    it(`of an unknown kind end in a refusal: ${header || 'none'}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: appTags, respond: header === '' ? { status: 401 } : challenge(header) });
      await rejection(
        readListing(useClient(t, server.url, { credentials: user }).listTags(app, never)),
        'UNAUTHORIZED',
      );
    });
  }
});

describe('a token service', () => {
  it('on another host is sent nothing, unless settings name it', async (t) => {
    const server = await useScriptedServer(t);
    const service = await useScriptedServer(t);
    const { port } = new URL(service.url);
    server.script({ path: appTags, times: 2, respond: challenge(`Bearer realm="http://localhost:${port}/token"`) });
    const refused = useClient(t, server.url, { credentials: user });
    const error = await rejection(readListing(refused.listTags(app, never)), 'TOKEN_REFUSED');
    assert.match(error.message, /localhost:\d+ is outside the registry's own domain/);
    assert.equal(service.requests.length, 0);
    assert.equal(refused.usedCredentials, false);

    service.script({ path: '/token', respond: { json: { token: 'T1' } } });
    server.script({ path: appTags, respond: tags });
    const allowed = useClient(t, server.url, { credentials: user, tokenHosts: ['localhost'] });
    await readListing(allowed.listTags(app, never));
    assert.deepEqual(authorizations(service), [basic]);
  });

  const hostile = [
    'Bearer realm="http://169.254.169.254/latest/api/token"',
    'Bearer realm="http://[::ffff:169.254.169.254]/"',
    'Bearer realm="http://metadata.google.internal/"',
    'Bearer realm="ftp://127.0.0.1/token"',
    'Bearer realm="not an address"',
    'Bearer service="s"',
  ];
  for (const header of hostile) {
    it(`is not asked: ${header}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path: appTags, respond: challenge(header) });
      const client = useClient(t, server.url, {
        credentials: user,
        tokenHosts: ['169.254.169.254', 'metadata.google.internal'],
      });
      await rejection(readListing(client.listTags(app, never)), 'TOKEN_REFUSED');
      assert.equal(client.usedCredentials, false);
    });
  }

  it('that redirects to another host does not take the credentials along', async (t) => {
    const server = await useScriptedServer(t);
    const service = await useScriptedServer(t);
    const elsewhere = await useScriptedServer(t);
    server.script(
      { path: appTags, respond: challenge(`Bearer realm="${service.url}/token"`) },
      { path: appTags, respond: tags },
    );
    service.script({ path: '/token', respond: { status: 302, headers: { Location: `${elsewhere.url}/token` } } });
    elsewhere.script({ path: '/token', respond: { json: { token: 'T2' } } });
    await readListing(useClient(t, server.url, { credentials: user }).listTags(app, never));
    assert.deepEqual(authorizations(service), [basic]);
    assert.deepEqual(authorizations(elsewhere), [undefined]);
    assert.deepEqual(authorizations(server), [undefined, 'Bearer T2']);
  });

  it('that redirects a form to another host is not followed: the secret is in it', async (t) => {
    const server = await useScriptedServer(t);
    const service = await useScriptedServer(t);
    const elsewhere = await useScriptedServer(t);
    server.script({ path: appTags, respond: challenge(`Bearer realm="${service.url}/token"`) });
    service.script({ path: '/token', respond: { status: 307, headers: { Location: `${elsewhere.url}/token` } } });
    const client = useClient(t, server.url, { credentials: { kind: 'identity', refreshToken: 'R-secret' } });
    await rejection(readListing(client.listTags(app, never)), 'REDIRECT_REFUSED');
    assert.equal(elsewhere.requests.length, 0);
  });

  const refusals: readonly (readonly [status: number, code: Parameters<typeof rejection>[1], attempts: number])[] = [
    [401, 'UNAUTHORIZED', 1],
    [403, 'FORBIDDEN', 1],
    [404, 'SERVER_FAILED', 3],
    [400, 'SERVER_FAILED', 3],
    [503, 'SERVER_FAILED', 3],
    [429, 'RATE_LIMITED', 3],
  ];
  for (const [status, code, attempts] of refusals) {
    it(`that answers ${status} means ${code}: only a plain refusal says something about rights`, async (t) => {
      const server = await useScriptedServer(t);
      const service = await useScriptedServer(t);
      server.script({ path: appTags, respond: challenge(`Bearer realm="${service.url}/token"`) });
      service.script({ path: '/token', times: attempts, respond: { status, body: 'token=T-secret' } });
      const client = useClient(t, server.url, { credentials: user, retries: 2 });
      await rejection(readListing(client.listTags(app, never)), code);
    });
  }

  for (const body of [
    '{"token": "T-secret"',
    '{"token": 7, "expires_in": "T-secret"}',
    '{"token": "T-secret\\r\\nX-Evil: 1"}',
    '{"token": "T-secret \u00fc"}',
    '{}',
    '<html>T-secret</html>',
    '',
  ]) {
    it(`that answers ${JSON.stringify(body)} says nothing about rights, and nothing of it is told`, async (t) => {
      const server = await useScriptedServer(t);
      const service = await useScriptedServer(t);
      const wanted = challenge(`Bearer realm="${service.url}/token"`);
      server.script({ path: appTags, times: 'always', respond: wanted });
      service.script({ path: '/token', times: 'always', respond: { body } });
      const client = useClient(t, server.url, { credentials: user });
      const error = await rejection(readListing(client.listTags(app, never)), 'INVALID_DOCUMENT');
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /T-secret|hunter2/);
    });
  }
});

test('a 401 from another host teaches nothing and is no refusal of ours', async (t) => {
  const server = await useScriptedServer(t);
  const cdn = await useScriptedServer(t);
  for (const status of [401, 403]) {
    server.script({ path: appTags, respond: { status: 307, headers: { Location: `${cdn.url}/blob` } } });
    cdn.script({ path: '/blob', respond: { status, headers: { 'WWW-Authenticate': 'Basic realm="give"' } } });
    const client = useClient(t, server.url, { credentials: user });
    const error = await rejection(readListing(client.listTags(app, never)), 'UNEXPECTED_STATUS');
    assert.match(error.message, /redirected to 127\.0\.0\.1:\d+, which answered 40/);
    assert.equal(client.usedCredentials, false);
  }
  assert.deepEqual(authorizations(cdn), [undefined, undefined]);
});

const everyKind: readonly Credentials[] = [
  user,
  { kind: 'token', token: 'S-secret' },
  { kind: 'identity', refreshToken: 'R-secret' },
];
const troubles: Readonly<Record<string, ScriptedResponse>> = {
  'a failure': { status: 500, body: 'trouble' },
  'a refusal': { status: 403, body: 'no' },
  'a web page': { body: '<html>' },
  'half a document': { body: '{"repositories": [' },
  'a cut connection': { cut: 'before-headers' },
  'a cut body': { body: 'half', cut: { afterBytes: 2 } },
  'a stall': { stall: 'after-headers' },
  'a signed address': { status: 302, headers: { Location: '/blob?X-Signature=K-secret&K-secret' } },
  'a signed address elsewhere': { status: 302, headers: { Location: 'https://[::1]:9/blob?X-Signature=K-secret' } },
};
for (const credentials of everyKind) {
  for (const [name, respond] of Object.entries(troubles)) {
    test(`no secret stands in an error, its causes included: ${credentials.kind}, ${name}`, async (t) => {
      const service = await useScriptedServer(t, { answer: () => createJsonAnswer(200, { token: 'T-secret' }) });
      const server = await useScriptedServer(t, { answer: () => createAnswer(403) });
      const bearer = challenge(`Bearer realm="${service.url}/token?key=K-secret&K-secret"`);
      server.script({ path: '/v2/_catalog', respond: bearer }, { path: '/v2/_catalog', respond });
      const client = useClient(t, server.url, { credentials, retries: 0, timeoutMs: 200, listingTimeoutMs: 200 });
      const error = await readListing(client.listRepositories(never)).then(
        () => assert.fail('it did not reject'),
        (reason: unknown) => reason,
      );
      const secret = /hunter2|-secret|aHVudGVy/;
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true, getters: true }), secret);
      assert.doesNotMatch(JSON.stringify(error), secret);
    });
  }
}
