import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { toImageView } from '../../../src/view/image-view.ts';
import { createSite, type Site } from '../../../src/view/site.ts';
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
const amd64 = createImage('amd64', { createdAt: '2026-02-01T00:00:00Z', layers: [['l', 107]] });
const missing = createMissing('arm64');
const index = createIndex('index', [
  [amd64, { platform: toPlatform('linux/amd64') }],
  [missing, { platform: toPlatform('linux/arm64') }],
]);
const older = createImage('older', { createdAt: '2026-01-01T00:00:00Z', layers: [['o', 5]] });

describe('toImageView', () => {
  const view = toImageView(createRepository({ latest: index, '2.0': index, '1.0': older }), 1, site);

  it('puts the recommended tag first, with its reason and its commands', () => {
    assert.equal(view.recommended?.lead.tag, '2.0');
    assert.equal(view.recommended?.reason.text, 'same digest as latest');
    assert.equal(view.recommended?.byTag[0]?.command, 'docker pull registry.example.org/releng/node24:2.0');
    const byDigest = `docker pull registry.example.org/releng/node24@${index.digest}`;
    assert.equal(view.recommended?.byDigest[0]?.command, byDigest);
  });

  it('gives each platform its exact size, and says unknown where nobody knows', () => {
    assert.deepEqual(
      view.recommended?.platforms.map(({ platform, compressedSizeBytes }) => [platform, compressedSizeBytes]),
      [
        ['linux/amd64', 107],
        ['linux/arm64', null],
      ],
    );
    assert.deepEqual(view.versions[0]?.newest.sizes, [
      { label: 'linux/amd64', platform: 'linux/amd64', compressedSizeBytes: 107 },
      { label: 'linux/arm64', platform: 'linux/arm64', compressedSizeBytes: null },
    ]);
  });

  it('lists every tag once, aliases beside the tag that leads them', () => {
    const rows = view.versions.flatMap(({ newest, earlier }) => [newest, ...earlier]);
    assert.deepEqual(
      rows.map(({ lead, aliases, isRecommended }) => [lead.tag, aliases.map(({ tag }) => tag), isRecommended]),
      [
        ['2.0', ['latest'], true],
        ['1.0', [], false],
      ],
    );
    assert.equal(rows[0]?.href, `/releng/node24/-/sha256/${index.digest.slice(7)}/`);
  });

  it('links to the paths above, the JSON and the text', () => {
    assert.deepEqual(view.breadcrumbs, [{ text: 'releng', href: '/releng/' }]);
    assert.equal(view.jsonHref, '/-/api/v1/repositories/releng/node24/-/repository.json');
    assert.equal(view.beneathHref, null);
    const above: Site = { ...site, hasBeneath: () => true };
    assert.equal(toImageView(createRepository(), 1, above).beneathHref, '/releng/node24/');
  });

  it('says since when an alias stands elsewhere than its row', () => {
    const repository = changeTags(createRepository({ latest: older, '1.0': older, '1': older }), {
      latest: { moved: { notBefore: hour(47), notAfter: hour(48) } },
      '1': { firstSeenAt: hour(2) },
    });
    assert.deepEqual(toImageView(repository, 1, site).versions[0]?.newest.aliases, [
      { tag: '1', since: null },
      { tag: 'latest', since: hour(48) },
    ]);
  });
});

describe('what could not be read', () => {
  const broken = createOpaque('broken', mediaTypes.ociManifest, 'it is not JSON');
  const schema1 = createOpaque('schema1', mediaTypes.dockerSchema1);
  const policy = createArtifact('policy', {
    artifactType: 'application/vnd.policy',
    config: createDescriptor('e', mediaTypes.ociEmpty, 2),
    layers: [createDescriptor('p', 'x', 9)],
  });
  const contents = { '4': broken, '3': schema1, '2': policy, '1': createMissing('gone') };
  const repository = changeTags(createRepository(contents), { '5': { state: 'settling' } });
  const rows = toImageView(repository, 1, site).versions.map(({ newest }) => newest);

  for (const [tag, kind, problem, sizes] of [
    ['5', 'unknown', 'not readable yet', []],
    ['4', 'unknown', 'it is not JSON', []],
    ['3', 'docker-schema1', null, [{ label: 'Docker schema 1 image', platform: null, compressedSizeBytes: null }]],
    ['2', 'artifact', null, [{ label: 'application/vnd.policy', platform: null, compressedSizeBytes: 9 }]],
    ['1', 'unknown', 'its manifest could not be read', []],
  ] as const) {
    it(`has a row that says so: ${kind}, ${problem ?? 'no problem'}`, () => {
      const row = rows.find(({ lead }) => lead.tag === tag);
      assert.deepEqual([row?.kind, row?.problem, row?.sizes], [kind, problem, sizes]);
    });
  }
});
