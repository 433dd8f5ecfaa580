import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { compareTagKeys, compareTags, createTagKey, sortTags } from '../../../src/catalogue/tag-order.ts';

/** Each row stands newest first: every tag of a row is newer than every tag after it. */
const ROWS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'numbers, not strings': [
    ['1.10.0', '1.9.8', '1.9.0', '1.0.0', '0.9.9'],
    ['2', '1.99', '1.9', '1'],
    ['4.6.0.2311', '4.6.0.999', '4.6.0'],
    ['1.99999999999999999999999999999999999999', '1.99999999999999999999999999999999999998', '1.5'],
    ['v1.8.0', '1.7.0', 'v1.6.0', 'release-1.5.1', 'version-1.5.0', 'r1.4'],
  ],
  'zeros say nothing, and the more specific name comes first': [
    ['1.10.1', '1.10.0', '1.10', '1.9.1'],
    ['1.10-2', '1.10.0-1', '1.10-0', '1.10.0', '1.10'],
    ['1.10.0', 'v1.10', '1.9.9'],
    ['1.10-0.s3', '1.10.0-s2', '1.10.0', '1.9.8-s3'],
    ['1.14.0-wmf1', '1.14.0-wmf0', '1.14.0'],
  ],
  'dates in every spelling': [
    ['2024-02-01', '20240131', '2024.01.30', '2024_01_29', '20240128'],
    ['2026-08-19-122930', '2026-08-19-122639', '2026-08-11-201322', '2026-08-11'],
    ['2024-01-02-101500-production', '2024-01-02-101459-publish', '2024-01-01-235959-production'],
    ['20240102101500', '20240102101459', '20240101235959'],
    ['RELEASE.2024-01-02T03-04-06Z', 'RELEASE.2024-01-02T03-04-05Z', 'RELEASE.2023-12-31T23-59-59Z'],
    ['v20220915-3', 'v20220915-2', 'v20220915-1', 'v20220801-1'],
    ['2023.07.17.01-1', '2023.07.17.00-2-20260816', '2023.07.17.00-2', '2023.07.17.00-1', '0.41.0-5', '0.41.0-deb10'],
    ['2024.10', '2024.9', '24.10', '24.04'],
  ],
  'rebuilds and revisions are newer than what they follow': [
    ['4.0.2-3-20260816', '4.0.2-3-20260809', '4.0.2-3', '4.0.2-2', '4.0.2-1-20240107', '4.0.2-1'],
    ['1.94.1-1', '1.94.1-20260531', '1.94.1-20260524', '1.94.1'],
    ['0.1-s10', '0.1-s9', '0.1-s1', '0.1'],
    ['0.0.46-s3', '0.0.46-s2.1', '0.0.46-s2', '0.0.46'],
    ['2.4.38-10-u2', '2.4.38-10u1', '2.4.38-10', '2.4.38-2', '2.4.38-1-s1', '2.4.38-1'],
    ['1.5.1-s4-20240505', '1.5.1-s4', '1.5.1-20240512', '1.5.1'],
    ['0.0.3-20250601-s1-20250608', '0.0.3-20250601-s1', '0.0.3-20250601', '0.0.3-20250525'],
    ['4.6.0.2311-s1', '4.6.0.2311-7-s2', '4.6.0.2311-7'],
    ['1.3.7-3.1.2-4', '1.3.7-3.1.2-3', '1.3.7-3.1.1-9', '1.3.6-3.2.0-1'],
    ['18.2.7-wmf1', '18.2.2-wmf7-20260104', '18.2.2-wmf7', '18.2.2-wmf1'],
    ['8.1.29-1-wmf11u1-s1', '8.1.29-1-wmf11u1', '8.1.29-1-wmf11', '8.1.29-1-wmf9u9'],
    ['1.2.3-p2', '1.2.3p1', '1.2.3'],
    ['1.2.3-patch-10', '1.2.3-patch-9', '1.2.3-hotfix', '1.2.3'],
    ['1.2.3-1', '1.2.3.20240201', '1.2.3.20240131', '1.2.3'],
    ['1.1.1w', '1.1.1v', '1.1.1'],
    ['17.0.2_9', '17.0.2_8', '17.0.1_12'],
    ['1.0.post2', '1.0.post1', '1.0'],
  ],
  'pre-releases are older than their release': [
    ['8.4.1', '8.4.0', '8.4.0-rc4', '8.4.0-rc1', '8.3.9'],
    ['1.2.3', '1.2.3-rc.10', '1.2.3-rc.9', '1.2.3-beta.2', '1.2.3-alpha', '1.2.3-dev', '1.2.2-s9'],
    ['1.2.3', '1.2.3rc3', '1.2.3.rc2', '1.2.3-rc-1', '1.2.3~beta1'],
    ['1.2.3-rc-3', '1.2.3-rc2', '1.2.3-rc-1', '1.2.3-rc'],
    ['1.2.3-RC2', '1.2.3-rc1', '1.2.3-Beta3'],
    [
      '1.0.0',
      '1.0.0-rc.1',
      '1.0.0-beta.11',
      '1.0.0-beta.2',
      '1.0.0-beta',
      '1.0.0-alpha.beta',
      '1.0.0-alpha.1',
      '1.0.0-alpha',
    ],
    ['1.0.0-rc', '1.0.0-rc-SNAPSHOT', '1.0.0-beta.rc', '1.0.0-beta.2', '1.0.0-beta', '1.0.0-beta.dev'],
    ['1.0', '1.0rc1', '1.0b2', '1.0a10', '1.0a9', '1.0.dev3'],
    ['2.0.0.RELEASE', '2.0.0-SNAPSHOT', '2.0.0-RC1', '2.0.0-M2', '2.0.0-M1', '1.9.9.Final'],
    ['v1.59.0', 'v1.59.0-dev2', 'v1.59.0-dev0', 'v1.58.0', 'v1.56.0-dev18', 'v1.56.0.dev7'],
    ['v1.44.0', 'v1.44.0.dev13-html', 'v1.44.0.dev9-html'],
    ['1.2.3-rc1-20260816', '1.2.3-rc1-1-20260816'].reverse(),
    ['v1.30.0', 'v1.30.0-beta.0', 'v1.30.0-alpha.1.123_abcdef1234567', 'v1.29.9'],
  ],
  'a plain version comes before its flavours, flavours of one version stay together': [
    ['3.19', '3.19-alpine', '3.19-slim', '3.18', '3.18-alpine'],
    ['1.2.3', '1.2.3-alpine3.19', '1.2.3-alpine3.9', '1.2.3-rc1'],
    ['3.12-trixie', '3.12-bookworm', '3.12-deb11', '3.12-buster'],
    ['3.12-noble', '3.12-ubuntu22.04', '3.12-focal'],
    ['1.2.3-1', '1.2.3', '1.2.3-amd64', '1.2.3-arm64v8', '1.2.3-s390x', '1.2.3-x86_64'],
    ['2.5.1rocm6.1-1', '2.1.2rocm5.6-3', '2.1.2rocm5.6-1', '2.1.2rocm5.5-1'],
  ],
  'families of one project': [
    ['8.462-1-20260816', '8.462-1', '8.432-1', '8u422-b05-1-20241110', '8u422-b05-1', '8u412-b08', '8.402'],
    ['0.102.0-1', 'v0.100.0-1', '0.81.0-2'],
    ['26.4.0', '8.4.0', '0.2.0'],
  ],
  'commits inside a version do not compare, what follows them does': [
    ['9.0.4-20260107.e9ce92c-20260816', '9.0.4-20260107.e9ce92c', '9.0.3-20250704.bf8fb04', '9.0.1-20240503.3fcc360'],
    [
      '3.5.7-2026-07-21-093731-2335256b2a95b42cd637298b2ef03682250249c2',
      '3.5.7-2025-12-23-173037-ad4447d949a8fbb2e5283bfbe02e62483922c10d',
      '3.5.7-2025-12-22-162023-ffffffffffffffffffffffffffffffffffffffff',
    ],
    ['main-0000aaa-1704153601', 'main-ffffff1-1704153600'],
    ['main.3fcc360-20240103', 'main.9fcc360-20240102'],
    ['1.2.3-dev-3fcc360-20240103', '1.2.3-dev-9fcc360-20240102'],
    ['1.2.3-1', '1.2.3.3fcc360-20240103', '1.2.3.9fcc360-20240102', '1.2.3'],
    ['v1.2.3-12-gabc1234', 'v1.2.3-5-gfff1234', 'v1.2.3'],
  ],
  'as well-known images are tagged': [
    [
      'questing',
      'plucky',
      'oracular',
      'noble',
      'mantic',
      'jammy',
      'impish',
      'focal',
      'eoan',
      'bionic',
      'zesty',
      'xenial',
    ],
    ['noble-20240605', 'noble-20240530', 'mantic-20240701', 'jammy-20240701'],
    ['trixie-20240701', 'bookworm-20240701', 'bookworm-20240612', 'bullseye-20240701'],
    ['3.13.0', '3.13.0rc2', '3.13.0b4', '3.13.0a6', '3.12.4-slim-bookworm', '3.12.3-slim-bookworm', '3.12.0rc1-slim'],
    ['17', '17rc1', '17beta3', '16.4-bookworm', '16.3-bookworm', '15beta4', '14.12'],
    ['jdk-21.0.4_7', 'jdk-21.0.3_9', 'jdk-21_35', 'jdk-17.0.12_7'],
    ['8u432-b06-jdk', '8u422-b05-jdk', '8u412-b08-jdk'],
    ['22', '22-ea-36-jdk', '22-ea-35-jdk', '21_35-jdk'],
    ['2.452.3-jdk17', '2.452.2-lts-jdk17', '2.440.3-lts-jdk17'],
    ['12.4.1-cudnn-devel-ubuntu22.04', '12.4.0-cudnn-devel-ubuntu22.04', '12.3.2-cudnn9-devel-ubuntu22.04'],
    ['8.0.0', '8.0.0-preview.7', '8.0.0-preview.6-alpine', '7.0.20'],
    ['4.8.1-windowsservercore-ltsc2022', '4.8-windowsservercore-ltsc2022', '4.8-windowsservercore-1809'],
    ['9.4-1214.1726694543', '9.4-1214.1725849297', '9.4-1194'],
    ['7.0.14-debian-12-r10', '7.0.14-debian-12-r9', '7.0.14-debian-11-r100', '7.0.13-debian-12-r9'],
    ['2.19.1-ls137', '2.19.1-ls99', '2.18.9-ls135'],
    ['v1.29.1-eksbuild.2', 'v1.29.1-eksbuild.1', 'v1.29.0-eks-5e0fdde', 'v1.28.5-eks-fe0fdde'],
    ['v1.18.0-gke.100', 'v1.18.0-gke.99', 'v1.17.9'],
    ['2.0.0.Final', '2.0.0.CR2', '2.0.0.CR1', '2.0.0.Beta3', '2.0.0.Alpha1'],
    ['v2.1.0-12-g3fcc360', 'v2.1.0-5-gffcc360', 'v2.1.0'],
    ['v0.0.0-20240102030405-abcdef123456', 'v0.0.0-20231231000000-fedcba654321'],
    ['2024.8.0', '2024.8.0.dev202407280226', '2024.8.0.dev202407270226', '2024.7.4', '2024.3.0b5'],
    ['2024-W12', '2024-W9', '2023-W52'],
    ['2024-q2', '2024-q1', '2023-q4'],
    ['b124', 'b123', 'b99'],
    ['20240102.2', '20240102.1', '20240101.9'],
    ['edge-24.5.5', 'edge-24.5.4', 'edge-24.4.9'],
    ['stable-20240513', 'stable-20240408', 'unstable-20240701'],
    ['0.0.0-nightly.20240502', '0.0.0-nightly.20240501'],
    ['v0.15.0', 'v0.15.0-test1', '0.14.0', '0.14.0-next.10', '0.14.0-next.9', '0.14.0-edge.3', '0.13.9'],
    ['arm64-v1.10.0', 'arm64-v1.9.0'],
  ],
  'what is no version comes after every version': [
    [
      '0.0.1-alpha',
      'jammy-20240102',
      'nightly-20240103',
      '3f9c2d1',
      'alpine',
      'latest',
      `sha256-${'0'.repeat(64)}.sig`,
    ],
    ['20150101', 'pr-12', 'pr-9', 'main'],
    ['0.1', '00000a1', 'ff9c2d1', 'sha-3f9c2d1'],
    ['0.1', 'alpine', 'feature-login', 'latest', 'stable', 'lts-alpine', 'edge', 'main', 'testing'],
    ['gfx90arocm6.3.0vllm0.14-3', 'gfx90arocm6.3.0vllm0.14', 'gfx90arocm6.3.0vllm0.9-4', 'gfx90arocm6.2.9vllm1.0'],
    ['wmf-1.36.0-wmf.31', 'wmf-1.36.0-wmf.4', 'wmf-v0.15.2-1'],
  ],
};

