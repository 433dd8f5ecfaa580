/**
 * A catalogue of the hard cases, to be pushed to any registry: whatever makes a size, a date, a platform or a kind go wrong
 * somewhere. Names say what each repository is there for.
 */
import {
  encodeArtifact,
  encodeImage,
  encodeIndex,
  type ImageLayer,
  type IndexChild,
  type PlatformJson,
  type PushableContent,
  toDescriptor,
} from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../scripts/demo-registry/image/layer.ts';
import { digestHex } from '../../src/oci/digest.ts';
import { mediaTypes } from '../../src/oci/media-type.ts';

export interface GoldenContent {
  readonly name: string;
  readonly content: PushableContent;
  /** None: it is found by what it is about, or not at all. */
  readonly tags: readonly string[];
}

/** How what is about an image is to be found: in registries without the API, a tag stands for its list. */
export type ReferrersStyle = 'api' | 'tag';

const built = '2026-03-04T05:06:07Z';
const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const unknown = { os: 'unknown', architecture: 'unknown' };
const base = createLayer('golden base', 400_000);

interface ImageOptions {
  readonly platform?: PlatformJson;
  readonly created?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly layers?: readonly ImageLayer[];
  readonly family?: 'docker' | 'oci';
}

/** Left out of a config, where `undefined` would mean the usual date. */
const undated = { created: undefined };

function image(seed: string, options: ImageOptions = {}): PushableContent {
  const layers = options.layers ?? [{ layer: base }, { layer: createLayer(`golden ${seed}`, 50_000) }];
  return encodeImage({ platform: amd64, created: built, ...options, layers });
}

const attestation = (seed: string) =>
  encodeArtifact({
    config: { mediaType: mediaTypes.ociConfig, content: JSON.stringify({ ...unknown, rootfs: { type: 'layers' } }) },
    files: [
      { mediaType: 'application/vnd.in-toto+json', content: JSON.stringify({ seed, padding: 'x'.repeat(5000) }) },
    ],
  });

function attested(of: PushableContent, platform: PlatformJson): readonly IndexChild[] {
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': of.manifest.digest,
  };
  return [
    { content: of, platform },
    { content: attestation(of.manifest.digest), platform: unknown, annotations },
  ];
}

/** Thirty and ninety megabytes: no page may say 60 or 120. */
function listTwoSizes(): readonly GoldenContent[] {
  const small = image('small', { layers: [{ layer: base }, { layer: createLayer('golden small', 29_600_000) }] });
  const large = image('large', {
    platform: arm64,
    layers: [{ layer: base }, { layer: createLayer('golden large', 89_600_000) }],
  });
  const index = encodeIndex({ children: [...attested(small, amd64), ...attested(large, arm64)] });
  return [{ name: 'golden/two-sizes', content: index, tags: ['1.0.0', '1.0', 'latest'] }];
}

function listIndexes(): readonly GoldenContent[] {
  const inner = encodeIndex({
    children: [
      { content: image('nested amd64'), platform: amd64 },
      { content: image('nested arm64', { platform: arm64, created: '2026-04-05T06:07:08Z' }), platform: arm64 },
    ],
  });
  const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2700' };
  const older = { ...windows, 'os.version': '10.0.17763.6293' };
  const outer = encodeIndex({
    children: [{ content: inner }, { content: image('nested windows', { platform: windows }), platform: windows }],
  });
  const model = encodeArtifact({
    artifactType: 'application/vnd.example.model.v1',
    files: [{ mediaType: 'application/vnd.example.weights', content: 'x'.repeat(70_000) }],
  });
  const mixed = encodeIndex({
    children: [
      ...attested(image('mixed'), amd64),
      { content: model, artifactType: 'application/vnd.example.model.v1' },
      { content: image('mixed, no platform') },
    ],
  });
  const sameForBoth = image('one for two platforms');
  const twice = encodeIndex({
    family: 'docker',
    children: [amd64, { os: 'linux', architecture: '386' }].map((platform) => ({ content: sameForBoth, platform })),
  });
  const foreign: ImageLayer = {
    layer: createLayer('golden windows base', 250_000),
    mediaType: mediaTypes.dockerForeignLayer,
    urls: ['https://layers.example.org/base'],
  };
  const windowsLayers = (seed: string) => [foreign, { layer: createLayer(`golden ${seed}`, 30_000) }];
  const windowsOnly = encodeIndex({
    family: 'docker',
    children: [windows, older].map((platform) => ({
      content: image(platform['os.version'], {
        platform,
        family: 'docker',
        layers: windowsLayers(platform['os.version']),
      }),
      platform,
    })),
  });
  return [
    { name: 'golden/nested', content: outer, tags: ['2.0'] },
    { name: 'golden/mixed', content: mixed, tags: ['3.0'] },
    { name: 'golden/twice', content: twice, tags: ['1'] },
    { name: 'golden/windows', content: windowsOnly, tags: ['ltsc'] },
  ];
}

