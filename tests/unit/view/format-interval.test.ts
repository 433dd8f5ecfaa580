import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatInterval } from '../../../src/view/format-interval.ts';

const cases: readonly (readonly [string | null, string, string])[] = [
  ['2026-11-20T13:07:31Z', '2026-11-20T14:07:30Z', 'between 13:07 and 14:07 UTC on 2026-11-20'],
  ['2026-11-19T23:07:31Z', '2026-11-20T00:07:30Z', 'between 2026-11-19 23:07 and 2026-11-20 00:07 UTC'],
  ['2026-11-20T14:07:01Z', '2026-11-20T14:07:30Z', 'at 2026-11-20 14:07 UTC'],
  [null, '2026-11-20T14:07:30Z', 'before 2026-11-20 14:07 UTC'],
];
for (const [notBefore, notAfter, expected] of cases) {
  it(expected, () => assert.equal(formatInterval({ notBefore, notAfter }), expected));
}
