/** A small catalogue to ask questions of, with everything that a question can be about. */
import { answerQuery, type SearchSources } from '../../../src/search/answer-query.ts';
import { createSearchIndex } from '../../../src/search/create-search-index.ts';
import {
  encodeSearchFiles,
  indexFileName,
  type SearchableRepository,
} from '../../../src/search/encode-search-files.ts';
import { createFuzzySearch } from '../../../src/search/fuzzy-search.ts';
import { readDescriptions } from '../../../src/search/read-descriptions.ts';
import type { SearchIndex } from '../../../src/search/search-index.ts';
import { decodeSearchIndex } from '../../../src/search/search-index-file.ts';
import type { SearchRecord } from '../../../src/search/search-record.ts';
import type { Answer } from '../../../src/search/search-result.ts';
import { createShardLookups } from '../../../src/search/shard-lookups.ts';

const plainRecord: Omit<SearchRecord, 'name'> = {
  description: null,
  tagCount: 1,
  recommendedTag: null,
  createdOn: null,
  compressedSizeBytes: null,
  platforms: ['linux/amd64'],
  kinds: ['image'],
  bases: [],
  state: 'current',
  isBaseOutdated: false,
  path: null,
};

export function toRepository(
  fields: Partial<SearchableRepository> & Pick<SearchableRepository, 'name'>,
): SearchableRepository {
  const tags = fields.tags ?? ['latest'];
  return {
    ...plainRecord,
    tagCount: tags.length,
    recommendedTag: tags[0] ?? null,
    digests: [],
    labels: [],
    ...fields,
    tags,
  };
}

export function indexOf(names: readonly string[]): SearchIndex {
  return createSearchIndex(names.map((name) => ({ ...plainRecord, name })));
}

export const layer = `sha256:${'ab12'.padEnd(64, '0')}`;
export const manifest = `sha256:${'ab13'.padEnd(64, '1')}`;

export const sampleRepositories: readonly SearchableRepository[] = [
  toRepository({
    name: 'releng/node24',
    description: 'Node.js for continuous integration',
    tags: ['24.18.0-s1', '24.18.0', '24.1.0', 'latest'],
    platforms: ['linux/amd64', 'linux/arm64'],
    bases: ['releng/ci-bookworm:1.0', 'bookworm'],
    createdOn: '2026-08-16',
    compressedSizeBytes: 181_873_664,
    digests: [
      { digest: manifest, kind: 'manifest', tag: '24.18.0-s1' },
      { digest: layer, kind: 'layer', tag: null },
    ],
    labels: [
      ['org.opencontainers.image.version', '24.18.0'],
      ['Maintainer', 'Release Engineering'],
    ],
  }),
  toRepository({
    name: 'releng/node24-test',
    tags: ['24.18.0', '24.0'],
    bases: ['releng/node24'],
    isBaseOutdated: true,
  }),
  toRepository({ name: 'releng/node8', tags: ['8.1'] }),
  toRepository({ name: 'releng/ci-bookworm', tags: ['1.0'], digests: [{ digest: layer, kind: 'layer', tag: null }] }),
  toRepository({ name: 'bookworm', tags: ['20260816', 'latest'] }),
  toRepository({ name: 'golang', tags: ['1.25'], labels: [['version', '24.1']] }),
  toRepository({ name: 'base', tags: ['bookworm', '1.0'] }),
  toRepository({ name: 'charts/web', kinds: ['helm-chart'], platforms: [], tags: ['RC1', 'rc1', 'rc10'] }),
  toRepository({ name: 'old/node24', state: 'deprecated', tags: ['1.0'] }),
  toRepository({ name: 'empty', tags: [], tagCount: 0, path: '-/repositories/empty/tags/' }),
];

export interface SampleSearch {
  readonly sources: SearchSources;
  /** The names of the files that were read, in order. */
  readonly read: readonly string[];
  ask(text: string): Promise<Answer>;
}

/** The sample, searched as a site is: through its files. */
export async function openSample(
  repositories: Iterable<SearchableRepository> = sampleRepositories,
  hosts: readonly string[] = [],
): Promise<SampleSearch> {
  const files = new Map(Array.from(encodeSearchFiles(repositories), ({ name, text }) => [name, text]));
  const bare = decodeSearchIndex(files.get(indexFileName) ?? '');
  const index = await readDescriptions(bare, async (name) => files.get(name) ?? '');
  if (index.shards === null) throw new TypeError('the index names no shards');
  const read: string[] = [];
  const lookups = createShardLookups(index, index.shards, async (name) => {
    read.push(name);
    const text = files.get(name);
    if (text === undefined) throw new TypeError(`no file ${name}`);
    return text;
  });
  const sources = { index, lookups, fuzzy: createFuzzySearch(index) };
  return { sources, read, ask: (text) => answerQuery(sources, text, { hosts }) };
}

/** `name:tag why` of each result: what a table of cases compares. */
export function summarize({ results }: Answer): string[] {
  return results.map(({ name, tag, why }) => `${name}${tag === null ? '' : `:${tag}`} ${why.code}`);
}
