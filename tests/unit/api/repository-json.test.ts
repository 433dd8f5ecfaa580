import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RepositoryJson, repositoryJsonSchema } from '../../../src/api/repository-json.schema.ts';
import { encodeRepositoryJson } from '../../../src/api/repository-json.ts';
import type { Repository } from '../../../src/catalogue/model.ts';
import { toRepositorySummary } from '../../../src/view/repository-summary.ts';
import {
  changeTags,
  createImage,
  createIndex,
  createRepository,
  hour,
  toPlatform,
} from '../../support/catalogue-values.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/', movingTags: ['latest'] };

function encode(repository: Repository): RepositoryJson {
  const { text } = encodeRepositoryJson(repository, toRepositorySummary(repository, settings));
  return repositoryJsonSchema.parse(JSON.parse(text));
}

describe('repository.json', () => {
  const amd64 = createImage('amd64', {
    createdAt: '2026-02-01T00:00:00Z',
    layers: [['a', 100]],
    config: { labels: { shared: 'yes', differs: '1' } },
  });
  const windows = createImage('windows', {
    layers: [['w', 5]],
    config: { labels: { shared: 'yes', differs: '2' } },
  });
  const index = createIndex(
    'index',
    [
      [windows, { platform: toPlatform('windows/amd64', '10.0.1') }],
      [amd64, { platform: toPlatform('linux/amd64') }],
    ],
    { annotations: { note: 'x' } },
  );
  const repository = changeTags(createRepository({ latest: index, '1.0': index }), {
    latest: { moved: { notBefore: null, notAfter: hour(2) } },
    '2.0': { state: 'settling', digest: null, firstSeenAt: hour(3) },
  });
  const json = encode(repository);

  it('has every tag, sorted, and null where nothing is known', () => {
    assert.deepEqual(json.tags, [
      { tag: '1.0', digest: index.digest, state: 'current', firstSeenAt: hour(0), moved: null },
      { tag: '2.0', digest: null, state: 'settling', firstSeenAt: hour(3), moved: null },
      {
        tag: 'latest',
        digest: index.digest,
        state: 'current',
        firstSeenAt: hour(0),
        moved: { notBefore: null, notAfter: hour(2) },
      },
    ]);
  });

  it('has what tags point at, and what is in it, each once', () => {
    assert.deepEqual(Object.keys(json.manifests), [index.digest, amd64.digest, windows.digest].sort());
  });

  it('gives an index its platforms, and the labels that they share', () => {
    assert.deepEqual(json.manifests[index.digest], {
      mediaType: 'application/vnd.oci.image.index.v1+json',
      kind: 'image-index',
      artifactType: null,
      createdAt: '2026-02-01T00:00:00Z',
      subject: null,
      compressedSizeBytes: null,
      platforms: [
        {
          os: 'linux',
          architecture: 'amd64',
          variant: null,
          osVersion: null,
          digest: amd64.digest,
          compressedSizeBytes: 100,
          createdAt: '2026-02-01T00:00:00Z',
        },
        {
          os: 'windows',
          architecture: 'amd64',
          variant: null,
          osVersion: '10.0.1',
          digest: windows.digest,
          compressedSizeBytes: 5,
          createdAt: null,
        },
      ],
      attachments: [],
      annotations: { note: 'x' },
      labels: { shared: 'yes' },
    });
  });

  it('gives a manifest its own labels and bytes', () => {
    const manifest = json.manifests[amd64.digest];
    assert.deepEqual(manifest?.labels, { differs: '1', shared: 'yes' });
    assert.equal(manifest?.compressedSizeBytes, 100);
  });

  it('believes no date that is later than the tag was seen', () => {
    const early = createImage('early', { createdAt: '2026-02-28T00:00:00Z' });
    const late = createImage('late', { createdAt: '2027-01-01T00:00:00Z' });
    const { manifests } = encode(createRepository({ '1': early, '2': late }));
    assert.equal(manifests[early.digest]?.createdAt, '2026-02-28T00:00:00Z');
    assert.equal(manifests[late.digest]?.createdAt, null);
  });

  it('keeps labels that are called like properties of objects', () => {
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    const hostile = createImage('hostile', { config: { labels } });
    const { text } = encodeRepositoryJson(
      createRepository({ '1': hostile }),
      toRepositorySummary(createRepository({ '1': hostile }), settings),
    );
    assert.match(text, /"labels":\{"__proto__":"x","constructor":"y"\}/);
  });

  it('follows its schema for one of everything', () => {
    const { repositories } = createSampleWorld();
    assert.ok(repositories.length > 15);
    for (const each of repositories) {
      const { name, tags } = encode(each);
      assert.equal(name, each.name);
      assert.equal(tags.length, each.tags.size);
    }
  });
});
