import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import {
  countLayerUses,
  createLayerUses,
  fingerprintUses,
  roundUses,
  tallyLayers,
} from '../../../src/view/layer-uses.ts';
import { toLayerKey } from '../../../src/view/repository-extent.ts';

const base = computeDigest('base');
const own = computeDigest('own');
const extents = (count: number) => [
  { layerKeys: [toLayerKey(own)], layerSizesBytes: [3] },
  ...Array.from({ length: count }, () => ({ layerKeys: [toLayerKey(base)], layerSizesBytes: [70] })),
];

describe('how many images a layer is in', () => {
  for (const [count, rounded] of [
    [0, 0],
    [1, 1],
    [9, 9],
    [10, 10],
    [19, 10],
    [20, 20],
    [49, 20],
    [99, 50],
    [531, 500],
    [5000, 5000],
    [9999, 5000],
  ] as const) {
    it(`${count} is told as ${rounded}`, () => assert.equal(roundUses(count), rounded));
  }

  it('is found by digest', () => {
    const uses = createLayerUses(countLayerUses(extents(12)));
    assert.deepEqual([uses(base), uses(own), uses(computeDigest('other'))], [10, 1, 0]);
  });

  it('changes the pages of an image only when they would say something else', () => {
    const print = (count: number) =>
      fingerprintUses({ layerKeys: [base, own].map(toLayerKey) }, countLayerUses(extents(count)));
    assert.equal(print(12), print(13));
    assert.notEqual(print(8), print(9));
    assert.notEqual(print(19), print(20));
  });
});

describe('the layers of a catalogue', () => {
  it('hold bytes once, and while some image of the registry has them', () => {
    const [ownOnly, ...withBase] = extents(2).map((extent, at) => ({ extent, isStanding: at !== 0 }));
    assert.ok(ownOnly);
    const { countOf, standingSizeBytes } = tallyLayers([ownOnly, ...withBase]);
    assert.equal(standingSizeBytes, 70);
    assert.deepEqual([countOf(toLayerKey(base)), countOf(toLayerKey(own))], [2, 1]);
    assert.equal(tallyLayers([{ ...ownOnly, isStanding: true }, ...withBase]).standingSizeBytes, 73);
  });

  it('are not forgotten where a removed image comes first', () => {
    const [, removed, standing] = extents(2).map((extent, at) => ({ extent, isStanding: at === 2 }));
    assert.ok(removed && standing);
    assert.equal(tallyLayers([removed, standing]).standingSizeBytes, 70);
  });
});
