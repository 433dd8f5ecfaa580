/**
 * Every digest of a catalogue with the repository that has it: millions of rows in a few plain buffers, because as objects
 * they would need ten times the memory.
 */
import { digestShardOfHead } from './shard-directory.ts';

export interface DigestRow {
  readonly hex: string;
  /** A letter of `DigestsFile.kinds`. */
  readonly kind: string;
  /** The repository, as it was given to `add`. */
  readonly repository: number;
  readonly tag: string;
}

const digestBytes = 32;

export class DigestTable {
  #bytes = Buffer.alloc(1024 * digestBytes);
  #repositories = new Uint32Array(1024);
  #kinds = new Uint8Array(1024);
  #tags = new Uint32Array(1024);
  #size = 0;
  readonly #tagNumbers = new Map<string, number>([['', 0]]);

  get size(): number {
    return this.#size;
  }

  /** `hex` has 64 digits or more; those after the 64th are not kept. */
  add({ hex, kind, repository, tag }: DigestRow): void {
    if (this.#size === this.#kinds.length) this.#grow();
    const row = this.#size++;
    this.#bytes.write(hex.slice(0, 2 * digestBytes), row * digestBytes, 'hex');
    this.#repositories[row] = repository;
    this.#kinds[row] = kind.charCodeAt(0);
    const number = this.#tagNumbers.get(tag) ?? this.#tagNumbers.size;
    this.#tagNumbers.set(tag, number);
    this.#tags[row] = number;
  }

  /** The rows of each shard in the order of their digests; `rankOf` then orders the repositories that share one. */
  *shards(shardCount: number, rankOf: (repository: number) => number): Generator<DigestRow[]> {
    const tags = [...this.#tagNumbers.keys()];
    for (const rows of this.#divide(shardCount)) {
      const shard = rows.map((row) => this.#readRow(row, tags));
      yield shard.sort((a, b) =>
        a.hex < b.hex ? -1 : a.hex > b.hex ? 1 : rankOf(a.repository) - rankOf(b.repository),
      );
    }
  }

  #divide(shardCount: number): number[][] {
    const shards = Array.from({ length: shardCount }, (): number[] => []);
    for (let row = 0; row < this.#size; row++) {
      const head = this.#bytes.readUInt16BE(row * digestBytes);
      shards[digestShardOfHead(head, shardCount)]?.push(row);
    }
    return shards;
  }

  #readRow(row: number, tags: readonly string[]): DigestRow {
    return {
      hex: this.#bytes.toString('hex', row * digestBytes, (row + 1) * digestBytes),
      kind: String.fromCharCode(this.#kinds[row] ?? 0),
      repository: this.#repositories[row] ?? 0,
      tag: tags[this.#tags[row] ?? 0] ?? '',
    };
  }

  #grow(): void {
    const length = this.#kinds.length * 2;
    this.#bytes = copyInto(Buffer.alloc(length * digestBytes), this.#bytes);
    this.#repositories = copyInto(new Uint32Array(length), this.#repositories);
    this.#kinds = copyInto(new Uint8Array(length), this.#kinds);
    this.#tags = copyInto(new Uint32Array(length), this.#tags);
  }
}

function copyInto<Column extends Uint8Array | Uint32Array>(target: Column, source: Column): Column {
  target.set(source);
  return target;
}
