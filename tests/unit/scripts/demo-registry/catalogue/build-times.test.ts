import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dayMs,
  formatNanoseconds,
  formatSeconds,
  newestBuildMs,
  toBuildTimes,
} from '../../../../../scripts/demo-registry/catalogue/build-times.ts';
import { parseRepositoryName, parseTag } from '../../../../../src/oci/reference.ts';

const toTimes = (name: string, ...tags: readonly string[]) => {
  const times = toBuildTimes(parseRepositoryName(name), tags.map(parseTag));
  return tags.map((tag) => times.get(parseTag(tag)) ?? Number.NaN);
};
const dayOf = (timeMs: number | undefined) => new Date(timeMs ?? Number.NaN).toISOString().slice(0, 10);

test('a date in the tag is the day of the build', () => {
  assert.equal(dayOf(toTimes('a', '1.2-20260816')[0]), '2026-08-16');
  assert.equal(dayOf(toTimes('a', '20250601')[0]), '2025-06-01');
  assert.equal(dayOf(toTimes('a', '1.2-20260816-1')[0]), '2026-08-16');
});

test('a time in the tag is the time of the build', () => {
  assert.deepEqual(toTimes('a', '2026-08-06-230932-production'), [Date.UTC(2026, 7, 6, 23, 9, 32)]);
});

test('what has no date was built between its neighbours', () => {
  const [before = 0, between = 0, after = 0] = toTimes('a', '1-20260719', '2', '2-20260726');
  assert.ok(before < between && between < after);
});

test('what comes last was built after the last date, and not later than the demo', () => {
  const [dated = 0, ...later] = toTimes('a', '1-20260816', '2', '3', '4');
  for (const [index, time] of later.entries()) {
    assert.ok(time > (later[index - 1] ?? dated), String(index));
    assert.ok(time <= newestBuildMs, String(index));
  }
});

test('the builds of an old generation are old', () => {
  for (const time of toTimes('releng/ci-jessie', '1', '2')) assert.ok(time < Date.UTC(2019, 6));
});

test('all times are whole seconds, so that every form of them says the same', () => {
  for (const time of toTimes('a', '1', '2', '3-20260816')) assert.equal(time % 1000, 0);
  assert.equal(formatSeconds(20 * dayMs), '1970-01-21T00:00:00Z');
  assert.match(formatNanoseconds(20 * dayMs), /^1970-01-21T00:00:00\.\d{9}Z$/);
});
