import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { compareNames } from '../../src/view/compare-names.ts';

const name = fc.stringMatching(/^[a-b0-2._/-]{1,6}$/);

it('is a total order', () => {
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      assert.ok(Math.sign(compareNames(a, b)) === -Math.sign(compareNames(b, a)), `${a} ${b}`);
      assert.equal(compareNames(a, b) === 0, a === b);
      if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) assert.ok(compareNames(a, c) <= 0, `${a} ${b} ${c}`);
    }),
    { numRuns: 20_000 },
  );
});
