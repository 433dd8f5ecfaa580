import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toMistypedName } from '../../../src/search/mistyped-name.ts';

const cases: readonly (readonly [path: string, base: string, name: string | null])[] = [
  ['/releng/nod24/tags/', '/', 'releng/nod24'],
  ['/releng/nod24/tags', '/', 'releng/nod24'],
  ['/images/releng/nod24/', '/images/', 'releng/nod24'],
  ['/Corends/tags/index.html', '/', 'corends'],
  ['/corends/tag/', '/', 'corends'],
  ['/corends', '/', 'corends'],
  ['/a/b/-/sha256/00/', '/', 'a/b'],
  ['/-/statuss/', '/', null],
  ['/', '/', null],
  ['/%E0%A4%A', '/', null],
  ['/<script>alert(1)</script>', '/', null],
  ['/elsewhere', '/images/', null],
  [`/${'x'.repeat(5000)}/tags/`, '/', null],
];

describe('the name that was probably meant', () => {
  for (const [path, base, name] of cases) {
    it(`${path.slice(0, 60)} -> ${name}`, () => assert.equal(toMistypedName(path, base), name));
  }
});
