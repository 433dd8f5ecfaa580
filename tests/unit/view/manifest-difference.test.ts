import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CatalogueEvent } from '../../../src/catalogue/model.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import { findDifference } from '../../../src/view/manifest-difference.ts';
import { listTagRows } from '../../../src/view/tag-rows.ts';
import {
  type Content,
  createImage,
  createIndex,
  createRepository,
  hour,
  toPlatform,
} from '../../support/catalogue-values.ts';

const old = createImage('old', {
  layers: [
    ['base', 700],
    ['app 1', 200],
  ],
  config: { user: '900', environment: ['A=1', 'B=2'], labels: { v: '1', same: 'x' } },
});
const now = createImage('now', {
  layers: [
    ['base', 700],
    ['app 2', 250],
    ['more', 50],
  ],
  config: {
    user: '900',
    workingDir: '/srv',
    environment: ['A=1', 'B=3\u202e'],
    labels: { v: '2', same: 'x', new: '<b>' },
  },
});
const arm = createImage('arm64', { layers: [['arm', 100]] });

const moved = (tag: string, from: Content, to: Content): CatalogueEvent => ({
  ...{ type: 'moved', tag: parseTag(tag), from: from.digest, to: to.digest, notBefore: hour(1), notAfter: hour(2) },
  ...{ ordinal: 0, run: 1, firstSeenAt: null },
});

function compare(
  digest: Content,
  tags: Readonly<Record<string, Content>>,
  known: readonly Content[],
  events: readonly CatalogueEvent[],
) {
  const repository = createRepository(tags);
  const all = {
    ...repository,
    events,
    manifests: new Map([...repository.manifests, ...known.flatMap((each) => [...each.manifests])]),
    configs: new Map([...repository.configs, ...known.flatMap((each) => [...each.configs])]),
  };
  return findDifference(digest.digest, all, listTagRows(all, null));
}

describe('what changed', () => {
  it('counts a layer that a manifest names twice once, as a pull does', () => {
    const twice = createImage('twice', {
      layers: [
        ['base', 700],
        ['app 2', 250],
        ['base', 700],
        ['app 2', 250],
      ],
    });
    const [platform] = compare(twice, { latest: twice }, [old], [moved('latest', old, twice)])?.platforms ?? [];
    assert.deepEqual(platform?.kept, { count: 1, sizeBytes: 700 });
    assert.deepEqual(platform?.added, { count: 1, sizeBytes: 250 });
  });

  it('knows every platform that one manifest serves', () => {
    const [v6, v7] = [toPlatform('linux/arm/v6'), toPlatform('linux/arm/v7')];
    const apart = createIndex('apart', [
      [old, { platform: v6 }],
      [now, { platform: v7 }],
    ]);
    const joined = createIndex('joined', [
      [now, { platform: v6 }],
      [now, { platform: v7 }],
    ]);
    const difference = compare(joined, { latest: joined }, [apart], [moved('latest', apart, joined)]);
    assert.deepEqual(
      difference?.platforms.map(({ platform, state }) => [platform, state]),
      [
        ['linux/arm/v6', 'changed'],
        ['linux/arm/v7', 'same'],
      ],
    );
  });

  it('is layers, bytes, and every text that is not what it was', () => {
    const difference = compare(now, { latest: now }, [old], [moved('latest', old, now)]);
    assert.deepEqual([difference?.reason, difference?.tag, difference?.digest], ['moved', 'latest', old.digest]);
    const [amd64, ...others] = difference?.platforms ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(
      [amd64?.platform, amd64?.state, amd64?.kept, amd64?.added, amd64?.dropped],
      [
        'linux/amd64',
        'changed',
        { count: 1, sizeBytes: 700 },
        { count: 2, sizeBytes: 300 },
        { count: 1, sizeBytes: 200 },
      ],
    );
    assert.deepEqual(amd64?.texts, [
      { what: 'WORKDIR', key: null, before: null, after: '/srv' },
      { what: 'ENV', key: 'B', before: '2', after: '3⟨U+202E⟩' },
      { what: 'LABEL', key: 'new', before: null, after: '<b>' },
      { what: 'LABEL', key: 'v', before: '1', after: '2' },
    ]);
  });

  it('is said for each platform, also for those that came, went, or stayed the same', () => {
    const before = createIndex('before', [
      [old, { platform: toPlatform('linux/amd64') }],
      [arm, { platform: toPlatform('linux/arm64') }],
    ]);
    const after = createIndex('after', [[arm, { platform: toPlatform('linux/arm64') }]]);
    const difference = compare(after, { latest: after }, [before], [moved('latest', before, after)]);
    assert.deepEqual(
      difference?.platforms.map(({ platform, state }) => [platform, state]),
      [
        ['linux/arm64', 'same'],
        ['linux/amd64', 'removed'],
      ],
    );
  });

  it('is against the build before of the same version, where no tag moved', () => {
    const difference = compare(now, { '1.2-20260202': now, '1.2-20260101': old }, [], []);
    assert.deepEqual([difference?.reason, difference?.tag], ['build', '1.2-20260101']);
  });

  it('is not made up', () => {
    assert.equal(compare(now, { latest: now }, [], [moved('latest', old, now)]), null, 'the facts are gone');
    assert.equal(compare(now, { latest: now }, [old], []), null, 'nothing came before');
    assert.equal(
      compare(old, { '1': old, latest: now }, [], [moved('latest', old, now)]),
      null,
      'it moved away from here',
    );
  });
});
