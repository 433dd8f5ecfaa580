/**
 * Repositories as the search is told of them <-> the text of a file that keeps them: a first line that says what they were
 * made with, then a line for each (its name, its file's digest, its facts, its digests, with tabs between), then the digest
 * of all that.
 */
import { computeDigest } from '../oci/digest.ts';
import type { SearchableRepository } from '../search/encode-search-files.ts';
import { packDigests, unpackDigests } from '../search/packed-digests.ts';

/** One repository, from the file of that digest. */
export interface SearchableFile {
  readonly file: string;
  readonly searchable: SearchableRepository;
}

/** What a line holds of a repository besides its digests. */
type StoredFacts = Omit<SearchableRepository, 'digests' | 'labels'> & {
  readonly labels: readonly (readonly [string, string])[];
};

/** Encodes `repositories` in their order. `fingerprint` stands for everything else that they were made from. */
export function encodeSearchables(fingerprint: string, repositories: Iterable<SearchableFile>): string {
  const lines = [fingerprint];
  for (const { file, searchable } of repositories) {
    const { digests, labels, ...facts } = searchable;
    const stored: StoredFacts = { ...facts, labels: [...labels] };
    lines.push(
      [facts.name, file, JSON.stringify(stored), packDigests(digests, facts.tags).bytes.toString('base64')].join('\t'),
    );
  }
  const text = `${lines.join('\n')}\n`;
  return `${text}${computeDigest(text)}\n`;
}

/** Decodes all of it. Null when it was made with another fingerprint; a `TypeError` when the bytes are not those written. */
export function decodeSearchables(fingerprint: string, bytes: Buffer): readonly SearchableFile[] | null {
  const end = bytes.lastIndexOf(lineFeed, bytes.length - 2) + 1;
  if (computeDigest(bytes.subarray(0, end)) !== bytes.toString('latin1', end, bytes.length - 1)) {
    throw new TypeError('what the search is told of is not what was written');
  }
  let from = bytes.indexOf(lineFeed) + 1;
  if (bytes.toString('utf8', 0, from - 1) !== fingerprint) return null;
  const files: SearchableFile[] = [];
  while (from < end) {
    const lineEnd = bytes.indexOf(lineFeed, from);
    files.push(decodeLine(bytes.subarray(from, lineEnd)));
    from = lineEnd + 1;
  }
  return files;
}

const lineFeed = 0x0a;
const tab = 0x09;

function decodeLine(line: Buffer): SearchableFile {
  const nameEnd = line.indexOf(tab);
  const fileEnd = line.indexOf(tab, nameEnd + 1);
  const factsEnd = line.indexOf(tab, fileEnd + 1);
  const facts = JSON.parse(line.toString('utf8', fileEnd + 1, factsEnd)) as StoredFacts;
  const digests = unpackDigests(line.toString('latin1', factsEnd + 1), facts.tags);
  return {
    file: line.toString('utf8', nameEnd + 1, fileEnd),
    searchable: { ...facts, digests },
  };
}
