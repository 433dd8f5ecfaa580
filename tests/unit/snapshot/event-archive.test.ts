import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { appendEvents, type Happening } from '../../../src/catalogue/events.ts';
import type { CatalogueEvent } from '../../../src/catalogue/model.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { decodeArchive, encodeArchive, splitEvents } from '../../../src/snapshot/event-archive.ts';
import { hour, repositoryName } from '../../support/catalogue-values.ts';

/** `latest` moves once a step; `hours` says when each step was. */
function createEvents(hours: readonly number[]): readonly CatalogueEvent[] {
  const happenings = hours.map(
    (at, step): Happening => ({
      type: 'moved',
      tag: parseTag('latest'),
      from: computeDigest(`${step}`),
      to: computeDigest(`${step + 1}`),
      notBefore: hour(at - 1),
      notAfter: hour(at),
    }),
  );
  return appendEvents([], happenings, 3);
}

const hourly = (count: number) => createEvents(Array.from({ length: count }, (_, at) => at));
const yearHours = 365 * 24;

describe('what is put away', () => {
  const cases: readonly (readonly [number, readonly number[], number])[] = [
    [0, [], 0],
    [127, [], 127],
    [128, [64], 64],
    [191, [64], 127],
    [192, [128], 64],
    [1024 + 64 + 64, [1024, 64], 64],
  ];
  for (const [count, archived, recent] of cases) {
    it(`of ${count} events: ${archived.join(' and ') || 'nothing'}, so that ${recent} stay`, () => {
      const split = splitEvents(hourly(count));
      assert.deepEqual(
        split.archived.map(({ events }) => events.length),
        archived,
      );
      assert.equal(split.recent.length, recent);
    });
  }

  it('stands by years, which never go back with a clock', () => {
    const hours = [0, yearHours, 5, yearHours + 1, ...Array.from({ length: 124 }, () => yearHours * 2)];
    const { archived } = splitEvents(createEvents(hours));
    assert.deepEqual(
      archived.map(({ year, events }) => [year, events.length]),
      [
        [2026, 1],
        [2027, 3],
        [2028, 60],
      ],
    );
  });

  it('is all there, in its order, and an older file is never another once a newer one stands', () => {
    const step = fc.tuple(fc.constantFrom(1, 1, 1, 400, 3000), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 3000, size: 'max' }), (steps) => {
        let at = 0;
        const hours = steps.map(([hours, isBack]) => {
          at += isBack && hours > 1 ? -hours : hours;
          return at;
        });
        const events = createEvents(hours);
        const { archived, recent } = splitEvents(events);
        assert.deepEqual([...archived.flatMap((one) => one.events), ...recent], events);
        assert.ok(recent.length < 128);
        const before = splitEvents(events.slice(0, -1)).archived;
        assert.deepEqual(archived.slice(0, before.length - 1), before.slice(0, -1));
      }),
      { numRuns: 20 },
    );
  });
});

describe('the file of an archive', () => {
  const events = hourly(64);
  const text = encodeArchive(repositoryName, { year: 2026, events });

  it('is read as it was written', () => assert.deepEqual(decodeArchive(JSON.parse(text), repositoryName), events));

  it('belongs to one repository', () => {
    assert.throws(() => decodeArchive(JSON.parse(text), parseRepositoryName('other')), /history of releng\/node24/);
  });

  it('is refused where it names a digest that it has not', () => {
    const value = { ...JSON.parse(text), digests: [] };
    assert.throws(() => decodeArchive(value, repositoryName), /row 0 of a table of 0/);
  });

  it('keeps an event in less than 160 bytes', () => assert.ok(text.length / 64 < 160, `${text.length / 64}`));
});
