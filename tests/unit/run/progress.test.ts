import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../../../src/run/progress.ts';

test('says how many of how many, the rate and the time left; paints seldom, but always the last', () => {
  const painted: string[] = [];
  let nowMs = 0;
  const progress = createProgress({ write: (text) => painted.push(text), now: () => nowMs });
  const show = (done: number, atMs: number) => {
    nowMs = atMs;
    progress.show('Reading', done, 100);
  };
  show(1, 0);
  show(2, 50);
  show(20, 2000);
  show(100, 2001);
  progress.clear();
  progress.clear();
  assert.deepEqual(
    painted.map((text) => text.replace('\r\u001b[K', '')),
    ['Reading: 1 of 100', 'Reading: 20 of 100 (10/s, 8 s left)', 'Reading: 100 of 100 (50/s, 0 s left)', ''],
  );
});
