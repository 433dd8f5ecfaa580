/** Digests and the repositories that have them, as shards that carry the names they speak of. */
import { toPowerOfTwo } from './cut-shards.ts';
import type { DigestRow, DigestTable } from './digest-table.ts';
import { encodeFrontCoded } from './front-coding.ts';
import { encodePositions } from './positions.ts';
import { type SearchFile, toSearchFile } from './search-file.ts';
import type { DigestDirectory } from './shard-directory.ts';
import type { DigestsFile } from './shard-files.ts';

const digestsEach = 512;
const mostShards = 1024;
const mostRepositories = 500;
const shortDigits = 32;

/** Shards that were made before. */
export interface KeptShards {
  /** The name of the file that says what this shard would say, where it is there already. Null where it has to be made. */
  nameOf(shard: number, shardCount: number): string | null;
  /** Is told the names of all of them in the end. */
  keep(names: readonly string[]): void;
}

/**
 * Yields the shards that have to be made and their directory, and returns the directory's name. `names` are in the order of the
 * index.
 */
export function* encodeDigests(
  table: DigestTable,
  rankOf: (repository: number) => number,
  names: readonly string[],
  kept: KeptShards | null,
): Generator<SearchFile, string | null> {
  if (table.size === 0) return null;
  const shardCount = Math.min(mostShards, toPowerOfTwo(table.size / digestsEach));
  const files = Array.from({ length: shardCount }, (_, shard) => kept?.nameOf(shard, shardCount) ?? null);
  const readShard = table.createReader(shardCount, (shard) => files[shard] === null, rankOf);
  for (const [shard, known] of files.entries()) {
    if (known !== null) continue;
    const file = toSearchFile('digests', toContent(groupRows(readShard(shard)), rankOf, names));
    files[shard] = file.name;
    yield file;
  }
  const directory: DigestDirectory = { files: files.filter((name) => name !== null) };
  kept?.keep(directory.files);
  const file = toSearchFile('digests', directory);
  yield file;
  return file.name;
}

/** Rows of the same digest. Never empty. */
function groupRows(rows: readonly DigestRow[]): DigestRow[][] {
  const groups: DigestRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.hex === row.hex) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

function toContent(
  groups: readonly DigestRow[][],
  rankOf: (repository: number) => number,
  names: readonly string[],
): DigestsFile {
  const listed = groups.map((group) => group.slice(0, mostRepositories));
  const ranks = [...new Set(listed.flat().map((row) => rankOf(row.repository)))].sort((a, b) => a - b);
  const placeOf = new Map(ranks.map((rank, place) => [rank, place]));
  return {
    names: encodeFrontCoded(ranks.map((rank) => names[rank] ?? '')),
    digests: groups.map(([first]) => (first === undefined ? '' : toStoredDigits(first))).join('\n'),
    kinds: groups.map(([first]) => first?.kind ?? 'o').join(''),
    repositories: listed.map((group) => encodePositions(group.map((row) => placeOf.get(rankOf(row.repository)) ?? 0))),
    tags: listed
      .map((group) =>
        group
          .map((row) => row.tag)
          .join(' ')
          .trimEnd(),
      )
      .join('\n'),
    totals: groups.flatMap((group, at) => (group.length > mostRepositories ? [[at, group.length] as const] : [])),
  };
}

/** A manifest's digits are all wanted, for it has a page; of anything else half are enough to know it. */
function toStoredDigits({ hex, kind }: DigestRow): string {
  return /^[im]$/i.test(kind) ? hex : hex.slice(0, shortDigits);
}
