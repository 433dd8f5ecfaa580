import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { formatDay, formatLong, formatMinute } from '../../../src/view/format-date.ts';

describe('dates', () => {
  for (const [at, day, minute, long] of [
    ['2026-08-16T13:07:42Z', '2026-08-16', '2026-08-16 13:07', '16 August 2026, 13:07 UTC'],
    ['2026-01-01T00:00:00Z', '2026-01-01', '2026-01-01 00:00', '1 January 2026, 00:00 UTC'],
    ['2026-12-31T23:59:59Z', '2026-12-31', '2026-12-31 23:59', '31 December 2026, 23:59 UTC'],
    ['2024-02-29T23:30:00Z', '2024-02-29', '2024-02-29 23:30', '29 February 2024, 23:30 UTC'],
    // The hour that does not exist in Berlin, and the one that exists twice in New York.
    ['2026-03-29T02:30:00Z', '2026-03-29', '2026-03-29 02:30', '29 March 2026, 02:30 UTC'],
    ['2026-11-01T05:30:00Z', '2026-11-01', '2026-11-01 05:30', '1 November 2026, 05:30 UTC'],
  ] as const) {
    it(`${at} is ${long}`, () => {
      assert.equal(formatDay(at), day);
      assert.equal(formatMinute(at), minute);
      assert.equal(formatLong(at), long);
    });
  }

  it('are the same in every time zone', () => {
    const module = import.meta.resolve('../../../src/view/format-date.ts');
    const program = `const { formatLong } = await import(${JSON.stringify(module)});
      for (const at of ['2026-03-29T02:30:00Z', '2026-12-31T23:59:59Z', '2026-11-01T05:30:00Z']) console.log(formatLong(at));`;
    const outputs = ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin', 'America/New_York'].map(
      (zone) => {
        const options = { env: { ...process.env, TZ: zone, LANG: 'de_DE.UTF-8' }, encoding: 'utf8' } as const;
        const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
        assert.equal(status, 0);
        return stdout;
      },
    );
    assert.match(outputs[0] ?? '', /31 December 2026, 23:59 UTC/);
    assert.equal(new Set(outputs).size, 1);
  });
});
