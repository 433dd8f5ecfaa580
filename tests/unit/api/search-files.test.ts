import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createSearchFilesWriter } from '../../../src/api/search-files.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { repositories, measured, site } = createSampleWorld();

function write(order: readonly number[]) {
  const writer = createSearchFilesWriter(site);
  for (const at of order) {
    const [repository, summary] = [repositories[at], measured[at]?.summary];
    assert.ok(repository && summary);
    writer.add(repository, summary);
  }
  return [...writer.files()];
}

it('the index comes last, and the files are the same in whatever order repositories came', () => {
  const order = repositories.keys().toArray();
  const files = write(order);
  assert.equal(files.at(-1)?.path, '-/search/index.json');
  assert.deepEqual(write(order.toReversed()), files);
  const texts = files.map(({ text }) => text).join('\n');
  assert.match(texts, /node24/);
  assert.doesNotMatch(texts, /removed/);
});
