import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  computeDigest,
  digestAlgorithm,
  digestHex,
  isDigest,
  matchesDigest,
  parseDigest,
} from '../../../src/oci/digest.ts';

const sha256 = `sha256:${'0'.repeat(64)}`;
const sha512 = `sha512:${'f'.repeat(128)}`;

describe('what is a digest', () => {
  const cases: readonly (readonly [unknown, boolean])[] = [
    [sha256, true],
    [sha512, true],
    [`sha256:${'0'.repeat(63)}`, false],
    [`sha256:${'0'.repeat(65)}`, false],
    [`sha512:${'0'.repeat(64)}`, false],
    [`sha256:${'0'.repeat(128)}`, false],
    [`sha384:${'0'.repeat(96)}`, false],
    [`sha256:${'A'.repeat(64)}`, false],
    [`SHA256:${'0'.repeat(64)}`, false],
    [`sha256-${'0'.repeat(64)}`, false],
    [`sha256:${'g'.repeat(64)}`, false],
    [`${sha256}\n`, false],
    [` ${sha256}`, false],
    ['0'.repeat(64), false],
    ['sha256:', false],
    ['', false],
    [null, false],
    [[sha256], false],
  ];
  for (const [value, expected] of cases) {
    it(`${JSON.stringify(value)?.slice(0, 100)}: ${expected}`, () => assert.equal(isDigest(value), expected));
  }
});

it('a value that is none is named in the error, at bounded length', () => {
  assert.throws(() => parseDigest('latest'), new TypeError('not a digest: "latest"'));
  assert.throws(
    () => parseDigest('x'.repeat(1_000_000)),
    (error: Error) => error.message.length < 200,
  );
});

it('a digest gives its algorithm and its hexadecimal digits', () => {
  assert.equal(digestAlgorithm(parseDigest(sha512)), 'sha512');
  assert.equal(digestHex(parseDigest(sha256)), '0'.repeat(64));
});

describe('digests of bytes', () => {
  it('are the ones that everyone computes', () => {
    assert.equal(computeDigest(''), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    assert.equal(
      computeDigest(new TextEncoder().encode('{}')),
      'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
  });

  it('match their bytes under either algorithm, and no others', () => {
    const bytes = new TextEncoder().encode('{"schemaVersion":2}');
    for (const algorithm of ['sha256', 'sha512'] as const) {
      const digest = computeDigest(bytes, algorithm);
      assert.ok(isDigest(digest));
      assert.ok(matchesDigest(bytes, digest));
      assert.ok(!matchesDigest(new TextEncoder().encode('{"schemaVersion": 2}'), digest));
    }
  });
});
