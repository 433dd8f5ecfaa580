/**
 * Repositories -> all files that search reads. Repositories are given one at a time, and of each only what the files will
 * say is kept; the files come out one at a time as well.
 */

import { DigestTable } from './digest-table.ts';
import { encodeDigests, type KeptShards } from './encode-digest-files.ts';
import { encodeLabels } from './encode-label-files.ts';
import { encodeSearchIndex } from './encode-search-index.ts';
import { encodeRepositoryTags, encodeTags } from './encode-tag-files.ts';
import { compareNaturally } from './natural-order.ts';
import { packDigests, type SearchableDigest } from './packed-digests.ts';
import { type SearchFile, toSearchFile } from './search-file.ts';
import { cutText, type SearchRecord, toSearchedDescription } from './search-record.ts';
import type { DescriptionsFile } from './shard-files.ts';

export interface SearchableRepository extends SearchRecord {
  /** The best first, as the image's page has them. */
  readonly tags: readonly string[];
  readonly digests: Iterable<SearchableDigest>;
  /** Of the recommended tag. */
  readonly labels: Iterable<readonly [key: string, value: string]>;
}

/** The index itself. Its name is always this, and it is the last file: it makes the others true. */
export const indexFileName = 'index.json';

const longestLabel = 256;
const mostLabels = 64;

interface KeptRepository extends SearchRecord {
  readonly number: number;
  readonly tags: string;
}

/** Collects repositories in whatever order they come. The files depend on what was added, and not on the order. */
export class SearchFilesEncoder {
  readonly #repositories: KeptRepository[] = [];
  readonly #digests = new DigestTable();
  readonly #labels = new Map<string, Map<string, number[]>>();

  add({ tags, digests, labels, ...record }: SearchableRepository): void {
    const number = this.#repositories.length;
    const description = toSearchedDescription(record.description);
    this.#repositories.push({ ...record, description, number, tags: tags.join(' ') });
    this.#digests.add(packDigests(digests, tags));
    this.#addLabels(number, labels);
  }

  /** The files, the index last, without those that are kept. To be called once, when everything has been added. */
  *files(kept: KeptShards | null = null): Generator<SearchFile> {
    const sorted = this.#repositories.sort((a, b) => compareNaturally(a.name, b.name));
    const ranks = new Uint32Array(sorted.length);
    sorted.forEach(({ number }, rank) => {
      ranks[number] = rank;
    });
    const rankOf = (number: number) => ranks[number] ?? 0;
    const names = sorted.map((repository) => repository.name);
    const shards = {
      tags: yield* encodeTags(sorted),
      repositoryTags: yield* encodeRepositoryTags(sorted),
      digests: yield* encodeDigests(this.#digests, rankOf, names, kept),
      labels: yield* encodeLabels(this.#labels, rankOf),
      descriptions: yield* encodeDescriptions(sorted),
    };
    yield { name: indexFileName, text: encodeSearchIndex(sorted, shards) };
  }

  #addLabels(repository: number, labels: Iterable<readonly [string, string]>): void {
    let count = 0;
    for (const [key, value] of labels) {
      if (count++ === mostLabels) return;
      const short = cutText(value, longestLabel);
      const values = this.#labels.get(key) ?? new Map<string, number[]>();
      const repositories = values.get(short);
      if (repositories === undefined) values.set(short, [repository]);
      else if (repositories.at(-1) !== repository) repositories.push(repository);
      this.#labels.set(key, values);
    }
  }
}

/** The files of `repositories`, the index last. */
export function* encodeSearchFiles(repositories: Iterable<SearchableRepository>): Generator<SearchFile> {
  const encoder = new SearchFilesEncoder();
  for (const repository of repositories) encoder.add(repository);
  yield* encoder.files();
}

function* encodeDescriptions(records: readonly SearchRecord[]): Generator<SearchFile, string | null> {
  if (records.every((record) => record.description === null)) return null;
  const content: DescriptionsFile = { descriptions: records.map((record) => record.description ?? '').join('\n') };
  const file = toSearchFile('descriptions', content);
  yield file;
  return file.name;
}
