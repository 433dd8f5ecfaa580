import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import {
  formatReference,
  isRepositoryName,
  isTag,
  nameParts,
  parseRepositoryName,
  parseTag,
} from '../../../src/oci/reference.ts';

describe('repository names', () => {
  const valid = [
    'a',
    '0',
    'releng/node24',
    'a/b/c/d/e/f/g/h',
    'a.b',
    'a_b',
    'a__b',
    'a-b',
    'a---b',
    'a-b.c_d__e',
    '404',
    'v2/v2',
    `${'a'.repeat(255)}`,
    `${'a/'.repeat(127)}a`,
  ];
  const invalid: readonly unknown[] = [
    '',
    '/',
    'A',
    'a/B',
    'a//b',
    '/a',
    'a/',
    '-a',
    'a-',
    'a/-/b',
    'a/-b',
    '.a',
    'a.',
    'a..b',
    'a._b',
    'a___b',
    '_a',
    'a_',
    '..',
    'a/../b',
    'a:b',
    'a@b',
    'a b',
    'a\n',
    'ä',
    'a\u0000',
    '__proto__',
    'a%2fb',
    `${'a'.repeat(256)}`,
    `${'a/'.repeat(128)}a`,
    null,
    undefined,
    7,
    ['a'],
  ];
  for (const name of valid) {
    it(`${name.slice(0, 60)} is one`, () => {
      assert.ok(isRepositoryName(name));
      assert.equal(parseRepositoryName(name), name);
    });
  }
  for (const name of invalid) {
    it(`${String(JSON.stringify(name)).slice(0, 60)} is none`, () => assert.ok(!isRepositoryName(name)));
  }

  it('a hostile one costs no time', () => {
    const begun = performance.now();
    for (const part of ['a', 'a-', '-', '_', 'a_', 'a/']) assert.ok(!isRepositoryName(`${part.repeat(2_000_000)}!`));
    assert.ok(!isRepositoryName(`${'a-'.repeat(127)}!`));
    assert.ok(performance.now() - begun < 500);
  });

  it('one that is none is named in the error, at bounded length', () => {
    assert.throws(() => parseRepositoryName('Releng/Node'), new TypeError('not a repository name: "Releng/Node"'));
    assert.throws(
      () => parseRepositoryName('!'.repeat(1_000_000)),
      (error: Error) => error.message.length < 400,
    );
  });

  it('have parts, outermost first', () => {
    assert.deepEqual(nameParts(parseRepositoryName('releng/java/jdk21')), ['releng', 'java', 'jdk21']);
  });
});

describe('tags', () => {
  const valid = [
    'a',
    '_',
    '0',
    'latest',
    'V1.0',
    '1.0_build.5',
    'a..b',
    'a--',
    '__proto__',
    '20260816',
    'a'.repeat(128),
  ];
  const invalid: readonly unknown[] = [
    '',
    '.a',
    '-a',
    'a+b',
    'a/b',
    'a:b',
    'a@b',
    'a b',
    'a\n',
    'é',
    'a'.repeat(129),
    null,
    24,
    {},
  ];
  for (const tag of valid) {
    it(`${tag.slice(0, 60)} is one`, () => {
      assert.ok(isTag(tag));
      assert.equal(parseTag(tag), tag);
    });
  }
  for (const tag of invalid) {
    it(`${String(JSON.stringify(tag)).slice(0, 60)} is none`, () => assert.ok(!isTag(tag)));
  }

  it('one that is none is named in the error, at bounded length', () => {
    assert.throws(() => parseTag('1.0+build'), new TypeError('not a tag: "1.0+build"'));
    assert.throws(
      () => parseTag('!'.repeat(1_000_000)),
      (error: Error) => error.message.length < 200,
    );
  });
});

it('a reference is what a pull command names', () => {
  const name = parseRepositoryName('releng/node24');
  const digest = computeDigest('node');
  assert.equal(
    formatReference('registry.example.org:5000', name, { tag: parseTag('24.18.0-s1') }),
    'registry.example.org:5000/releng/node24:24.18.0-s1',
  );
  assert.equal(formatReference('r.example.org', name, { digest }), `r.example.org/releng/node24@${digest}`);
});
