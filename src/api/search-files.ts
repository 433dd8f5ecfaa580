/** The files that the search reads: an index with a fixed name, and shards named by their content. */
import type { KeptShards } from '../search/encode-digest-files.ts';
import { type SearchableRepository, SearchFilesEncoder } from '../search/encode-search-files.ts';
import { fixedAddresses } from '../view/addresses.ts';
import type { OutputFile } from './output-file.ts';

/**
 * The files of `repositories`, the index last, without those that are kept. They come in any order, and of each only what the
 * files will say is kept.
 */
export async function* listSearchFiles(
  repositories: Iterable<SearchableRepository> | AsyncIterable<SearchableRepository>,
  kept: KeptShards | null = null,
): AsyncGenerator<OutputFile> {
  const encoder = new SearchFilesEncoder();
  for await (const repository of repositories) encoder.add(repository);
  for (const { name, text } of encoder.files(kept)) yield { path: `${fixedAddresses.search}${name}`, text };
}
