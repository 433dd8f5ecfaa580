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

it('never puts what is only spelled alike before what has the very words', async () => {
  const { results } = await (await openSample()).ask('o');
  const [first, second] = results;
  assert(first !== undefined && second !== undefined);
  const similar = {
    ...second,
    name: first.name.replace(/[^/]+$/, 'other'),
    why: { code: 'similar', text: '' } as const,
  };
  const far = { ...second, name: 'elsewhere/o' };
  assert.deepEqual(
    groupResults([first, far, similar]).map((group) => group.results),
    [[first], [far], [similar]],
  );
});
