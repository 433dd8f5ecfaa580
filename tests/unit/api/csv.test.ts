import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeCsv, formatCsvCell } from '../../../src/api/csv.ts';

describe('a cell', () => {
  const cases: readonly (readonly [string | number | null, string])[] = [
    ['1.2.3', '1.2.3'],
    [null, ''],
    [-5, '-5'],
    ['a,b', '"a,b"'],
    ['a "b"', '"a ""b"""'],
    ['=1+1', `"'=1+1"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\tx', `"'\tx"`],
    ['\r=x', `"'\r=x"`],
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ['\uff1d1', `"'\uff1d1"`],
  ];
  for (const [value, expected] of cases) {
    it(`${JSON.stringify(value)} is ${JSON.stringify(expected)}`, () => assert.equal(formatCsvCell(value), expected));
  }
});

it('rows end as RFC 4180 wants them to', () => {
  assert.equal(
    encodeCsv([
      ['a', 'b'],
      [1, null],
    ]),
    'a,b\r\n1,\r\n',
  );
});
