/**
 * What the search is told of each repository, kept from run to run: a repository whose file is the same need not be read
 * again. It is spread over small files, so that a change in one repository writes one of them. Losing them costs time.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeSearchables, encodeSearchables, type SearchableFile } from '../api/searchable-lines.ts';
import type { SearchableRepository } from '../search/encode-search-files.ts';
import { hashText } from '../search/shard-directory.ts';
import type { SiteSettings } from '../view/site.ts';

/** A repository, and the file of the snapshot that it stands in. */
export interface WantedRepository {
  readonly name: string;
  readonly file: string;
}

export interface SearchablesOptions<Wanted extends WantedRepository> {
  readonly stateDir: string;
  /** Stands for whatever else they are made from: the program, and the settings that show in them. */
  readonly fingerprint: string;
  readonly wanted: Iterable<Wanted>;
  /** Reads one that is not kept. */
  readonly renew: (wanted: Wanted) => Promise<SearchableRepository>;
  /** For who only asks a question: what was made with another fingerprint stays, and a folder that cannot be written is fine. */
  readonly isGuest?: boolean;
}

const fileCount = 256;

/** What besides a repository's own file decides what the search is told of it. */
export function toSearchFingerprint(programFingerprint: string, settings: SiteSettings): string {
  const { publicHost, alternateHosts, movingTags } = settings;
  return createHash('sha256')
    .update(JSON.stringify([programFingerprint, publicHost, alternateHosts, movingTags]))
    .digest('hex');
}

/** Yields every wanted one, in no order that means anything, and keeps exactly these. */
export async function* readSearchables<Wanted extends WantedRepository>(
  options: SearchablesOptions<Wanted>,
): AsyncGenerator<SearchableRepository> {
  const folder = join(options.stateDir, 'cache', 'search');
  const groups = Array.from({ length: fileCount }, (): Wanted[] => []);
  for (const each of options.wanted) groups[hashText(each.name) % fileCount]?.push(each);
  for (const [number, group] of groups.entries()) {
    const path = join(folder, `${number.toString(16).padStart(2, '0')}.txt`);
    yield* readGroup(path, group, options);
  }
}

async function* readGroup<Wanted extends WantedRepository>(
  path: string,
  group: readonly Wanted[],
  { fingerprint, renew, isGuest = false }: SearchablesOptions<Wanted>,
): AsyncGenerator<SearchableRepository> {
  const { kept, isForeign } = await readKept(path, fingerprint);
  const known = new Map(kept.map((each) => [`${each.searchable.name} ${each.file}`, each]));
  const found: SearchableFile[] = [];
  let renewed = 0;
  for (const wanted of group) {
    let each = known.get(`${wanted.name} ${wanted.file}`);
    if (each === undefined) {
      each = { file: wanted.file, searchable: await renew(wanted) };
      renewed++;
    }
    found.push(each);
    yield each.searchable;
  }
  if (isGuest && isForeign) return;
  if (found.length === 0) {
    if (kept.length > 0 || isForeign) await ignoreForGuest(isGuest, rm(path, { force: true }));
  } else if (renewed > 0 || kept.length !== found.length) {
    await ignoreForGuest(isGuest, write(path, encodeSearchables(fingerprint, found)));
  }
}

interface Kept {
  readonly kept: readonly SearchableFile[];
  /** There is something, and it is of no use: another program's, or broken. */
  readonly isForeign: boolean;
}

async function readKept(path: string, fingerprint: string): Promise<Kept> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { kept: [], isForeign: (error as NodeJS.ErrnoException).code !== 'ENOENT' };
  }
  try {
    const kept = decodeSearchables(fingerprint, text);
    return { kept: kept ?? [], isForeign: kept === null };
  } catch {
    return { kept: [], isForeign: true };
  }
}

/** In one step, but without waiting for the disk: what a power cut leaves is seen to be broken. */
async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

async function ignoreForGuest(isGuest: boolean, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isGuest) throw error;
  }
}
