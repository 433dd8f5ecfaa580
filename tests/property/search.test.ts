import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { alignText, anyStretch } from '../../src/search/align-text.ts';
import { answerNames } from '../../src/search/answer-names.ts';
import { answerQuery } from '../../src/search/answer-query.ts';
import { createSearchIndex, sortRecords } from '../../src/search/create-search-index.ts';
import { cutShards } from '../../src/search/cut-shards.ts';
import { encodeSearchFiles, indexFileName, type SearchableRepository } from '../../src/search/encode-search-files.ts';
import { encodeSearchIndex } from '../../src/search/encode-search-index.ts';
import { decodeFrontCoded, encodeFrontCoded } from '../../src/search/front-coding.ts';
import { createFuzzySearch } from '../../src/search/fuzzy-search.ts';
import { createMemoryLookups } from '../../src/search/memory-lookups.ts';
import { toPlainText } from '../../src/search/name-text.ts';
import { compareNaturally } from '../../src/search/natural-order.ts';
import { NearTexts } from '../../src/search/near-texts.ts';
import { parseQuery } from '../../src/search/parse-query.ts';
import { decodePositions, encodePositions } from '../../src/search/positions.ts';
import { rankNames } from '../../src/search/rank-names.ts';
import { readDescriptions } from '../../src/search/read-descriptions.ts';
import { recordAt, type SearchIndex } from '../../src/search/search-index.ts';
import { decodeSearchIndex } from '../../src/search/search-index-file.ts';
import { createShardLookups } from '../../src/search/shard-lookups.ts';

const letter = fc.constantFrom('a', 'b', 'n', 'o', 'd', 'e', '1', '2');
const word = fc.string({ unit: letter, minLength: 1, maxLength: 6 });
const name = fc
  .array(fc.tuple(word, fc.constantFrom('-', '.', '_', '__', '/')), { minLength: 1, maxLength: 4 })
  .map((parts) =>
    parts
      .map(([text, separator]) => text + separator)
      .join('')
      .replace(/[^a-z0-9]+$/, ''),
  );
const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,8}$/);
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });

