import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  coldCrawlStep,
  describeScale,
  firstRunStep,
  formatResults,
  scaleStep,
  type WorldResult,
} from '../../bench/format-results.ts';
import { countTags, type WorldName, worlds } from '../../bench/worlds.ts';

function result(name: WorldName, msPerTag: number, firstRunMs = 100 * countTags(worlds[name])): WorldResult {
  const common = { taken: null, limit: null, notes: [] } as const;
  return {
    world: worlds[name],
    measurements: [
      { ...common, step: scaleStep, value: msPerTag, unit: 'ms a tag' },
      { ...common, step: firstRunStep, value: firstRunMs, unit: 'ms' },
      {
        ...{ ...common, step: coldCrawlStep, value: 1200, unit: 'ms' },
        limit: { what: 'the floor', value: 1000, times: 1.25 },
      },
    ],
  };
}

test('what was measured before stays, in the order of the worlds', () => {
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
  const elsewhere = formatResults([result('L', 2.1)], ['4 processors', 'much memory'], both);
  assert.deepEqual(
    [...elsewhere.matchAll(/^## (\w+).*\n\nMeasured on: (.*)$/gm)].map(([, name, machine]) => [name, machine]),
    [
      ['S', '2 processors'],
      ['M', '2 processors'],
      ['L', '4 processors; much memory'],
    ],
  );
  assert.match(
    elsewhere,
    /## Scale\n\n- ok: .*: S 1\.09, M 0\.91\n[\s\S]*\n\nNot compared, .*: L\.\n$/,
    'of one machine',
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
    const costs = values.map((msPerTag, at) => {
      const tags = 10 ** at;
      return { name: `${at}`, msPerTag, firstRunMs: tags, repositories: tags / 10, tags, crawlRatio: msPerTag };
    });
    assert.equal(describeScale(costs)[0]?.holds, holds, values.join(' '));
    assert.equal(describeScale(costs)[2]?.holds, holds, 'beside the floors as well');
  }
});

test('what a further tag takes leaves out what every first run takes, and compares no worlds of about one size', () => {
  const cases: readonly [
    runs: readonly (readonly [tags: number, firstRunMs: number])[],
    said: string,
    holds: boolean,
  ][] = [
    [
      [
        [100, 1100],
        [1000, 2000],
        [10_000, 11_000],
      ],
      'a to b 1.00, b to c 1.00',
      true,
    ],
    [
      [
        [100, 1100],
        [1000, 2000],
        [10_000, 47_000],
      ],
      'a to b 0.33, b to c 1.67',
      false,
    ],
    [
      [
        [100, 1100],
        [900, 1900],
        [1000, 2000],
        [10_000, 11_000],
      ],
      'a to b 1.00, a to c 1.00, c to d 1.00',
      true,
    ],
  ];
  for (const [runs, said, holds] of cases) {
    const costs = runs.map(([tags, firstRunMs], at) => {
      return { name: 'abcd'.charAt(at), msPerTag: 1, firstRunMs, repositories: tags / 10, tags, crawlRatio: 1 };
    });
    const scale = describeScale(costs)[1];
    assert.match(scale?.text ?? '', new RegExp(`: ${said}$`));
    assert.equal(scale?.holds, holds, said);
  }
});

test('the cost of all tags is held against prices of a repository and of a tag that are the same for all worlds', () => {
  const sizes = [
    [50, 500],
    [1000, 20_000],
    [5000, 200_000],
  ] as const;
  const cases: readonly [toMs: (repositories: number, tags: number) => number, said: string, holds: boolean][] = [
    [(repositories, tags) => 20 * repositories + 2 * tags, '20.00 ms a repository and 2.00 ms a tag', true],
    [(_, tags) => 2 * tags, '0.00 ms a repository and 2.00 ms a tag', true],
    [(repositories) => 20 * repositories, '20.00 ms a repository and 0.00 ms a tag', true],
    // A tag is dearer the more there are.
    [(_, tags) => tags ** 1.3, '0.00 ms a repository and', false],
  ];
  for (const [toMs, said, holds] of cases) {
    const costs = sizes.map(([repositories, tags], at) => {
      const ms = toMs(repositories, tags);
      return { name: 'SML'.charAt(at), msPerTag: ms / tags, firstRunMs: ms, repositories, tags, crawlRatio: 1 };
    });
    const scale = describeScale(costs)[3];
    assert.ok(scale?.text.includes(`beside ${said}`), scale?.text);
    assert.equal(scale?.holds, holds, said);
    assert.equal(describeScale(costs.slice(1)).length, 2, 'two worlds say nothing of two prices');
  }
});

test('the file says both of the worlds that it has', () => {
  const text = formatResults([result('S', 3, 6000), result('M', 2), result('L', 2.2)], ['2 processors']);
  assert.match(
    text,
    /## Scale\n\n- OVER: the cost of a tag.*\n- (?:ok|OVER): what a further tag takes.*: S to M [\d.]+, M to L [\d.]+\n- ok: a cold crawl.*: S 1\.00, M 1\.00, L 1\.00\n- ok: the cost of all tags.*\n$/,
  );
});
