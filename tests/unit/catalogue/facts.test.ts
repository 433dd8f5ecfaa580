import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imageConfigOf, isAttestationChild, listLeaves, listPlacedLeaves } from '../../../src/catalogue/facts.ts';
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { computeDigest, type Digest } from '../../../src/oci/digest.ts';
import {
  type Content,
  createChild,
  createImage,
  createIndex,
  createMissing,
  createRepository,
  toPlatform,
} from '../../support/catalogue-values.ts';

const a = createImage('a');
const b = createImage('b');
const c = createImage('c');

describe('the leaves beneath a digest', () => {
  const tables = (content: Content) => createRepository({ x: content });
  const missing = createMissing('missing');
  const cases: readonly (readonly [string, Content, readonly Digest[]])[] = [
    ['of a manifest are itself', a, [a.digest]],
    ['of what is not there are itself', missing, [missing.digest]],
    [
      'of an index are its children, in its order',
      createIndex('i', [
        [b, {}],
        [missing, {}],
        [a, {}],
      ]),
      [b.digest, missing.digest, a.digest],
    ],
    ['of an empty index are none', createIndex('i', []), []],
    [
      'of an index of indexes are all of theirs, once each',
      createIndex('i', [
        [
          createIndex('j', [
            [a, {}],
            [b, {}],
          ]),
          {},
        ],
        [
          createIndex('k', [
            [b, {}],
            [c, {}],
          ]),
          {},
        ],
      ]),
      [a.digest, b.digest, c.digest],
    ],
  ];
  for (const [name, content, expected] of cases) {
    it(name, () => {
      const leaves = listLeaves(content.digest, tables(content));
      assert.deepEqual(
        leaves.map(({ digest }) => digest),
        expected,
      );
    });
  }

  it('say what the index said of each', () => {
    const platform = toPlatform('linux/arm64');
    const index = createIndex('i', [[a, { platform }]]);
    const [leaf] = listLeaves(index.digest, tables(index));
    assert.deepEqual(leaf?.child?.platform, platform);
    assert.equal(leaf?.facts, a.manifests.get(a.digest));
    assert.equal(listLeaves(a.digest, tables(a))[0]?.child, null);
  });

  it('stand once for each platform that an index files them under, when places are asked for', () => {
    const index = createIndex('i', [
      [a, { platform: toPlatform('linux/arm64') }],
      [a, { platform: toPlatform('linux/arm64/v8') }],
    ]);
    assert.equal(listLeaves(index.digest, tables(index)).length, 1);
    assert.deepEqual(
      listPlacedLeaves(index.digest, tables(index)).map(({ child }) => child?.platform?.variant),
      [null, 'v8'],
    );
  });

  it('end where indexes nest deeper than anyone builds', () => {
    let content: Content = a;
    for (const seed of ['1', '2', '3', '4', '5', '6']) content = createIndex(seed, [[content, {}]]);
    const [leaf] = listLeaves(content.digest, tables(content));
    assert.equal(leaf?.facts?.shape, 'index');
  });

  it('of indexes that multiply are listed without multiplying the work', () => {
    let content = createIndex(
      '0',
      Array.from({ length: 500 }, (_, at) => [createMissing(String(at)), {}] as const),
    );
    for (const seed of ['1', '2', '3']) content = createIndex(seed, Array(500).fill([content, {}]));
    const begun = performance.now();
    assert.equal(listPlacedLeaves(content.digest, tables(content)).length, 500);
    assert.ok(performance.now() - begun < 500);
  });
});

describe('a child is an attestation', () => {
  const digest = computeDigest('child');
  const attested = { [annotationKeys.attestationType]: 'attestation-manifest' };
  it('by its annotation', () => assert.ok(isAttestationChild(createChild(digest, { annotations: attested }))));
  it('by its platform', () => {
    assert.ok(isAttestationChild(createChild(digest, { platform: toPlatform('unknown/unknown') })));
  });
  it('and not because something is unknown', () => {
    assert.ok(!isAttestationChild(createChild(digest, { platform: toPlatform('linux/unknown') })));
    assert.ok(!isAttestationChild(createChild(digest)));
  });
});

it('an image config is known only where it could be read', () => {
  const repository = createRepository({ a });
  const facts = repository.manifests.get(a.digest);
  assert.ok(facts?.shape === 'manifest');
  assert.equal(imageConfigOf(facts, repository), a.configs.get(facts.config.digest));
  assert.equal(imageConfigOf(facts, { configs: new Map() }), null);
  assert.equal(imageConfigOf(facts, { configs: new Map([[facts.config.digest, { problem: 'invalid' }]]) }), null);
  assert.equal(imageConfigOf(facts, { configs: new Map([[facts.config.digest, { chart: {} }]]) }), null);
});
