import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeBadge } from '../../../src/api/badge-svg.ts';
import type { Recommendation } from '../../../src/catalogue/recommended-tag.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, type Tag } from '../../../src/oci/reference.ts';
import type { RepositorySummary } from '../../../src/view/repository-summary.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { measured, site } = createSampleWorld({ overlay: { debian: { deprecatedSince: '2026-04-30' } } });

function summaryOf(name: string, over: Partial<RepositorySummary> = {}): RepositorySummary {
  const summary = measured.find((each) => each.summary.name === name)?.summary;
  assert.ok(summary, name);
  return { ...summary, ...over };
}

const recommend = (tag: string): Recommendation => ({
  tag: tag as Tag,
  digest: computeDigest(tag),
  reason: { code: 'newest-build', text: 'the newest build' },
});

const titleOf = (summary: RepositorySummary) => {
  const { text } = encodeBadge(summary, site);
  assert.match(text, /^<svg [^>]*role="img" aria-label="[^"]+">/);
  const title = /<title>([^<]*)<\/title>/.exec(text)?.[1];
  assert.equal(/aria-label="([^"]*)"/.exec(text)?.[1], title);
  return title?.replaceAll('\u00a0', ' ');
};

describe('a badge', () => {
  const amd64 = { platform: 'linux/amd64', compressedSizeBytes: 117_000_000 };
  for (const [name, over, title] of [
    ['releng/node24', { recommended: recommend('24.1'), platforms: [amd64] }, 'node24: 24.1 · 117 MB · amd64'],
    [
      'releng/node24',
      {
        recommended: recommend('1'),
        platforms: ['arm64', 'arm/v7', 's390x', 'ppc64le', 'riscv64'].map((arch) => ({
          ...amd64,
          platform: `linux/${arch}`,
        })),
      },
      'node24: 1 · 117 MB · arm64, arm/v7, s390x, ppc64le +1',
    ],
    ['debian', { recommended: recommend('13'), platforms: [amd64] }, 'debian: 13 · 117 MB · amd64 · deprecated'],
    ['services/removed', {}, 'removed: removed'],
    ['scratch/empty', {}, 'empty: nothing to pull'],
    [
      'releng/node24',
      { recommended: recommend('1'), platforms: [], staleSince: '2026-11-01T00:00:00Z' },
      'node24: 1 · stale',
    ],
  ] as const) {
    it(title, () => assert.equal(titleOf(summaryOf(name, over)), title));
  }

  it('shows hostile words as they are, cut, and none of them does anything', () => {
    const summary = summaryOf('releng/node24', {
      name: parseRepositoryName(`a/${'b'.repeat(200)}`),
      recommended: recommend(`</text><script>alert("1")</script>\u202e${'x'.repeat(5000)}`),
      platforms: [{ platform: 'linux/"><image href="https://example.org"/>', compressedSizeBytes: null }],
    });
    const { text } = encodeBadge(summary, site);
    assert.ok(text.length < 3000, String(text.length));
    assert.doesNotMatch(text, /<script|<image|\u202e/);
    assert.deepEqual([...new Set(text.match(/<[a-z]+/g))].sort(), ['<g', '<path', '<rect', '<svg', '<text', '<title']);
    const width = Number(/width="(\d+)"/.exec(text)?.[1]);
    assert.ok(width > 300 && width < 2000, String(width));
  });
});
