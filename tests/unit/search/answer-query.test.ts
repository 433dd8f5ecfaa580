import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerQuery } from '../../../src/search/answer-query.ts';
import { createSearchIndex, sortRecords } from '../../../src/search/create-search-index.ts';
import { createFuzzySearch } from '../../../src/search/fuzzy-search.ts';
import { createMemoryLookups } from '../../../src/search/memory-lookups.ts';
import { layer, manifest, openSample, sampleRepositories, summarize } from './sample-search.ts';

interface Case {
  readonly text: string;
  readonly results: readonly string[];
  readonly suggestions?: readonly string[];
  readonly notice?: RegExp;
}

const cases: readonly Case[] = [
  { text: '', results: [] },
  { text: 'golang', results: ['golang exact'] },
  { text: 'node24', results: ['releng/node24 last-part', 'old/node24 last-part', 'releng/node24-test part-prefix'] },
  { text: 'golnag', results: ['golang similar'] },
  { text: 'test node24', results: ['releng/node24-test last-part'] },

  {
    text: 'releng/node24:24.18.0',
    results: ['releng/node24:24.18.0 tag', 'releng/node24:24.18.0-s1 tag-prefix', 'releng/node24-test:24.18.0 tag'],
  },
  { text: 'node24:latest', results: ['releng/node24:latest tag'] },
  { text: 'golang:1', results: ['golang:1.25 tag-prefix'] },
  { text: 'golang:25', results: ['golang:1.25 tag-prefix'] },
  { text: 'golang 1.2', results: ['golang:1.25 tag-prefix'], notice: /read as a tag/ },
  { text: 'relengnode24', results: ['releng/node24 similar', 'releng/node24-test similar'] },
  { text: 'golang:', results: ['golang:1.25 exact'] },
  { text: 'golang:9', results: ['golang no-such-tag'], suggestions: ['golang:1.25'] },
  {
    text: 'releng/node24:24.19.0',
    results: ['releng/node24 no-such-tag'],
    suggestions: ['releng/node24:24.18.0', 'releng/node24:24.1.0', 'releng/node24:24.18.0-s1'],
  },
  { text: 'golnag:1.25', results: ['golang:1.25 tag'] },
  { text: 'charts/web:rc1', results: ['charts/web:rc1 tag', 'charts/web:RC1 tag', 'charts/web:rc10 tag-prefix'] },
  { text: 'empty:', results: ['empty exact'] },
  { text: 'empty:1', results: ['empty no-such-tag'] },

  { text: ':latest', results: ['bookworm:latest tag', 'releng/node24:latest tag'] },
  { text: ':RC1', results: ['charts/web:RC1 tag', 'charts/web:rc1 tag', 'charts/web:rc10 tag-prefix'] },
  {
    text: ':24.1',
    results: [
      'releng/node24:24.1.0 tag-prefix',
      'releng/node24:24.18.0 tag-prefix',
      'releng/node24-test:24.18.0 tag-prefix',
      'releng/node24:24.18.0-s1 tag-prefix',
    ],
  },
  { text: ':24.19.0', results: [], suggestions: [':24.18.0', ':24.1.0', ':24.0'] },
  { text: ':latest arch:arm64', results: ['releng/node24:latest tag'] },

  { text: layer, results: ['releng/ci-bookworm digest', 'releng/node24 digest'] },
  { text: 'sha256:ab12', results: ['releng/ci-bookworm digest', 'releng/node24 digest'] },
  { text: 'sha256:ab13', results: ['releng/node24:24.18.0-s1 digest'] },
  { text: `node24@${manifest}`, results: ['releng/node24:24.18.0-s1 digest'] },
  { text: `golang@${manifest}`, results: [] },
  { text: `sha256:${'ab12'.padEnd(31, '0')}1`, results: [] },
  { text: 'sha256:ab1', results: [], notice: /4 digits/ },
  { text: 'sha256:ffff', results: [] },

  { text: 'arch:arm64', results: ['releng/node24 filter'] },
  { text: 'arch:aarch64', results: ['releng/node24 filter'] },
  { text: 'arch:linux/arm64', results: ['releng/node24 filter'] },
  { text: 'arch:arm', results: [] },
  { text: 'is:outdated', results: ['releng/node24-test filter'] },
  { text: 'is:outdated-base', results: ['releng/node24-test filter'] },
  { text: 'is:outdated arch:arm64', results: [] },
  { text: 'is:nothing', results: [] },
  { text: 'kind:helm-chart', results: ['charts/web filter'] },
  { text: 'base:bookworm', results: ['releng/node24 filter'] },
  { text: 'base:ci-bookworm', results: ['releng/node24 filter'] },
  { text: 'base:node24', results: ['releng/node24-test filter'] },
  { text: 'base:node', results: ['releng/node24-test filter'] },
  { text: 'base:nod', results: [] },
  { text: 'base:1.0', results: ['releng/node24 filter'] },
  { text: 'label:version', results: ['golang filter', 'releng/node24 filter'] },
  { text: 'label:version=24.18', results: ['releng/node24 filter'] },
  { text: 'label:org.opencontainers.image.version=24.18.0', results: ['releng/node24 filter'] },
  { text: 'label:image.version', results: ['releng/node24 filter'] },
  { text: 'label:ion', results: [] },
  { text: 'label:maintainer=engineering', results: ['releng/node24 filter'] },
  { text: 'golang arch:amd64', results: ['golang exact'] },
  { text: 'golang arch:arm64', results: [] },

  { text: 'continuous', results: ['releng/node24 description'] },
  { text: 'continous', results: ['releng/node24 similar'] },

  { text: 'golang latest', results: ['golang no-such-tag'], suggestions: ['golang:1.25'], notice: /read as a tag/ },
  { text: 'golang 1.25', results: ['golang:1.25 tag'], notice: /read as a tag/ },
  { text: '20260816', results: ['bookworm:20260816 tag'], notice: /read as a tag/ },
  { text: 'base:1.25', results: [] },
  { text: 'docker.io/library/golang:1.25', results: ['golang:1.25 tag'], notice: /without docker\.io\/library\// },
  { text: 'golang xyzzy', results: ['golang exact'], notice: /without “xyzzy”/ },
  { text: '"golnag"', results: [] },
];

describe('answers', () => {
  for (const { text, results, suggestions, notice } of cases) {
    it(text === '' ? '(nothing)' : text, async () => {
      const { ask, read } = await openSample();
      const answer = await ask(text);
      assert.deepEqual(summarize(answer), results);
      if (results.length > 0) assert.equal(answer.total, results.length);
      if (suggestions !== undefined)
        assert.deepEqual(
          answer.suggestions.map((each) => each.text),
          suggestions,
        );
      if (notice === undefined) assert.equal(answer.notice, null);
      else assert.match(answer.notice ?? '', notice);
      assert.ok(read.length <= 2, `read ${read.join(', ')}`);
    });
  }

  it('a filter that finds nothing is a name and a tag, if they exist', async () => {
    const repositories = sampleRepositories.map((repository) => ({ ...repository, bases: [] }));
    const answer = await (await openSample(repositories)).ask('base:bookworm');
    assert.deepEqual(summarize(answer), ['base:bookworm tag']);
    assert.match(answer.notice ?? '', /name and a tag/);
  });

  it('pasted references of the registry lose its host', async () => {
    const { ask } = await openSample(sampleRepositories, ['registry.example.org']);
    assert.deepEqual(summarize(await ask('docker pull registry.example.org/golang:1.25')), ['golang:1.25 tag']);
  });

  it('show what was matched', async () => {
    const { ask } = await openSample();
    const [first] = (await ask('node24:18')).results;
    assert.deepEqual([first?.matches, first?.tagMatches], [[[7, 13]], [[3, 5]]]);
    assert.deepEqual((await ask('test nod')).results[0]?.matches, [
      [7, 10],
      [14, 18],
    ]);
  });

  it('carry the record, so that a row needs nothing else', async () => {
    const [first] = (await (await openSample()).ask('releng/node24')).results;
    assert.deepEqual(first?.record, {
      name: 'releng/node24',
      description: 'Node.js for continuous integration',
      tagCount: 4,
      recommendedTag: '24.18.0-s1',
      createdOn: '2026-08-16',
      compressedSizeBytes: 182_000_000,
      platforms: ['linux/amd64', 'linux/arm64'],
      kinds: ['image'],
      bases: ['releng/ci-bookworm:1.0', 'bookworm'],
      state: 'current',
      isBaseOutdated: false,
      path: null,
    });
  });

  it('write out no more than is asked for, and count all', async () => {
    const { sources } = await openSample();
    for (const text of ['e', ':1', 'sha256:ab12', 'node24:', 'arch:amd64']) {
      const few = await answerQuery(sources, text, { most: 1 });
      const all = await answerQuery(sources, text);
      assert.equal(few.results.length, 1, text);
      assert.equal(few.total, all.total, text);
      assert.deepEqual(few.results[0], all.results[0], text);
    }
  });

  it('are the same from memory as from files', async () => {
    const sorted = sortRecords(sampleRepositories);
    const index = createSearchIndex(sorted);
    const sources = { index, lookups: createMemoryLookups(sorted), fuzzy: createFuzzySearch(index) };
    for (const { text } of cases) {
      const fromFiles = await (await openSample()).ask(text);
      assert.deepEqual(summarize(await answerQuery(sources, text)), summarize(fromFiles), text);
    }
  });
});
