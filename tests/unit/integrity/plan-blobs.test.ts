/** Which blobs are next, within which budget, and what a check leaves behind. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BlobCheck, noteOutcome, noteUnread } from '../../../src/integrity/blob-check.ts';
import { type InventoryBlob, toBlobKey } from '../../../src/integrity/blob-inventory.ts';
import { createByteBudget } from '../../../src/integrity/byte-budget.ts';
import { planBlobs } from '../../../src/integrity/plan-blobs.ts';
import { listBlobFaults } from '../../../src/integrity/sum-up-checks.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { hour } from '../../support/catalogue-values.ts';

const blob = (seed: string, ...sizesBytes: number[]): InventoryBlob => ({
  ...{ source: 'main', digest: computeDigest(seed), sizesBytes, holders: [] },
});
const [a, b, c] = ['a', 'b', 'c'].map((seed) => blob(seed, 10)) as [InventoryBlob, InventoryBlob, InventoryBlob];
const byDigest = [a, b, c].sort((one, other) => (one.digest < other.digest ? -1 : 1));
const sound = (of: InventoryBlob, hours: number, cycle: number): BlobCheck =>
  noteOutcome(of, undefined, { outcome: 'sound', sizeBytes: 10 }, hour(hours), cycle);
const toChecks = (...checks: BlobCheck[]) => new Map(checks.map((check) => [toBlobKey(check), check]));

describe('the plan', () => {
  const cases: Readonly<Record<string, [BlobCheck[], number, { cycle: number; pending: readonly InventoryBlob[] }]>> = {
    'begins with everything': [[], 0, { cycle: 1, pending: byDigest }],
    'goes on with what the cycle has not had': [[sound(a, 1, 1), sound(c, 1, 1)], 1, { cycle: 1, pending: [b] }],
    'takes what was never checked first, then the oldest': [
      [sound(a, 5, 1), sound(c, 2, 1)],
      2,
      { cycle: 2, pending: [b, c, a] },
    ],
    'begins anew when all was had': [
      [sound(a, 3, 4), sound(b, 1, 4), sound(c, 2, 4)],
      4,
      { cycle: 5, pending: [b, c, a] },
    ],
    'counts an attempt that told nothing as had': [
      [noteUnread(a, undefined, hour(1), 1), sound(b, 1, 1)],
      1,
      { cycle: 1, pending: [c] },
    ],
    'goes by cycles and not by the clock': [[sound(a, 99, 1), sound(b, 1, 2)], 2, { cycle: 2, pending: [c, a] }],
  };
  for (const [what, [checks, cycle, expected]] of Object.entries(cases)) {
    it(what, () => assert.deepEqual(planBlobs([a, b, c], toChecks(...checks), cycle), expected));
  }

  it('knows the same digest in another source as another blob', () => {
    const elsewhere = { ...a, source: 'other' };
    assert.deepEqual(planBlobs([a, elsewhere], toChecks(sound(a, 1, 1)), 1).pending, [elsewhere]);
  });
});

describe('the budget', () => {
  it('takes what fits, passes over what does not, and counts what never will', () => {
    const budget = createByteBudget(100, () => 0);
    const taken = [60, 50, 101, 40, 1].map((sizeBytes) => budget.reserve(blob('x', sizeBytes)));
    assert.deepEqual(taken, [true, false, false, true, false]);
    assert.deepEqual([budget.postponed, budget.oversized], [3, 1]);
  });

  it('counts what was transferred in vain, and gives back what was not', () => {
    let transferred = 0;
    const budget = createByteBudget(100, () => transferred);
    assert.ok(budget.reserve(blob('x', 90)));
    budget.release(blob('x', 90));
    assert.ok(budget.reserve(blob('x', 20)));
    transferred = 95;
    assert.equal(budget.reserve(blob('x', 10)), false);
  });

  it('goes by the least that is said of a length', () => {
    assert.ok(createByteBudget(100, () => 0).reserve(blob('x', 10, 5_000_000)));
  });
});

describe('the record of a blob', () => {
  const corrupt = { outcome: 'corrupt', sizeBytes: 10 } as const;

  it('keeps since when a fault is known, and forgets it when it is mended', () => {
    const first = noteOutcome(a, undefined, corrupt, hour(1), 1);
    const second = noteOutcome(a, first, corrupt, hour(2), 2);
    assert.deepEqual([second.checkedAt, second.foundAt], [hour(2), hour(1)]);
    const missing = noteOutcome(a, second, { outcome: 'missing', sizeBytes: null }, hour(3), 3);
    assert.equal(missing.foundAt, hour(3));
    assert.equal(sound(a, 4, 4).foundAt, null);
  });

  it('keeps what was known when nothing can be learnt, and since when', () => {
    const known = noteOutcome(a, undefined, corrupt, hour(1), 1);
    const unread = noteUnread(a, noteUnread(a, known, hour(2), 2), hour(3), 3);
    assert.deepEqual(unread, { ...known, cycle: 3, unreadSince: hour(2) });
  });
});

describe('what is at fault', () => {
  const at = (hours: number, outcome: BlobCheck['outcome']) =>
    toChecks(noteOutcome(a, undefined, { outcome: outcome ?? 'sound', sizeBytes: 10 }, hour(hours), 1));
  const cases: readonly (readonly [string, Map<string, BlobCheck>, Map<string, BlobCheck>, string | undefined])[] = [
    ['nothing, where nothing is known', new Map(), new Map(), undefined],
    ['bytes that are wrong', at(1, 'corrupt'), new Map(), 'corrupt'],
    ['bytes that are wrong, whatever a later length says', at(1, 'corrupt'), at(2, 'sound'), 'corrupt'],
    ['what a later HEAD did not find', at(1, 'sound'), at(2, 'missing'), 'missing'],
    ['nothing, when it has been read since', at(2, 'sound'), at(1, 'missing'), undefined],
    ['nothing, when it is there again', at(1, 'missing'), at(2, 'sound'), undefined],
  ];
  for (const [what, bytes, sizes, expected] of cases) {
    it(what, () => assert.equal(listBlobFaults(bytes, sizes)[0]?.kind, expected));
  }
});
