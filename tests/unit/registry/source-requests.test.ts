/** What stands around every request: retries, the gate, the pace, the circuit breaker. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, it, type TestContext, test } from 'node:test';
import type { ScriptedServer } from '../../../scripts/demo-registry/server/scripted-server.ts';
import { parseTag, type Tag } from '../../../src/oci/reference.ts';
import { createAuthenticator } from '../../../src/registry/authenticator.ts';
import { createCircuitBreaker } from '../../../src/registry/circuit-breaker.ts';
import { anonymous } from '../../../src/registry/credentials.ts';
import { createGate } from '../../../src/registry/gate.ts';
import type { RegistryClient } from '../../../src/registry/registry-client.ts';
import { createSourceRequests } from '../../../src/registry/source-requests.ts';
import { createTransport } from '../../../src/registry/transport.ts';
import { app, latest, never, readListing, rejection, useClient } from '../../support/use-client.ts';
import { useScriptedServer } from '../../support/use-server.ts';

const path = '/v2/team/app/tags/list';
const good = { json: { name: 'team/app', tags: ['1'] } };
const list = (client: RegistryClient) => readListing(client.listTags(app, never));

const chunk = Buffer.alloc(1_048_576, 0x20);
const endless = { sizeBytes: 50 * chunk.length, chunks: () => Array(50).fill(chunk) as Buffer[] };

describe('an answer that is no answer yet', () => {
  const troubles: Readonly<Record<string, object>> = {
    '429 with nothing': { status: 429 },
    '429 with seconds': { status: 429, headers: { 'Retry-After': '0' } },
    '429 with an HTTP date': { status: 429, headers: { 'Retry-After': 'Sun, 16 Aug 2026 12:00:00 GMT' } },
    '429 with nonsense': { status: 429, headers: { 'Retry-After': 'later' } },
    '500': { status: 500, body: 'trouble' },
    '500 with a body that never ends': { status: 500, body: endless },
    '500 that announces gigabytes': { status: 500, headers: { 'Content-Length': '9000000000' }, body: endless },
    '502 with a web page': { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<html>Bad gateway</html>' },
    '503': { status: 503, headers: { 'Retry-After': '0' } },
    '504': { status: 504 },
    '408': { status: 408 },
    'a connection cut before the headers': { cut: 'before-headers', status: 200 },
    'a connection cut after the headers': { cut: 'after-headers', ...good },
    'a connection cut in the body': { cut: { afterBytes: 10 }, ...good },
    'half a document': { body: '{"name": "team/app", "tags": ["1' },
    'a web page': {
      headers: { 'Content-Type': 'text/html; charset=utf-8' },
      body: '<!DOCTYPE html><title>Sign in</title>',
    },
    'a web page that calls itself JSON': {
      headers: { 'Content-Type': 'application/json' },
      body: '\n <!doctype html>',
    },
    'nothing at all': { body: '' },
    'JSON that is no list of tags': { json: { message: 'hello' } },
    'an error that calls itself a success': { json: { errors: [{ code: 'UNAUTHORIZED' }] } },
    'a list that is none': { json: { name: 'team/app', tags: 'all' } },
    'broken UTF-8': { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) },
  };
  for (const [name, respond] of Object.entries(troubles)) {
    it(`is asked for again: ${name}`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path, respond }, { path, respond: good });
      const client = useClient(t, server.url);
      assert.deepEqual((await list(client)).entries, ['1']);
      assert.equal(client.counts.retries, 1);
      assert.equal(client.counts.byKind.tags, 2);
      assert.equal(client.counts.rateLimited, 'status' in respond && respond.status === 429 ? 1 : 0);
    });
  }

  it('waits as long as the server says, and no longer', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { status: 429, headers: { 'Retry-After': '0.05' } } }, { path, respond: good });
    const waits: number[] = [];
    const client = useClient(t, server.url, { onRetry: (_, waitMs) => waits.push(waitMs) });
    const started = performance.now();
    await list(client);
    const tookMs = performance.now() - started;
    assert.ok((waits[0] ?? 0) >= 50 && (waits[0] ?? 0) < 52);
    assert.ok(tookMs >= 49 && tookMs < 1000);
  });

  it('is left alone when the server wants more patience than a run has', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { status: 429, headers: { 'Retry-After': 'Sun, 16 Aug 2026 13:00:00 GMT' } } });
    const error = await rejection(list(useClient(t, server.url)), 'RATE_LIMITED');
    assert.equal(error.retryAfterMs, 3_600_000);
  });

  for (const status of [400, 403, 404, 410, 418]) {
    it(`and ${status} is an answer`, async (t) => {
      const server = await useScriptedServer(t);
      server.script({ path, respond: { status, json: { errors: [{ code: 'NAME_UNKNOWN' }] } } });
      const error = await list(useClient(t, server.url)).catch((reason: unknown) => reason);
      assert.ok(error instanceof Error && 'registryCode' in error);
      assert.equal(error.registryCode, 'NAME_UNKNOWN');
      assert.match(error.message, new RegExp(`GET ${server.url}${path}: answered ${status} NAME_UNKNOWN`));
    });
  }

  it('is given up after so many attempts, with the last error', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, times: 5, respond: { status: 500 } });
    await rejection(list(useClient(t, server.url)), 'SERVER_FAILED');
  });

  it('a stall after the headers ends with the time-out, and is asked for again', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path, respond: { ...good, stall: 'after-headers' } }, { path, respond: good });
    await list(useClient(t, server.url, { timeoutMs: 100 }));
  });
});

/** Asks for `count` manifests at once; resolves to how they ended. */
function askMany(client: RegistryClient, count: number) {
  return askManyWith(count, (tag) => client.headManifest(app, tag, never));
}

