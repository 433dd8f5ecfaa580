import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexNumbers } from '../../../src/catalogue/number-index.ts';

test('each number has a place of its own, in order, and others have none', () => {
  const numbers = fc.array(fc.array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.maxSafeNat())));
  fc.assert(
    fc.property(numbers, fc.array(fc.integer({ min: -30, max: 30 })), (lists, others) => {
      const distinct = [...new Set(lists.flat())].sort((a, b) => a - b);
      const index = indexNumbers(lists);
      assert.equal(index.count, distinct.length);
      assert.deepEqual(
        distinct.map((number) => index.placeOf(number)),
        distinct.map((_, at) => at),
      );
      for (const other of others) assert.equal(index.placeOf(other), distinct.indexOf(other));
    }),
  );
});
