import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Repository, TagRecord } from '../../../src/catalogue/model.ts';
import { pickRecommendedTag, seenAtOf } from '../../../src/catalogue/recommended-tag.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import {
  type Content,
  changeTags,
  createArtifact,
  createDescriptor,
  createImage,
  createMissing,
  createRepository,
  createTagRecord,
  hour,
} from '../../support/catalogue-values.ts';

const old = createImage('old', { createdAt: '2026-01-01T10:00:00Z' });
const middle = createImage('middle', { createdAt: '2026-01-02T10:00:00Z' });
const recent = createImage('recent', { createdAt: '2026-02-03T10:00:00Z' });
const alsoRecent = createImage('also recent', { createdAt: '2026-02-03T10:00:00Z' });
const undated = createImage('undated');
const undated2 = createImage('undated 2', { createdAt: '1970-01-01T00:00:00Z' });
const undated3 = createImage('undated 3', { createdAt: '2099-01-01T00:00:00Z' });
const signature = createArtifact('signature', {
  config: createDescriptor('signature config', mediaTypes.ociConfig, 2),
  layers: [createDescriptor('payload', 'application/vnd.dev.cosign.simplesigning.v1+json', 2)],
});

/** `tag (code: text)`, or `-`. */
function recommend(repository: Repository, movingTags: readonly string[] = ['latest']): string {
  const found = pickRecommendedTag(repository, movingTags);
  if (found === null) return '-';
  assert.equal(repository.tags.get(found.tag)?.digest, found.digest);
  return `${found.tag} (${found.reason.code}: ${found.reason.text})`;
}

describe('a moving tag that exists', () => {
  const sameAsLatest = 'same-digest: same digest as latest';
  const cases: readonly (readonly [string, Readonly<Record<string, Content>>, readonly string[], string])[] = [
    [
      'recommends its sibling, not what was built last',
      { latest: old, '1.0': old, '2.0': recent },
      ['latest'],
      `1.0 (${sameAsLatest})`,
    ],
    [
      'recommends the most specific of its siblings',
      { latest: recent, '24': recent, '24.18': recent, '24.18.0': recent, '24.18.0-s1': recent, '24.17.0-s1': old },
      ['latest'],
      `24.18.0-s1 (${sameAsLatest})`,
    ],
    [
      'recommends a rebuild by its date before the version that moves with it',
      { latest: recent, '4.0.2-3': recent, '4.0.2-3-20260816': recent },
      ['latest'],
      `4.0.2-3-20260816 (${sameAsLatest})`,
    ],
    [
      'recommends the build of a day before the version that moves with it',
      { latest: recent, '22.04': recent, jammy: recent, 'jammy-20240808': recent },
      ['latest'],
      `jammy-20240808 (${sameAsLatest})`,
    ],
    [
      'recommends a version before a day that says as much, however it is spelled',
      { latest: recent, '1.2.3': recent, '2026-02-03': recent, '20260203': recent },
      ['latest'],
      `1.2.3 (${sameAsLatest})`,
    ],
    [
      'recommends the higher of two equally specific siblings',
      { latest: recent, '1.9.0': recent, '1.10.0': recent },
      ['latest'],
      `1.10.0 (${sameAsLatest})`,
    ],
    [
      'recommends a version before a commit',
      { latest: recent, '3f9c2d1': recent, '1.2': recent, 'sha-3f9c2d1': recent },
      ['latest'],
      `1.2 (${sameAsLatest})`,
    ],
    [
      'recommends a release before its candidate',
      { latest: recent, '1.0.0': recent, '1.0.0-rc1': recent },
      ['latest'],
      `1.0.0 (${sameAsLatest})`,
    ],
    [
      'recommends a candidate where that is all there is beside it',
      { latest: recent, '2.0.0-rc1': recent, '1.0.0': old },
      ['latest'],
      `2.0.0-rc1 (${sameAsLatest})`,
    ],
    [
      'does not recommend another channel',
      { latest: recent, stable: recent, main: recent, '1.0': old },
      ['latest'],
      '1.0 (newest-build: built 2026-01-01)',
    ],
    [
      'without a sibling leaves it to the dates',
      { latest: recent, '1.0': old, '2.0': middle },
      ['latest'],
      '2.0 (newest-build: built 2026-01-02)',
    ],
    [
      'counts in the order of the settings',
      { latest: old, stable: recent, '1.0': old, '2.0': recent },
      ['stable', 'latest'],
      '2.0 (same-digest: same digest as stable)',
    ],
    [
      'gives way to the next when it has no sibling',
      { stable: middle, latest: old, '1.0': old, '2.0': recent },
      ['stable', 'latest'],
      `1.0 (${sameAsLatest})`,
    ],
    [
      'may be any word, which then is no version',
      { current: old, prod: old, '1.0': old, '2.0': recent },
      ['current', 'prod'],
      '1.0 (same-digest: same digest as current)',
    ],
    [
      'counts only as the settings name it',
      { latest: old, '1.0': old, '2.0': recent },
      [],
      '2.0 (newest-build: built 2026-02-03)',
    ],
    [
      'has no sibling in a signature',
      { latest: signature, '1.0': signature, '2.0': old },
      ['latest'],
      '2.0 (newest-build: built 2026-01-01)',
    ],
  ];
  for (const [name, contents, movingTags, expected] of cases) {
    it(name, () => assert.equal(recommend(createRepository(contents), movingTags), expected));
  }
});

