import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompactNames } from '../../../src/search/compact-names.ts';

const names = ['php8.1-fpm', 'releng/quibble-jessie', 'cert-manager/build', 'a-b-c-d-e-f'];
const found = (typed: string) =>
  [...new CompactNames(names).find(typed)].map(({ position, spans }) => {
    const name = names[position] ?? '';
    return spans.map(([start, end]) => name.slice(start, end)).join();
  });

describe('names without their separators', () => {
  const cases: readonly (readonly [typed: string, found: readonly string[]])[] = [
    ['php81fpm', ['php8.1-fpm']],
    ['php-81.fpm', ['php8.1-fpm']],
    ['81fpm', ['8.1-fpm']],
    ['certmanager build', ['cert-manager/build']],
    ['relengquibble', ['releng/quibble']],
    ['bcdef', ['b-c-d-e-f']],
    ['ejessie', []],
    ['fpm', []],
    ['...', []],
  ];
  for (const [typed, expected] of cases) it(typed, () => assert.deepEqual(found(typed), expected));
});
