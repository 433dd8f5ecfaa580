/**
 * Which repositories the files of digests were made from, kept from run to run: in an hour in which few images changed, nearly
 * all of a thousand files say what they said, and need not be made to find that out.
 */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { computeDigest } from '../oci/digest.ts';
import type { KeptShards } from '../search/encode-digest-files.ts';
import type { PackedDigests } from '../search/packed-digests.ts';
import { replaceUnflushed } from '../snapshot/durable-write.ts';
import type { WantedRepository } from './kept-groups.ts';

export interface KeptShardsOptions {
  readonly stateDir: string;
  /** Stands for whatever else they are made from: the program, and the settings that show in them. */
  readonly fingerprint: string;
  /** Puts the file of that name where it belongs. False: there is no such file, and it has to be made. */
  readonly link: (name: string) => boolean;
}

export interface KeptShardsFile extends KeptShards {
  /** What is known of a repository from before; without that all shards that it was in count as changed. */
  noteBefore(repository: WantedRepository, digests: PackedDigests): void;
  /** To be called for each repository before the first question. */
  note(repository: WantedRepository, digests: PackedDigests): void;
  /** Keeps what was made from the noted repositories. */
  write(): Promise<void>;
}

interface KeptRepository extends Pick<WantedRepository, 'file'> {
  /** The shards that it has digests in, as `encodeShards` wrote them. */
  readonly shards: string;
}

interface Kept {
  /** The name of each shard. */
  readonly files: readonly string[];
  readonly repositories: ReadonlyMap<string, KeptRepository>;
}

const nothing: Kept = { files: [], repositories: new Map() };

/** Opens what is kept. What is not there, broken, or made otherwise is as good as nothing. */
export function openKeptShards({ stateDir, fingerprint, link }: KeptShardsOptions): KeptShardsFile {
  const path = join(stateDir, 'cache', 'search-shards.txt');
  const before = readKept(path, fingerprint);
  const noted = new Map<string, NotedRepository>();
  const notedBefore = new Map<string, NotedRepository>();
  let files: readonly string[] | null = null;
  let changed: ReadonlySet<number> | null = null;
  return {
    note: ({ name, file }, digests) => noted.set(name, { file, digests }),
    noteBefore: ({ name, file }, digests) => notedBefore.set(name, { file, digests }),
    nameOf(shard, shardCount) {
      if (before.files.length !== shardCount) return null;
      if (changed === null) {
        changed = findChanged(before, notedBefore, noted);
        notedBefore.clear();
      }
      const name = changed.has(shard) ? undefined : before.files[shard];
      return name !== undefined && link(name) ? name : null;
    },
    keep(names) {
      files = names;
    },
    async write() {
      await mkdir(dirname(path), { recursive: true });
      await replaceUnflushed(path, encodeKept(fingerprint, files ?? [], listRepositories(before, noted, files ?? [])));
    },
  };
}

interface NotedRepository extends Pick<WantedRepository, 'file'> {
  readonly digests: PackedDigests;
}

type Noted = ReadonlyMap<string, NotedRepository>;

/** So much is compared row by row. Where more changed nearly all shards did, and to find that out takes longer than to make them. */
const mostComparedBytes = 4_000_000;

/** The shards of whatever is new, gone or another: those that it was in and is in, or where it differs if both are known. */
function findChanged({ files, repositories }: Kept, before: Noted, now: Noted): ReadonlySet<number> {
  const changed = new Set<number>();
  const add = (shards: Iterable<number>) => {
    for (const shard of shards) changed.add(shard);
  };
  let comparedBytes = 0;
  for (const name of new Set([...repositories.keys(), ...now.keys()])) {
    if (changed.size === files.length) break;
    const [was, is] = [repositories.get(name), now.get(name)];
    if (was?.file === is?.file) continue;
    const known = before.get(name);
    if (is !== undefined && known !== undefined && known.file === was?.file) {
      comparedBytes += known.digests.bytes.length + is.digests.bytes.length;
      if (comparedBytes <= mostComparedBytes) {
        add(is.digests.listDifferentShards(known.digests, files.length));
        continue;
      }
    }
    if (is !== undefined) add(is.digests.listShards(files.length));
    if (was !== undefined) add(decodeShards(was.shards));
  }
  return changed;
}

function* listRepositories(before: Kept, noted: Noted, files: readonly string[]): Generator<string> {
  const hasSameShardCount = before.files.length === files.length;
  for (const [name, { file, digests }] of noted) {
    const known = hasSameShardCount ? before.repositories.get(name) : undefined;
    const shards = known?.file === file ? known.shards : encodeShards(digests.listShards(files.length), files.length);
    yield `${name}\t${file}\t${shards}`;
  }
}

/** A bit for each shard. */
function encodeShards(shards: readonly number[], shardCount: number): string {
  const bits = Buffer.alloc(Math.ceil(shardCount / 8));
  for (const shard of shards) bits[shard >> 3] = (bits[shard >> 3] ?? 0) | (1 << (shard & 7));
  return bits.toString('base64');
}

function* decodeShards(text: string): Generator<number> {
  const bits = Buffer.from(text, 'base64');
  for (let shard = 0; shard < 8 * bits.length; shard++) {
    if ((bits[shard >> 3] ?? 0) & (1 << (shard & 7))) yield shard;
  }
}

/** A line that says what they were made with, a line of their names, one for each repository, and the digest of all that. */
function encodeKept(fingerprint: string, files: readonly string[], repositories: Iterable<string>): string {
  const text = `${[fingerprint, files.join(' '), ...repositories].join('\n')}\n`;
  return `${text}${computeDigest(text)}\n`;
}

function readKept(path: string, fingerprint: string): Kept {
  try {
    const whole = readFileSync(path, 'utf8');
    const end = whole.lastIndexOf('\n', whole.length - 2) + 1;
    const text = whole.slice(0, end);
    if (computeDigest(text) !== whole.slice(end, -1)) return nothing;
    const [head, files = '', ...lines] = text.slice(0, -1).split('\n');
    if (head !== fingerprint) return nothing;
    const repositories = lines.map((line) => {
      const [name = '', file = '', shards = ''] = line.split('\t');
      return [name, { file, shards }] as const;
    });
    return { files: files === '' ? [] : files.split(' '), repositories: new Map(repositories) };
  } catch {
    return nothing;
  }
}