async function askManyWith(count: number, ask: (tag: Tag) => Promise<unknown>) {
  const all = await Promise.allSettled(Array.from({ length: count }, (_, at) => ask(parseTag(`t${at}`))));
  return all.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code));
}

describe('concurrency', () => {
  it('is used to the full, and never exceeded', async (t) => {
    let underWay = 0;
    let most = 0;
    let release = Promise.withResolvers<void>();
    const server = await useScriptedServer(t);
    const respond = {
      status: 200,
      get after() {
        most = Math.max(most, ++underWay);
        const { promise } = release;
        if (underWay === 3) void letGo();
        return promise;
      },
    };
    /** After a fourth has had every chance to come in. */
    const letGo = async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      underWay = 0;
      release.resolve();
      release = Promise.withResolvers();
    };
    server.script({ path: () => true, times: 60, respond });
    await askMany(useClient(t, server.url, { concurrency: 3 }), 60);
    assert.equal(most, 3);
  });

  it('a place is free as soon as an answer is here: the next request is on its way before anything is made of it', async (t) => {
    const order: string[] = [];
    const sent = () => order.push('sent');
    subscribe('undici:client:sendHeaders', sent);
    t.after(() => unsubscribe('undici:client:sendHeaders', sent));
    const server = await useScriptedServer(t);
    server.script({ path: () => true, times: 4, respond: good });
    const client = useClient(t, server.url, { concurrency: 1 });
    await Promise.all([1, 2, 3, 4].map(() => list(client).then(() => order.push('read'))));
    assert.equal(order.join(' '), 'sent sent read sent read sent read read');
  });

  it('one place is enough for everything else while a request waits for its retry', async (t) => {
    const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
    const { promise: retried, resolve } = Promise.withResolvers<void>();
    server.script({ path: /\/manifests\/latest$/, respond: { status: 503, headers: { 'Retry-After': '60' } } });
    const client = useClient(t, server.url, { concurrency: 1, onRetry: () => resolve() });
    const stop = new AbortController();
    const waiting = client.headManifest(app, latest, stop.signal);
    await retried;
    assert.deepEqual(await askMany(client, 5), Array(5).fill('present'));
    stop.abort(new Error('enough'));
    await rejection(waiting, 'CANCELLED');
    assert.equal(server.requests.length, 6);
  });

  it('a place is given back whatever a task does, and nobody is forgotten', async () => {
    const gate = createGate(2);
    const done: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        gate.pass(async () => {
          done.push(at);
          if (at % 3 === 0) throw new Error('trouble');
        }, never),
      ),
    );
    assert.deepEqual(done, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 4);
  });

  it('who stops waiting takes no place', async () => {
    const gate = createGate(1);
    const { promise: held, resolve: free } = Promise.withResolvers<void>();
    const first = gate.pass(() => held, never);
    const stop = new AbortController();
    const second = gate.pass(async () => assert.fail('it was let through'), stop.signal);
    const third = gate.pass(async () => 'through', never);
    stop.abort(new Error('stopped'));
    await assert.rejects(second, /stopped/);
    free();
    await first;
    assert.equal(await third, 'through');
  });
});

