import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appendEvents, findRemoval, type Happening, toEventId, toInterval } from '../../../src/catalogue/events.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { hour, repositoryName } from '../../support/catalogue-values.ts';

const a = computeDigest('a');
const b = computeDigest('b');
const latest = parseTag('latest');

function moved(over: Partial<Happening> = {}): Happening {
  return { type: 'moved', tag: latest, from: a, to: b, notBefore: hour(1), notAfter: hour(2), ...over };
}

describe('an interval', () => {
  const cases: readonly (readonly [string, string | null, string, readonly [string | null, string]])[] = [
    ['lies between two looks', hour(1), hour(2), [hour(1), hour(2)]],
    ['has no beginning where nobody looked before', null, hour(2), [null, hour(2)]],
    ['takes in both readings of a clock that was set back', hour(5), hour(2), [hour(2), hour(5)]],
    ['may be one moment', hour(2), hour(2), [hour(2), hour(2)]],
  ];
  for (const [name, lastLookAt, now, [notBefore, notAfter]] of cases) {
    it(name, () => assert.deepEqual(toInterval(lastLookAt, now), { notBefore, notAfter }));
  }
});

describe('an event’s id', () => {
  const idsOf = (happenings: readonly Happening[], name = repositoryName) =>
    appendEvents([], happenings, 1).map((event) => toEventId(name, event));

  it('does not depend on the time', () => {
    assert.deepEqual(idsOf([moved()]), idsOf([moved({ notBefore: null, notAfter: hour(99) })]));
  });

  it('is the same as ever', () => {
    assert.deepEqual(idsOf([moved()]), ['f12b134be6a7e1546996b43454200faf']);
  });

  it('depends on everything that happened, and on nothing else', () => {
    const happenings = [
      moved(),
      moved({ type: 'added' }),
      moved({ tag: parseTag('1.0') }),
      moved({ tag: null }),
      moved({ from: null }),
      moved({ from: b }),
      moved({ to: a }),
      moved({ to: null }),
    ];
    const ids = [...happenings.flatMap((one) => idsOf([one])), ...idsOf([moved()], parseRepositoryName('other'))];
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      idsOf(happenings),
      happenings.flatMap((one) => idsOf([one])),
    );
  });

  it('tells by number what happened again', () => {
    const once = appendEvents([], [moved()], 1);
    const apart = appendEvents(once, [moved({ notAfter: hour(9) }), moved({ from: b, to: a })], 2);
    const together = appendEvents([], [moved(), moved(), moved({ from: b, to: a })], 3);
    const toIds = (events: typeof apart) => events.map((event) => toEventId(repositoryName, event));
    assert.deepEqual(toIds(apart), toIds(together));
    assert.deepEqual(
      apart.map(({ ordinal, run }) => [ordinal, run]),
      [
        [0, 1],
        [1, 2],
        [0, 2],
      ],
    );
    assert.equal(new Set(toIds(apart)).size, 3);
  });
});

it('events are appended, and those that were there stay as they are', () => {
  const before = appendEvents([], [moved({ notAfter: hour(5) })], 1);
  const after = appendEvents(before, [moved({ notAfter: hour(3) })], 2);
  assert.equal(after[0], before[0]);
  assert.deepEqual(
    after.map(({ notAfter }) => notAfter),
    [hour(5), hour(3)],
  );
  assert.equal(appendEvents(before, [], 2), before);
});

it('removed is what was last heard of', () => {
  const removed = moved({ type: 'removed', to: null });
  const returned = moved({ type: 'returned', from: null });
  const events = (...happenings: readonly Happening[]) => appendEvents([], happenings, 1);
  assert.equal(findRemoval([], latest) !== null, false);
  assert.equal(findRemoval(events(removed), latest) !== null, true);
  assert.equal(findRemoval(events(removed), parseTag('1.0')) !== null, false);
  assert.equal(findRemoval(events(removed), null) !== null, false);
  assert.equal(findRemoval(events(removed, returned), latest) !== null, false);
  assert.equal(findRemoval(events(removed, returned, removed), latest) !== null, true);
  assert.equal(findRemoval(events({ ...removed, tag: null }, returned), null) !== null, true);
});
