import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import { formatShard, isOfShard, mostShards, parseShard } from '../../../src/crawl/shard.ts';
import { spreadOf } from '../../../src/crawl/spread.ts';
import { programDir } from '../../../src/run/program-version.ts';

describe('which shard of how many', () => {
  for (const text of ['1/1', '2/8', '8/8', `${mostShards}/${mostShards}`]) {
    it(`is said by ${text}`, () => {
      const shard = parseShard(text);
      assert.ok(shard);
      assert.equal(formatShard(shard), text);
    });
  }
  for (const text of [
    '',
    '2',
    '0/8',
    '9/8',
    '1/0',
    '-1/8',
    '1/8/2',
    '1.5/8',
    ' 1/8',
    '01/8',
    '1/1001',
    '1/99999',
    'a/b',
  ]) {
    it(`is not said by ${JSON.stringify(text)}`, () => assert.equal(parseShard(text), null));
  }
});

const names = (await readFile(join(programDir, 'tests/fixtures/bench/references.txt'), 'utf8'))
  .split('\n')
  .flatMap((line) => /^[a-z0-9][^\s:]*/.exec(line)?.[0] ?? []);
const shardsOf = (count: number) => Array.from({ length: count }, (_, at) => ({ number: at + 1, count }));

test('every name is of one shard, and shards are about as large as one another', () => {
  assert.ok(names.length > 400, `${names.length} names`);
  for (const count of [1, 2, 3, 8, 24]) {
    const sizes = shardsOf(count).map((shard) => names.filter((name) => isOfShard(name, shard)).length);
    assert.equal(
      sizes.reduce((sum, size) => sum + size),
      names.length,
    );
    const mean = names.length / count;
    // Five standard deviations of a fair share.
    for (const size of sizes)
      assert.ok(Math.abs(size - mean) < 5 * Math.sqrt(mean) + 1, `${sizes.join(' ')} of ${count}`);
  }
});

test('what is spread over 24 runs is spread within each of 24 shards too', () => {
  for (const shard of shardsOf(24)) {
    const own = names.filter((name) => isOfShard(name, shard));
    const turns = new Set(own.map((name) => spreadOf(name) % 24));
    assert.ok(turns.size > own.length / 3, `${own.length} names of ${formatShard(shard)} in ${turns.size} turns`);
  }
});
