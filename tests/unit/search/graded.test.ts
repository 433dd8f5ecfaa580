import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerQuery } from '../../../src/search/answer-query.ts';
import { createSearchIndex } from '../../../src/search/create-search-index.ts';
import { createFuzzySearch } from '../../../src/search/fuzzy-search.ts';
import { createMemoryLookups } from '../../../src/search/memory-lookups.ts';
import { grade, intentHosts, leastShares, makeGradedSets } from '../../bench/search-graded.ts';
import { readNames, toBareRecord } from '../../bench/search-world.ts';

describe('the first result is what was meant', () => {
  const names = readNames();
  const index = createSearchIndex(names.map(toBareRecord));
  const sources = { index, lookups: createMemoryLookups([]), fuzzy: createFuzzySearch(index) };
  for (const [set, queries] of makeGradedSets(names, 7)) {
    it(set, async () => {
      const { right, asked, wrong } = await grade(queries, (text) =>
        answerQuery(sources, text, { hosts: intentHosts }),
      );
      assert.ok(asked > 50, `only ${asked} queries`);
      assert.ok(right / asked >= (leastShares.get(set) ?? 1), `${right} of ${asked}; ${wrong.slice(0, 20).join('; ')}`);
    });
  }
});
