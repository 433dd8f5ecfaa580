/**
 * Cuts a sorted whole into shards at places that its own items decide, so that one item more or less changes one shard and
 * leaves the others, and their names, as they are.
 */
import { hashText } from './shard-directory.ts';

export interface CutOptions<Item> {
  /** What an item is known by: it decides whether a shard begins there. */
  readonly keyOf: (item: Item) => string;
  /** How many characters an item takes, about. */
  readonly weightOf: (item: Item) => number;
}

const targetWeight = 24_000;
const mostWeight = 4 * targetWeight;
const mostShards = 512;

/** Stretches of `items`, in order and without gaps. */
export function* cutShards<Item>(items: readonly Item[], { keyOf, weightOf }: CutOptions<Item>): Generator<Item[]> {
  const total = items.reduce((sum, item) => sum + weightOf(item), 0);
  const target = Math.max(targetWeight, total / mostShards);
  const itemsEach = toPowerOfTwo((items.length * target) / Math.max(1, total));
  const most = Math.max(mostWeight, 4 * target);
  let shard: Item[] = [];
  let weight = 0;
  for (const item of items) {
    const begins = hashText(keyOf(item)) % itemsEach === 0;
    if (shard.length > 0 && (begins || weight + weightOf(item) > most)) {
      yield shard;
      shard = [];
      weight = 0;
    }
    shard.push(item);
    weight += weightOf(item);
  }
  if (shard.length > 0) yield shard;
}

/** The power of two next to `value`, at least one: it stays the same while a catalogue grows a little. */
export function toPowerOfTwo(value: number): number {
  return 2 ** Math.max(0, Math.round(Math.log2(Math.max(1, value))));
}
