import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { createAnswer } from '../../../../../scripts/demo-registry/server/answer.ts';
import { createScriptedServer } from '../../../../../scripts/demo-registry/server/scripted-server.ts';
import { exchange } from '../../../../support/exchange.ts';
import { useScriptedServer } from '../../../../support/use-server.ts';

test('answers what the script says', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path: '/token', respond: { status: 201, headers: { 'X-A': ['1', '2'] }, body: 'hello' } });
  const answer = await exchange(`${server.url}/token`);
  assert.equal(answer.status, 201);
  assert.equal(answer.headers['x-a'], '1, 2');
  assert.equal(answer.headers['content-length'], '5');
  assert.equal(answer.text, 'hello');
});

test('records requests with their bodies and what became of them', async (t) => {
  const server = await useScriptedServer(t);
  server.script(
    { path: '/a', respond: { status: 204 } },
    { path: '/b', respond: { cut: 'before-headers', status: 200 } },
  );
  await exchange(`${server.url}/a?x=1`, { method: 'POST', headers: { Authorization: 'secret' }, body: 'form' });
  await assert.rejects(exchange(`${server.url}/b`));
  const [first, second] = server.requests;
  assert.ok(first && second);
  assert.equal(`${first.method} ${first.target} ${first.path} ${first.query.get('x')}`, 'POST /a?x=1 /a 1');
  assert.equal(first.headers.authorization, 'secret');
  assert.equal(Buffer.from(first.body).toString(), 'form');
  assert.equal(first.status, 204);
  assert.equal(second.status, null);
});

test('an unscripted request gets 501 and fails the test', async () => {
  const server = createScriptedServer();
  const url = await server.listen();
  assert.equal((await exchange(`${url}/surprise`)).status, 501);
  assert.throws(server.assertScriptUsed, /unexpected request: GET \/surprise/);
  await assert.rejects(server.close(), /unexpected request/);
});

test('an unused entry fails close, and the server is closed nevertheless', async () => {
  const server = createScriptedServer();
  const url = await server.listen();
  server.script({ path: '/never', respond: {} });
  await assert.rejects(server.close(), /any method \/never: used 0 of 1 times/);
  await assert.rejects(exchange(`${url}/never`), { code: 'ECONNREFUSED' });
});

test('an error while answering fails the test', async () => {
  const server = createScriptedServer({
    answer: () => {
      throw new Error('defect');
    },
  });
  const url = await server.listen();
  await assert.rejects(exchange(`${url}/`));
  await assert.rejects(server.close(), /GET \/: Error: defect/);
});

test('what is not scripted goes to the own answers, which may be altered', async (t) => {
  const server = await useScriptedServer(t, {
    answer: ({ path }, origin) => createAnswer(200, { 'X-Origin': origin }, path),
  });
  server.script({ path: '/a', respond: { alter: (answer) => ({ ...answer, status: 203 }) } });
  assert.equal((await exchange(`${server.url}/a`)).status, 203);
  const plain = await exchange(`${server.url}/a`);
  assert.equal(plain.status, 200);
  assert.equal(plain.text, '/a');
  assert.equal(plain.headers['x-origin'], server.url);
});

test('HEAD has the headers and no body', async (t) => {
  const server = await useScriptedServer(t, { answer: () => createAnswer(200, {}, 'four') });
  const answer = await exchange(server.url, { method: 'HEAD' });
  assert.equal(answer.headers['content-length'], '4');
  assert.equal(answer.text, '');
});

test('a body may lie about its length', async (t) => {
  const server = await useScriptedServer(t);
  server.script({ path: '/', respond: { headers: { 'Content-Length': '10' }, body: 'short', cut: { afterBytes: 5 } } });
  await assert.rejects(exchange(server.url), { code: 'ECONNRESET' });
});

const whole = 'x'.repeat(200_000);
const cuts = [
  ['before-headers', null, 0],
  ['after-headers', 200, 0],
  [{ afterBytes: 70_000 }, 200, 70_000],
] as const;
for (const [cut, status, bytes] of cuts) {
  test(`cuts ${JSON.stringify(cut)}`, async (t) => {
    const server = await useScriptedServer(t, { answer: () => createAnswer(200, {}, whole) });
    server.script({ path: '/', respond: { cut } });
    let received = 0;
    const outgoing = request(server.url).end();
    if (status === null) {
      await assert.rejects(once(outgoing, 'response'), { code: 'ECONNRESET' });
      return;
    }
    const [response] = await once(outgoing, 'response');
    assert.equal(response.statusCode, status);
    const read = async () => {
      for await (const chunk of response) received += chunk.length;
    };
    await assert.rejects(read, { code: 'ECONNRESET' });
    assert.equal(received, bytes);
  });
}

test('stalls where it is told to, until the server closes', async () => {
  const server = createScriptedServer();
  const url = await server.listen();
  server.script({ path: '/', respond: { body: 'half and half', stall: { afterBytes: 4 } } });
  const [response] = await once(request(url).end(), 'response');
  const [chunk] = await once(response, 'data');
  assert.equal(chunk.toString(), 'half');
  const ended = once(response, 'aborted');
  await server.close();
  await ended;
});

test('waits at a gate that the test opens', async (t) => {
  const server = await useScriptedServer(t, { answer: () => createAnswer(200) });
  const gate = Promise.withResolvers<void>();
  server.script({ path: '/slow', respond: { after: gate.promise } });
  const order: string[] = [];
  const slow = exchange(`${server.url}/slow`).then(() => order.push('slow'));
  assert.equal((await server.received(({ path }) => path === '/slow')).status, null);
  await exchange(`${server.url}/fast`).then(() => order.push('fast'));
  gate.resolve();
  await slow;
  assert.deepEqual(order, ['fast', 'slow']);
});

test('received resolves for a request of the past as well', async (t) => {
  const server = await useScriptedServer(t, { answer: () => createAnswer(200) });
  await exchange(`${server.url}/past`);
  assert.equal((await server.received(({ path }) => path === '/past')).path, '/past');
});

test('remembers no request when it shall not', async (t) => {
  const server = await useScriptedServer(t, { answer: () => createAnswer(200), recordsRequests: false });
  const coming = server.received(() => true);
  await exchange(`${server.url}/a`);
  assert.equal((await coming).path, '/a');
  assert.deepEqual(server.requests, []);
});

test('the address is known only while it listens', () => {
  assert.throws(() => createScriptedServer().url, /does not listen/);
});

test('a client that leaves in the middle of its request is no error', async (t) => {
  const server = await useScriptedServer(t, { answer: () => createAnswer(200) });
  const outgoing = request(server.url, { method: 'PUT', headers: { 'Content-Length': 10 } });
  outgoing.on('error', () => {});
  outgoing.write('five5', () => outgoing.destroy());
  await new Promise((resolve) => outgoing.on('close', resolve));
  await exchange(`${server.url}/after`);
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/after'],
  );
});
