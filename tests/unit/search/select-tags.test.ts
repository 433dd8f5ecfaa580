import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countMeant, selectTags } from '../../../src/search/select-tags.ts';

const rows = [
  { tags: ['24.18.0-s1', 'latest'], platforms: ['linux/amd64', 'linux/arm64'], digest: `sha256:ab12${'0'.repeat(60)}` },
  { tags: ['24.18.0'], platforms: ['linux/amd64'], digest: `sha256:cd34${'0'.repeat(60)}` },
  { tags: ['RC1'], platforms: [], digest: '' },
];

describe('the filter of tags', () => {
  const cases: readonly (readonly [words: string, platform: string, chosen: readonly number[]])[] = [
    ['', '', [0, 1, 2]],
    ['24.18', '', [0, 1]],
    ['24 s1', '', [0]],
    ['LATEST', '', [0]],
    [':rc1', '', [2]],
    ['', 'linux/arm64', [0]],
    ['24.18', 'linux/arm64', [0]],
    ['rc', 'linux/amd64', []],
    ['sha256:cd', '', [1]],
    ['ab12', '', [0]],
    ['000', '', []],
    ['arch:arm64', '', [0]],
    ['24 ARCH:x86_64', '', [0, 1]],
    ['arch:linux/arm64 cd', '', []],
    ['arch:', '', [0, 1, 2]],
  ];
  for (const [words, platform, chosen] of cases) {
    it(`${words || '(no words)'} ${platform}`, () => {
      assert.deepEqual(
        [...selectTags(rows, words, platform)],
        chosen.map((at) => rows[at]),
      );
    });
  }
});

describe('how many tags of a row are meant', () => {
  const cases: readonly (readonly [words: string, row: number, count: number])[] = [
    ['', 0, 2],
    ['latest', 0, 1],
    [':LATEST arch:amd64', 0, 1],
    ['24.18 s1', 0, 1],
    ['24 latest', 0, 2],
    ['ab12', 0, 2],
    ['arch:arm64', 0, 2],
    ['rc', 2, 1],
  ];
  for (const [words, row, count] of cases) {
    it(`${words || '(no words)'}: ${count}`, () => {
      assert.equal(countMeant(rows[row] as (typeof rows)[number], words), count);
    });
  }
});