describe('without one', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, Content>>, string])[] = [
    ['the newest build', { '3.0': old, '1.0': recent, '2.0': middle }, '1.0 (newest-build: built 2026-02-03)'],
    [
      'among equal dates the higher name',
      { '1.9': recent, '1.10': alsoRecent, '9.9': old },
      '1.10 (newest-build: built 2026-02-03)',
    ],
    [
      'under the most specific of its names',
      { '1.10': alsoRecent, '1.10.3-s2': alsoRecent, '1': alsoRecent, '9.9': old },
      '1.10.3-s2 (newest-build: built 2026-02-03)',
    ],
    [
      'dates that say nothing do not count',
      { '1.0': old, '2.0': undated2, '3.0': undated3 },
      '1.0 (newest-build: built 2026-01-01)',
    ],
    [
      'no dates: the highest name',
      { '1.9': undated, '1.10': undated2, '1.2': undated3 },
      '1.10 (highest-name: the highest version by name)',
    ],
    ['no dates, one tag', { '1.0': undated }, '1.0 (highest-name: the highest version by name)'],
    [
      'a release before a newer candidate',
      { '1.0.0': old, '1.1.0-rc1': recent },
      '1.0.0 (newest-build: built 2026-01-01)',
    ],
    [
      'a candidate where there is no release',
      { '1.1.0-rc1': old, '1.1.0-rc2': recent },
      '1.1.0-rc2 (newest-build: built 2026-02-03)',
    ],
    [
      'a version before newer channels',
      { testing: recent, main: recent, edge: recent, nightly: recent, 'main-3f9c2d1': recent, '1.0': old },
      '1.0 (newest-build: built 2026-01-01)',
    ],
    [
      'a channel where there is nothing else',
      { main: recent, testing: old },
      'main (only-channel: it has no version tags)',
    ],
    [
      'never what is built of a branch towards a version',
      { '2.0-main': recent, '2.0-pr7': recent, '2.0-staging': recent, '1.0': old },
      '1.0 (newest-build: built 2026-01-01)',
    ],
    [
      'latest before other channels',
      { main: recent, latest: old, testing: recent },
      'latest (only-channel: it has no version tags)',
    ],
    [
      'never a referrer’s address',
      { [`sha256-${'ab'.repeat(32)}`]: recent, '1.0': old },
      '1.0 (newest-build: built 2026-01-01)',
    ],
    ['never a signature', { '2.0': signature, '1.0': old }, '1.0 (newest-build: built 2026-01-01)'],
    [
      'nothing where there are only signatures',
      { '1.0': signature, [`sha256-${'ab'.repeat(32)}.sig`]: signature },
      '-',
    ],
    ['nothing where there is nothing', {}, '-'],
    [
      'what could not be read, where there is nothing else',
      { '1.0': createMissing('a') },
      '1.0 (highest-name: the highest version by name)',
    ],
    [
      'tags of hostile names',
      { constructor: old, ['__proto__']: recent },
      '__proto__ (newest-build: built 2026-02-03)',
    ],
  ];
  for (const [name, contents, expected] of cases) {
    it(name, () => assert.equal(recommend(createRepository(contents)), expected));
  }

  it('no dates: what was first seen last', () => {
    const repository = changeTags(createRepository({ '9.0': undated, '1.0': undated2, '2.0': undated3 }), {
      '1.0': { firstSeenAt: hour(5) },
      '2.0': { firstSeenAt: hour(4) },
    });
    assert.equal(recommend(repository), '1.0 (newest-seen: first seen 2026-03-01)');
  });

  it('no dates: what moved last was seen last', () => {
    const moved = { notBefore: hour(8), notAfter: hour(9) };
    const repository = changeTags(createRepository({ '9.0': undated, '1.0': undated2, '2.0': undated3 }), {
      '1.0': { firstSeenAt: hour(5) },
      '2.0': { moved },
    });
    assert.equal(recommend(repository), '2.0 (newest-seen: first seen 2026-03-01)');
    assert.equal(seenAtOf(createTagRecord(null, { moved })), hour(9));
  });
});