describe('requests per second', () => {
  it('begin no faster than settings allow, second attempts included', async (t) => {
    const server = await useScriptedServer(t);
    server.script(
      { path, respond: { status: 500 } },
      { path, respond: { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="r"' } } },
      { path, times: 2, respond: good },
    );
    const client = useClient(t, server.url, {
      requestsPerSecond: 40,
      credentials: { kind: 'password', username: 'a', password: 'b' },
    });
    const started = performance.now();
    await Promise.all([list(client), list(client)]);
    assert.ok(performance.now() - started >= 74, 'four requests take three times 25 ms at least');
  });

  it('waiting for a turn ends with the run', async (t) => {
    const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
    const client = useClient(t, server.url, { requestsPerSecond: 0.01 });
    await client.headManifest(app, latest, never);
    const stop = new AbortController();
    const second = client.headManifest(app, latest, stop.signal);
    stop.abort(new Error('stopped'));
    await rejection(second, 'CANCELLED');
    assert.equal(server.requests.length, 1);
  });
});

/** Asks for a path of `url`, and reads the answer in its own way. */
function useRequests(
  t: TestContext,
  url: string,
  limits: { readonly failuresToSuspect: number; readonly retries: number },
) {
  const registry = new URL(url);
  const transport = createTransport({ registry, userAgent: 'test', connections: 1, followRedirects: false });
  t.after(() => transport.close());
  const common = { transport, clock: () => 0 };
  const requests = createSourceRequests({
    ...common,
    authenticator: createAuthenticator({ ...common, registry, credentials: anonymous, timeoutMs: 10_000 }),
    gate: createGate(1),
    breaker: createCircuitBreaker({
      failuresToSuspect: limits.failuresToSuspect,
      firstWaitMs: 1,
      longestWaitMs: 1000,
    }),
    retries: limits.retries,
    firstWaitMs: 1,
  });
  return (path: string, read: () => void) =>
    requests.send(
      { kind: 'tags', method: 'GET', url: new URL(path, url), scope: '', maxBytes: 1000, timeoutMs: 10_000, read },
      never,
    );
}

describe('a source that fails again and again', () => {
  const isManifest = /\/manifests\//;
  async function useFailing(t: Parameters<typeof useScriptedServer>[0], respond: object): Promise<ScriptedServer> {
    const server = await useScriptedServer(t);
    server.script({ path: isManifest, times: 'always', respond });
    return server;
  }

  for (const respond of [{ status: 500 }, { status: 429 }, { cut: 'before-headers', status: 200 }]) {
    it(`is left alone for the rest of the run: ${JSON.stringify(respond)}`, async (t) => {
      const server = await useFailing(t, respond);
      const client = useClient(t, server.url, { concurrency: 2, retries: 1 });
      const ends = await askMany(client, 200);
      assert.ok(ends.includes('CIRCUIT_OPEN'));
      assert.ok(server.requests.length >= 17 && server.requests.length <= 20, `${server.requests.length} requests`);
      const before = server.requests.length;
      await rejection(client.headManifest(app, latest, never), 'CIRCUIT_OPEN');
      assert.equal(server.requests.length, before);
    });
  }

  it('is left alone as soon where it answers with web pages', async (t) => {
    const server = await useFailing(t, { body: '<!doctype html><title>Please log in</title>' });
    const client = useClient(t, server.url, { concurrency: 2, retries: 1 });
    const ends = await askManyWith(200, (tag) => client.fetchManifest(app, tag, null, never));
    assert.ok(ends.includes('CIRCUIT_OPEN'));
    assert.ok(server.requests.length >= 17 && server.requests.length <= 20, `${server.requests.length} requests`);
  });

  it('is left alone at once when it asks for a longer wait than a run has, whatever it answered before', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: /\/latest$/, times: 'always', respond: { status: 200 } });
    server.script({ path: isManifest, times: 'always', respond: { status: 503, headers: { 'Retry-After': '121' } } });
    const client = useClient(t, server.url, { concurrency: 2, retries: 1 });
    assert.equal(await client.headManifest(app, latest, never), 'present');
    const started = performance.now();
    const ends = await askMany(client, 200);
    assert.ok(performance.now() - started < 5000);
    assert.ok(ends.includes('CIRCUIT_OPEN'));
    assert.ok(server.requests.length <= 16, `${server.requests.length} requests`);
  });

  it('is not one that fails now and then', async (t) => {
    const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
    server.script({ path: /[02468]$/, times: 'always', respond: { status: 500 } });
    const ends = await askMany(useClient(t, server.url, { concurrency: 1, retries: 0 }), 200);
    assert.equal(ends.filter((end) => end === 'present').length, 100);
  });

  for (const [part, ill] of [
    ['half', /[02468]$/],
    ['nine tenths', /[^7]$/],
  ] as const) {
    it(`is not one of which ${part} is ill, however often that is tried again`, async (t) => {
      const server = await useScriptedServer(t, {
        answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }),
      });
      server.script({ path: ill, times: 'always', respond: { status: 500 } });
      const client = useClient(t, server.url, { concurrency: 4, retries: 4 });
      await client.headManifest(app, parseTag('t7'), never);
      const ends = await askMany(client, 200);
      assert.equal(ends.filter((end) => end === 'present').length, part === 'half' ? 100 : 20);
    });
  }

  it('is left alone also when it answered before, and only one question finds out', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: /\/latest$/, times: 1, respond: { status: 200 } });
    server.script({ path: isManifest, times: 'always', respond: { status: 500 } });
    const client = useClient(t, server.url, { concurrency: 2, retries: 1 });
    assert.equal(await client.headManifest(app, latest, never), 'present');
    const ends = await askMany(client, 200);
    assert.ok(ends.includes('CIRCUIT_OPEN'));
    assert.ok(server.requests.length <= 22, `${server.requests.length} requests`);
    const again = server.requests.filter(({ path }) => path.endsWith('/latest'));
    assert.equal(again.length, 1 + 5, 'one question finds out, a few times');
  });

  it('is not one that says 404 and 403', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: /[02468]$/, times: 'always', respond: { status: 403 } });
    server.script({ path: isManifest, times: 'always', respond: { status: 404 } });
    const ends = await askMany(useClient(t, server.url, { concurrency: 1 }), 200);
    assert.deepEqual([...new Set(ends)].sort(), ['FORBIDDEN', 'absent']);
  });

  it('what is wrong with ourselves is said, and not asked for again and again', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: '/once', times: 'always', respond: { json: {} } });
    server.script({ path: '/ill', times: 'always', respond: { status: 500 } });
    const requests = useRequests(t, server.url, { failuresToSuspect: 3, retries: 0 });
    let read = 0;
    const fault = new RangeError('a fault of the program');
    await requests('/once', () => {
      if (++read > 1) throw fault;
    });
    for (let time = 0; time < 3; time++) await rejection(requests('/ill', assert.fail), 'SERVER_FAILED');
    await assert.rejects(requests('/ill', assert.fail), fault);
    assert.equal(server.requests.filter(({ path }) => path === '/once').length, 2);
  });

  it('is not one that was gone for a moment: a request now and then finds out', async (t) => {
    const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
    server.script({ path: isManifest, times: 15, respond: { status: 503 } });
    const started = performance.now();
    const ends = await askMany(useClient(t, server.url, { concurrency: 2 }), 100);
    assert.deepEqual(new Set(ends), new Set(['present']));
    assert.ok(performance.now() - started >= 2 + 4 + 8);
    assert.equal(server.requests.length, 115, 'what waited to be asked was not spoiled by it');
  });

  it('is not asked sooner than it says', async (t) => {
    const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
    server.script({ path: isManifest, times: 12, respond: { status: 429, headers: { 'Retry-After': '0.1' } } });
    const started = performance.now();
    const ends = await askMany(useClient(t, server.url, { concurrency: 2 }), 50);
    assert.deepEqual(new Set(ends), new Set(['present']));
    assert.ok(performance.now() - started >= 99);
  });

  it('does not hold a stopped run', async (t) => {
    const server = await useFailing(t, { status: 503, headers: { 'Retry-After': '60' } });
    const client = useClient(t, server.url, { concurrency: 2, retries: 0 });
    await askMany(client, 12);
    const stop = new AbortController();
    const waiting = [1, 2, 3].map(() => client.headManifest(app, latest, stop.signal));
    stop.abort(new Error('stopped'));
    for (const one of waiting) await rejection(one, 'CANCELLED');
    assert.equal(server.requests.length, 12);
  });
});

test('a run that has reached its deadline asks nothing more, and says so', async (t) => {
  const server = await useScriptedServer(t);
  const stop = new AbortController();
  stop.abort(new DOMException('The deadline', 'TimeoutError'));
  const client = useClient(t, server.url);
  const error = await rejection(client.headManifest(app, latest, stop.signal), 'CANCELLED');
  assert.match(error.message, /stopped or reached its deadline/);
  assert.equal(server.requests.length, 0);
});

test('many requests under one signal make no noise', async (t) => {
  const server = await useScriptedServer(t, { answer: () => ({ status: 200, headers: {}, body: Buffer.from('') }) });
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  t.after(() => process.off('warning', hear));
  const client = useClient(t, server.url, { concurrency: 64 });
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 500 }, (_, at) => client.headManifest(app, parseTag(`t${at}`), signal)));
  assert.deepEqual(warnings, []);
});
