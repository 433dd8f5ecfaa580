import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDistribution, findParent } from '../../../../../scripts/demo-registry/catalogue/lineage.ts';
import { readReferences } from '../../../../../scripts/demo-registry/catalogue/references.ts';
import { parseRepositoryName } from '../../../../../src/oci/reference.ts';

const parents: readonly (readonly [name: string, parent: string | null])[] = [
  ['python3-build-bookworm', 'python3-bookworm'],
  ['python3-bookworm', null],
  ['openjdk-8-jdk-bookworm', 'openjdk-8-jre-bookworm'],
  ['php8.3-icu72-fpm-multiversion-base', 'php8.3-icu72-fpm'],
  ['php8.3-icu72-fpm', 'php8.3-icu72-cli'],
  ['releng/composer-test-php84', 'releng/composer-php84'],
  ['releng/composer-php84', 'releng/php84'],
  ['releng/php84', 'releng/ci-bookworm'],
  ['releng/quibble-buster-php74-coverage', 'releng/quibble-buster-php74'],
  ['wikimedia/mediawiki-services-citoid', 'nodejs20-slim'],
  ['repos/sre/miscweb/bugzilla', 'httpd'],
  ['envoy', null],
];
for (const [name, parent] of parents) {
  test(`${name} builds on ${parent ?? 'a base image'}`, () => {
    assert.equal(findParent(parseRepositoryName(name)), parent);
  });
}

test('nothing builds on itself, by however many steps', () => {
  for (const { name } of readReferences()) {
    const seen = new Set([name]);
    for (let next = findParent(name); next !== null; next = findParent(next)) {
      assert.ok(!seen.has(next), [...seen, next].join(' on '));
      seen.add(next);
    }
  }
});

const distributions: readonly (readonly [name: string, at: number, expected: string])[] = [
  ['nodejs24-slim', Date.UTC(2026, 0), 'trixie'],
  ['nodejs24-slim', Date.UTC(2025, 0), 'bookworm'],
  ['envoy', Date.UTC(2026, 0), 'bookworm'],
  ['envoy', Date.UTC(2022, 0), 'bullseye'],
  ['releng/quibble-stretch-php70', Date.UTC(2026, 0), 'stretch'],
  ['envoy', Date.UTC(2010, 0), 'jessie'],
];
for (const [name, at, expected] of distributions) {
  test(`${name} stood on ${expected} in ${new Date(at).getUTCFullYear()}`, () => {
    assert.equal(findDistribution(parseRepositoryName(name), at), expected);
  });
}
