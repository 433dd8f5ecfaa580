import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alignText, anyStretch } from '../../../src/search/align-text.ts';

const longest = { start: (start: number) => start, whole: (start: number, end: number) => start - end };

describe('typing mistakes', () => {
  const cases: readonly (readonly [typed: string, text: string, edits: number, stretch: string])[] = [
    ['node', 'node', 0, 'node'],
    ['node', 'my-node-x', 0, 'node'],
    ['nde', 'node', 1, 'node'],
    ['noode', 'node', 1, 'node'],
    ['nade', 'node', 1, 'node'],
    ['ndoe', 'node', 1, 'node'],
    ['golnag', 'golang1.19', 1, 'golang'],
    ['memcahcde', 'memcached', 2, 'memcached'],
  ];
  for (const [typed, text, edits, stretch] of cases) {
    it(`${typed} in ${text}`, () => {
      const found = alignText(typed, text, 3, longest);
      assert.deepEqual([found?.edits, found && text.slice(found.start, found.end)], [edits, stretch]);
    });
  }

  it('too many are none', () => {
    assert.equal(alignText('golang', 'erlang', 1, anyStretch), null);
    assert.equal(alignText('golang', '', 3, anyStretch), null);
    assert.notEqual(alignText('golang', 'erlang', 2, anyStretch), null);
  });

  it('the better of two places as near is taken', () => {
    const atEnd = { start: () => 0, whole: (_: number, end: number) => -end };
    const found = alignText('nod', 'node-node', 0, atEnd);
    assert.deepEqual(found, { edits: 0, start: 5, end: 8 });
    const boundary = { start: (start: number) => (start === 1 ? 0 : 1), whole: () => 0 };
    assert.equal(alignText('bbuild', '/build', 1, boundary)?.start, 1);
  });
});
