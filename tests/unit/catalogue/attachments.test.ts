import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAttachments } from '../../../src/catalogue/attachments.ts';
import type { Referrer, Repository } from '../../../src/catalogue/model.ts';
import type { Digest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import {
  type Content,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createMissing,
  createRepository,
  hour,
  toPlatform,
} from '../../support/catalogue-values.ts';

const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const spdx = 'application/spdx+json';
const image = createImage('image');
const signature = createArtifact('signature', {
  config: createDescriptor('signature config', mediaTypes.ociConfig, 2),
  layers: [createDescriptor('payload', 'application/vnd.dev.cosign.simplesigning.v1+json', 2)],
});
const empty = createDescriptor('empty', mediaTypes.ociEmpty, 2);
const bill = createArtifact('bill', { config: empty, artifactType: spdx, layers: [], subject: image.digest });
const scan = createArtifact('scan', {
  config: createDescriptor('scan config', 'application/vnd.example.scan.v1+json', 2),
  layers: [],
  subject: image.digest,
});
const plain = createArtifact('plain', { config: empty, layers: [] });
const tagOf = ({ digest }: Content, suffix = '') => `${digest.replace(':', '-')}${suffix}`;

function createReferrer(seed: string, over: Partial<Referrer> = {}): Referrer {
  const descriptor = createDescriptor(seed, mediaTypes.ociManifest, 700);
  return { ...descriptor, artifactType: spdx, annotations: {}, firstSeenAt: hour(3), ...over };
}

const withReferrers = (content: Content, ...referrers: readonly Referrer[]) =>
  createRepository({ '1.0': content }, { referrers: new Map([[content.digest, referrers]]) });

/** `kind [artifact type] [tag]` of what is about `subject`. */
function describeAttached(repository: Repository, subject: Digest = image.digest): readonly string[] {
  return (listAttachments(repository).get(subject) ?? []).map(({ kind, artifactType, tag }) =>
    [kind, artifactType, tag].filter((part) => part !== null).join(' '),
  );
}

const cases: readonly (readonly [string, Repository, readonly string[]])[] = [
  ['nothing', createRepository({ '1.0': image }), []],
  [
    'a signature under cosign’s tag',
    createRepository({ '1.0': image, [tagOf(image, '.sig')]: signature }),
    [`signature ${tagOf(image, '.sig')}`],
  ],
  [
    'under cosign’s tags, what does not say what it is',
    createRepository({ [tagOf(image, '.sbom')]: plain, [tagOf(image, '.att')]: createMissing('x'), '1.0': image }),
    [`sbom ${tagOf(image, '.sbom')}`],
  ],
  ['an artifact that names its subject', createRepository({ '1.0': image, bill }), [`sbom ${spdx} bill`]],
  [
    'an artifact of a type of its own',
    createRepository({ '1.0': image, scan }),
    ['artifact application/vnd.example.scan.v1+json scan'],
  ],
  [
    'the list under the tag that stands for the API, and not the list itself',
    createRepository({
      '1.0': image,
      [tagOf(image)]: createIndex('list', [
        [bill, { artifactType: spdx }],
        [signature, {}],
      ]),
    }),
    ['signature', `sbom ${spdx}`],
  ],
  [
    'a child of that list that could not be read',
    createRepository({
      '1.0': image,
      [tagOf(image)]: createIndex('list', [[createMissing('gone'), { artifactType: bundle }]]),
    }),
    [`signature ${bundle}`],
  ],
  [
    'an artifact itself under that tag',
    createRepository({ '1.0': image, [tagOf(image)]: bill }),
    [`sbom ${spdx} ${tagOf(image)}`],
  ],
  ['what the API lists', withReferrers(image, createReferrer('a')), [`sbom ${spdx}`]],
  [
    'what API and tag list both, once',
    createRepository(
      { '1.0': image, [tagOf(image)]: createIndex('list', [[bill, {}]]) },
      { referrers: new Map([[image.digest, [{ ...createReferrer('bill'), digest: bill.digest }]]]) },
    ),
    [`sbom ${spdx}`],
  ],
  [
    'a config’s type that the list names for want of another',
    withReferrers(
      image,
      createReferrer('a', { artifactType: mediaTypes.ociConfig }),
      createReferrer('b', { artifactType: mediaTypes.ociEmpty }),
    ),
    ['artifact', 'artifact'],
  ],
  ['another signature’s signature', createRepository({ [tagOf(signature, '.sig')]: signature }), []],
];

describe('about an image', () => {
  for (const [name, repository, expected] of cases) {
    it(name, () => assert.deepEqual(describeAttached(repository), expected));
  }

  it('what is cut short names nothing', () => {
    const short = `sha256-${'ab'.repeat(20)}`;
    assert.equal(listAttachments(createRepository({ [short]: signature })).size, 0);
  });
});

describe('a bundle says by its predicate what it is', () => {
  for (const [predicate, kind] of [
    ['https://sigstore.dev/cosign/sign/v1', 'signature'],
    ['https://slsa.dev/provenance/v1', 'attestation'],
    ['https://spdx.dev/Document', 'sbom'],
    ['https://cyclonedx.org/bom', 'sbom'],
    ['https://example.org/reviewed', 'attestation'],
    [null, 'signature'],
  ] as const) {
    const annotations = predicate === null ? {} : { 'dev.sigstore.bundle.predicateType': predicate };
    it(`${predicate} is ${kind}`, () => {
      const listed = withReferrers(image, createReferrer('a', { artifactType: bundle, annotations }));
      assert.deepEqual(describeAttached(listed), [`${kind} ${bundle}`]);
      const facts = { config: empty, artifactType: bundle, layers: [], subject: image.digest, annotations };
      const tagged = createRepository({ '1.0': image, x: createArtifact('bundle', facts) });
      assert.deepEqual(describeAttached(tagged), [`${kind} ${bundle} x`]);
    });
  }

  it('and a predicate makes no bundle of what is none', () => {
    const annotations = { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' };
    assert.deepEqual(describeAttached(withReferrers(image, createReferrer('a', { annotations }))), [`sbom ${spdx}`]);
  });
});

describe('attestations within an index', () => {
  const attestation = createArtifact('attestation', { config: empty, layers: [] });
  const platform = toPlatform('unknown/unknown');
  const type = { 'vnd.docker.reference.type': 'attestation-manifest' };

  it('are about the child that they name', () => {
    const annotations = { ...type, 'vnd.docker.reference.digest': image.digest };
    const index = createIndex('index', [
      [image, { platform: toPlatform('linux/amd64') }],
      [attestation, { platform, annotations }],
    ]);
    const repository = createRepository({ '1.0': index });
    assert.deepEqual(describeAttached(repository), ['attestation']);
    assert.deepEqual(describeAttached(repository, index.digest), []);
  });

  it('and about the whole where they name none', () => {
    for (const annotations of [{}, { ...type, 'vnd.docker.reference.digest': 'sha256:short' }]) {
      const index = createIndex('index', [[attestation, { platform, annotations }]]);
      assert.deepEqual(describeAttached(createRepository({ '1.0': index }), index.digest), ['attestation']);
    }
  });
});

it('when it was made is believed as of when it was seen', () => {
  const dated = (created: string) =>
    createReferrer(created, { annotations: { 'org.opencontainers.image.created': created } });
  const repository = withReferrers(
    image,
    dated('2026-02-01T00:00:00+02:00'),
    dated('1970-01-01T00:00:00Z'),
    dated('2099-01-01T00:00:00Z'),
  );
  const dates = listAttachments(repository)
    .get(image.digest)
    ?.map(({ createdAt }) => createdAt);
  assert.deepEqual(dates?.toSorted(), ['2026-01-31T22:00:00Z', null, null]);
});

it('signatures come first, and the order of what was found decides nothing', () => {
  const referrers = [
    createReferrer('b'),
    createReferrer('a', { artifactType: bundle }),
    createReferrer('c', { artifactType: 'x/y' }),
  ];
  const listed = describeAttached(withReferrers(image, ...referrers));
  assert.deepEqual(listed, [`signature ${bundle}`, `sbom ${spdx}`, 'artifact x/y']);
  assert.deepEqual(describeAttached(withReferrers(image, ...referrers.toReversed())), listed);
});
