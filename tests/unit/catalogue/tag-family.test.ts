import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toTagFamily } from '../../../src/catalogue/tag-family.ts';

const keyOf = (tag: string) => JSON.stringify([toTagFamily(tag).flavour, toTagFamily(tag).line]);

describe('one line', () => {
  for (const [a, b] of [
    ['20260222', '20260816'],
    ['2026-02-22', '20260816'],
    ['1.2.3', '1.10'],
    ['24.18.0-s1-20261109', '24.19.0'],
    ['3.12-slim', '3.13.1-slim-20260101'],
    ['v1.2', '1.3'],
    ['bookworm-20260222', 'bookworm-20260816'],
    ['1.0-rc1', '1.1-rc2'],
  ] as const) {
    it(`${a} and ${b}`, () => assert.equal(keyOf(a), keyOf(b)));
  }
});

describe('two lines', () => {
  for (const [a, b] of [
    ['1.2', '2.0'],
    ['1.2', '1.2-slim'],
    ['1.2', '1.3-rc1'],
    ['3.12-bookworm', '3.12-trixie'],
    ['20260222', '1.0'],
    ['latest', 'stable'],
    ['bookworm-20260222', 'trixie-20260222'],
  ] as const) {
    it(`${a} and ${b}`, () => assert.notEqual(keyOf(a), keyOf(b)));
  }
});

it('whole numbers are told apart from versions', () => {
  assert.deepEqual(
    ['1', 'v2', '3-20260101', '1.0', '1-slim', 'latest'].map((tag) => toTagFamily(tag).isWholeNumber),
    [true, true, false, false, true, false],
  );
});
