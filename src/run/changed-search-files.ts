/** The files that the search reads, without those that are there already: in most hours nearly all of them. */

import type { OutputFile } from '../api/output-file.ts';
import { listSearchFiles } from '../api/search-files.ts';
import type { SearchableRepository } from '../search/encode-search-files.ts';
import { packDigests } from '../search/packed-digests.ts';
import { fixedAddresses } from '../view/addresses.ts';
import type { KeptEntry, WantedRepository } from './kept-groups.ts';
import { openKeptShards } from './kept-shards.ts';
import { readSearchables, type SearchablesAhead } from './searchables.ts';

export interface ChangedSearchOptions<Wanted extends WantedRepository> {
  readonly stateDir: string;
  /** What besides their own files decides what is said of repositories. */
  readonly fingerprint: string;
  readonly wanted: readonly Wanted[];
  /** What is kept of them, where it was read before. */
  readonly ahead?: SearchablesAhead | null;
  /** Reads one that is not kept. */
  readonly renew: (wanted: Wanted) => Promise<SearchableRepository>;
  /** Says of repositories what their own files do not, neither of their tags nor of their digests. */
  readonly complete: (repositories: AsyncIterable<SearchableRepository>) => AsyncIterable<SearchableRepository>;
  /** Puts a file that is named by its content where it belongs. False: there is none, and it has to be made. */
  readonly link: (path: string) => boolean;
}

/** Yields those that have to be written, the index last. */
export async function* listChangedSearchFiles<Wanted extends WantedRepository>({
  stateDir,
  fingerprint,
  wanted,
  ahead = null,
  renew,
  complete,
  link,
}: ChangedSearchOptions<Wanted>): AsyncGenerator<OutputFile> {
  const shards = openKeptShards({ stateDir, fingerprint, link: (name) => link(`${fixedAddresses.search}${name}`) });
  const fileOf = new Map<string, string>(wanted.map(({ name, file }) => [name, file]));
  const searchables = readSearchables({
    ...{ stateDir, fingerprint, wanted, ahead },
    renew(each, before: KeptEntry<SearchableRepository> | null) {
      if (before !== null) shards.noteBefore(before, digestsOf(before.value));
      return renew(each);
    },
  });
  const noteEach = async function* () {
    for await (const searchable of searchables) {
      const { name } = searchable;
      const digests = digestsOf(searchable);
      shards.note({ name, file: fileOf.get(name) ?? '' }, digests);
      yield { ...searchable, digests };
    }
  };
  for await (const file of listSearchFiles(complete(noteEach()), shards)) {
    if (!link(file.path)) yield file;
  }
  await shards.write();
}

function digestsOf({ digests, tags }: SearchableRepository) {
  return packDigests(digests, tags);
}
