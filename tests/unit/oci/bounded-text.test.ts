import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boundText, longestText } from '../../../src/oci/bounded-text.ts';

describe('bounded text', () => {
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['an empty one', '', 3, ''],
    ['one at the bound', 'abc', 3, 'abc'],
    ['one beyond it', 'abcdef', 3, 'abc… [3 more characters]'],
    ['a surrogate pair across the bound', 'ab😀d', 3, 'ab… [3 more characters]'],
    ['a surrogate pair before the bound', 'a😀de', 3, 'a😀… [2 more characters]'],
    ['halves of surrogate pairs', '\ud800a\udfff', 3, '\ufffda\ufffd'],
  ];
  for (const [name, text, longest, expected] of cases) {
    it(name, () => assert.equal(boundText(text, longest), expected));
  }

  it('ten megabytes become a page of text', () => {
    assert.ok(boundText('x'.repeat(10_000_000)).length < longestText + 40);
  });
});
