import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparePlatforms, formatPlatform, isUnknownPlatform, type Platform } from '../../../src/oci/platform.ts';

function platform(
  os: string,
  architecture: string,
  variant: string | null = null,
  osVersion: string | null = null,
): Platform {
  return { os, architecture, variant, osVersion };
}

describe('a platform reads', () => {
  const cases: readonly (readonly [Platform, string])[] = [
    [platform('linux', 'amd64'), 'linux/amd64'],
    [platform('linux', 'arm', 'v7'), 'linux/arm/v7'],
    [platform('windows', 'amd64', null, '10.0.20348.2762'), 'windows/amd64 (10.0.20348.2762)'],
  ];
  for (const [value, expected] of cases) it(expected, () => assert.equal(formatPlatform(value), expected));
});

it('the commonest come first, the rest in string order', () => {
  const inOrder = [
    platform('linux', 'amd64'),
    platform('linux', 'arm64'),
    platform('linux', 'arm64', 'v8'),
    platform('darwin', 'arm64'),
    platform('linux', '386'),
    platform('linux', 'amd64', 'v3'),
    platform('windows', 'amd64', null, '10.0.17763.6414'),
    platform('windows', 'amd64', null, '10.0.20348.2762'),
  ];
  assert.deepEqual(inOrder.toReversed().sort(comparePlatforms), inOrder);
  for (const a of inOrder) {
    for (const b of inOrder) assert.equal(comparePlatforms(a, b) === 0, a === b);
  }
});

it('only unknown/unknown is nothing that one can run', () => {
  assert.ok(isUnknownPlatform(platform('unknown', 'unknown')));
  assert.ok(!isUnknownPlatform(platform('linux', 'unknown')));
  assert.ok(!isUnknownPlatform(platform('unknown', 'amd64')));
});
