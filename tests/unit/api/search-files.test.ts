import assert from 'node:assert/strict';
import { it } from 'node:test';
import { listSearchFiles } from '../../../src/api/search-files.ts';
import { toSearchableRepository } from '../../../src/api/searchable-repository.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { repositories, measured, settings } = createSampleWorld();

it('the index comes last, and the files are the same in whatever order repositories came', async () => {
  const searchables = repositories.flatMap((repository, at) => {
    const summary = measured[at]?.summary;
    return summary?.state === 'listed' ? [toSearchableRepository(repository, summary, settings)] : [];
  });
  const files = await Array.fromAsync(listSearchFiles(searchables));
  assert.equal(files.at(-1)?.path, '-/search/index.json');
  assert.deepEqual(await Array.fromAsync(listSearchFiles(searchables.toReversed())), files);
  assert.match(files.map(({ text }) => text).join('\n'), /node24/);
});
