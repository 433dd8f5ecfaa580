import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachConcurrently } from '../../../src/crawl/for-each-concurrently.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('runs every task, so many at once', async () => {
  let underWay = 0;
  let most = 0;
  const done: number[] = [];
  await forEachConcurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++underWay);
    await turn();
    underWay--;
    done.push(item);
  });
  assert.equal(most, 3);
  assert.deepEqual(done, [1, 2, 3, 4, 5, 6, 7]);
});

test('takes what is added while it runs', async () => {
  const items = new Set([1]);
  const done: number[] = [];
  await forEachConcurrently(items, 1, async (item) => {
    done.push(item);
    if (item < 4) items.add(item + 1);
  });
  assert.deepEqual(done, [1, 2, 3, 4]);
});

test('stops at the first failure, and is not over before what had begun is', async () => {
  const ended: number[] = [];
  const begun: number[] = [];
  const run = forEachConcurrently([1, 2, 3, 4, 5, 6], 3, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('the first');
    await turn();
    await turn();
    ended.push(item);
    if (item === 2) throw new Error('the second');
  });
  await assert.rejects(run, /the first/);
  assert.deepEqual(begun, [1, 2, 3]);
  assert.deepEqual(ended, [2, 3]);
});

test('of nothing is over at once', async () => {
  await forEachConcurrently([], 0, () => assert.fail('there is nothing to do'));
});
