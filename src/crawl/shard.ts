/** A share of a catalogue's repositories: several machines crawl one registry, each the names that are its own. */
import type { SourceListing } from './list-source.ts';
import { spreadOf } from './spread.ts';

/** One of so many shards, counted from 1. */
export interface Shard {
  readonly number: number;
  readonly count: number;
}

/** More would each hold next to nothing, and each lists the whole catalogue. */
export const mostShards = 1000;

/** Parses `2/8`; null where it is no such thing. */
export function parseShard(text: string): Shard | null {
  const [, number = '', count = ''] = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? [];
  const shard = { number: Number(number), count: Number(count) };
  return shard.number >= 1 && shard.number <= shard.count && shard.count <= mostShards ? shard : null;
}

/** `2/8`. */
export function formatShard({ number, count }: Shard): string {
  return `${number}/${count}`;
}

/**
 * Whether a name is of this share. It depends on nothing but the name and the count, so every name is of one share exactly, on
 * every host. What else is spread by names (`spreadOf`) is spread anew within each share.
 */
export function isOfShard(name: string, { number, count }: Shard): boolean {
  return toShardNumber(name, count) === number;
}

/** The number of the one share that a name is of. */
export function toShardNumber(name: string, count: number): number {
  return (spreadOf(`shard of ${name}`) % count) + 1;
}

/** What a listing says of this share. The excluded names are kept out of every text, so of these all are kept. */
export function takeShare(listing: SourceListing, shard: Shard): SourceListing {
  const names = new Set([...listing.names].filter((name) => isOfShard(name, shard)));
  const excluded = [...listing.excludedNames].filter((name) => isOfShard(name, shard)).length;
  return { ...listing, names, excluded };
}
