import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addBytes, mostBytes, multiplyBytes, sumBytes } from '../../../src/oci/byte-count.ts';

const sums: readonly (readonly [what: string, sum: number, expected: number])[] = [
  ['two', addBytes(31_457_281, 1), 31_457_282],
  ['all that a number can say', addBytes(mostBytes - 1, 1), mostBytes],
  ['one more', addBytes(mostBytes, 1), mostBytes],
  ['twice all', addBytes(mostBytes, mostBytes), mostBytes],
  ['so many times', multiplyBytes(3, 4), 12],
  ['too many times', multiplyBytes(mostBytes, 1000), mostBytes],
  ['none', sumBytes([], Number), 0],
  ['several', sumBytes(['1', '2', '3'], Number), 6],
  ['several that are too much', sumBytes([mostBytes, 1, mostBytes, 1], Number), mostBytes],
];

for (const [what, sum, expected] of sums) test(`bytes together: ${what}`, () => assert.equal(sum, expected));
