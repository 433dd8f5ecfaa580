import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawBetween, drawFraction, drawOne } from '../../../../../scripts/demo-registry/catalogue/seeded.ts';

test('the same keys give the same number, on every host', () => {
  assert.equal(drawFraction('a', 1), drawFraction('a', 1));
  assert.equal(drawFraction('a', 1).toFixed(6), '0.597812');
});

test('other keys give another number', () => {
  const drawn = new Set(
    ['a', 'b', 'ab', ''].flatMap((key) => [drawFraction(key), drawFraction(key, 1), drawFraction(1, key)]),
  );
  assert.equal(drawn.size, 12);
});

test('numbers are spread evenly', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 10_000; index += 1) {
    const tenth = Math.floor(drawFraction('spread', index) * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) assert.ok(count > 850 && count < 1150, String(tenths));
});

test('draws stay within their bounds', () => {
  for (let index = 0; index < 1000; index += 1) {
    const number = drawBetween(3, 5, index);
    assert.ok(number >= 3 && number < 5);
    assert.ok(['x', 'y'].includes(drawOne(['x', 'y'], index)));
  }
});
