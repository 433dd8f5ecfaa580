import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { toManifestView } from '../../../src/view/manifest-view.ts';
import { createSite } from '../../../src/view/site.ts';
import {
  type Content,
  changeTags,
  createImage,
  createIndex,
  createMissing,
  createOpaque,
  createRepository,
  hour,
  repositoryName,
  toPlatform,
} from '../../support/catalogue-values.ts';

const settings = {
  title: 'Images',
  publicHost: 'registry.example.org',
  alternateHosts: [],
  base: '/',
  movingTags: ['latest'],
};
const site = createSite(settings, [{ name: repositoryName, state: 'listed' }]);
const toView = (content: Content) => toManifestView(createRepository({ '1': content }), content.digest, site);

const image = createImage('amd64', {
  createdAt: '2026-02-01T00:00:00.123Z',
  layers: [
    ['a', 750],
    ['b', 250],
  ],
  config: {
    user: '900',
    entrypoint: ['/bin/tini', '--'],
    command: ['node', 'a "b"'],
    exposedPorts: ['8080/tcp', '9090/tcp'],
    environment: ['PATH=/bin', 'EVIL=\u202e'],
    labels: { b: '2', a: 'https://example.org' },
  },
});

describe('the page of an image', () => {
  const view = toView(image);

  it('gives the commands that pull and that show its bytes', () => {
    assert.equal(view.pull[0]?.command, `docker pull registry.example.org/releng/node24@${image.digest}`);
    assert.ok(view.inspect.includes(`crane manifest registry.example.org/releng/node24@${image.digest}`));
  });

  it('lists no platforms of an index', () => assert.deepEqual(view.platforms, []));

  it('shows nothing that may change around the digest', () => {
    const repository = createRepository({ '1': image });
    const moved = changeTags(repository, {
      '1': { firstSeenAt: hour(99), state: 'stale' },
      '2': { digest: image.digest },
    });
    assert.deepEqual(toManifestView({ ...moved, staleSince: hour(5) }, image.digest, site), view);
  });
});

describe('the page of an index', () => {
  const attestation = createImage('attestation');
  const shared = { 'org.opencontainers.image.vendor': 'Example' };
  const arm64 = createImage('arm64', { facts: { annotations: { ...shared, own: 'arm' } } });
  const index = createIndex(
    'index',
    [
      [
        attestation,
        { platform: toPlatform('unknown/unknown'), annotations: { 'vnd.docker.reference.digest': arm64.digest } },
      ],
      [arm64, { platform: toPlatform('linux/arm64') }],
      [image, { platform: toPlatform('linux/amd64') }],
      [createMissing('s390x'), { platform: toPlatform('linux/s390x') }],
    ],
    { annotations: shared },
  );
  const view = toView(index);

  it('has a part for each platform, attestations apart', () => {
    const platforms = ['linux/amd64', 'linux/arm64', 'linux/s390x'];
    assert.deepEqual(
      view.platforms.map(({ platform }) => platform),
      platforms,
    );
    assert.deepEqual(
      view.leaves.map(({ title }) => title),
      platforms,
    );
    assert.deepEqual(
      view.platforms.map(({ anchor }) => anchor),
      view.leaves.map(({ anchor }) => anchor),
    );
    assert.deepEqual(
      view.attachments.map(({ digest, about }) => [digest, about]),
      [[attestation.digest, 'linux/arm64']],
    );
  });

  it('says of a platform only what the index does not say already', () => {
    assert.deepEqual(
      view.annotations.map(({ key }) => key),
      ['org.opencontainers.image.vendor'],
    );
    assert.deepEqual(
      view.leaves[1]?.annotations.map(({ key }) => key),
      ['own'],
    );
  });

  it('says what is missing', () => {
    assert.match(view.leaves[2]?.problem ?? '', /could not be read/);
    assert.equal(view.leaves[0]?.problem, null);
    assert.equal(view.problem, null);
  });
});

describe('a manifest that tells nothing', () => {
  it('says why', () => {
    assert.equal(toView(createOpaque('x', mediaTypes.ociManifest, 'it is empty')).problem, 'it is empty');
    assert.match(toView(createOpaque('x', 'text/plain')).problem ?? '', /not one that can be read/);
    assert.match(toView(createMissing('x')).problem ?? '', /could not be read/);
  });
});
