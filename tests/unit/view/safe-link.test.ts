import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toSafeHref } from '../../../src/view/safe-link.ts';

describe('toSafeHref', () => {
  for (const [text, href] of [
    ['https://git.example.org/a?b=c#d', 'https://git.example.org/a?b=c#d'],
    ['  http://example.org  ', 'http://example.org/'],
    ['HTTPS://EXAMPLE.org/A', 'https://example.org/A'],
    ['https://exämple.org/', 'https://xn--exmple-cua.org/'],
    ['https://example.org/"><script>', 'https://example.org/%22%3E%3Cscript%3E'],
    ['javascript:alert(1)', null],
    ['java\nscript:alert(1)', null],
    ['data:text/html,<script>', null],
    ['vbscript:x', null],
    ['//example.org', null],
    ['/relative', null],
    ['example.org', null],
    ['mailto:a@example.org', null],
    ['ssh://git@example.org/a', null],
    ['https://user:password@example.org/', null],
    ['https://user@example.org/', null],
    ['https://', null],
    ['http://[::1', null],
    [`https://example.org/${'x'.repeat(2000)}`, null],
    ['', null],
  ] as const) {
    it(`${JSON.stringify(text.slice(0, 50))} is ${href === null ? 'no link' : 'a link'}`, () => {
      assert.equal(toSafeHref(text), href);
    });
  }
});
