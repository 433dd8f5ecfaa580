import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSearchIndex } from '../../../src/search/create-search-index.ts';
import { parseQuery } from '../../../src/search/parse-query.ts';
import { rankNames } from '../../../src/search/rank-names.ts';
import type { SearchIndex } from '../../../src/search/search-index.ts';
import { indexOf, toRepository } from './sample-search.ts';

function rank(index: SearchIndex, text: string, most?: number): string[] {
  return rankNames(index, parseQuery(text).words, () => true, most).positions.map(
    (position) => index.names[position] ?? '',
  );
}

describe('the order of names', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'every kind of match, the best first',
      'node',
      ['node', 'ci/node', 'node-x', 'nodejs', 'ci/node-x', 'ci/nodejs', 'my-node', 'xnode'],
    ],
    ['higher versions first', 'node', ['node24', 'node22', 'node9']],
    [
      'what adds least first, and a number adds one whatever it is',
      'php',
      ['php8', 'php-x', 'php8.10-x', 'php-long-name'],
    ],
    ['folders count less than names', 'tox', ['some/long/tox-a', 'tiny/tox-abc']],
    ['separators for separators', 'node24 test', ['ci/node24-test', 'ci/node24.test-a']],
    [
      'words that explain all of a name, before a name that contains them',
      'php81 composer',
      ['ci/composer-php81', 'ci/node20-browser-php81-composer'],
    ],
    ['whole words before parts of words', 'test node', ['node-x-test', 'nodejs-x-testing']],
    ['versions with and without dots', 'composer 8.2', ['composer-php8.2', 'ci/composer-php82']],
    ['a version in one piece', 'spark 3.5', ['spark3.5', 'spark3.1-x3.5']],
    ['an open end asks for more', 'ci/maven-', ['ci/maven-java8', 'ci/maven-java-x']],
    ['quotes are taken letter by letter', '"node-2"', ['node-2', 'x/node-24']],
  ];
  for (const [name, text, expected] of cases) {
    it(name, () => assert.deepEqual(rank(indexOf(expected.toReversed()), text), expected));
  }

  it('leaves out what lacks a word', () => {
    assert.deepEqual(rank(indexOf(['node-test', 'node', 'test']), 'test node'), ['node-test']);
    assert.deepEqual(rank(indexOf(['node-2', 'node2']), '"node2"'), ['node2']);
  });

  it('puts what is no longer built, and then what is deprecated or empty, after its equals', () => {
    const index = createSearchIndex([
      toRepository({ name: 'a/node4', state: 'deprecated' }),
      toRepository({ name: 'a/node3', tagCount: 0 }),
      toRepository({ name: 'a/node2', createdOn: '2020-01-01' }),
      toRepository({ name: 'a/node1', createdOn: '2026-01-01' }),
    ]);
    assert.deepEqual(rank(index, 'node'), ['a/node1', 'a/node2', 'a/node4', 'a/node3']);
  });

  it('without words, is that of the index', () => {
    assert.deepEqual(rank(indexOf(['b', 'a2', 'a10', 'a/x', 'a']), ''), ['a', 'a/x', 'a10', 'a2', 'b']);
  });

  it('finds what descriptions say, after names', () => {
    const index = createSearchIndex([
      toRepository({ name: 'x/linter', description: null }),
      toRepository({ name: 'jsduck', description: 'Documentation, and a Linter' }),
      toRepository({ name: 'other', description: 'nothing' }),
    ]);
    assert.deepEqual(rank(index, 'linter'), ['x/linter', 'jsduck']);
    assert.deepEqual(rank(index, 'jsduck linter'), ['jsduck']);
  });

  it('is the same for the first few as for all', () => {
    const index = indexOf(Array.from({ length: 500 }, (_, at) => `team-${at % 7}/node${at}-${'x'.repeat(at % 9)}`));
    for (const text of ['n', 'node', 'team-3', 'node1', 'x n']) {
      assert.deepEqual(rank(index, text, 20).slice(0, 20), rank(index, text).slice(0, 20), text);
      assert.equal(rank(index, text, 20).length, rank(index, text).length);
    }
  });
});