describe('dates beside none', () => {
  const contents = { '1.0': old, '2.0': undated, '3.0': recent };
  const cases: readonly (readonly [string, Readonly<Record<string, Partial<TagRecord>>>, string])[] = [
    ['what was there before us tells nothing', {}, '3.0 (newest-build: built 2026-02-03)'],
    [
      'what came after the newest build is newer',
      { '2.0': { firstSeenAt: hour(200) } },
      '2.0 (newest-seen: first seen 2026-03-09)',
    ],
    [
      'what moved after the newest build is newer',
      { '2.0': { moved: { notBefore: hour(199), notAfter: hour(200) } } },
      '2.0 (newest-seen: first seen 2026-03-09)',
    ],
    [
      'what came before the newest build is older',
      {
        '1.0': { firstSeenAt: '2026-01-01T11:00:00Z' },
        '2.0': { firstSeenAt: '2026-01-20T00:00:00Z' },
        '3.0': { firstSeenAt: '2026-02-03T11:00:00Z' },
      },
      '3.0 (newest-build: built 2026-02-03)',
    ],
  ];
  for (const [name, changes, expected] of cases) {
    it(name, () => assert.equal(recommend(changeTags(createRepository(contents), changes)), expected));
  }
});

describe('never recommended', () => {
  const contents = { latest: recent, '2.0': recent, '1.0': old };
  for (const state of ['stale', 'settling'] as const) {
    it(`a tag that is ${state}`, () => {
      const repository = changeTags(createRepository(contents), { '2.0': { state } });
      assert.equal(recommend(repository), '1.0 (newest-build: built 2026-01-01)');
    });

    it(`the sibling of a moving tag that is ${state}`, () => {
      const repository = changeTags(createRepository({ ...contents, latest: old }), { latest: { state } });
      assert.equal(recommend(repository), '2.0 (newest-build: built 2026-02-03)');
    });

    it(`a channel that is ${state}`, () => {
      assert.equal(recommend(changeTags(createRepository({ main: old }), { main: { state } })), '-');
    });
  }

  it('a tag that was never readable', () => {
    const repository = changeTags(createRepository({ '1.0': old }), { '2.0': { digest: null } });
    assert.equal(recommend(repository), '1.0 (newest-build: built 2026-01-01)');
  });
});

it('the order in which tags were stored decides nothing', () => {
  const contents = {
    '1.9': undated,
    '1.10': undated2,
    latest: undated3,
    '1.8': undated3,
    '1.8.0': undated3,
    main: undated,
  };
  const forwards = createRepository(contents);
  const backwards = createRepository(Object.fromEntries(Object.entries(contents).reverse()));
  assert.equal(recommend(backwards), recommend(forwards));
  assert.equal(recommend(forwards), '1.8.0 (same-digest: same digest as latest)');
});
