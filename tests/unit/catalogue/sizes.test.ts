import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listPlatforms, toCompressedSize } from '../../../src/catalogue/sizes.ts';
import { annotationKeys } from '../../../src/oci/annotations.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { formatPlatform } from '../../../src/oci/platform.ts';
import {
  type Content,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createMissing,
  createOpaque,
  createRepository,
  type ImageOptions,
  toPlatform,
} from '../../support/catalogue-values.ts';

const seenAt = '2026-08-20T00:00:00Z';

function sizeOf(content: Content): number | null {
  return toCompressedSize(content.manifests.get(content.digest) ?? null);
}

describe('the compressed size', () => {
  const image = (layers: NonNullable<ImageOptions['layers']>, layerType?: string) =>
    createImage('x', layerType === undefined ? { layers } : { layers, layerType });
  const cases: readonly (readonly [string, Content, number | null])[] = [
    [
      'is the sum of the layers, exact to the byte',
      image([
        ['a', 31_457_281],
        ['b', 1],
      ]),
      31_457_282,
    ],
    [
      'is unknown where the layers say that they are more than a number can',
      image([
        ['a', Number.MAX_SAFE_INTEGER],
        ['b', 1],
      ]),
      null,
    ],
    [
      'counts a layer that repeats once',
      image([
        ['a', 100],
        ['b', 5],
        ['a', 100],
      ]),
      105,
    ],
    ['of an image without layers is nothing', image([]), 0],
    ['counts layers of zstd as they are transferred', image([['a', 70]], mediaTypes.ociLayerZstd), 70],
    ['counts foreign layers: a pull fetches them too', image([['a', 70]], mediaTypes.dockerForeignLayer), 70],
    [
      'of an artifact is that of its layers',
      createArtifact('x', { config: createDescriptor('e', mediaTypes.ociEmpty, 2) }),
      1000,
    ],
    ['of an index is unknown: it is no sum, and no platform', createIndex('x', [[image([['a', 1]]), {}]]), null],
    ['of what could not be read is unknown', createOpaque('x', mediaTypes.ociManifest, 'broken'), null],
    ['of schema 1 is unknown', createOpaque('x', mediaTypes.dockerSchema1Signed), null],
    ['of what is not there is unknown', createMissing('x'), null],
  ];
  for (const [name, content, expected] of cases) it(name, () => assert.equal(sizeOf(content), expected));
});

