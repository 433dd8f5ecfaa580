import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatSize, formatTotal } from '../../../src/search/format-facts.ts';

describe('sizes', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.23 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [182_000_000, '182 MB'],
    [18_200_000, '18.2 MB'],
    [1_050_000_000, '1.05 GB'],
    [2e15, '2000 TB'],
  ];
  for (const [size, expected] of cases) {
    it(expected, () => assert.equal(formatSize(size), expected.replace(' ', '\u00a0')));
  }
});

it('counts of results', () => {
  const answer = { text: '', results: [], suggestions: [], notice: null };
  const cases: readonly (readonly [number, boolean, string])[] = [
    [0, true, 'No results'],
    [1, true, '1 result'],
    [1234567, true, '1,234,567 results'],
    [400, false, 'at least 400 results'],
  ];
  for (const [total, isTotalExact, expected] of cases) {
    assert.equal(formatTotal({ ...answer, total, isTotalExact }), expected);
  }
});
