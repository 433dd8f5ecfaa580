import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isChannelTag, isCommitTag, isPreReleaseTag } from '../../../src/catalogue/tag-words.ts';

const HEX_64 = '0123456789abcdef'.repeat(4);

const TABLE: readonly (readonly [question: (tag: string) => boolean, yes: readonly string[], no: readonly string[]])[] =
  [
    [
      isChannelTag,
      [
        ...[
          'latest',
          'LATEST',
          'stable',
          'lts',
          'main',
          'master',
          'edge',
          'nightly',
          'dev',
          'devel',
          'testing',
          'beta',
        ],
        ...[
          'latest-alpine',
          'stable-alpine3.18',
          'lts-slim',
          'amd64-latest',
          'php8-latest',
          '1.2-latest',
          'arm64-nightly',
        ],
        ...['nightly-20240102', 'main-3f9c2d1', 'dev-12', 'pr-12', 'main-3f9c2d1-1704153600'],
      ],
      [
        ...['1.2.3', 'v1', '20240102', '2024-01-02-101500-production', '1.2.3-dev', '1.2.3-alpha', 'stable-1.2.3'],
        ...['alpine', 'bookworm', 'feature-login', '3f9c2d1', 'maintenance', 'latest-20240102', 'jammy-20240102', ''],
        `sha256-${HEX_64}`,
      ],
    ],
    [
      isCommitTag,
      [
        ...['3f9c2d1', 'abc1234', '0'.repeat(40), '0123456789abcdef0123456789abcdef01234567', HEX_64, 'ABC1234'],
        ...['sha-3f9c2d1', 'git-3f9c2d1', 'main-3f9c2d1', '3f9c2d1-amd64', 'g3f9c2d1'],
      ],
      [
        ...['1234567', '20240102', '20240102a', 'b20240102', 'deadbeef', 'abc123', '1.2.3-3f9c2d1', '3f9c2d1-20240102'],
        ...['0123456789abcdef0123456789abcdef012345678', 'abcdefg1', 'latest', ''],
      ],
    ],
    [
      isPreReleaseTag,
      [
        '1.2.3-rc1',
        '1.2.3rc1',
        ...['1.3-main', '2.0-master', '2026-08-16-trunk', '1.2.3-pr5', '1.2.3-pr-5', '2.0-staging-alpine', 'v3-head'],
        'v1.4.0.dev0',
        '2.0b2',
        '2.0.0-M1',
        '1.0-SNAPSHOT',
        '3.13-rc-slim',
        '1.2.3-rc1-20260816',
      ],
      [
        '1.2.3',
        '1.2.3-s2',
        '1.1.1b',
        '8u422-b05',
        '1.2.3-slim',
        'rc',
        'beta',
        'dev-1.2',
        '1.2.3-release',
        '1.2.3-research',
        '',
      ],
    ],
  ];

for (const [question, yes, no] of TABLE) {
  describe(question.name, () => {
    for (const tag of yes) it(`is true for ${JSON.stringify(tag)}`, () => assert.equal(question(tag), true));
    for (const tag of no) it(`is false for ${JSON.stringify(tag)}`, () => assert.equal(question(tag), false));
  });
}