/** The child of this index goes away after the push. */
export const missingChild = image('missing child', { platform: arm64 });

function listMissing(): readonly GoldenContent[] {
  const children = [
    { content: image('present child'), platform: amd64 },
    { content: missingChild, platform: arm64 },
  ];
  return [{ name: 'golden/missing-child', content: encodeIndex({ children }), tags: ['1.0'] }];
}

function listDates(): readonly GoldenContent[] {
  const created = 'org.opencontainers.image.created';
  const dates: readonly (readonly [tag: string, content: PushableContent])[] = [
    ['year-0001', image('0001', { created: '0001-01-01T00:00:00Z' })],
    ['year-1970', image('1970', { created: '1970-01-01T00:00:00Z' })],
    ['year-1980', image('1980', { created: '1980-01-01T00:00:01Z' })],
    ['future', image('future', { created: '2199-01-01T00:00:00Z' })],
    ['none', image('none', undated)],
    ['no-date', image('no date', { created: 'yesterday' })],
    ['offset', image('offset', { created: '2026-03-04T01:30:00.123456789+05:30' })],
    ['annotation', image('annotation', { created: '1970-01-01T00:00:00Z', annotations: { [created]: built } })],
    [
      'index-annotation',
      encodeIndex({
        children: [{ content: image('index annotation'), platform: amd64 }],
        annotations: { [created]: '2025-01-02T03:04:05Z' },
      }),
    ],
    [
      'index-annotation-1970',
      encodeIndex({
        children: [{ content: image('index annotation 1970', { created: '2026-05-05T05:05:05Z' }), platform: amd64 }],
        annotations: { [created]: '1970-01-01T00:00:00Z' },
      }),
    ],
    [
      'newest-config',
      encodeIndex({
        children: [
          { content: image('older config', { created: '2026-01-01T00:00:00Z' }), platform: amd64 },
          { content: image('newer config', { created: '2026-01-02T00:00:00Z', platform: arm64 }), platform: arm64 },
        ],
      }),
    ],
  ];
  return dates.map(([tag, content]) => ({ name: 'golden/dates', content, tags: [tag] }));
}

function listLayers(): readonly GoldenContent[] {
  const twice = createLayer('golden twice', 60_000);
  const zstd = createLayer('golden zstd', 70_000);
  return [
    { name: 'golden/layers', content: image('shared a'), tags: ['1.0'] },
    { name: 'golden/layers', content: image('shared b'), tags: ['1.1'] },
    {
      name: 'golden/layers',
      content: image('same layer twice', { layers: [{ layer: twice }, { layer: twice }] }),
      tags: ['1.2'],
    },
    {
      name: 'golden/layers',
      content: image('zstd', { layers: [{ layer: base }, { layer: zstd, mediaType: mediaTypes.ociLayerZstd }] }),
      tags: ['1.3'],
    },
    { name: 'golden/layers', content: image('no layers', { layers: [] }), tags: ['0.1'] },
    { name: 'golden/layers', content: image('docker', { family: 'docker' }), tags: ['0.2'] },
  ];
}

