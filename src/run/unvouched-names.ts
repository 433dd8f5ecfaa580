/**
 * Names that are listed and that the snapshot does not know: they are new, or empty, or may not be read. Which of these, only
 * the shard finds out whose share they are of. Where it is missing, they may all be what may not be read.
 */
import { toShardNumber } from '../crawl/shard.ts';
import type { ShardFile } from '../snapshot/shard-file.schema.ts';
import { type HiddenElsewhere, toNameMark } from './hidden-names.ts';

/** Marks of them, by the number of the shard whose they are. Every shard lists all names, so each leaves those of all. */
export function collectUnvouched(
  listedNames: Iterable<string>,
  known: { has(name: string): boolean },
  count: number,
): ShardFile['hidden']['unvouched'] {
  const marks = new Map<number, Set<string>>();
  for (const name of listedNames) {
    if (known.has(name)) continue;
    const number = toShardNumber(name, count);
    const own = marks.get(number) ?? new Set();
    marks.set(number, own.add(toNameMark(name)));
  }
  return [...marks].sort(([a], [b]) => a - b).map(([number, own]) => ({ number, marks: [...own].sort() }));
}

/**
 * What is hidden where shards are joined: what they say, and what is listed and was looked at by none. A shard looked at all
 * that it listed itself. Of those that may not be read it counts as many more as there were before, for those that are new
 * may be readable.
 */
export function hideUnvouched(
  elsewhere: HiddenElsewhere,
  shards: readonly Pick<ShardFile, 'shard' | 'hidden' | 'sources'>[],
  withheldBefore: number,
): HiddenElsewhere {
  const own = new Map(shards.map((file) => [file.shard.number, file]));
  const unvouched = new Set<string>();
  for (const { hidden } of shards) {
    for (const { number, marks } of hidden.unvouched) {
      const looked = new Set(own.get(number)?.hidden.unvouched.find((one) => one.number === number)?.marks);
      if (own.get(number)?.sources.every(({ outcome }) => outcome === 'complete')) continue;
      for (const mark of marks) if (!looked.has(mark)) unvouched.add(mark);
    }
  }
  const more = Math.min(unvouched.size, Math.max(0, withheldBefore - elsewhere.withheld));
  return {
    strict: new Set([...elsewhere.strict, ...unvouched]),
    referred: elsewhere.referred,
    withheld: elsewhere.withheld + more,
  };
}
