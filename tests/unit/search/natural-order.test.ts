import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareNaturally } from '../../../src/search/natural-order.ts';

it('names in natural order', () => {
  const ordered = [
    'a',
    'a/b',
    'a/b/c',
    'a-b',
    'a10',
    'a9',
    'a1',
    'a01',
    'a.b',
    'coredns',
    'coredns1.12',
    'coredns1.11',
    'node24',
    'node24/x',
    'node24-test',
    'node8',
    'nodejs',
  ];
  const expected = ordered.toSorted(compareNaturally);
  assert.deepEqual(ordered.toReversed().toSorted(compareNaturally), expected);
  const place = (name: string) => expected.indexOf(name);
  for (const [before, after] of [
    ['a', 'a/b'],
    ['a/b', 'a-b'],
    ['a10', 'a9'],
    ['a9', 'a1'],
    ['coredns', 'coredns1.12'],
    ['coredns1.12', 'coredns1.11'],
    ['node24/x', 'node24-test'],
    ['node24-test', 'node8'],
  ] as const) {
    assert.ok(place(before) < place(after), `${before} before ${after}`);
  }
});

it('numbers too long to be numbers', () => {
  const [small, large] = [`a${'9'.repeat(30)}`, `a1${'0'.repeat(30)}`];
  assert.ok(compareNaturally(large, small) < 0);
});
