import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatCount,
  formatCounted,
  formatExactBytes,
  formatSize,
  formatSizeRange,
} from '../../../src/view/format-size.ts';

/** With a plain space for the one that does not break. */
const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ') ?? null;

describe('formatSize', () => {
  for (const [sizeBytes, text] of [
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1023, '1.02 kB'],
    [1024, '1.02 kB'],
    [12_345, '12.3 kB'],
    [999_400, '999 kB'],
    [999_500, '1 MB'],
    [999_999, '1 MB'],
    [1_000_000, '1 MB'],
    [117_322_911, '117 MB'],
    [1_048_576_000, '1.05 GB'],
    [5_000_000_000_000, '5 TB'],
    [Number.MAX_SAFE_INTEGER - 1, '9.01 PB'],
    [Number.MAX_SAFE_INTEGER, 'at least 9.01 PB'],
  ] as const) {
    it(`${sizeBytes} is ${text}`, () => assert.equal(plain(formatSize(sizeBytes)), text));
  }

  it('does not break between number and unit', () => assert.match(formatSize(5), /^5\u00a0B$/));
});

describe('formatSizeRange', () => {
  for (const [sizes, text] of [
    [[], null],
    [[117_000_000], '117 MB'],
    [[117_000_000, 117_400_000], '117 MB'],
    [[117_000_000, 110_000_000, 112_000_000], '110–117 MB'],
    [[900_000, 1_200_000], '900 kB–1.2 MB'],
  ] as const) {
    it(`${JSON.stringify(sizes)} is ${text}`, () => assert.equal(plain(formatSizeRange(sizes)), text));
  }
});

describe('exact figures', () => {
  it('part thousands', () => {
    assert.equal(formatCount(0), '0');
    assert.equal(formatCount(999), '999');
    assert.equal(formatCount(1000), '1,000');
    assert.equal(formatCount(1_234_567), '1,234,567');
  });

  it('count one as one', () => {
    assert.equal(formatExactBytes(1), '1 byte');
    assert.equal(formatExactBytes(117_322_911), '117,322,911 bytes');
    assert.equal(plain(formatCounted(1, 'image')), '1 image');
    assert.equal(plain(formatCounted(0, 'image')), '0 images');
    assert.equal(plain(formatCounted(2, 'registry', 'registries')), '2 registries');
  });
});
