import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { createRedactor } from '../../../src/catalogue/redaction.ts';
import { collectHiddenNames, keepHidden } from '../../../src/run/hidden-names.ts';

interface Given {
  readonly listed?: readonly string[];
  readonly leftOut?: readonly string[];
  readonly withheld?: readonly string[];
  readonly known?: readonly string[];
  readonly exclude?: readonly string[];
  readonly includeTags?: readonly string[];
  readonly excludeTags?: readonly string[];
}

function collect({ listed = [], leftOut = [], withheld = [], known = [], exclude = [], ...tags }: Given) {
  return collectHiddenNames({
    leftOutNames: leftOut,
    withheldNames: withheld,
    knownNames: [...known, ...listed],
    patterns: {
      include: ['**'],
      exclude: [...exclude],
      includeTags: [...(tags.includeTags ?? ['**'])],
      excludeTags: [...(tags.excludeTags ?? [])],
    },
  });
}

test('what exclude names and the credentials may not read is hidden everywhere', () => {
  const { plainNames } = collect({ leftOut: ['secret/a', 'python'], withheld: ['vault'], exclude: ['secret/**'] });
  assert.deepEqual([...plainNames].sort(), ['secret/a', 'vault']);
});

test('what include does not take in, and what exclude would name, is hidden where it is referred to', () => {
  const { isHidden } = collect({ leftOut: ['python'], exclude: ['secret/**'] });
  assert.deepEqual(['python', 'secret/b', 'node'].map(isHidden), [true, true, false]);
});

test('what is listed or known is shown, unless it turned out to be withheld', () => {
  const { isShown } = collect({ listed: ['a', 'vault'], known: ['b'], withheld: ['vault'] });
  assert.deepEqual(['a', 'b', 'vault', 'c'].map(isShown), [true, true, false, false]);
});

describe('the fingerprint', () => {
  const given: Given = { leftOut: ['secret/a', 'secret/b'], withheld: ['vault'], exclude: ['secret/**'] };
  const { fingerprint } = collect(given);

  it('is none where nothing is hidden', () => {
    assert.equal(collect({ listed: ['a'], known: ['b'] }).fingerprint, undefined);
  });

  it('does not depend on the order, or on what is shown', () => {
    assert.equal(
      collect({ ...given, leftOut: ['secret/b', 'secret/a'], listed: ['x'], known: ['y'] }).fingerprint,
      fingerprint,
    );
  });

  const changes: readonly Given[] = [
    { leftOut: ['secret/a'] },
    { leftOut: ['secret/a', 'secret/b', 'secret/c'] },
    { withheld: [] },
    { withheld: ['vault', 'vault2'] },
    { exclude: ['secret/*'] },
    { includeTags: ['v*'] },
    { excludeTags: ['dev-*'] },
  ];
  for (const change of changes) {
    it(`changes with ${JSON.stringify(change)}`, () => {
      assert.notEqual(collect({ ...given, ...change }).fingerprint, fingerprint);
    });
  }

  it('tells nothing', () => {
    assert.match(fingerprint ?? '', /^[0-9a-f]{16}$/);
  });
});

describe('names that only others saw', () => {
  const patterns = { include: ['**', '!python'], exclude: ['secret/**'], includeTags: ['**'], excludeTags: [] };
  const leftOutNames = ['secret/a', 'python'];
  const withheldNames = ['vault'];
  const there = collectHiddenNames({ leftOutNames, withheldNames, knownNames: ['app'], patterns });
  const { strict, referred } = there.marks;
  const elsewhere = { strict: new Set(strict), referred: new Set(referred), withheld: withheldNames.length };
  const here = collectHiddenNames({ leftOutNames: [], withheldNames: [], knownNames: ['app'], patterns, elsewhere });

  it('are marks, which tell none of them', () => {
    const marks = [...elsewhere.strict, ...elsewhere.referred];
    assert.deepEqual([elsewhere.strict.size, elsewhere.referred.size, elsewhere.withheld], [2, 1, 1]);
    for (const mark of marks) assert.match(mark, /^[0-9a-f]{32}$/);
    assert.equal(here.plainNames.size, 0);
  });

  it('are taken out of the same texts, and have the same fingerprint', () => {
    const texts = [
      'FROM vault',
      'the vault of secret/a',
      'python',
      'x.org/python:3',
      'x.org/secret/b',
      'app and vaults',
    ];
    assert.deepEqual(texts.map(createRedactor(here)), texts.map(createRedactor(there)));
    assert.equal(createRedactor(here)('FROM vault, x.org/python:3'), 'FROM withheld, x.org/withheld:3');
    assert.equal(here.fingerprint, there.fingerprint);
  });
});

test('where not all is listed, what was hidden before is hidden still, save what is shown now', () => {
  const patterns = { include: ['**', '!python'], exclude: ['secret/**'], includeTags: ['**'], excludeTags: [] };
  const given = { leftOutNames: ['secret/a', 'python'], withheldNames: ['vault', 'open'], patterns };
  const { marks: hiddenMarks } = collectHiddenNames({ ...given, knownNames: ['app'] });
  const before = { hiddenMarks, withheldRepositories: 2 };
  const elsewhere = keepHidden(null, before, ['app', 'open'], []);
  assert.deepEqual([elsewhere?.strict.size, elsewhere?.referred.size, elsewhere?.withheld], [2, 1, 2]);
  const now = collectHiddenNames({
    leftOutNames: [],
    withheldNames: [],
    knownNames: ['app', 'open'],
    patterns,
    elsewhere,
  });
  const texts = ['FROM vault', 'FROM open', 'x.org/python:3 python', 'of secret/a'];
  assert.deepEqual(texts.map(createRedactor(now)), [
    'FROM withheld',
    'FROM open',
    'x.org/withheld:3 python',
    'of withheld',
  ]);
  assert.equal(keepHidden(null, { withheldRepositories: 2 }, [], []), null, 'an older program kept no marks');
  const again = keepHidden(elsewhere, before, ['app', 'open'], ['vault']);
  assert.deepEqual([again?.strict.size, again?.withheld], [2, 2], 'nothing counts twice');
  const two = collectHiddenNames({ ...given, leftOutNames: [], withheldNames: ['a', 'b'], knownNames: ['app'] });
  const one = keepHidden(null, { hiddenMarks: two.marks, withheldRepositories: 2 }, ['app', 'b'], ['a']);
  assert.deepEqual([one?.strict.size, one?.withheld], [1, 0], 'what was refused anew is counted there');
  const read = keepHidden(null, before, ['app', 'open', 'vault', 'vault/keys'], [], ['secret/a']);
  assert.equal(read?.withheld, 0, 'what settings hide is not taken for what may not be read');
});
