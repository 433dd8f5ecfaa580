import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  encodeSearchFiles,
  indexFileName,
  type SearchableRepository,
} from '../../../src/search/encode-search-files.ts';
import { decodeSearchIndex } from '../../../src/search/search-index-file.ts';
import { makeRepositories } from '../../bench/search-world.ts';
import { openSample, sampleRepositories, toRepository } from './sample-search.ts';

function encode(repositories: Iterable<SearchableRepository>): ReadonlyMap<string, string> {
  return new Map(Array.from(encodeSearchFiles(repositories), ({ name, text }) => [name, text]));
}

function hexOf(at: number): string {
  return Math.imul(at + 1, 0x9e3779b1)
    .toString(16)
    .replace('-', '')
    .padStart(8, '0')
    .repeat(8);
}

describe('the files of search', () => {
  it('end with the index, which names all others', () => {
    const files = [...encodeSearchFiles(sampleRepositories)];
    assert.equal(files.at(-1)?.name, indexFileName);
    for (const { name } of files.slice(0, -1)) {
      assert.match(name, /^(?:tags|images|digests|labels|descriptions)-[0-9a-f]{12}\.json$/);
      assert.ok(
        files.some(({ text }) => text.includes(name)),
        `${name} is named nowhere`,
      );
    }
  });

  it('are the same in whatever order the repositories come', () => {
    assert.deepEqual([...encode(sampleRepositories.toReversed())], [...encode(sampleRepositories)]);
  });

  it('of an empty catalogue are the index alone', () => {
    const files = encode([]);
    assert.deepEqual([...files.keys()], [indexFileName]);
    assert.equal(decodeSearchIndex(files.get(indexFileName) ?? '').names.length, 0);
  });

  it('mostly stay when one tag is added', () => {
    const before = [...makeRepositories(400, 40)];
    const [first] = before;
    assert.ok(first !== undefined);
    const digest = `sha256:${'5'.repeat(64)}`;
    const added = { digest, kind: 'manifest', tag: 'v99' } as const;
    const after = [{ ...first, tags: ['v99', ...first.tags], digests: [added, ...first.digests] }, ...before.slice(1)];
    const old = encode(before);
    const fresh = [...encode(after).keys()].filter((name) => !old.has(name));
    assert.ok(old.size > 60, `${old.size} files`);
    // One shard each of the image's tags, of all tags and of digests, and the directory of digests.
    assert.equal(fresh.length, 4, fresh.join(' '));
  });

  it('keep each question to small files, however many tags there are', () => {
    for (const [name, text] of encode(makeRepositories(1000, 40))) {
      if (/^(?:tags|images|digests)-/.test(name)) assert.ok(text.length < 150_000, `${name}: ${text.length} bytes`);
    }
  });

  it('refuse an index of another version', () => {
    assert.throws(() => decodeSearchIndex('{"version":2}'), /version 2/);
  });
});

describe('digests', () => {
  it('are found by any beginning, whichever shard they are in', async () => {
    const repositories = Array.from({ length: 40 }, (_, group) =>
      toRepository({
        name: `r${group}`,
        digests: Array.from({ length: 100 }, (__, at) => ({
          digest: `sha256:${hexOf(group * 100 + at)}`,
          kind: 'manifest' as const,
          tag: 'latest',
        })),
      }),
    );
    const { ask } = await openSample(repositories);
    for (let at = 0; at < 4000; at += 97) {
      const { results } = await ask(`sha256:${hexOf(at).slice(0, 4 + (at % 60))}`);
      assert.ok(
        results.some(({ name, digest }) => name === `r${Math.floor(at / 100)}` && digest === `sha256:${hexOf(at)}`),
        hexOf(at),
      );
    }
  });

  it('of the other algorithm say so', async () => {
    const digest = `sha512:${'ab'.repeat(64)}`;
    const { ask } = await openSample([toRepository({ name: 'a', digests: [{ digest, kind: 'index', tag: '1' }] })]);
    const [first] = (await ask(digest)).results;
    assert.equal(first?.digest, `sha512:${'ab'.repeat(32)}`);
    assert.match(first?.why.text ?? '', /^Image index sha512:/);
  });

  it('that very many images share are counted, and listed in part', async () => {
    const digest = `sha256:${'cd'.repeat(32)}`;
    const repositories = Array.from({ length: 600 }, (_, at) =>
      toRepository({ name: `r${at}`, digests: [{ digest, kind: 'layer', tag: null }] }),
    );
    const answer = await (await openSample(repositories)).ask(digest);
    assert.deepEqual([answer.total, answer.isTotalExact], [500, false]);
  });
});

describe('tags', () => {
  it('that begin alike and fill many files are answered from two of them', async () => {
    const repositories = Array.from({ length: 300 }, (_, group) =>
      toRepository({
        name: `r${group}`,
        tags: Array.from({ length: 60 }, (__, at) => `1.${group}.${at}-${hexOf(group * 60 + at).slice(0, 8)}`),
      }),
    );
    const { ask, read } = await openSample(repositories);
    const answer = await ask(':1');
    assert.equal(read.length, 2);
    assert.equal(answer.isTotalExact, false);
    assert.ok(answer.total > 100 && answer.total < 18_000);
    const exact = await ask(`:${repositories[7]?.tags[3]}`);
    assert.deepEqual([exact.total, exact.isTotalExact, exact.results[0]?.name], [1, true, 'r7']);
  });
});
