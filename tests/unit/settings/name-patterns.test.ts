import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNameMatcher } from '../../../src/settings/name-patterns.ts';

describe('patterns mean names', () => {
  const cases: readonly (readonly [readonly string[], Readonly<Record<string, boolean>>])[] = [
    [[], { a: false }],
    [['**'], { a: true, 'a/b/c': true, 'a.b_c-d': true }],
    [['*'], { a: true, 'a/b': false }],
    [['a'], { a: true, 'a/b': false, ab: false, 'b/a': false }],
    [['restricted/**'], { restricted: true, 'restricted/a': true, 'restricted/a/b': true, 'restricted-not': false }],
    [['restricted/*'], { restricted: false, 'restricted/a': true, 'restricted/a/b': false }],
    [['**/tmp'], { tmp: true, 'a/tmp': true, 'a/b/tmp': true, 'a/tmp/b': false, atmp: false }],
    [['team-*/**'], { 'team-a/x': true, 'team/x': false }],
    [['{a,b}/*'], { 'a/x': true, 'b/x': true, 'c/x': false }],
    [['node2[0-9]'], { node24: true, node2: false, node2x: false }],
    [['1.2'], { '1.2': true, '1x2': false }],
    [['v1.*'], { 'v1.2': true, v1x: false }],
    [['**', '!ml/**'], { a: true, ml: false, 'ml/x': false }],
    [['!ml/**'], { a: false, 'ml/x': false }],
    [['**', '!ml/**', 'ml/public'], { 'ml/x': false, 'ml/public': true }],
    [['ml/public', '!ml/**'], { 'ml/public': false }],
    [['/^team-[0-9]+\\//'], { 'team-12/x': true, 'team-x/y': false, 'a/team-1/b': false }],
    [['/test/'], { 'a/testing/b': true, prod: false }],
    [['**', '!/-(dev|test)$/'], { 'a-dev': false, 'a-test': false, 'a-development': true }],
    [['/^A/i'], { a: false }],
  ];
  for (const [patterns, names] of cases) {
    it(JSON.stringify(patterns), () => {
      const matches = createNameMatcher(patterns);
      const answers = Object.fromEntries(Object.keys(names).map((name) => [name, matches(name)]));
      assert.deepEqual(answers, names);
    });
  }

  it('gives the same answer each time', () => {
    const matches = createNameMatcher(['/a/']);
    assert.deepEqual([matches('a'), matches('a'), matches('a')], [true, true, true]);
  });
});

describe('a pattern that cannot be compiled', () => {
  for (const pattern of ['/(/', '!/[/', '/a\\-b/']) {
    it(pattern, () => assert.throws(() => createNameMatcher([pattern]), SyntaxError));
  }
});
