import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { listImages } from '../../../src/view/listed-images.ts';
import type { RepositorySummary } from '../../../src/view/repository-summary.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const [sample] = createSampleWorld({ base: '/' }).measured.map(({ summary }) => summary);
assert.ok(sample);
const summarise = (name: string, state: RepositorySummary['state'] = 'listed') => ({
  ...sample,
  name: parseRepositoryName(name),
  state,
});

describe('listImages', () => {
  const listed = listImages([
    ...['ab/c', 'a/node10', 'a', 'a/b/c', 'a/node8'].map((name) => summarise(name)),
    summarise('a/gone', 'removed'),
    summarise('gone', 'removed'),
  ]);
  const beneath = (path: string) => listed.beneath(path).map(({ name }) => name);

  it('has what lies beneath a path, however deep, in the order of pages', () => {
    assert.deepEqual(beneath(''), ['a', 'a/b/c', 'a/node8', 'a/node10', 'ab/c']);
    assert.deepEqual(listed.beneath(''), listed.summaries);
    assert.deepEqual(beneath('a'), ['a/b/c', 'a/node8', 'a/node10']);
    assert.deepEqual(beneath('a/b'), ['a/b/c']);
    assert.deepEqual(beneath('ab'), ['ab/c']);
  });

  it('has nothing beneath what is no path, or only of images that were removed', () => {
    for (const path of ['gone', 'a/node8', 'a/', '/', 'constructor', '__proto__']) assert.deepEqual(beneath(path), []);
    assert.deepEqual(listImages([summarise('x/y', 'removed')]).beneath('x'), []);
  });

  it('finds images by their names, and no removed one', () => {
    assert.equal(listed.find('a')?.name, 'a');
    assert.equal(listed.find('a/b'), undefined);
    assert.equal(listed.find('gone'), undefined);
  });
});
