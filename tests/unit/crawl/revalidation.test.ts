import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createRevalidation, type RevalidationRule } from '../../../src/crawl/revalidation.ts';
import { parseRepositoryName, parseTag, type Tag } from '../../../src/oci/reference.ts';

const name = parseRepositoryName('team/app');
const tags = Array.from({ length: 1200 }, (_, at) => parseTag(`1.${at}`));
const daily: RevalidationRule = { matches: (tag) => tag !== 'latest', everyHours: 12 };
const at = (hours: number, minutes = 7) =>
  `${new Date(Date.UTC(2026, 2, 1, hours, minutes)).toISOString().slice(0, 19)}Z`;
const due = (lastRunAt: string | null, now: string, rules: readonly RevalidationRule[] = [daily]): readonly Tag[] => {
  const revalidation = createRevalidation({ rules, lastRunAt, now });
  return tags.filter((tag) => revalidation.isDue(name, tag));
};

describe('a tag is asked about', () => {
  it('in every run where no rule speaks of it', () => {
    const latest = createRevalidation({ rules: [daily], lastRunAt: at(0), now: at(1) });
    assert.equal(latest.isDue(name, parseTag('latest')), true);
    assert.deepEqual(due(at(0), at(1), []), tags);
  });

  it('in the first run, and after the clock went back', () => {
    assert.deepEqual(due(null, at(1)), tags);
    assert.deepEqual(due(at(5), at(4)), tags);
  });

  it('once in its period, spread evenly', () => {
    const hours = Array.from({ length: 12 }, (_, hour) => due(at(hour), at(hour + 1)));
    assert.deepEqual(hours.flat().toSorted(), tags.toSorted());
    for (const asked of hours) assert.ok(asked.length > 60 && asked.length < 150, `${asked.length} of ${tags.length}`);
  });

  it('not again in a second run of the same hour', () => {
    assert.deepEqual(due(at(5, 7), at(5, 50)), []);
  });

  it('by the first rule that matches', () => {
    const weekly: RevalidationRule = { matches: () => true, everyHours: 168 };
    assert.ok(due(at(0), at(1), [weekly, daily]).length < due(at(0), at(1), [daily, weekly]).length);
  });
});

it('whenever the runs come, none of a period is missed, and none is later asked for than its last hour says', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 });
  const some = tags.slice(0, 30);
  fc.assert(
    fc.property(gaps, (minutes) => {
      let now = Date.UTC(2026, 2, 1);
      let lastRunAt: string | null = null;
      const askedAt = new Map<Tag, number>();
      for (const gap of [0, ...minutes]) {
        now += gap * 60_000;
        const instant = `${new Date(now).toISOString().slice(0, 19)}Z`;
        const revalidation = createRevalidation({ rules: [daily], lastRunAt, now: instant });
        for (const tag of some) {
          const before = askedAt.get(tag);
          const claimed = revalidation.lastDueAt(name, tag, null);
          if (before !== undefined)
            assert.ok(claimed !== null && Date.parse(claimed) <= before, `${tag} at ${instant}`);
          if (revalidation.isDue(name, tag)) askedAt.set(tag, now);
          else assert.ok(now - (before ?? 0) < 13 * 3_600_000, `${tag} was not asked for ${now - (before ?? 0)} ms`);
        }
        lastRunAt = instant;
      }
    }),
  );
});
