import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { foldTags } from '../../src/catalogue/tag-folding.ts';
import { compareTagKeys, compareTags, createTagKey, sortTags } from '../../src/catalogue/tag-order.ts';
import { isChannelTag, isCommitTag, isPreReleaseTag } from '../../src/catalogue/tag-words.ts';

const RUNS = { numRuns: 2000 };

const fixture = new URL('../fixtures/tag-order.json', import.meta.url);
const { images } = JSON.parse(readFileSync(fixture, 'utf8')) as { images: Record<string, string[]> };
const realTags = [...new Set(Object.values(images).flat())];
assert.ok(realTags.length > 0, 'the fixture holds no tags');

const real = fc.constantFrom(...realTags);
const piece = fc.constantFrom(
  ...['0', '1', '2', '9', '10', '00', '007', '20240102', '2024', '01', '02', '123456', '99999999999999999999'],
  ...['v', 's', 'u', 'b', 'm', 'rc', 'alpha', 'dev', 'wmf', 'r', 'p', 'final', 'post', 'T', 'Z', 'x86', '64', 'arm64'],
  ...['alpine', 'slim', 'bookworm', 'deb', 'latest', 'main', 'nightly', 'stable', 'release', 'sha256', 'sha'],
  ...['abc1234', 'e9ce92c', 'gabc1234', 'deadbeef', '0123456789abcdef0123456789abcdef01234567'],
);
const separator = fc.constantFrom('', '', '-', '.', '_', '--', '-.');
const realistic = fc
  .array(fc.tuple(piece, separator), { minLength: 1, maxLength: 7 })
  .map((pairs) => pairs.flat().join(''));
const mutated = fc
  .tuple(real, fc.nat(), fc.nat({ max: 3 }), fc.oneof(piece, separator, fc.string({ maxLength: 2 })))
  .map(([tag, place, length, insert]) => {
    const at = place % (tag.length + 1);
    return tag.slice(0, at) + insert + tag.slice(at + length);
  });
const valid = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\u0000', '\u0001', '\uffff', '\ud800'),
);
const tag = fc.oneof(real, realistic, realistic, mutated, mutated, valid, hostile);

/** Tags that differ in little, where an order is most likely to contradict itself. */
const relatives = fc
  .tuple(
    fc.oneof(real, realistic),
    fc.array(fc.tuple(separator, piece, fc.nat({ max: 2 })), { minLength: 3, maxLength: 8 }),
  )
  .map(([stem, ends]) => ends.map(([gap, end, cut]) => stem.slice(0, stem.length - cut) + gap + end));
const several = fc.oneof(fc.array(tag, { minLength: 3, maxLength: 8 }), relatives);

describe('compareTags', () => {
  it('is antisymmetric', () => {
    fc.assert(
      fc.property(several, (tags) => {
        for (const a of tags) {
          for (const b of tags) assert.equal(Math.sign(compareTags(a, b)), -Math.sign(compareTags(b, a)) + 0);
        }
      }),
      RUNS,
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(several, (tags) => {
        for (const a of tags) {
          for (const b of tags) {
            if (compareTags(a, b) > 0) continue;
            for (const c of tags) if (compareTags(b, c) <= 0) assert.ok(compareTags(a, c) <= 0, `${a} ${b} ${c}`);
          }
        }
      }),
      RUNS,
    );
  });

  it('is 0 for the same string and for no other', () => {
    fc.assert(
      fc.property(several, (tags) => {
        for (const a of tags) for (const b of tags) assert.equal(compareTags(a, b) === 0, a === b);
      }),
      RUNS,
    );
  });

  it('agrees with the keys, and gives the same list from every input order', () => {
    fc.assert(
      fc.property(several, (tags) => {
        const sorted = sortTags(tags);
        assert.deepEqual(sortTags(tags.toReversed()), sorted);
        assert.deepEqual(tags.toSorted(compareTags), sorted);
        for (const a of tags) {
          for (const b of tags) assert.equal(compareTagKeys(createTagKey(a), createTagKey(b)), compareTags(a, b));
        }
      }),
      RUNS,
    );
  });
});

describe('real tags', () => {
  const version = real.filter((name) => /^\d+(?:\.\d+)+(?:-\d+)?$/.test(name));

  it('are newer after a rebuild, older before a release', () => {
    fc.assert(
      fc.property(version, fc.integer({ min: 1, max: 99 }), (name, count) => {
        for (const newer of [`${name}-20260816`, `${name}-s${count}`]) assert.ok(compareTags(newer, name) < 0, newer);
        for (const older of [`${name}-rc${count}`, `${name}-beta.${count}`])
          assert.ok(compareTags(older, name) > 0, older);
      }),
      RUNS,
    );
  });

  it('are newer than every channel, commit and signature', () => {
    fc.assert(
      fc.property(
        version,
        fc.constantFrom('latest', 'main', '3f9c2d1', 'nightly-20260816', `sha256-${'f'.repeat(64)}.sig`),
        (a, b) => {
          assert.ok(compareTags(a, b) < 0);
        },
      ),
      RUNS,
    );
  });
});

describe('foldTags', () => {
  it('puts every tag in one group, newest first', () => {
    fc.assert(
      fc.property(several, (tags) => {
        const groups = foldTags(tags);
        assert.deepEqual(groups.flatMap((group) => group.tags).toSorted(), tags.toSorted());
        assert.equal(new Set(groups.map(({ version }) => version)).size, groups.length);
        assert.deepEqual(
          sortTags(groups.map(({ newest }) => newest)),
          groups.map(({ newest }) => newest),
        );
        for (const group of groups) {
          assert.equal(group.newest, group.tags[0]);
          assert.deepEqual(sortTags(group.tags), group.tags);
          for (const name of group.tags) assert.ok(name.startsWith(group.version));
        }
      }),
      RUNS,
    );
  });
});

describe('questions about a tag', () => {
  it('have an answer for every string', () => {
    fc.assert(
      fc.property(tag, (name) => {
        for (const question of [isChannelTag, isCommitTag, isPreReleaseTag]) {
          assert.equal(typeof question(name), 'boolean');
        }
      }),
      RUNS,
    );
  });
});
