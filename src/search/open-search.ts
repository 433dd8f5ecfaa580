/** The search over repositories that are all at hand: what a program needs that asks one question and ends. */
import type { SearchSources } from './answer-query.ts';
import { createSearchIndex, sortRecords } from './create-search-index.ts';
import type { SearchableRepository } from './encode-search-files.ts';
import { createFuzzySearch } from './fuzzy-search.ts';
import { createMemoryLookups } from './memory-lookups.ts';
import { toSearchedDescription } from './search-record.ts';

/** `repositories` come in any order. What is found, and in which order, is what the files made of them would give. */
export function openSearch(repositories: Iterable<SearchableRepository>): SearchSources {
  const searched = sortRecords(repositories).map((repository) => {
    return { ...repository, description: toSearchedDescription(repository.description) };
  });
  const lookups = createMemoryLookups(searched);
  const described = createSearchIndex(searched);
  const index = { ...described, descriptions: null };
  const readDescribed = async () => ({ index: described, lookups, fuzzy: createFuzzySearch(described) });
  return { index, lookups, fuzzy: createFuzzySearch(index), readDescribed };
}
