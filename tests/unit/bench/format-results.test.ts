import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeScale, formatResults, scaleStep, type WorldResult } from '../../bench/format-results.ts';
import { type WorldName, worlds } from '../../bench/worlds.ts';

function result(name: WorldName, msPerTag: number): WorldResult {
  const measurement = {
    step: scaleStep,
    taken: null,
    value: msPerTag,
    unit: 'ms a tag',
    limit: null,
    notes: [],
  } as const;
  return { world: worlds[name], measurements: [measurement] };
}

test('what was measured before on the same machine stays, in the order of the worlds', () => {
  const machine = ['2 processors'];
  const first = formatResults([result('S', 3), result('M', 2)], machine);
  const both = formatResults([result('L', 2.1), result('M', 2.5)], machine, first);
  assert.deepEqual(
    [...both.matchAll(/^## (\w+)/gm)].map(([, name]) => name),
    ['S', 'M', 'L', 'Scale'],
  );
  assert.match(both, /cost of a tag \| 2\.500 ms/);
  assert.doesNotMatch(both, /cost of a tag \| 2\.000 ms/);
  assert.equal(formatResults([result('M', 2.5)], machine, both), both, 'once more changes nothing');
  const elsewhere = formatResults([result('L', 2.1)], ['4 processors'], both);
  assert.deepEqual(
    [...elsewhere.matchAll(/^## (\w+)/gm)].map(([, name]) => name),
    ['L'],
  );
});

test('a tag may cost a fifth more or less than the mean of all worlds', () => {
  const cases: readonly [values: readonly number[], holds: boolean][] = [
    [[1, 1, 1], true],
    [[0.81, 1, 1.19], true],
    [[0.7, 1, 1.3], false],
    [[1, 1, 2], false],
  ];
  for (const [values, holds] of cases) {
    assert.equal(describeScale(values.map((value, at) => ({ name: `${at}`, value }))).holds, holds, values.join(' '));
  }
});
