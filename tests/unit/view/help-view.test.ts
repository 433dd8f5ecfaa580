import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseQuery } from '../../../src/search/parse-query.ts';
import { isEmptyQuery } from '../../../src/search/query.ts';
import { toHelpView } from '../../../src/view/help-view.ts';
import { listImages } from '../../../src/view/listed-images.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { measured, site } = createSampleWorld({ base: '/images/' });
const summaries = measured.map(({ summary }) => summary);
const listed = listImages(summaries);

describe('toHelpView', () => {
  const { grammar } = toHelpView(listed, site);
  const queries = grammar.flatMap((row) => row.queries);

  it('has examples of everything that the grammar knows', () => {
    const read = queries.map(({ text }) => parseQuery(text));
    assert.ok(read.some(({ words, tag }) => words.length > 0 && tag));
    assert.ok(read.some(({ words, tag }) => words.length > 0 && tag === ''));
    assert.ok(read.some(({ words, tag }) => words.length === 0 && tag));
    assert.ok(read.some(({ words }) => words.some(({ isQuoted }) => isQuoted)));
    assert.ok(read.some(({ digest, words }) => digest !== null && words.length === 0));
    assert.ok(read.some(({ digest, words }) => digest !== null && words.length > 0));
    for (const filter of ['platforms', 'kinds', 'bases', 'labels'] as const) {
      assert.ok(
        read.some((query) => query[filter].length > 0),
        filter,
      );
    }
    assert.ok(read.every((query) => !isEmptyQuery(query)));
  });

  it('links each to the homepage, below the base and escaped', () => {
    for (const { text, href } of queries) {
      const url = new URL(href, 'https://h');
      assert.equal(url.pathname, '/images/');
      assert.equal(url.searchParams.get('q'), text);
    }
  });

  it('takes its names from the catalogue, the same in whatever order it comes', () => {
    const names = new Set<string>(listed.summaries.map(({ name }) => name));
    const named = grammar.find(({ form }) => form === 'name:tag')?.queries[0]?.text ?? '';
    assert.ok(names.has(named.slice(0, named.indexOf(':'))), named);
    assert.deepEqual(toHelpView(listImages(summaries.toReversed()), site).grammar, grammar);
  });

  it('explains itself where the catalogue is empty', () => {
    assert.equal(toHelpView(listImages([]), site).grammar.length, grammar.length);
  });
});
