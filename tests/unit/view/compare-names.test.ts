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

describe('sortByName', () => {
  it('leaves what has the same name in the order in which it comes', () => {
    const items = ['b 1', 'a 1', 'b 2', 'a 2', 'a 3'];
    const sorted = sortByName(items, (item) => item.charAt(0));
    assert.deepEqual(sorted, ['a 1', 'a 2', 'a 3', 'b 1', 'b 2']);
    assert.equal(items[0], 'b 1', 'what it was given stays');
  });
});
