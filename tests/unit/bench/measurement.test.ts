import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatMeasurement } from '../../bench/format-results.ts';
import { isWithinLimit, type Measurement } from '../../bench/measurement.ts';

const base: Measurement = { step: 'a step', taken: null, value: 125, unit: 'ms', limit: null, notes: [] };

it('holds a measurement against its limit', () => {
  const limit = { what: 'the floor', value: 100, times: 1.25 };
  assert.equal(isWithinLimit(base), null);
  assert.equal(isWithinLimit({ ...base, limit }), true);
  assert.equal(isWithinLimit({ ...base, value: 126, limit }), false);
});

it('says how far it is from the limit', () => {
  const limit = { what: 'the floor', value: 100, times: 1.25 };
  assert.equal(
    formatMeasurement({ ...base, value: 250, limit }),
    '  OVER  a step: 250 ms, 2.50 (at most 1.25) of the floor',
  );
  assert.equal(formatMeasurement({ ...base, notes: ['and more'] }), '        a step: 125 ms\n        and more');
});
