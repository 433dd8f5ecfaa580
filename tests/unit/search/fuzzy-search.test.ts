import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSearchIndex } from '../../../src/search/create-search-index.ts';
import { createFuzzySearch } from '../../../src/search/fuzzy-search.ts';
import { NearTexts } from '../../../src/search/near-texts.ts';
import { parseQuery } from '../../../src/search/parse-query.ts';
import { indexOf, toRepository } from './sample-search.ts';

function find(names: readonly string[], text: string): string[] {
  const index = indexOf(names);
  const hits = createFuzzySearch(index).find(parseQuery(text).words, () => true);
  return hits.map(({ position }) => index.names[position] ?? '');
}

describe('similar names', () => {
  const cases: readonly (readonly [string, readonly string[], string, readonly string[]])[] = [
    ['fewest mistakes only', ['golang', 'gitlab'], 'golnag', ['golang']],
    [
      'the name itself before what goes on',
      ['a/node24-test', 'a/node24', 'b/node24-x'],
      'nod24',
      ['a/node24', 'b/node24-x', 'a/node24-test'],
    ],
    ['words in any order', ['a/node-browser-test', 'a/browser'], 'tset browser node', ['a/node-browser-test']],
    ['mistakes in several words', ['quibble-coverage', 'quibble'], 'quible coverge', ['quibble-coverage']],
    ['the wrong separator', ['a/node24-test'], 'node24_tset', ['a/node24-test']],
    ['three letters: the whole name only', ['a/tox', 'a/toolbox'], 'txo', ['a/tox']],
    ['another number is another version', ['nodejs12-devel'], 'nodejs 20 devle', []],
    ['one slip in a number', ['releng/node24'], 'node25', ['releng/node24']],
    ['nothing alike', ['golang'], 'mediawiki', []],
    ['quotes', ['golang'], '"golnag"', []],
    ['no words', ['golang'], ':1', []],
  ];
  for (const [name, names, text, expected] of cases) {
    it(name, () => assert.deepEqual(find(names, text), expected));
  }

  it('what the filters leave out is not found', () => {
    const fuzzy = createFuzzySearch(indexOf(['golang']));
    assert.deepEqual(
      fuzzy.find(parseQuery('golnag').words, () => false),
      [],
    );
  });

  it('descriptions, word by word', () => {
    const index = createSearchIndex([toRepository({ name: 'jsduck', description: 'Documentation for JavaScript' })]);
    const { find: findIn } = createFuzzySearch(index);
    const count = (text: string) => findIn(parseQuery(text).words, () => true).length;
    assert.deepEqual(['javascrpit', 'documentaton jsduck', 'ocumentation', 'perl'].map(count), [1, 1, 0, 0]);
  });

  it('the nearest names, when nothing is similar', () => {
    const fuzzy = createFuzzySearch(indexOf(['kubernetes-operator', 'golang']));
    assert.deepEqual(fuzzy.nearestNames(parseQuery('kubrntesoprtr').words), ['kubernetes-operator']);
    assert.deepEqual(fuzzy.nearestNames([]), []);
  });
});

describe('texts that may be near', () => {
  const texts = new NearTexts(['golang', 'erlang', 'mediawiki phan', 'phan mediawiki', '']);
  const cases: readonly (readonly [readonly string[], number, readonly number[]])[] = [
    [['golang'], 0, [0]],
    [['golnag'], 1, [0]],
    [['golang'], 2, [0, 1]],
    [['phan', 'mediawiki'], 0, [2, 3]],
    [['phna', 'mediwiki'], 2, [2, 3]],
  ];
  for (const [tokens, edits, expected] of cases) {
    it(`${tokens.join(' ')} with ${edits}`, () => assert.deepEqual(texts.select(tokens, edits), expected));
  }
});
