/** What shards saw adds up to the same look, whatever order they are joined in, and however names are spread among them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Failure, Finding } from '../../src/catalogue/observation.ts';
import { isOfShard } from '../../src/crawl/shard.ts';
import { parseRepositoryName, type RepositoryName } from '../../src/oci/reference.ts';
import { joinLooks } from '../../src/run/join-looks.ts';
import type { Look, LookedListing } from '../../src/run/look.ts';
import { createRunCounts } from '../../src/run/run-counts.ts';
import { hour } from '../support/catalogue-values.ts';

const outcome = fc.constantFrom('complete', 'incomplete', 'failed', 'refused');
// As they are decoded from JSON: else two may be told apart that are the same in every file.
const asDecoded = { noNullPrototype: true };
const failure: fc.Arbitrary<Failure> = fc.record(
  { code: fc.constantFrom('TIMEOUT', 'FORBIDDEN'), message: fc.string({ maxLength: 2 }) },
  asDecoded,
);
const finding: fc.Arbitrary<Finding> = fc.record(
  {
    code: fc.constantFrom('invalid-name', 'duplicate-name'),
    ...{ source: fc.constant('main'), repository: fc.constant(null), tag: fc.constant(null) },
    text: fc.string({ maxLength: 3 }),
  },
  asDecoded,
);
const names = fc
  .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 })
  .map((numbers) => numbers.map((number) => parseRepositoryName(`app/${number}`)));
const marks = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { maxLength: 4 });

/** What one shard saw of its share of the names. */
const shardOf = (all: readonly RepositoryName[], number: number, count: number): fc.Arbitrary<Look> => {
  const own = all.filter((name) => isOfShard(name, { number, count }));
  return fc
    .record({
      at: fc.integer({ min: 0, max: 3 }),
      outcome,
      failure: fc.option(failure),
      findings: fc.uniqueArray(finding, { maxLength: 3, selector: ({ code, text }) => code + text }),
      ...{ strict: marks, referred: marks, searchedFor: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }) },
      ...{ answered: fc.nat(5), refused: fc.nat(2), failed: fc.nat(2) },
      ...{ isOpen: fc.boolean(), ignoresConditions: fc.boolean(), hiddenNamesChanged: fc.boolean() },
    })
    .map((seen) => {
      const counts = createRunCounts();
      counts.repositories.seen = own.length;
      const listing: LookedListing = {
        ...{ source: { name: 'main' }, outcome: seen.outcome, names: { size: own.length }, excluded: 1 },
        ...{ failure: seen.failure, hint: null, findings: seen.findings, ignoresConditions: seen.ignoresConditions },
      };
      const { answered, refused, failed, isOpen } = seen;
      const entryOf = (name: RepositoryName) =>
        ({ name, file: 'f'.repeat(64), source: 'main', state: 'listed', tags: 1 }) as const;
      return {
        lookedAt: hour(seen.at),
        base: seen.hiddenNamesChanged ? { hiddenNamesChanged: true } : {},
        listings: [listing],
        answers: new Map([['main', { answered, refused, failed, firstFailure: seen.failure, isGiven: false, isOpen }]]),
        looked: new Map(
          own.map((name) => [
            name,
            { source: 'main', isEmpty: false, isNew: false, entry: entryOf(name), due: null, heir: null },
          ]),
        ),
        ...{ unanswered: [], refused: [] },
        names: {
          ...{ leftOutNames: [], shownNames: own, searchedFor: seen.searchedFor },
          elsewhere: { strict: new Set(seen.strict), referred: new Set(seen.referred), withheld: seen.strict.length },
        },
        findings: [],
        counts,
      };
    });
};

const catalogue = fc.tuple(names, fc.integer({ min: 1, max: 5 })).chain(([all, count]) =>
  fc.record({
    all: fc.constant(all),
    looks: fc.tuple(...Array.from({ length: count }, (_, at) => shardOf(all, at + 1, count))),
    order: fc.infiniteStream(fc.nat(100)).map((stream) => [...stream.take(count)]),
  }),
);

const nothing = { unanswered: [], findings: [] };

/** The look as plain values, sorted where its order says nothing. */
function toComparable({ looked, answers, names: seen, listings, ...look }: Look): unknown {
  return {
    ...look,
    listings: listings.map((listing) => ({ ...listing, findings: listing.findings.map((one) => one.text).sort() })),
    looked: [...looked].sort(([a], [b]) => (a < b ? -1 : 1)),
    answers: [...answers],
    names: {
      shownNames: [...seen.shownNames].sort(),
      searchedFor: seen.searchedFor,
      strict: [...(seen.elsewhere?.strict ?? [])].sort(),
      referred: [...(seen.elsewhere?.referred ?? [])].sort(),
      withheld: seen.elsewhere?.withheld,
    },
  };
}

describe('shards that are joined', () => {
  it('are the same in any order', () => {
    fc.assert(
      fc.property(catalogue, ({ looks, order }) => {
        const shuffled = looks.map((look, at) => ({ look, key: order[at] ?? 0 })).sort((a, b) => a.key - b.key);
        const [one, other] = [
          joinLooks(looks, nothing),
          joinLooks(
            shuffled.map(({ look }) => look),
            nothing,
          ),
        ];
        assert.deepEqual(toComparable(other), toComparable(one));
      }),
      { numRuns: 300 },
    );
  });

  it('have every repository once, and count all of them', () => {
    fc.assert(
      fc.property(catalogue, ({ all, looks }) => {
        const { looked, counts, listings } = joinLooks(looks, nothing);
        assert.deepEqual([...looked.keys()].sort(), [...all].sort());
        assert.equal(counts.repositories.seen, all.length);
        assert.equal(listings[0]?.names.size, all.length);
      }),
    );
  });

  it('never claim more than each of them: not a later time, not a whole list, not what was not searched for', () => {
    fc.assert(
      fc.property(catalogue, ({ looks }) => {
        const joined = joinLooks(looks, nothing);
        for (const look of looks) {
          assert.ok(joined.lookedAt <= look.lookedAt);
          if (look.listings[0]?.outcome !== 'complete') assert.notEqual(joined.listings[0]?.outcome, 'complete');
          if (joined.names.searchedFor !== undefined) assert.equal(look.names.searchedFor, joined.names.searchedFor);
          for (const mark of look.names.elsewhere?.strict ?? []) assert.ok(joined.names.elsewhere?.strict.has(mark));
          if (joined.base?.hiddenNamesChanged) assert.ok(look.base?.hiddenNamesChanged);
        }
        const missed: Finding = { code: 'shard-missing', source: null, repository: null, tag: null, text: 'x' };
        assert.notEqual(joinLooks(looks, { unanswered: [], findings: [missed] }).listings[0]?.outcome, 'complete');
      }),
    );
  });
});
