import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { splitLinks } from '../../../src/view/linked-text.ts';

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['plain', []],
  [
    'Read https://example.org/wiki, or https://example.org/a(b)?c=1.',
    ['https://example.org/wiki', 'https://example.org/a(b)?c=1'],
  ],
  ['(see https://example.org/x)', ['https://example.org/x']],
  ['javascript:alert(1) and <a href="https://example.org/">', ['https://example.org/']],
  ['https://user:secret@example.org/', []],
  ['http://', []],
];

describe('addresses in a text', () => {
  for (const [text, hrefs] of cases) {
    it(text, () => {
      const parts = splitLinks(text);
      assert.deepEqual(
        parts.flatMap(({ href }) => href ?? []),
        hrefs,
      );
      assert.equal(parts.map((part) => part.text).join(''), text);
    });
  }
});
