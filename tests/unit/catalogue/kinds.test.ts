import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { artifactTypeOf, isReferrersTag, isVersionKind, type Kind, pickKind } from '../../../src/catalogue/kinds.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import {
  type Content,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createMissing,
  createOpaque,
  createRepository,
  toPlatform,
} from '../../support/catalogue-values.ts';

const empty = createDescriptor('{}', mediaTypes.ociEmpty, 2);
const ociConfig = createDescriptor('config', mediaTypes.ociConfig, 10);
const layer = (mediaType: string) => createDescriptor(mediaType, mediaType, 100);
const amd64 = { platform: toPlatform('linux/amd64') };
const unknown = { platform: toPlatform('unknown/unknown') };
const image = createImage('a');

/** Content, its kind, and the type that it declares. */
const cases: readonly (readonly [string, Content, Kind, string | null])[] = [
  ['an image', image, 'image', null],
  [
    'Docker’s image',
    createImage('a', {
      facts: {
        mediaType: mediaTypes.dockerManifest,
        config: createDescriptor('config', mediaTypes.dockerConfig, 10),
        layers: [layer(mediaTypes.dockerLayerGzip), layer(mediaTypes.dockerForeignLayer)],
      },
    }),
    'image',
    null,
  ],
  ['an image whose config could not be read', { ...image, configs: new Map() }, 'image', null],
  ['an image of zstd layers', createImage('a', { layerType: mediaTypes.ociLayerZstd }), 'image', null],
  ['an index of platforms', createIndex('i', [[image, amd64]]), 'image-index', null],
  [
    'an index of one attested platform',
    createIndex('i', [
      [image, amd64],
      [createMissing('b'), unknown],
    ]),
    'image-index',
    null,
  ],
  ['an index whose children are not there', createIndex('i', [[createMissing('a'), amd64]]), 'image-index', null],
  ['an index of indexes', createIndex('i', [[createIndex('j', [[image, amd64]]), {}]]), 'image-index', null],
  [
    'an index of platforms and an artifact',
    createIndex('i', [
      [image, amd64],
      [image, { artifactType: 'application/x' }],
    ]),
    'image-index',
    null,
  ],
  ['an index of attestations alone', createIndex('i', [[image, unknown]]), 'artifact', null],
  ['an index of referrers', createIndex('i', [[image, { artifactType: 'application/spdx+json' }]]), 'artifact', null],
  [
    'an index that declares a type',
    createIndex('i', [[image, amd64]], { artifactType: 'application/x' }),
    'artifact',
    'application/x',
  ],
  ['an empty index', createIndex('i', []), 'artifact', null],
  [
    'a Helm chart',
    createArtifact('a', {
      config: createDescriptor('config', mediaTypes.helmConfig, 10),
      layers: [layer('application/vnd.cncf.helm.chart.content.v1.tar+gzip')],
    }),
    'helm-chart',
    mediaTypes.helmConfig,
  ],
  [
    'a Helm chart with its provenance',
    createArtifact('a', {
      config: createDescriptor('config', mediaTypes.helmConfig, 10),
      layers: [
        layer('application/vnd.cncf.helm.chart.content.v1.tar+gzip'),
        layer('application/vnd.cncf.helm.chart.provenance.v1.prov'),
      ],
    }),
    'helm-chart',
    mediaTypes.helmConfig,
  ],
  [
    'a signature of cosign',
    createArtifact('a', { config: ociConfig, layers: [layer('application/vnd.dev.cosign.simplesigning.v1+json')] }),
    'signature',
    null,
  ],
  [
    'a signature of notation',
    createArtifact('a', {
      config: createDescriptor('config', 'application/vnd.cncf.notary.signature', 2),
      layers: [layer('application/jose+json')],
    }),
    'signature',
    'application/vnd.cncf.notary.signature',
  ],
  [
    'a sigstore bundle',
    createArtifact('a', { config: empty, artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }),
    'signature',
    'application/vnd.dev.sigstore.bundle.v0.3+json',
  ],
  [
    'an attestation of BuildKit',
    createArtifact('a', { config: ociConfig, layers: [layer('application/vnd.in-toto+json')] }),
    'attestation',
    null,
  ],
  [
    'an attestation of cosign',
    createArtifact('a', { config: ociConfig, layers: [layer('application/vnd.dsse.envelope.v1+json')] }),
    'attestation',
    null,
  ],
  [
    'a bill of materials by its type',
    createArtifact('a', { config: empty, artifactType: 'application/spdx+json' }),
    'sbom',
    'application/spdx+json',
  ],
  [
    'a bill of materials by its layer',
    createArtifact('a', { config: ociConfig, layers: [layer('application/vnd.cyclonedx+json')] }),
    'sbom',
    null,
  ],
  [
    'an artifact that declares its type',
    createArtifact('a', { config: empty, artifactType: 'application/vnd.example.policy.v1' }),
    'artifact',
    'application/vnd.example.policy.v1',
  ],
  [
    'an artifact by the type of its config',
    createArtifact('a', { config: createDescriptor('config', 'application/vnd.example.config.v1+json', 2) }),
    'artifact',
    'application/vnd.example.config.v1+json',
  ],
  [
    'an artifact that declares its type and has an image’s config',
    createArtifact('a', { config: ociConfig, artifactType: 'application/vnd.example' }),
    'artifact',
    'application/vnd.example',
  ],
  ['an artifact that says nothing', createArtifact('a', { config: empty }), 'artifact', null],
  ['Docker schema 1', createOpaque('a', mediaTypes.dockerSchema1), 'docker-schema1', null],
  ['Docker schema 1, signed', createOpaque('a', mediaTypes.dockerSchema1Signed), 'docker-schema1', null],
  ['a type that nobody knows', createOpaque('a', 'application/vnd.example.v9+json'), 'unknown', null],
  ['what could not be read', createOpaque('a', mediaTypes.ociManifest, 'it is not JSON'), 'unknown', null],
];

describe('the kind, and the declared type, of', () => {
  for (const [name, content, kind, artifactType] of cases) {
    it(`${name}: ${kind}`, () => {
      const repository = createRepository({ a: content });
      const facts = repository.manifests.get(content.digest);
      assert.ok(facts);
      assert.deepEqual([pickKind(content.digest, repository), artifactTypeOf(facts)], [kind, artifactType]);
    });
  }

  it('what is not there: unknown', () => {
    assert.equal(pickKind(createMissing('a').digest, createRepository()), 'unknown');
  });
});

it('signatures, attestations and bills of materials are no versions', () => {
  const kinds = [...new Set(cases.map(([, , kind]) => kind))];
  assert.deepEqual(kinds.filter((kind) => !isVersionKind(kind)).sort(), ['attestation', 'sbom', 'signature']);
});

describe('a tag that is a referrer’s address', () => {
  const hex = 'ab'.repeat(32);
  const tags: readonly (readonly [string, boolean])[] = [
    [`sha256-${hex}`, true],
    [`sha256-${hex}.sig`, true],
    [`sha256-${hex}.att`, true],
    [`sha256-${hex}.sbom`, true],
    [`sha512-${hex}${hex}`, true],
    // The specification cuts the digits of an address to 64.
    [`sha512-${hex}`, true],
    ['sha256-abc123', false],
    [`sha256:${hex}`, false],
    [hex, false],
    [`v1-sha256-${hex}`, false],
    ['latest', false],
  ];
  for (const [tag, expected] of tags) {
    it(`${tag.slice(0, 24)}…${tag.slice(-5)}: ${expected}`, () => assert.equal(isReferrersTag(tag), expected));
  }
});