function listArtifacts(): readonly GoldenContent[] {
  const chart = {
    ...{ apiVersion: 'v2', name: 'web', version: '1.4.0+build.2', appVersion: '7.4' },
    description: 'A chart of plain web services',
    keywords: ['web', 'plain'],
  };
  return [
    {
      name: 'golden/chart',
      content: encodeArtifact({
        config: { mediaType: mediaTypes.helmConfig, content: JSON.stringify(chart) },
        files: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', content: 'x'.repeat(3210) }],
      }),
      tags: ['1.4.0_build.2'],
    },
    {
      name: 'golden/artifact',
      content: encodeArtifact({
        artifactType: 'application/vnd.example.policy.v1',
        files: [{ mediaType: 'application/vnd.example.policy', content: 'y'.repeat(4321) }],
      }),
      tags: ['2.1'],
    },
    {
      name: 'golden/old-artifact',
      content: encodeArtifact({
        config: { mediaType: 'application/vnd.wasm.config.v0+json', content: '{"created":"2026-02-02T00:00:00Z"}' },
        files: [{ mediaType: 'application/wasm', content: 'z'.repeat(999) }],
      }),
      tags: ['0.3.0'],
    },
  ];
}

/** One image signed in every way that there is. */
function listSigned(style: ReferrersStyle): readonly GoldenContent[] {
  const name = 'golden/signed';
  const signed = image('signed');
  const subject = toDescriptor(signed);
  const prefix = `sha256-${digestHex(signed.manifest.digest)}`;
  const cosign = (mediaType: string) =>
    encodeArtifact({
      config: { mediaType: mediaTypes.ociConfig, content: '{"architecture":"","os":"","config":{}}' },
      files: [{ mediaType, content: `not really ${mediaType}` }],
    });
  const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const referrers = [
    { artifactType: bundle, annotations: { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' } },
    {
      artifactType: bundle,
      annotations: { 'dev.sigstore.bundle.predicateType': 'https://sigstore.dev/cosign/sign/v1' },
    },
    { artifactType: 'application/spdx+json', annotations: { 'org.opencontainers.image.created': built } },
    { artifactType: 'application/vnd.example.scan.v1', annotations: {} },
  ].map(({ artifactType, annotations }) => ({
    artifactType,
    annotations,
    content: encodeArtifact({
      ...{ artifactType, annotations, subject },
      files: [{ mediaType: artifactType, content: `about ${subject.digest} ${JSON.stringify(annotations)}` }],
    }),
  }));
  return [
    { name, content: signed, tags: ['5.0', 'latest'] },
    { name, content: cosign('application/vnd.dev.cosign.simplesigning.v1+json'), tags: [`${prefix}.sig`] },
    { name, content: cosign('application/vnd.dsse.envelope.v1+json'), tags: [`${prefix}.att`] },
    { name, content: cosign('text/spdx+json'), tags: [`${prefix}.sbom`] },
    ...(style === 'api'
      ? referrers.map(({ content }) => ({ name, content, tags: [] }))
      : [{ name, content: encodeIndex({ children: referrers }), tags: [prefix] }]),
  ];
}

/** Everything, in the order in which it is to be pushed. */
export function listGoldenContents(style: ReferrersStyle): readonly GoldenContent[] {
  return [
    ...listTwoSizes(),
    ...listIndexes(),
    ...listMissing(),
    ...listDates(),
    ...listLayers(),
    ...listArtifacts(),
    ...listSigned(style),
  ];
}

/** What skopeo turns into Docker's schema 1, which has to say how it was built. */
export const schema1Source: GoldenContent = {
  name: 'golden/schema1',
  content: encodeImage({
    family: 'docker',
    created: built,
    layers: [{ layer: createLayer('golden schema 1', 5000) }],
    history: [{ created: built, created_by: 'COPY program /' }],
  }),
  tags: ['source'],
};
