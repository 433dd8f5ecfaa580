/**
 * The digests of one repository in plain bytes. A large catalogue has a million of them: as objects they would need ten times the
 * memory, and as texts most of the time would go into digits.
 */
import { digestShardOfHead } from './shard-directory.ts';
import { type DigestKind, digestKinds } from './shard-files.ts';

export interface SearchableDigest {
  /** `sha256:` or `sha512:` and all hexadecimal digits. */
  readonly digest: string;
  readonly kind: DigestKind;
  /** A tag that leads to it; null where none is worth naming. */
  readonly tag: string | null;
}

const tagFrom = 1;
const digitsFrom = 5;
/** `sha256:` has 32 bytes; the letter of a `sha512:` digest, which has 64, is in upper case. */
const shortBytes = 32;
const longBytes = 64;
const firstLowerCase = 'a'.charCodeAt(0);

const letterOfKind = new Map(Object.entries(digestKinds).map(([letter, kind]) => [kind, letter]));

/** Each digest once. A row is its kind's letter, the number of its tag from 1 on or 0 for none, and its bytes. */
export class PackedDigests implements Iterable<SearchableDigest> {
  readonly bytes: Buffer;
  /** What the rows' numbers speak of. */
  readonly tags: readonly string[];

  /** `bytes` are those of another one, whose tags begin as these do; numbers beyond them are as good as none. */
  constructor(bytes: Buffer, tags: readonly string[]) {
    this.bytes = bytes;
    this.tags = tags;
  }

  /** How many rows there are. */
  countRows(): number {
    let size = 0;
    for (let place = 0; place < this.bytes.length; place += this.#lengthAt(place)) size++;
    return size;
  }

  /** Visits where each row begins, and its head. There may be a million of them: a generator would take ten times as long. */
  forEachPlace(visit: (place: number, head: number) => void): void {
    for (let place = 0; place < this.bytes.length; place += this.#lengthAt(place)) visit(place, this.#headAt(place));
  }

  /** The shards that its rows are in, ascending. */
  listShards(shardCount: number): readonly number[] {
    const shards = new Set<number>();
    this.forEachPlace((_, head) => shards.add(digestShardOfHead(head, shardCount)));
    return [...shards].sort((a, b) => a - b);
  }

  /** The shards in which either has a row that the other has not. */
  listDifferentShards(other: PackedDigests, shardCount: number): readonly number[] {
    const [own, others] = [this.#toRows(), other.#toRows()];
    const heads = [...own.keys(), ...others.keys()].flatMap((row) =>
      own.has(row) && others.has(row) ? [] : [own.get(row) ?? others.get(row) ?? 0],
    );
    return [...new Set(heads.map((head) => digestShardOfHead(head, shardCount)))].sort((a, b) => a - b);
  }

  /** The head of each, by all that it says. */
  #toRows(): ReadonlyMap<string, number> {
    const rows = new Map<string, number>();
    this.forEachPlace((place, head) => {
      rows.set([this.letterAt(place), this.hexAt(place), this.tagAt(place)].join(' '), head);
    });
    return rows;
  }

  /** A letter of `DigestsFile.kinds`. */
  letterAt(place: number): string {
    return String.fromCharCode(this.bytes[place] ?? 0);
  }

  tagAt(place: number): string | null {
    return this.tags[this.bytes.readUInt32LE(place + tagFrom) - 1] ?? null;
  }

  /** The first 64 digits. */
  hexAt(place: number): string {
    return this.bytes.toString('hex', place + digitsFrom, place + digitsFrom + shortBytes);
  }

  *[Symbol.iterator](): Generator<SearchableDigest> {
    for (let place = 0; place < this.bytes.length; place += this.#lengthAt(place)) {
      const letter = this.letterAt(place);
      const lower = letter.toLowerCase();
      const digits = this.bytes.toString('hex', place + digitsFrom, place + this.#lengthAt(place));
      yield {
        digest: `${letter === lower ? 'sha256' : 'sha512'}:${digits}`,
        kind: digestKinds[lower] ?? 'other',
        tag: this.tagAt(place),
      };
    }
  }

  /** The first four digits, as a number. */
  #headAt(place: number): number {
    return ((this.bytes[place + digitsFrom] ?? 0) << 8) | (this.bytes[place + digitsFrom + 1] ?? 0);
  }

  #lengthAt(place: number): number {
    return digitsFrom + ((this.bytes[place] ?? 0) >= firstLowerCase ? shortBytes : longBytes);
  }
}

/** Packs `digests`, of which the first that names a digest decides. `tags` are the repository's. What is no digest is left out. */
export function packDigests(digests: Iterable<SearchableDigest>, tags: readonly string[]): PackedDigests {
  if (digests instanceof PackedDigests) return digests;
  const named = [...tags];
  const numberOf = new Map(tags.map((tag, at) => [tag, at + 1]));
  const firsts = new Map<string, SearchableDigest>();
  let sizeBytes = 0;
  for (const each of digests) {
    const { digest } = each;
    if (!digest.includes(':') || firsts.has(digest)) continue;
    firsts.set(digest, each);
    sizeBytes += toLength(digest);
  }
  const bytes = allocateKept(sizeBytes).fill(0);
  let at = 0;
  for (const { digest, kind, tag } of firsts.values()) {
    if (tag !== null && !numberOf.has(tag)) numberOf.set(tag, named.push(tag));
    const end = at + toLength(digest);
    const letter = letterOfKind.get(kind) ?? 'o';
    bytes.write(isLong(digest) ? letter.toUpperCase() : letter, at, 'latin1');
    bytes.writeUInt32LE(tag === null ? 0 : (numberOf.get(tag) ?? 0), at + tagFrom);
    bytes.write(digest.slice(digest.indexOf(':') + 1), at + digitsFrom, end - at - digitsFrom, 'hex');
    at = end;
  }
  return new PackedDigests(bytes, named);
}

/** The digests whose bytes these are, in base64, with the tags that their numbers speak of. */
export function unpackDigests(base64: string, tags: readonly string[]): PackedDigests {
  const bytes = allocateKept(Buffer.byteLength(base64, 'base64'));
  return new PackedDigests(bytes.subarray(0, bytes.write(base64, 'base64')), tags);
}

/** Memory of its own: what Node cuts from the piece of 64 KiB that many share keeps all of that piece for as long as it is kept. */
function allocateKept(sizeBytes: number): Buffer {
  return Buffer.allocUnsafeSlow(sizeBytes);
}

function isLong(digest: string): boolean {
  return digest.startsWith('sha512:');
}

function toLength(digest: string): number {
  return digitsFrom + (isLong(digest) ? longBytes : shortBytes);
}
