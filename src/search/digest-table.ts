/** Every digest of a catalogue with the repository that has it, cut into shards without an object for each. */
import type { PackedDigests } from './packed-digests.ts';
import { digestShardOfHead } from './shard-directory.ts';

export interface DigestRow {
  /** The first 64 digits. */
  readonly hex: string;
  /** A letter of `DigestsFile.kinds`. */
  readonly kind: string;
  /** The repository, by the order in which they were added. */
  readonly repository: number;
  readonly tag: string;
}

/** Of each row its repository and its place there, one after the other: as objects they would need ten times the memory. */
type ShardPlaces = number[];

export class DigestTable {
  readonly #repositories: PackedDigests[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a repository. */
  add(digests: PackedDigests): void {
    this.#repositories.push(digests);
    this.#size += digests.countRows();
  }

  /** The rows of a shard in the order of their digests; `rankOf` then orders the repositories that share one. */
  createReader(
    shardCount: number,
    isWanted: (shard: number) => boolean,
    rankOf: (repository: number) => number,
  ): (shard: number) => DigestRow[] {
    const shards = this.#divide(shardCount, isWanted);
    return (shard) => {
      const places = shards[shard] ?? [];
      const rows = Array.from({ length: places.length / 2 }, (_, row) =>
        this.#readRow(places[2 * row] ?? 0, places[2 * row + 1] ?? 0),
      );
      return rows.sort((a, b) =>
        a.hex < b.hex ? -1 : a.hex > b.hex ? 1 : rankOf(a.repository) - rankOf(b.repository),
      );
    };
  }

  #divide(shardCount: number, isWanted: (shard: number) => boolean): readonly (ShardPlaces | null)[] {
    const shards = Array.from({ length: shardCount }, (_, shard): ShardPlaces | null => (isWanted(shard) ? [] : null));
    for (const [repository, digests] of this.#repositories.entries()) {
      digests.forEachPlace((place, head) => {
        shards[digestShardOfHead(head, shardCount)]?.push(repository, place);
      });
    }
    return shards;
  }

  #readRow(repository: number, place: number): DigestRow {
    const digests = this.#repositories[repository] as PackedDigests;
    return {
      hex: digests.hexAt(place),
      kind: digests.letterAt(place),
      repository,
      tag: digests.tagAt(place) ?? '',
    };
  }
}
