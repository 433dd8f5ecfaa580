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
    const print = (count: number) => {
      const image = { layerKeys: [base, own].map(toLayerKey), layerSizesBytes: [70, 3] };
      const others = Array.from({ length: count }, () => ({ layerKeys: [toLayerKey(base)], layerSizesBytes: [70] }));
      const { countsOf } = tallyLayers([image, ...others].map((extent) => ({ extent, isStanding: true })));
      assert.deepEqual([...countsOf(image)], [count + 1, 1]);
      assert.deepEqual(countsOf({ ...image }), countsOf(image));
      return fingerprintUses(countsOf(image));
    };
    assert.equal(print(11), print(12));
    for (const count of [0, 1, 7, 8, 18]) assert.notEqual(print(count), print(count + 1));
  });

  it('changes them where another of its layers is shared', () => {
    const prints = [
      [2, 1, 1],
      [1, 2, 1],
      [1, 1, 2],
      [1, 1, 1],
      [2, 2, 1],
      [12, 1, 1],
    ].map((counts) => fingerprintUses(Uint32Array.from(counts)));
    assert.equal(new Set(prints).size, prints.length);
    assert.notEqual(fingerprintUses(Uint32Array.of(1, 2)), fingerprintUses(Uint32Array.of(1, 1, 2)));
  });
});

describe('the layers of a catalogue', () => {
  it('hold bytes once, and while some image of the registry has them', () => {
    const [ownOnly, ...withBase] = extents(2).map((extent, at) => ({ extent, isStanding: at !== 0 }));
    assert.ok(ownOnly);
    const { countOf, countsOf, standingSizeBytes } = tallyLayers([ownOnly, ...withBase]);
    assert.equal(standingSizeBytes, 70);
    assert.deepEqual([countOf(toLayerKey(base)), countOf(toLayerKey(own))], [2, 1]);
    const other = { layerKeys: [base, computeDigest('other')].map(toLayerKey), layerSizesBytes: [70, 1] };
    assert.deepEqual([...countsOf(other)], [2, 0]);
    assert.equal(tallyLayers([{ ...ownOnly, isStanding: true }, ...withBase]).standingSizeBytes, 73);
  });

  it('are not forgotten where a removed image comes first', () => {
    const [, removed, standing] = extents(2).map((extent, at) => ({ extent, isStanding: at === 2 }));
    assert.ok(removed && standing);
    assert.equal(tallyLayers([removed, standing]).standingSizeBytes, 70);
  });
});
