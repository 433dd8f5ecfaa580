/**
 * Repositories as the search is told of them <-> the text of a file that keeps them: a first line that says what they were
 * made with, then a line for each (its name, its file's digest, its facts, its digests, with tabs between), then the digest
 * of all that.
 */
import { computeDigest } from '../oci/digest.ts';
import type { SearchableDigest, SearchableRepository } from '../search/encode-search-files.ts';
import { digestKinds } from '../search/shard-files.ts';

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
    lines.push([facts.name, file, JSON.stringify(stored), encodeDigestRows(digests, facts.tags)].join('\t'));
  }
  const text = `${lines.join('\n')}\n`;
  return `${text}${computeDigest(text)}\n`;
}

/** Decodes all of it. Null when it was made with another fingerprint; a `TypeError` when the bytes are not those written. */
export function decodeSearchables(fingerprint: string, text: string): readonly SearchableFile[] | null {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  if (computeDigest(text.slice(0, end)) !== text.slice(end, -1)) {
    throw new TypeError('what the search is told of is not what was written');
  }
  const [head, ...lines] = text.slice(0, end - 1).split('\n');
  if (head !== fingerprint) return null;
  return lines.map((line) => {
    const [, file = '', facts = '', digests = ''] = line.split('\t');
    const stored = JSON.parse(facts) as StoredFacts;
    return {
      file,
      searchable: { ...stored, digests: { [Symbol.iterator]: () => decodeDigestRows(digests, stored.tags) } },
    };
  });
}

const letterOfKind = new Map(Object.entries(digestKinds).map(([letter, kind]) => [kind, letter]));
const headBytes = 5;
/** `sha256:` has 32 bytes; the letter of a `sha512:` digest, which has 64, is in upper case. */
const shortBytes = 32;
const longBytes = 64;

/** Each digest once: its kind's letter, the number of its tag from 1 on or 0 for none, its bytes. All of it as Base64. */
function encodeDigestRows(digests: Iterable<SearchableDigest>, tags: readonly string[]): string {
  const numberOf = new Map(tags.map((tag, at) => [tag, at + 1]));
  const seen = new Set<string>();
  const rows: Buffer[] = [];
  for (const { digest, kind, tag } of digests) {
    if (seen.has(digest)) continue;
    seen.add(digest);
    const isLong = digest.startsWith('sha512:');
    const row = Buffer.alloc(headBytes + (isLong ? longBytes : shortBytes));
    const letter = letterOfKind.get(kind) ?? 'o';
    row.write(isLong ? letter.toUpperCase() : letter, 'latin1');
    row.writeUInt32LE(tag === null ? 0 : (numberOf.get(tag) ?? 0), 1);
    row.write(digest.slice(digest.indexOf(':') + 1), headBytes, 'hex');
    rows.push(row);
  }
  return Buffer.concat(rows).toString('base64');
}

function* decodeDigestRows(encoded: string, tags: readonly string[]): Generator<SearchableDigest> {
  const bytes = Buffer.from(encoded, 'base64');
  for (let at = 0; at < bytes.length; ) {
    const letter = String.fromCharCode(bytes[at] ?? 0);
    const lower = letter.toLowerCase();
    const start = at + headBytes;
    const end = start + (letter === lower ? shortBytes : longBytes);
    yield {
      digest: `${letter === lower ? 'sha256' : 'sha512'}:${bytes.toString('hex', start, end)}`,
      kind: digestKinds[lower] ?? 'other',
      tag: tags[bytes.readUInt32LE(at + 1) - 1] ?? null,
    };
    at = end;
  }
}
