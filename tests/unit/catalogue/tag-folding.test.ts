import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldTags, toRebuiltVersion } from '../../../src/catalogue/tag-folding.ts';

describe('toRebuiltVersion', () => {
  for (const [tag, version] of [
    ['4.0.2-3-20260816', '4.0.2-3'],
    ['4.0.2-3', '4.0.2-3'],
    ['0.4.1-s2', '0.4.1'],
    ['0.0.46-s2.1', '0.0.46'],
    ['8.1.33-1-s4-20260816', '8.1.33-1'],
    ['0.0.3-20250601-s1-20250608', '0.0.3'],
    ['1.10-0.s3', '1.10-0'],
    ['1.2.3-debian-12-r5', '1.2.3-debian-12'],
    ['1.2.3.20240102', '1.2.3'],
    ['1.2.3-2024-01-02', '1.2.3'],
    ['1.2.3-20240102-101500', '1.2.3'],
    ['1.2.3-20240102101500', '1.2.3'],
    ['1.2.3-20240102T101500Z', '1.2.3'],
    ['1.2.3-alpine-20240102', '1.2.3-alpine'],
    ['9.0.4-20260107.e9ce92c-20260816', '9.0.4-20260107.e9ce92c'],
    ['2023.07.17.00-2-20260816', '2023.07.17.00-2'],
    ['2.4.38-10-u4-20260816', '2.4.38-10-u4'],
    ['jammy-20240102', 'jammy'],
    ['20240102-s1', '20240102'],
  ] as const) {
    it(`${tag} is a build of ${version}`, () => assert.equal(toRebuiltVersion(tag), version));
  }

  for (const tag of [
    ...['20240102', '2024-01-02', '2024-01-02-101500-production', 'v20220915-3', '2023.07.17.00', '1.2.3-99999999'],
    ...['1.2.3-rc1', '1.2.3-p1', '2.4.38-10-u4', '1.2.3-alpine', '18.2.7-wmf1', '1.2.3-3f9c2d1', '1.2.3-s390x'],
    ...['latest', 's1', '-s1', '-20240102', ''],
  ]) {
    it(`${JSON.stringify(tag)} is itself`, () => assert.equal(toRebuiltVersion(tag), tag));
  }
});

describe('foldTags', () => {
  it('groups rebuilds under their version, newest first within and without', () => {
    const tags = [
      '4.0.2-3-20260816',
      '4.0.2-3',
      '4.0.2-2',
      '4.0.2-3-20260809',
      '4.1.0',
      '4.0.2-2-s1',
      '4.0.2-2-s1-20250101',
    ];
    assert.deepEqual(foldTags(tags), [
      { version: '4.1.0', newest: '4.1.0', tags: ['4.1.0'] },
      {
        version: '4.0.2-3',
        newest: '4.0.2-3-20260816',
        tags: ['4.0.2-3-20260816', '4.0.2-3-20260809', '4.0.2-3'],
      },
      {
        version: '4.0.2-2',
        newest: '4.0.2-2-s1-20250101',
        tags: ['4.0.2-2-s1-20250101', '4.0.2-2-s1', '4.0.2-2'],
      },
    ]);
  });

  it('keeps versions apart that are spelled differently', () => {
    assert.deepEqual(
      foldTags(['1.10', '1.10.0', 'v1.10.0', '1.10.0-1', '1.10.0-2']).map(({ version }) => version),
      ['1.10.0-2', '1.10.0-1', 'v1.10.0', '1.10.0', '1.10'],
    );
  });

  it('shows a group by its newest tag where another group lies between', () => {
    assert.deepEqual(
      foldTags(['1.0', '1.0-1', '1.0-s1']).map(({ version, tags }) => [version, tags]),
      [
        ['1.0', ['1.0-s1', '1.0']],
        ['1.0-1', ['1.0-1']],
      ],
    );
  });

  it('folds nothing into nothing', () => assert.deepEqual(foldTags([]), []));
});
