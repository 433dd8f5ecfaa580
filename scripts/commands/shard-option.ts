/** `--shard 2/8`. */
import { InvalidArgumentError, Option } from 'commander';
import { mostShards, parseShard, type Shard } from '../../src/crawl/shard.ts';

export function createShardOption(): Option {
  return new Option(
    '--shard <i/n>',
    'read one share of the names only, such as 2/8, and leave what was seen for merge in shards/2-of-8 of the state folder',
  ).argParser(parse);
}

function parse(text: string): Shard {
  const shard = parseShard(text);
  if (shard !== null) return shard;
  throw new InvalidArgumentError(
    `Expected which of how many, from 1/8 to 8/8 and of at most ${mostShards}. An index that counts from 0 needs one more.`,
  );
}
