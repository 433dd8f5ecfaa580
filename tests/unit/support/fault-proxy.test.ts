import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnswer } from '../../../scripts/demo-registry/server/answer.ts';
import { exchange } from '../../support/exchange.ts';
import { type FaultKind, faultKinds } from '../../support/fault-proxy.ts';
import { useFaultProxy, useScriptedServer } from '../../support/use-server.ts';

const body = 'twelve bytes';

async function ask(url: string): Promise<string> {
  const answer = await exchange(`${url}/v2/`).catch((error: { readonly code?: string }) => error.code ?? 'failed');
  return typeof answer === 'string' ? answer : `${answer.status} ${answer.text.trim()}`;
}

const outcomes: Readonly<Record<FaultKind, string>> = {
  'error-500': '500 This answer was spoiled by the fault proxy.',
  'error-503': '503 This answer was spoiled by the fault proxy.',
  'error-429': '429 This answer was spoiled by the fault proxy.',
  cut: 'ECONNRESET',
  'cut-body': 'ECONNRESET',
  truncate: '200 twelve',
  delay: `200 ${body}`,
};

for (const kind of faultKinds) {
  test(`${kind} spoils the answer`, async (t) => {
    const { url } = await useScriptedServer(t, { answer: () => createAnswer(200, {}, body) });
    const proxy = await useFaultProxy(t, url, { seed: 's', rate: 1, kinds: [kind] });
    assert.equal(await ask(proxy.url), outcomes[kind]);
    assert.deepEqual(proxy.faults, [{ kind, method: 'GET', target: '/v2/' }]);
    proxy.heal();
    assert.equal(await ask(proxy.url), `200 ${body}`);
    assert.equal(proxy.requestCount, 2);
  });
}

test('Retry-After says what it shall', async (t) => {
  const { url } = await useScriptedServer(t, { answer: () => createAnswer(200) });
  const proxy = await useFaultProxy(t, url, { seed: 's', rate: 1, kinds: ['error-429'], retryAfterSeconds: 7 });
  assert.equal((await exchange(proxy.url)).headers['retry-after'], '7');
});

test('the same seed spoils the same requests, in whatever order they come', async (t) => {
  const { url } = await useScriptedServer(t, { answer: () => createAnswer(200) });
  const targets = Array.from({ length: 200 }, (_, index) => `/v2/r${index}/tags/list`);
  const spoiledBy = async (seed: string, order: readonly string[]) => {
    const proxy = await useFaultProxy(t, url, { seed, rate: 0.2, kinds: ['error-500', 'error-503'] });
    for (const target of order) await exchange(`${proxy.url}${target}`);
    return proxy.faults.map(({ kind, target }) => `${target} ${kind}`).sort();
  };
  const one = await spoiledBy('one', targets);
  assert.ok(one.length > 20 && one.length < 60, String(one.length));
  assert.deepEqual(await spoiledBy('one', targets.toReversed()), one);
  assert.notDeepEqual(await spoiledBy('two', targets), one);
});

test('a request that is repeated gets another chance', async (t) => {
  const { url } = await useScriptedServer(t, { answer: () => createAnswer(200) });
  const proxy = await useFaultProxy(t, url, { seed: 's', rate: 0.5, kinds: ['error-500'] });
  const statuses = new Set<number>();
  for (let attempt = 0; attempt < 20; attempt += 1) statuses.add((await exchange(`${proxy.url}/v2/`)).status);
  assert.deepEqual([...statuses].sort(), [200, 500]);
});

test('passes everything else through, bodies and the host included', async (t) => {
  const { url } = await useScriptedServer(t, {
    answer: (request, origin) =>
      createAnswer(201, { Location: `${origin}/next` }, `${request.method} ${Buffer.from(request.body)}`),
  });
  const proxy = await useFaultProxy(t, url, { seed: 's', rate: 0 });
  const answer = await exchange(`${proxy.url}/upload`, { method: 'PUT', body: 'bytes' });
  assert.equal(answer.status, 201);
  assert.equal(answer.text, 'PUT bytes');
  assert.equal(answer.headers.location, `${proxy.url}/next`);
});
