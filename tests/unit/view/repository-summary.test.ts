import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { toRepositoryExtent } from '../../../src/view/repository-extent.ts';
import { toRepositorySummary } from '../../../src/view/repository-summary.ts';
import {
  changeTags,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createMissing,
  createOpaque,
  createRepository,
  hour,
  toPlatform,
} from '../../support/catalogue-values.ts';

const settings = {
  title: 'Images',
  publicHost: 'registry.example.org',
  alternateHosts: [],
  base: '/',
  movingTags: ['latest'],
};
const amd64 = createImage('amd64', {
  createdAt: '2026-02-01T00:00:00Z',
  layers: [
    ['shared', 100],
    ['own', 7],
  ],
});
const arm64 = createImage('arm64', { createdAt: '2026-02-02T00:00:00Z', layers: [['other', 30]] });
const index = createIndex('index', [
  [arm64, { platform: toPlatform('linux/arm64/v8') }],
  [amd64, { platform: toPlatform('linux/amd64') }],
]);
const older = createImage('older', { createdAt: '2026-01-01T00:00:00Z', layers: [['shared', 100]] });

describe('toRepositorySummary', () => {
  it('sums up an image of several platforms', () => {
    const summary = toRepositorySummary(createRepository({ latest: index, '2.0': index, '1.0': older }), settings);
    assert.deepEqual(summary, {
      name: 'releng/node24',
      state: 'listed',
      kinds: ['image', 'image-index'],
      tagCount: 3,
      staleTagCount: 0,
      settlingTagCount: 0,
      description: null,
      recommended: { tag: '2.0', digest: index.digest, reason: { code: 'same-digest', text: 'same digest as latest' } },
      createdAt: '2026-02-02T00:00:00Z',
      platforms: [
        { platform: 'linux/amd64', compressedSizeBytes: 107 },
        { platform: 'linux/arm64/v8', compressedSizeBytes: 30 },
      ],
      artifactSizeBytes: null,
      firstSeenAt: hour(0),
      changedAt: hour(0),
      staleSince: null,
    });
  });

  it('gives what has no platforms one size', () => {
    const chart = createArtifact('chart', {
      config: createDescriptor('config', mediaTypes.helmConfig, 2),
      layers: [createDescriptor('chart.tgz', 'application/gzip', 5000)],
    });
    const { kinds, platforms, artifactSizeBytes } = toRepositorySummary(createRepository({ '1.0': chart }), settings);
    assert.deepEqual(
      { kinds, platforms, artifactSizeBytes },
      { kinds: ['helm-chart'], platforms: [], artifactSizeBytes: 5000 },
    );
  });

  it('recommends nothing where there is nothing', () => {
    const summary = toRepositorySummary(createRepository(), settings);
    assert.equal(summary.recommended, null);
    assert.deepEqual(summary.kinds, []);
    assert.equal(summary.createdAt, null);
  });

  it('counts the tags that are not current', () => {
    const repository = changeTags(createRepository({ '2': older, '1': older }), {
      '2': { state: 'stale' },
      '3': { state: 'settling' },
    });
    const { tagCount, staleTagCount, settlingTagCount } = toRepositorySummary(repository, settings);
    assert.deepEqual([tagCount, staleTagCount, settlingTagCount], [3, 1, 1]);
  });

  it('dates the newest change by the newest event', () => {
    const common = { tag: null, from: null, to: null, notBefore: null, ordinal: 0, run: 1, firstSeenAt: null } as const;
    const events = [1, 5].map((hours) => ({ ...common, type: 'added' as const, notAfter: hour(hours) }));
    assert.equal(toRepositorySummary(createRepository({}, { events }), settings).changedAt, hour(5));
  });

  it('has nothing to say of one that was never read', () => {
    assert.throws(() => toRepositorySummary(createRepository({}, { state: 'unread' }), settings), TypeError);
  });
});

describe('toRepositoryExtent', () => {
  it('counts manifests once, and each layer with its bytes', () => {
    const repository = createRepository({ latest: index, '2.0': index, '1.0': older });
    const { manifestCount, layerKeys, layerSizesBytes, manifestPages, tagPageCount } = toRepositoryExtent(
      repository,
      settings,
    );
    assert.equal(manifestCount, 4);
    assert.deepEqual(
      layerSizesBytes.toSorted((a, b) => a - b),
      [7, 30, 100],
    );
    assert.equal(new Set(layerKeys).size, layerSizesBytes.length);
    assert.ok(layerKeys.every(Number.isSafeInteger));
    assert.deepEqual(manifestPages, [index.digest, older.digest]);
    assert.equal(tagPageCount, 1);
  });

  it('counts an index within an index, and what is tagged and within another once', () => {
    const outer = createIndex('outer', [[index, {}]]);
    for (const tags of [{ '1': outer }, { '1': outer, '2': amd64 }, { '1': amd64, '2': index, '3': outer }]) {
      assert.equal(toRepositoryExtent(createRepository(tags), settings).manifestCount, 4);
    }
  });

  it('knows all layers only where everything that tags lead to could be read', () => {
    const lost = createIndex('lost', [
      [amd64, {}],
      [createMissing('gone'), {}],
    ]);
    const cases = [
      [createRepository({ '1': index }), true],
      [createRepository(), true],
      [createRepository({ '1': index, '2': createOpaque('odd', 'application/vnd.acme.odd') }), false],
      [createRepository({ '1': lost }), false],
      [changeTags(createRepository({ '1': index }), { '2': { state: 'settling' } }), false],
    ] as const;
    for (const [repository, areLayersKnown] of cases) {
      assert.equal(toRepositoryExtent(repository, settings).areLayersKnown, areLayersKnown);
    }
  });
});
