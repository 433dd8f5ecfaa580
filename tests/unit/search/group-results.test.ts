import assert from 'node:assert/strict';
import { it } from 'node:test';
import { groupResults } from '../../../src/search/group-results.ts';
import { openSample } from './sample-search.ts';

it('groups by folder, the best result first', async () => {
  const { results } = await (await openSample()).ask('o');
  const groups = groupResults(results);
  assert.equal(groups[0]?.results[0], results[0]);
  assert.deepEqual(groups.map(({ folder }) => folder).toSorted(), ['', 'old', 'releng']);
  assert.deepEqual(new Set(groups.flatMap((group) => group.results)), new Set(results));
  for (const { folder, results: grouped } of groups) {
    for (const { name } of grouped) assert.equal(name.slice(0, Math.max(0, name.lastIndexOf('/'))), folder);
  }
});
