/** What the search is told of each repository, kept from run to run. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { decodeSearchables, encodeSearchables } from '../api/searchable-lines.ts';
import type { SearchableRepository } from '../search/encode-search-files.ts';
import type { SiteSettings } from '../view/site.ts';
import {
  type GroupsAhead,
  type KeptEntry,
  readGroupsAhead,
  readKeptGroups,
  type WantedRepository,
} from './kept-groups.ts';

export interface SearchablesOptions<Wanted extends WantedRepository> {
  readonly stateDir: string;
  /** Stands for whatever else they are made from: the program, and the settings that show in them. */
  readonly fingerprint: string;
  readonly wanted: Iterable<Wanted>;
  /** Reads one that is not kept. `before` is what is kept of the same repository from another file. */
  readonly renew: (wanted: Wanted, before: KeptEntry<SearchableRepository> | null) => Promise<SearchableRepository>;
  /** For who only asks a question: what was made with another fingerprint stays, and a folder that cannot be written is fine. */
  readonly isGuest?: boolean;
  /** What is kept, where it was read before. */
  readonly ahead?: SearchablesAhead | null;
}

/** What is kept, read before it is known what of it is wanted. */
export interface SearchablesAhead extends GroupsAhead<SearchableRepository> {
  /** What it was made with. */
  readonly fingerprint: string;
}

export function readSearchablesAhead(stateDir: string, fingerprint: string): SearchablesAhead {
  const ahead = readGroupsAhead({ folder: toSearchFolder(stateDir), decode: createDecoder(fingerprint) });
  return { ...ahead, fingerprint };
}

/** What besides a repository's own file decides what the search is told of it. */
export function toSearchFingerprint(programFingerprint: string, settings: SiteSettings): string {
  const { publicHost, alternateHosts, movingTags } = settings;
  return createHash('sha256')
    .update(JSON.stringify([programFingerprint, publicHost, alternateHosts, movingTags]))
    .digest('hex');
}

/** Yields every wanted one, in no order that means anything, and keeps exactly these. */
export function readSearchables<Wanted extends WantedRepository>({
  stateDir,
  fingerprint,
  ahead = null,
  ...options
}: SearchablesOptions<Wanted>): AsyncGenerator<SearchableRepository> {
  return readKeptGroups({
    ...options,
    ahead: ahead?.fingerprint === fingerprint ? ahead : null,
    folder: toSearchFolder(stateDir),
    encode: (entries) =>
      encodeSearchables(
        fingerprint,
        entries.map(({ file, value }) => ({ file, searchable: value })),
      ),
    decode: createDecoder(fingerprint),
  });
}

function toSearchFolder(stateDir: string): string {
  return join(stateDir, 'cache', 'search');
}

function createDecoder(fingerprint: string) {
  return (bytes: Buffer): readonly KeptEntry<SearchableRepository>[] | null =>
    decodeSearchables(fingerprint, bytes)?.map(({ file, searchable }) => ({
      name: searchable.name,
      file,
      value: searchable,
    })) ?? null;
}