describe('the platforms', () => {
  const image = (seed: string, sizeBytes: number, options: ImageOptions = {}) =>
    createImage(seed, { layers: [[`${seed} layer`, sizeBytes]], ...options });
  const amd64 = { platform: toPlatform('linux/amd64') };
  const arm64 = { platform: toPlatform('linux/arm64') };
  const attestation = (seed: string) =>
    createArtifact(seed, {
      config: createDescriptor('attestation config', mediaTypes.ociConfig, 100),
      layers: [createDescriptor('statement', 'application/vnd.in-toto+json', 4000)],
    });
  const signature = createArtifact('signature', {
    config: createDescriptor('signature config', mediaTypes.ociConfig, 100),
    layers: [createDescriptor('payload', 'application/vnd.dev.cosign.simplesigning.v1+json', 200)],
  });
  const unread = image('unread', 30, { platform: toPlatform('linux/arm64') });
  const policy = createArtifact('policy', {
    artifactType: 'application/vnd.example.policy',
    config: createDescriptor('e', mediaTypes.ociEmpty, 2),
  });

  const cases: readonly (readonly [string, Content, readonly string[]])[] = [
    ['of a single image is the one of its config', image('a', 30, arm64), ['linux/arm64 30']],
    ['of a single image may be unknown', image('a', 30, { platform: null }), ['? 30']],
    [
      'of an image whose config could not be read is unknown, its size is not',
      { ...unread, configs: new Map() },
      ['? 30'],
    ],
    [
      'of an index are its children, commonest first, whatever their order',
      createIndex('i', [
        [image('a', 90), arm64],
        [image('b', 30), { platform: toPlatform('linux/arm/v7') }],
        [image('c', 60), amd64],
      ]),
      ['linux/amd64 60', 'linux/arm64 90', 'linux/arm/v7 30'],
    ],
    [
      'are told by the index before the config',
      createIndex('i', [
        [image('a', 30, { platform: toPlatform('linux/arm') }), { platform: toPlatform('linux/arm/v6') }],
      ]),
      ['linux/arm/v6 30'],
    ],
    [
      'are told by the config where the index says nothing',
      createIndex('i', [[image('a', 30, arm64), {}]]),
      ['linux/arm64 30'],
    ],
    [
      'are not attestations, neither by platform nor by annotation',
      createIndex('i', [
        [image('a', 30), amd64],
        [attestation('b'), { platform: toPlatform('unknown/unknown') }],
        [attestation('c'), { annotations: { [annotationKeys.attestationType]: 'attestation-manifest' } }],
      ]),
      ['linux/amd64 30'],
    ],
    [
      'tell Windows by its version',
      createIndex('i', [
        [image('a', 30), { platform: toPlatform('windows/amd64', '10.0.20348.2762') }],
        [image('b', 40), { platform: toPlatform('windows/amd64', '10.0.17763.6414') }],
      ]),
      ['windows/amd64 (10.0.17763.6414) 40', 'windows/amd64 (10.0.20348.2762) 30'],
    ],
    [
      'are there though the child is not: its size is unknown',
      createIndex('i', [
        [image('a', 30), amd64],
        [createMissing('b'), arm64],
        [createMissing('c'), {}],
      ]),
      ['linux/amd64 30', 'linux/arm64 ?', '? ?'],
    ],
    [
      'may be Docker’s and OCI’s in one index, and schema 1',
      createIndex('i', [
        [image('a', 30, { facts: { mediaType: mediaTypes.dockerManifest } }), amd64],
        [createOpaque('b', mediaTypes.dockerSchema1), arm64],
      ]),
      ['linux/amd64 30', 'linux/arm64 ?'],
    ],
    [
      'reach into an index of indexes',
      createIndex('i', [
        [createIndex('j', [[image('a', 30), arm64]]), {}],
        [image('b', 20), amd64],
      ]),
      ['linux/amd64 20', 'linux/arm64 30'],
    ],
    [
      'may share one manifest',
      createIndex('i', [
        [image('a', 30), { platform: toPlatform('linux/arm64/v8') }],
        [image('a', 30), arm64],
      ]),
      ['linux/arm64 30', 'linux/arm64/v8 30'],
    ],
    ['of an artifact are none', policy, []],
    ['of a signature are none, though its config says it is an image', signature, []],
    [
      'are not the artifacts beside them',
      createIndex('i', [
        [image('a', 30), amd64],
        [policy, {}],
        [createMissing('b'), { artifactType: 'application/x' }],
        [signature, {}],
      ]),
      ['linux/amd64 30'],
    ],
    ['may be an artifact’s, where the index says so', createIndex('i', [[policy, amd64]]), ['linux/amd64 1000']],
    ['of what could not be read are none', createOpaque('a', mediaTypes.ociManifest, 'broken'), []],
    ['of what is not there are none', createMissing('a'), []],
  ];
  for (const [name, content, expected] of cases) {
    it(name, () => {
      const platforms = listPlatforms(content.digest, createRepository({ a: content }), seenAt);
      assert.deepEqual(
        platforms.map(({ platform, compressedSizeBytes }) => {
          return `${platform === null ? '?' : formatPlatform(platform)} ${compressedSizeBytes ?? '?'}`;
        }),
        expected,
      );
    });
  }

  it('have their own dates and digests', () => {
    const image = createImage('a', { createdAt: '2026-08-16T10:00:00Z' });
    const index = createIndex('i', [[image, amd64]]);
    const [platform] = listPlatforms(index.digest, createRepository({ a: index }), seenAt);
    assert.deepEqual([platform?.digest, platform?.createdAt], [image.digest, '2026-08-16T10:00:00Z']);
  });
});
