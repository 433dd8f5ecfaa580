/** The files that the search reads: an index with a fixed name, and shards named by their content. */

import type { Repository } from '../catalogue/model.ts';
import { SearchFilesEncoder } from '../search/encode-search-files.ts';
import { fixedAddresses } from '../view/addresses.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import type { Site } from '../view/site.ts';
import type { OutputFile } from './output-file.ts';
import { toSearchableRepository } from './searchable-repository.ts';

export interface SearchFilesWriter {
  /** Adds a repository; `summary` is its own. One that was removed is found no more. */
  add(repository: Repository, summary: RepositorySummary): void;
  /** The files, the index last. To be called once. */
  files(): Generator<OutputFile>;
}

/** Takes repositories one at a time, in any order, and keeps of each only what the files will say. */
export function createSearchFilesWriter(site: Site): SearchFilesWriter {
  const encoder = new SearchFilesEncoder();
  return {
    add(repository, summary) {
      if (summary.state === 'listed') encoder.add(toSearchableRepository(repository, summary, site));
    },
    *files() {
      for (const { name, text } of encoder.files()) yield { path: `${fixedAddresses.search}${name}`, text };
    },
  };
}