const repository = (named: string): fc.Arbitrary<SearchableRepository> =>
  fc.record({
    name: fc.constant(named),
    description: fc.option(fc.string({ maxLength: 30 }).map((text) => text.replace(/\s+/g, ' ').trim() || null)),
    tagCount: fc.nat(2000),
    recommendedTag: fc.option(tag),
    createdOn: fc.option(
      fc.integer({ min: 0, max: 30_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
    ),
    compressedSizeBytes: fc.option(
      fc.tuple(fc.nat(999), fc.nat(8)).map(([digits, exponent]) => digits * 10 ** exponent),
    ),
    platforms: fc.subarray(['linux/amd64', 'linux/arm64', 'windows/amd64 (10.0.1)']),
    kinds: fc.subarray(['image', 'helm-chart']),
    bases: fc.subarray(['bookworm', 'releng/ci:1.0']),
    state: fc.constantFrom('current', 'stale', 'deprecated'),
    isBaseOutdated: fc.boolean(),
    path: fc.option(fc.constant('-/repositories/x/tags/')),
    tags: fc.uniqueArray(tag, { maxLength: 5 }),
    digests: fc.array(
      fc.record({
        digest: hex.map((digits) => `sha256:${digits}`),
        kind: fc.constantFrom('index', 'manifest', 'config', 'layer', 'other'),
        tag: fc.option(tag),
      }),
      { maxLength: 3 },
    ),
    labels: fc.array(fc.tuple(fc.constantFrom('version', 'org.x.version', 'Owner'), fc.string({ maxLength: 6 })), {
      maxLength: 3,
    }),
  });

const repositories = fc
  .uniqueArray(name, { maxLength: 12 })
  .chain((names) => fc.tuple(...names.map(repository)) as fc.Arbitrary<SearchableRepository[]>);

const queryPart = fc.oneof(
  name,
  tag.map((text) => `:${text}`),
  fc.tuple(name, tag).map(([named, tagged]) => `${named}:${tagged}`),
  hex.chain((digits) => fc.nat(64).map((length) => `sha256:${digits.slice(0, length)}`)),
  fc.constantFrom(
    'arch:arm64',
    'base:bookworm',
    'kind:',
    'label:version',
    'label:version=1',
    '"',
    '@',
    ':',
    'docker pull',
  ),
  fc.string({ maxLength: 8, unit: 'binary' }),
);
const queryText = fc.oneof(
  fc.array(queryPart, { maxLength: 4 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

async function openFiles(given: readonly SearchableRepository[]) {
  const files = new Map(Array.from(encodeSearchFiles(given), (file) => [file.name, file.text]));
  const read = async (file: string) => files.get(file) ?? '';
  const index = await readDescriptions(decodeSearchIndex(files.get(indexFileName) ?? ''), read);
  assert.ok(index.shards !== null);
  return { index, lookups: createShardLookups(index, index.shards, read), fuzzy: createFuzzySearch(index) };
}

function openMemory(given: readonly SearchableRepository[]) {
  const sorted = sortRecords(given);
  const index = createSearchIndex(sorted);
  return { index, lookups: createMemoryLookups(sorted), fuzzy: createFuzzySearch(index) };
}

function listRecords(index: SearchIndex) {
  return index.names.map((_, position) => recordAt(index, position));
}

describe('any text', () => {
  it('is a query, and has an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        repositories,
        queryText,
        fc.array(fc.string({ maxLength: 8 }), { maxLength: 2 }),
        async (given, text, hosts) => {
          const sources = await openFiles(given);
          const answer = await answerQuery(sources, text, { hosts });
          assert.ok(answer.total >= answer.results.length);
          const { answer: names } = answerNames(sources.index, text, 50, { hosts });
          for (const result of [...answer.results, ...names.results]) {
            assert.equal(result.name, result.record.name);
            for (const [spans, within] of [
              [result.matches, result.name],
              [result.tagMatches, result.tag ?? ''],
            ] as const) {
              let end = 0;
              for (const [from, to] of spans) {
                assert.ok(from >= end && to > from && to <= within.length, `${from} to ${to} of ${within}`);
                end = to;
              }
            }
          }
        },
      ),
    );
  });

  it('is read the same when it is read again', () => {
    fc.assert(
      fc.property(queryText, (text) => {
        const query = parseQuery(text);
        assert.deepEqual(parseQuery(query.text), query);
      }),
    );
  });
});

describe('answers', () => {
  it('do not depend on the order of the repositories, nor on whether they come from files', async () => {
    await fc.assert(
      fc.asyncProperty(repositories, queryText, async (given, text) => {
        const fromMemory = await answerQuery(openMemory(given), text);
        const turned = await answerQuery(openMemory(given.toReversed()), text);
        assert.deepEqual(turned, fromMemory);
        const fromFiles = await answerQuery(await openFiles(given), text);
        const bare = ({ results, ...rest }: typeof fromMemory) => ({
          ...rest,
          results: results.map(({ digest, why, ...result }) => ({
            ...result,
            code: why.code,
            digest: digest?.slice(0, 39),
          })),
        });
        assert.deepEqual(bare(fromFiles), bare(fromMemory));
      }),
    );
  });

  it('find every image by its own name first', async () => {
    await fc.assert(
      fc.asyncProperty(repositories, async (given) => {
        const sources = openMemory(given);
        for (const each of given) {
          const { results } = await answerQuery(sources, each.name);
          assert.equal(results[0]?.name, each.name);
        }
      }),
    );
  });

  it('look at no name in vain, and miss none by that', () => {
    const words = fc.array(fc.oneof(word, name, fc.constantFrom('1.2', '2.1.1', '"n-o"', 'a/', '-')), { maxLength: 3 });
    fc.assert(
      fc.property(repositories, words, fc.constantFrom(2, 50), (given, asked, most) => {
        const versions = ['a12', 'b-1.2', 'o/n211', 'o/2.1.1-b'].map((each) => ({ ...given[0], name: `v/${each}` }));
        const named = [...given, ...(given.length > 0 ? (versions as SearchableRepository[]) : [])];
        const { index } = openMemory(named.map((each) => ({ ...each, description: null })));
        // With descriptions, empty ones too, each name is looked at.
        const whole = { ...index, descriptions: index.names.map(() => '') };
        const query = parseQuery(asked.join(' ')).words;
        const list = (of: SearchIndex) => rankNames(of, query, () => true, most).positions.slice(0, most);
        assert.deepEqual(list({ ...index, descriptions: null }), list(whole));
      }),
    );
  });

  it('find every tag of every image', async () => {
    await fc.assert(
      fc.asyncProperty(repositories, async (given) => {
        const sources = await openFiles(given);
        for (const each of given) {
          for (const own of each.tags) {
            const named = await answerQuery(sources, `${each.name}:${own}`);
            assert.deepEqual([named.results[0]?.name, named.results[0]?.tag], [each.name, own]);
            const { results } = await answerQuery(sources, `:${own}`, { most: 1000 });
            assert.ok(results.some((result) => result.name === each.name && result.tag === own));
          }
        }
      }),
    );
  });
});

describe('what is encoded', () => {
  it('as an index comes back', () => {
    fc.assert(
      fc.property(repositories, (given) => {
        const records = listRecords(createSearchIndex(given)).map((record) => ({ ...record, description: null }));
        const decoded = decodeSearchIndex(encodeSearchIndex(given));
        assert.deepEqual(listRecords(decoded), records);
      }),
    );
  });

  it('as lines comes back', () => {
    fc.assert(
      fc.property(fc.array(name), (lines) => {
        assert.deepEqual(decodeFrontCoded(encodeFrontCoded(lines)), lines);
      }),
    );
  });

  it('as positions comes back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100_000), { minLength: 1 }), (positions) => {
        const ascending = positions.toSorted((a, b) => a - b);
        assert.deepEqual(decodePositions(encodePositions(ascending)), ascending);
      }),
    );
  });

  it('in shards is all there, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 20_000 }), (items, weight) => {
        const shards = [...cutShards(items, { keyOf: (item) => item, weightOf: () => weight })];
        assert.deepEqual(shards.flat(), items);
        assert.ok(shards.every((shard) => shard.length > 0));
      }),
    );
  });
});

describe('comparing', () => {
  it('names is a total order', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        // Nought is not minus nought.
        assert.equal(Math.sign(compareNaturally(a, b)), 0 - Math.sign(compareNaturally(b, a)));
        assert.equal(compareNaturally(a, b) === 0, a === b);
        if (compareNaturally(a, b) <= 0 && compareNaturally(b, c) <= 0) assert.ok(compareNaturally(a, c) <= 0);
      }),
    );
  });

  it('letters and pairs of letters never leaves out what is near', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), name, fc.integer({ min: 0, max: 3 }), (names, typed, edits) => {
        const texts = names.map(toPlainText);
        const tokens = toPlainText(typed)
          .split(' ')
          .filter((token) => token !== '');
        const selected = new Set(new NearTexts(texts).select(tokens, edits));
        texts.forEach((text, position) => {
          const found = alignText(tokens.join(' '), text, edits, anyStretch);
          if (found !== null) assert.ok(selected.has(position), `${tokens.join(' ')} in ${text}`);
        });
      }),
    );
  });
});
