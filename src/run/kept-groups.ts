/**
 * What is worked out from each repository's file, kept from run to run: a repository whose file is the same need not be read
 * again. It is spread over small files, so that a change in one repository writes one of them. Losing them costs time.
 */

import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hashText } from '../search/shard-directory.ts';
import { replaceUnflushed } from '../snapshot/durable-write.ts';

/** A repository, and the file of the snapshot that it stands in. */
export interface WantedRepository {
  readonly name: string;
  readonly file: string;
}

/** What is kept of one repository, from the file of that digest. */
export interface KeptEntry<Value> extends WantedRepository {
  readonly value: Value;
}

export interface KeptGroupsOptions<Value, Wanted extends WantedRepository> {
  readonly folder: string;
  readonly wanted: Iterable<Wanted>;
  /** Works one out that is not kept. `before` is what is kept of the same repository from another file. */
  readonly renew: (wanted: Wanted, before: KeptEntry<Value> | null) => Promise<Value>;
  readonly encode: (entries: readonly KeptEntry<Value>[]) => string;
  /** Null for what was made with other means; throws where the bytes are not those that were written. */
  readonly decode: (bytes: Buffer) => readonly KeptEntry<Value>[] | null;
  /** For who only asks a question: what was made with other means stays, and a folder that cannot be written is fine. */
  readonly isGuest?: boolean;
  /** What is kept, where it was read before, by who alone writes there. */
  readonly ahead?: GroupsAhead<Value> | null;
}

/** What is kept, read before it is known what of it is wanted. */
export interface GroupsAhead<Value> {
  /** Gives one away, for all together they are large; null where it was given away before. */
  take(group: number): Kept<Value> | null;
}

const fileCount = 256;

function toGroupFile(folder: string, group: number): string {
  return join(folder, `${group.toString(16).padStart(2, '0')}.txt`);
}

export function readGroupsAhead<Value>({
  folder,
  decode,
}: Pick<KeptGroupsOptions<Value, WantedRepository>, 'folder' | 'decode'>): GroupsAhead<Value> {
  const groups = Array.from({ length: fileCount }, (_, group): Kept<Value> | null => {
    return readKept(toGroupFile(folder, group), decode);
  });
  return {
    take(group) {
      const taken = groups[group] ?? null;
      groups[group] = null;
      return taken;
    },
  };
}

/** Yields what there is of every wanted one, in no order that means anything, and keeps exactly these. */
export async function* readKeptGroups<Value, Wanted extends WantedRepository>(
  options: KeptGroupsOptions<Value, Wanted>,
): AsyncGenerator<Value> {
  const groups = Array.from({ length: fileCount }, (): Wanted[] => []);
  for (const each of options.wanted) groups[hashText(each.name) % fileCount]?.push(each);
  for (const [number, group] of groups.entries()) {
    const path = toGroupFile(options.folder, number);
    yield* readGroup(path, group, options.ahead?.take(number) ?? readKept(path, options.decode), options);
  }
}

async function* readGroup<Value, Wanted extends WantedRepository>(
  path: string,
  group: readonly Wanted[],
  { kept, isForeign }: Kept<Value>,
  { renew, encode, isGuest = false }: KeptGroupsOptions<Value, Wanted>,
): AsyncGenerator<Value> {
  const known = new Map(kept.map((each) => [`${each.name} ${each.file}`, each]));
  const found: KeptEntry<Value>[] = [];
  let renewed = 0;
  for (const wanted of group) {
    const { name, file } = wanted;
    let each = known.get(`${name} ${file}`);
    if (each === undefined) {
      const before = kept.find((other) => other.name === name) ?? null;
      each = { name, file, value: await renew(wanted, before) };
      renewed++;
    }
    found.push(each);
    yield each.value;
  }
  if (isGuest && isForeign) return;
  if (found.length === 0) {
    if (kept.length > 0 || isForeign) await ignoreForGuest(isGuest, rm(path, { force: true }));
  } else if (renewed > 0 || kept.length !== found.length) {
    await ignoreForGuest(isGuest, replaceUnflushed(path, encode(found)));
  }
}

interface Kept<Value> {
  readonly kept: readonly KeptEntry<Value>[];
  /** There is something, and it is of no use: another program's, or broken. */
  readonly isForeign: boolean;
}

function readKept<Value>(path: string, decode: KeptGroupsOptions<Value, WantedRepository>['decode']): Kept<Value> {
  let bytes: Buffer;
  try {
    // The kernel mostly has it in memory, and there are hundreds: waiting for each takes longer than reading it.
    bytes = readFileSync(path);
  } catch (error) {
    return { kept: [], isForeign: (error as NodeJS.ErrnoException).code !== 'ENOENT' };
  }
  try {
    const kept = decode(bytes);
    return { kept: kept ?? [], isForeign: kept === null };
  } catch {
    return { kept: [], isForeign: true };
  }
}

async function ignoreForGuest(isGuest: boolean, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isGuest) throw error;
  }
}
