import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeSearchables, encodeSearchables } from '../../../src/api/searchable-lines.ts';
import { sampleRepositories, toRepository } from '../search/sample-search.ts';

const file = 'f'.repeat(64);
const long = toRepository({
  name: 'long/digests',
  description: 'tabs\tand\nlines',
  tags: ['b', 'a'],
  digests: [
    { digest: `sha512:${'0f'.repeat(64)}`, kind: 'layer', tag: 'a' },
    { digest: `sha256:${'f0'.repeat(32)}`, kind: 'other', tag: null },
  ],
});
const files = [...sampleRepositories, long].map((searchable) => ({ file, searchable }));
const plain = (all: typeof files | ReturnType<typeof decodeSearchables>) =>
  all?.map(({ searchable, ...rest }) => ({
    ...rest,
    searchable: { ...searchable, digests: [...searchable.digests], labels: [...searchable.labels] },
  }));

describe('searchable lines', () => {
  const text = encodeSearchables('made so', files);
  const decode = (fingerprint: string, of = text) => decodeSearchables(fingerprint, Buffer.from(of));

  it('come back as they were written, and can be read twice', () => {
    const decoded = decode('made so');
    assert.deepEqual(plain(decoded), plain(files));
    assert.deepEqual(plain(decoded), plain(files));
  });

  it('hold each digest once', () => {
    const [first] = long.digests;
    assert.ok(first);
    const twice = { file, searchable: { ...long, digests: [first, { ...first, tag: 'b' }] } };
    const [decoded] = decode('x', encodeSearchables('x', [twice])) ?? [];
    assert.deepEqual([...(decoded?.searchable.digests ?? [])], [first]);
  });

  it('are of no use when they were made otherwise, and refused when they are not those written', () => {
    assert.equal(decode('made otherwise'), null);
    for (const broken of ['', 'made so', text.slice(0, -20), text.replace('node24', 'node42')]) {
      assert.throws(() => decode('made so', broken), TypeError);
    }
  });
});
