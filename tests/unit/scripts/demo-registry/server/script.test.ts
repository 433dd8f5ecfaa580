import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnswer } from '../../../../../scripts/demo-registry/server/answer.ts';
import type { ReceivedRequest } from '../../../../../scripts/demo-registry/server/received-request.ts';
import {
  createScript,
  resolveAnswer,
  type ScriptEntry,
  type ScriptedResponse,
} from '../../../../../scripts/demo-registry/server/script.ts';

const toRequest = (method: string, target: string): ReceivedRequest => {
  const [path = '', query = ''] = target.split('?');
  return { method, target, path, query: new URLSearchParams(query), headers: {}, body: Buffer.from('') };
};

const matches: readonly (readonly [path: ScriptEntry['path'], target: string, expected: boolean])[] = [
  ['/v2/', '/v2/', true],
  ['/v2/', '/v2/?a=1', true],
  ['/v2/', '/v2/x', false],
  ['/v2/?a=1', '/v2/?a=1', true],
  ['/v2/?a=1', '/v2/', false],
  ['/v2/?a=1', '/v2/?a=2', false],
  [/tags\/list$/, '/v2/a/tags/list', true],
  [/n=1000/, '/v2/_catalog?n=1000', true],
  [/n=1000/, '/v2/_catalog', false],
  [({ query }) => query.get('last') === 'a', '/v2/_catalog?last=a&n=1', true],
  [({ query }) => query.get('last') === 'a', '/v2/_catalog', false],
];

for (const [path, target, expected] of matches) {
  test(`${path} ${expected ? 'matches' : 'does not match'} ${target}`, () => {
    const script = createScript();
    script.add({ path, respond: { status: 418 } });
    assert.equal(script.take(toRequest('GET', target)) !== undefined, expected);
  });
}

test('a RegExp with a position matches every time', () => {
  const script = createScript();
  script.add({ path: /a/g, times: 2, respond: {} });
  assert.ok(script.take(toRequest('GET', '/a')));
  assert.ok(script.take(toRequest('GET', '/a')));
});

test('a method matches only itself', () => {
  const script = createScript();
  script.add({ method: 'HEAD', path: '/', respond: {} });
  assert.equal(script.take(toRequest('GET', '/')), undefined);
  assert.ok(script.take(toRequest('HEAD', '/')));
});

test('entries are used in their order, each as often as it says', () => {
  const script = createScript();
  const [first, second] = [{ status: 500 }, { status: 429 }];
  script.add({ path: '/', respond: first }, { path: '/', times: 2, respond: second });
  const taken = Array.from({ length: 4 }, () => script.take(toRequest('GET', '/')));
  assert.deepEqual(taken, [first, second, second, undefined]);
});

test('what is unused is named, with how often it was wanted', () => {
  const script = createScript();
  script.add(
    { path: '/once', respond: {} },
    { method: 'GET', path: /thrice/, times: 3, respond: {} },
    { path: '/always', times: 'always', respond: {} },
    { path: '/used', respond: {} },
  );
  script.take(toRequest('GET', '/used'));
  script.take(toRequest('GET', '/thrice'));
  assert.throws(script.assertUsed, (error: Error) => {
    assert.match(error.message, /any method \/once: used 0 of 1 times/);
    assert.match(error.message, /GET \/thrice\/: used 1 of 3 times/);
    assert.match(error.message, /\/always: used 0 of 1 times/);
    assert.doesNotMatch(error.message, /\/used/);
    return true;
  });
});

test('nothing is unused when all was asked for', () => {
  const script = createScript();
  script.add({ path: '/', times: 'always', respond: {} });
  for (let count = 0; count < 5; count += 1) assert.ok(script.take(toRequest('GET', '/')));
  script.assertUsed();
});

const own = createAnswer(200, { ETag: '"own"' }, 'own');
const answers: readonly (readonly [what: string, response: ScriptedResponse, status: number, body: string])[] = [
  ['nothing described: the own answer', {}, 200, 'own'],
  ['only a cut: the own answer', { cut: 'after-headers' }, 200, 'own'],
  ['a status alone', { status: 503 }, 503, ''],
  ['a body alone', { body: 'other' }, 200, 'other'],
  ['JSON', { json: { a: 1 } }, 200, '{"a":1}'],
  ['null is JSON too', { json: null }, 200, 'null'],
  ['the own answer altered', { alter: (answer) => ({ ...answer, status: 206 }) }, 206, 'own'],
  [
    'the described one altered',
    { status: 404, alter: (answer) => ({ ...answer, status: answer.status + 1 }) },
    405,
    '',
  ],
];

for (const [what, response, status, body] of answers) {
  test(`resolveAnswer: ${what}`, () => {
    const answer = resolveAnswer(response, toRequest('GET', '/'), () => own);
    assert.equal(answer.status, status);
    assert.ok(answer.body instanceof Uint8Array);
    assert.equal(Buffer.from(answer.body).toString(), body);
  });
}

test('JSON keeps a content type that the script gives', () => {
  const type = (response: ScriptedResponse) => resolveAnswer(response, toRequest('GET', '/'), () => own).headers;
  assert.deepEqual(type({ json: 1 }), { 'Content-Type': 'application/json' });
  assert.deepEqual(type({ json: 1, headers: { 'content-type': 'text/plain' } }), { 'content-type': 'text/plain' });
});
