import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerQuery } from '../../../src/search/answer-query.ts';
import { openSearch } from '../../../src/search/open-search.ts';
import { grade, intentHosts, leastShares, makeGradedSets } from '../../bench/search-graded.ts';
import { readCatalogue, toBareRepository } from '../../bench/search-world.ts';

/** A part of each set, every so many queries one; the bench asks all of them. */
const mostAsked = 120;

describe('the first result is what was meant', () => {
  const catalogue = readCatalogue();
  const sources = openSearch(catalogue.map(toBareRepository));
  const sets = makeGradedSets(catalogue, 7);

  it('every limit has its set', () => assert.deepEqual([...sets.keys()].sort(), [...leastShares.keys()].sort()));

  for (const [set, queries] of sets) {
    it(set, async () => {
      const every = Math.ceil(queries.length / mostAsked);
      const some = queries.filter((_, at) => at % every === 0);
      const { right, asked, wrong } = await grade(some, (text) => answerQuery(sources, text, { hosts: intentHosts }));
      assert.ok(asked > 50, `only ${asked} queries`);
      assert.ok(right / asked >= (leastShares.get(set) ?? 1), `${right} of ${asked}; ${wrong.slice(0, 20).join('; ')}`);
    });
  }
});
