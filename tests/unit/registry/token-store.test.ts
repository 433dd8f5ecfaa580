import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenStore } from '../../../src/registry/token-store.ts';

function create() {
  let now = 0;
  let asked = 0;
  const store = createTokenStore(() => now);
  const request = (lifetimeMs: number) => async () => ({ header: `Bearer ${++asked}`, askedAtMs: now, lifetimeMs });
  return { store, request, pass: (ms: number) => (now += ms), asked: () => asked };
}

test('a token lasts until ten seconds before its end', async () => {
  const { store, request, pass, asked } = create();
  assert.equal(await store.hold('a', request(60_000)), 'Bearer 1');
  pass(49_999);
  assert.equal(await store.hold('a', request(60_000)), 'Bearer 1');
  pass(1);
  assert.deepEqual(
    await Promise.all(Array.from({ length: 5 }, () => store.hold('a', request(60_000)))),
    Array(5).fill('Bearer 2'),
  );
  assert.equal(asked(), 2);
});

test('one that lives too short to be renewed in time is used for a while all the same', async () => {
  const { store, request, pass, asked } = create();
  await store.hold('a', request(1));
  pass(9999);
  await store.hold('a', request(1));
  assert.equal(asked(), 1);
});

test('a request that failed is not remembered', async () => {
  const { store, request } = create();
  await assert.rejects(
    store.hold('a', () => Promise.reject(new Error('trouble'))),
    /trouble/,
  );
  assert.equal(await store.hold('a', request(60_000)), 'Bearer 1');
});

test('only the token that was refused is dropped', async () => {
  const { store, request } = create();
  await store.hold('a', request(60_000));
  await store.drop('a', 'Bearer 0');
  assert.equal(await store.hold('a', request(60_000)), 'Bearer 1');
  await store.drop('a', 'Bearer 1');
  assert.equal(await store.hold('a', request(60_000)), 'Bearer 2');
});

test('of very many scopes the oldest tokens are let go', async () => {
  const { store, request, asked } = create();
  for (let at = 0; at < 1000; at++) await store.hold(`scope ${at}`, request(60_000));
  await store.hold('scope 999', request(60_000));
  assert.equal(asked(), 1000);
  await store.hold('scope 0', request(60_000));
  assert.equal(asked(), 1001);
});
