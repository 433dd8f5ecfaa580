import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { toShardNumber } from '../../../src/crawl/shard.ts';
import { toNameMark } from '../../../src/run/hidden-names.ts';
import { collectUnvouched, hideUnvouched } from '../../../src/run/unvouched-names.ts';

const names = Array.from({ length: 30 }, (_, at) => `app/${at}`);
const known = new Set(names.slice(0, 10));
const unvouched = collectUnvouched([...names, ...names], known, 3);
const marksOf = (number: number) =>
  names
    .slice(10)
    .filter((name) => toShardNumber(name, 3) === number)
    .map(toNameMark)
    .sort();

test('each name that is not known has one mark, in the share that it is of', () => {
  assert.deepEqual(
    unvouched,
    [1, 2, 3].map((number) => ({ number, marks: marksOf(number) })),
  );
  assert.ok(unvouched.every(({ marks }) => marks.length > 1));
  assert.deepEqual(collectUnvouched(known, known, 3), []);
});

describe('what is hidden where shards are joined', () => {
  type Shards = Parameters<typeof hideUnvouched>[1];
  const shardOf = (number: number, outcome: 'complete' | 'failed', own = unvouched) =>
    ({
      shard: { number, count: 3 },
      hidden: { withheld: 0, strict: [], referred: [], unvouched: own },
      sources: [{ outcome }],
    }) as unknown as Shards[number];
  const ofAllButFirst = unvouched.map((one) => (one.number === 2 ? { number: 2, marks: marksOf(2).slice(0, 1) } : one));
  const rows: readonly [what: string, shards: Shards, hidden: readonly string[]][] = [
    ['nothing more, where all are there', [1, 2, 3].map((number) => shardOf(number, 'complete')), []],
    ['the share of one that is missing', [1, 3].map((number) => shardOf(number, 'complete')), marksOf(2)],
    ['those of two', [shardOf(3, 'complete')], [...marksOf(1), ...marksOf(2)].sort()],
    [
      'what one that could not list all did not list',
      [shardOf(1, 'complete'), shardOf(2, 'failed', ofAllButFirst), shardOf(3, 'complete')],
      marksOf(2).slice(1),
    ],
    [
      'what one that could list nothing did not look at',
      [shardOf(1, 'complete'), shardOf(2, 'failed', []), shardOf(3, 'complete')],
      marksOf(2),
    ],
  ];
  for (const [what, shards, hidden] of rows) {
    it(`is ${what}`, () => {
      const strict = new Set(['a']);
      const found = hideUnvouched({ strict, referred: new Set(['b']), withheld: 1 }, shards, 0);
      assert.deepEqual([...found.strict].sort(), [...hidden, 'a'].sort());
      assert.deepEqual([...found.referred], ['b']);
      assert.equal(found.withheld, 1);
    });
  }

  it('counts as withheld as many as were before, and no more than are listed', () => {
    const count = (withheld: number, before: number) =>
      hideUnvouched({ strict: new Set(), referred: new Set(), withheld }, [shardOf(1, 'complete')], before).withheld;
    const most = marksOf(2).length + marksOf(3).length;
    assert.deepEqual([count(1, 0), count(1, 1), count(1, 3), count(0, 999)], [1, 1, 3, most]);
  });
});