/**
 * Images whose numbers went backwards: their names alone do not tell the newest. Kept as a list, so that a rule which
 * finds one of them, or loses another, is noticed.
 */
const UNTELLABLE: readonly string[] = ['php8.1-fpm', 'php8.1-fpm-multiversion-base', 'releng/ci-trixie'];

function readImages(): Readonly<Record<string, readonly string[]>> {
  const fixture = new URL('../../fixtures/tag-order.json', import.meta.url);
  const { images } = JSON.parse(readFileSync(fixture, 'utf8')) as { images: Record<string, string[]> };
  assert.ok(Object.keys(images).length > 0, 'the fixture holds no images');
  return images;
}

describe('compareTags', () => {
  for (const [rule, rows] of Object.entries(ROWS)) {
    for (const row of rows) {
      it(`${rule}: ${row.join(' > ')}`.slice(0, 160), () => {
        for (const [place, newer] of row.entries()) {
          for (const older of row.slice(place + 1)) {
            assert.ok(compareTags(newer, older) < 0, `${newer} is newer than ${older}`);
            assert.ok(compareTags(older, newer) > 0, `${older} is older than ${newer}`);
          }
        }
      });
    }
  }

  it('is 0 only for the same string', () => {
    assert.equal(compareTags('1.0', '1.0'), 0);
    for (const [a, b] of [
      ['1.0', '1.00'],
      ['1.0', 'v1.0'],
      ['1.0-rc1', '1.0-RC1'],
      ['1.0-1', '1.0_1'],
      ['', '-'],
      ['1.0-abc1234', '1.0-abc1235'],
      ['deadbeef', 'DEADBEEF'],
    ] as const) {
      assert.notEqual(compareTags(a, b), 0, `${a} is not ${b}`);
    }
  });

  it('finds the newest tag of every real image whose names tell it', () => {
    const missed = Object.entries(readImages())
      .filter(([, tags]) => sortTags(tags.toSorted())[0] !== tags[0])
      .map(([name]) => name);
    assert.deepEqual(missed.toSorted(), UNTELLABLE);
  });

  it('puts the older of two real tags first in 4 pairs, where numbers do not go backwards', () => {
    let wrongPairs = 0;
    for (const [name, tags] of Object.entries(readImages())) {
      if (name.startsWith('php8.1-')) continue;
      const keys = tags.map(createTagKey);
      for (const [place, newer] of keys.entries()) {
        for (const older of keys.slice(place + 1)) if (compareTagKeys(newer, older) > 0) wrongPairs += 1;
      }
    }
    assert.equal(wrongPairs, 4);
  });

  it('accepts what is no tag, at any length', () => {
    const long = 200_000;
    const hostile = ['', ' ', '...', '-20240102', 'é', '\u0000\uffff', '🐳-1', '1'.repeat(long), '1.'.repeat(long)];
    hostile.push(
      'a'.repeat(long),
      '-'.repeat(long),
      'a1'.repeat(long),
      '1.2-20240102t'.repeat(1000),
      'constructor',
      '1.0-toString',
    );
    const sorted = sortTags(hostile);
    assert.deepEqual(sortTags(sorted.toReversed()), sorted);
    assert.deepEqual(sorted.toSorted(), hostile.toSorted());
  });
});

describe('sortTags', () => {
  it('sorts as compareTags does, into a new array', () => {
    for (const tags of Object.values(readImages())) {
      const input = Object.freeze(tags.toSorted());
      assert.deepEqual(sortTags(input), input.toSorted(compareTags));
    }
  });
});
