import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareNames, sortByName } from '../../../src/view/compare-names.ts';

describe('compareNames', () => {
  for (const sorted of [
    ['node8', 'node10', 'node24', 'node24-slim'],
    ['a', 'a/b', 'a/b/c', 'a/c', 'a-b', 'ab'],
    ['php7.4', 'php8.1', 'php8.10'],
    ['a/2', 'a/10', 'a2', 'a10'],
    ['x01', 'x1', 'x2', 'x-1', 'x-1-2'],
  ] as const) {
    it(`puts ${sorted.join(', ')} in this order`, () => {
      assert.deepEqual([...sorted].reverse().sort(compareNames), sorted);
      assert.deepEqual(
        sortByName([...sorted].reverse(), (name) => name),
        sorted,
      );
    });
  }
});
