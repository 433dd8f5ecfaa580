/** Which blobs are next, within which budget, and what a check leaves behind. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type BlobCheck,
  type BlobOutcome,
  noteOutcome,
  noteUnread,
  readChecks,
} from '../../../src/integrity/blob-check.ts';
import { type InventoryBlob, toBlobKey } from '../../../src/integrity/blob-inventory.ts';
import { createByteBudget } from '../../../src/integrity/byte-budget.ts';
import { planBlobs } from '../../../src/integrity/plan-blobs.ts';
import { listBlobFaults, sumUpChecks } from '../../../src/integrity/sum-up-checks.ts';
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

describe('what a clock dated that ran ahead', () => {
  const ahead = '2099-01-01T00:00:00Z';
  const later = '2099-01-08T00:00:00Z';
  const now = hour(50);
  const of = (at: string, outcome: BlobOutcome, before?: BlobCheck) =>
    noteOutcome(a, before, { outcome, sizeBytes: 10 }, at, 1);
  const read = (...checks: BlobCheck[]) => readChecks(toChecks(...checks), now);
  const kindsOf = (bytes: BlobCheck[], sizes: BlobCheck[]) =>
    listBlobFaults(read(...bytes), read(...sizes)).map(({ kind }) => kind);

  it('outdoes no check that has a date, in either mode', () => {
    assert.deepEqual(kindsOf([of(ahead, 'sound')], [of(hour(1), 'missing')]), ['missing']);
    assert.deepEqual(kindsOf([of(hour(1), 'missing')], [of(ahead, 'sound')]), ['missing']);
    assert.deepEqual(kindsOf([of(hour(1), 'sound')], [of(ahead, 'missing')]), []);
    assert.deepEqual(kindsOf([of(ahead, 'missing')], [of(hour(1), 'sound')]), []);
  });

  it('is at fault where both modes have no other, and one found something', () => {
    assert.deepEqual(kindsOf([of(later, 'sound')], [of(ahead, 'missing')]), ['missing']);
    assert.deepEqual(kindsOf([of(ahead, 'missing')], [of(later, 'sound')]), ['missing']);
    assert.deepEqual(kindsOf([noteUnread(a, undefined, hour(1), 1)], [of(ahead, 'missing')]), ['missing']);
  });

  it('is unknown bytes still where they were wrong, whatever a later length says', () => {
    assert.deepEqual(kindsOf([of(ahead, 'corrupt')], [of(hour(1), 'sound')]), ['corrupt']);
  });

  it('is read again first', () => {
    const checks = read(of(ahead, 'sound'), sound(b, 1, 1), sound(c, 2, 1));
    assert.deepEqual(planBlobs([a, b, c], checks, 1).pending, [a, b, c]);
  });

  it('is no date of what is verified, and a fault was found by the newest check that has one', () => {
    const named = { blobs: 3, sizeBytes: 30, foreignBlobs: 0 };
    const checks = read(of(ahead, 'sound'), sound(b, 1, 1), sound(c, 2, 1));
    const summed = sumUpChecks({ cycle: 1, named, checks });
    assert.deepEqual([summed?.soundBlobs, summed?.oldestCheckedAt, summed?.newestCheckedAt], [3, hour(1), hour(2)]);
    const [fault] = listBlobFaults(read(of(ahead, 'corrupt'), sound(b, 1, 1), sound(c, 2, 1)), new Map());
    assert.equal(fault?.foundAt, hour(2));
  });

  it('is mended by the next check of the blob itself', () => {
    const wrong = noteUnread(a, of(ahead, 'missing'), ahead, 1);
    const again = of(now, 'missing', wrong);
    assert.deepEqual([again.checkedAt, again.foundAt], [now, now]);
    assert.equal(noteUnread(a, wrong, now, 1).unreadSince, now);
    const boot = '1970-01-01T00:00:30Z';
    assert.equal(of(boot, 'missing', of(hour(1), 'missing')).foundAt, hour(1));
  });

  it('counts, by a clock that says 1970, as it was dated', () => {
    const checks = toChecks(of(hour(1), 'missing'), sound(b, 2, 1));
    assert.deepEqual(readChecks(checks, '1970-01-01T00:00:30Z'), checks);
  });
});
