import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { fillDemoCatalogue } from '../../../../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { readBlob } from '../../../../../scripts/demo-registry/store/blob.ts';
import {
  createRegistryStore,
  type RegistryStore,
  type StoredRepository,
} from '../../../../../scripts/demo-registry/store/registry-store.ts';
import { computeDigest, type Digest } from '../../../../../src/oci/digest.ts';
import { decodeImageConfig } from '../../../../../src/oci/image-config.schema.ts';
import type { ImageConfig } from '../../../../../src/oci/image-config.ts';
import { decodeManifest } from '../../../../../src/oci/manifest.schema.ts';
import type { Manifest } from '../../../../../src/oci/manifest.ts';
import { isForeignLayerType, isImageConfigType } from '../../../../../src/oci/media-type.ts';
import { parseRepositoryName, parseTag } from '../../../../../src/oci/reference.ts';

let store: RegistryStore;
before(() => {
  store = createRegistryStore();
  fillDemoCatalogue(store);
});

const repositoryOf = (name: string): StoredRepository => {
  const repository = store.repository(parseRepositoryName(name));
  assert.ok(repository, name);
  return repository;
};
const manifestOf = (repository: StoredRepository, digest: Digest): Manifest => {
  const stored = repository.manifests.get(digest);
  assert.ok(stored, `${repository.name} ${digest}`);
  return decodeManifest(stored.bytes, stored.mediaType);
};
const taggedIn = (name: string, tag: string): Manifest => {
  const repository = repositoryOf(name);
  const digest = repository.tags.get(parseTag(tag));
  assert.ok(digest, `${name}:${tag}`);
  return manifestOf(repository, digest);
};
/** The image's config: for linux/amd64 when there are several platforms. */
const configOf = (name: string, tag: string): ImageConfig => {
  const repository = repositoryOf(name);
  const top = taggedIn(name, tag);
  const child =
    top.shape === 'index' ? top.children.find(({ platform }) => platform?.architecture === 'amd64') : undefined;
  const manifest = child ? manifestOf(repository, child.digest) : top;
  assert.ok(manifest.shape === 'manifest');
  const blob = repository.blobs.get(manifest.config.digest);
  assert.ok(blob);
  return decodeImageConfig(readBlob(blob));
};

test('it has the size of a large registry, and is quickly crawled', () => {
  const repositories = store.repositories();
  const tags = repositories.reduce((sum, repository) => sum + repository.tags.size, 0);
  assert.equal(repositories.length, 533);
  assert.ok(tags > 5000 && tags < 6000, `${tags} tags`);
});

test('it is the same on every host and every day', () => {
  const lines = store
    .repositories()
    .flatMap(({ name, tags }) => [...tags].map(([tag, digest]) => `${name}:${tag}@${digest}`));
  assert.equal(
    computeDigest(lines.join('\n')),
    'sha256:d330e0d89c1f3bc0528d672744a3a0de9e25b3568bf041f2db667da3c845123c',
  );
});

test('every digest is that of its bytes, and everything that is named is there', () => {
  let looked = 0;
  for (const repository of store.repositories()) {
    for (const { digest, bytes, mediaType } of repository.manifests.values()) {
      assert.equal(computeDigest(bytes), digest);
      const manifest = decodeManifest(bytes, mediaType);
      assert.notEqual(manifest.shape, 'opaque', repository.name);
      if (manifest.shape === 'index')
        for (const child of manifest.children) assert.ok(repository.manifests.has(child.digest));
      if (manifest.shape !== 'manifest') continue;
      for (const part of [
        manifest.config,
        ...manifest.layers.filter((layer) => !isForeignLayerType(layer.mediaType)),
      ]) {
        assert.equal(repository.blobs.get(part.digest)?.sizeBytes, part.sizeBytes, `${repository.name} ${part.digest}`);
        looked += 1;
      }
      const config = repository.blobs.get(manifest.config.digest);
      assert.ok(config);
      assert.equal(computeDigest(readBlob(config)), manifest.config.digest);
    }
  }
  assert.ok(looked > 20_000, `${looked} parts`);
});

test('no image has a layer more than its config has diff_ids', () => {
  for (const repository of store.repositories()) {
    for (const { digest } of repository.manifests.values()) {
      const manifest = manifestOf(repository, digest);
      if (manifest.shape !== 'manifest' || !isImageConfigType(manifest.config.mediaType)) continue;
      const blob = repository.blobs.get(manifest.config.digest);
      assert.ok(blob);
      const { diffIds, platform } = decodeImageConfig(readBlob(blob));
      // Signatures and attestations use an image's config as a pretext.
      if (diffIds.length > 0)
        assert.equal(diffIds.length, manifest.layers.length, `${repository.name} ${platform?.os}`);
    }
  }
});

const lineages: readonly (readonly [child: readonly [string, string], base: readonly [string, string]])[] = [
  [
    ['python3-bookworm', '0.0.3-20260816'],
    ['bookworm', '20260809'],
  ],
  [
    ['releng/composer-php84', '8.4.18-s3'],
    ['releng/php84', '8.4.18-s1'],
  ],
];
for (const [child, base] of lineages) {
  test(`${child.join(':')} stands on ${base.join(':')}`, () => {
    const childConfig = configOf(...child);
    const baseConfig = configOf(...base);
    assert.ok(childConfig.diffIds.length > baseConfig.diffIds.length);
    assert.deepEqual(childConfig.diffIds.slice(0, baseConfig.diffIds.length), baseConfig.diffIds);
    assert.deepEqual(childConfig.history.slice(0, baseConfig.history.length), baseConfig.history);
    assert.ok((childConfig.createdAt ?? '') > (baseConfig.createdAt ?? ''));
  });
}

test('rebuilds of one version share the layers of the program', () => {
  const [one, two] = ['20260809', '20260816'].map((day) => taggedIn('mapnik', `4.0.2-3-${day}`));
  assert.ok(one?.shape === 'manifest' && two?.shape === 'manifest');
  assert.equal(one.layers.at(-1)?.digest, two.layers.at(-1)?.digest);
  assert.notEqual(one.layers.at(-2)?.digest, two.layers.at(-2)?.digest);
});

test('base annotations name the image that it stands on', () => {
  const chart = taggedIn('repos/mediawiki/services/chart-renderer', '2026-01-29-153835-production');
  const base = chart.annotations['org.opencontainers.image.base.name'];
  const [name = '', tag = ''] = base?.replace('docker-registry.example.org/', '').split(':') ?? [];
  assert.equal(name, 'nodejs20-slim');
  assert.equal(chart.annotations['org.opencontainers.image.base.digest'], repositoryOf(name).tags.get(parseTag(tag)));
});

test('every kind of thing is there', () => {
  const pause = taggedIn('pause', 'latest');
  assert.ok(pause.shape === 'index');
  assert.deepEqual(
    pause.children.map(({ platform }) =>
      `${platform?.os}/${platform?.architecture} ${platform?.osVersion ?? ''}`.trim(),
    ),
    ['linux/amd64', 'linux/arm64', 'linux/arm', 'windows/amd64 10.0.17763.8644', 'windows/amd64 10.0.20348.4893'],
  );
  const buildkit = taggedIn('repos/releng/blubber/buildkit', 'v1.8.0');
  assert.ok(buildkit.shape === 'index');
  assert.deepEqual(
    buildkit.children.map(({ platform }) => platform?.architecture),
    ['amd64', 'arm64', 'unknown', 'unknown'],
  );
  const chart = taggedIn('charts/mathoid', '0.5.0');
  assert.ok(chart.shape === 'manifest');
  assert.equal(chart.config.mediaType, 'application/vnd.cncf.helm.config.v1+json');
  assert.equal(taggedIn('ml/models/revertrisk', '2026-07').artifactType, 'application/vnd.example.model.v1');

  const signed = repositoryOf('cert-manager/controller').tags;
  assert.ok(signed.has(parseTag(`${signed.get(parseTag('1.16.3-1-20260816'))?.replace(':', '-')}.sig`)));
  const subject = repositoryOf('repos/releng/blubber/buildkit').tags.get(parseTag('v1.8.0'));
  const referrers = taggedIn('repos/releng/blubber/buildkit', subject?.replace(':', '-') ?? '');
  assert.ok(referrers.shape === 'index');
  assert.equal(
    manifestOf(repositoryOf('repos/releng/blubber/buildkit'), referrers.children[0]?.digest as Digest).subject?.digest,
    subject,
  );

  assert.equal(repositoryOf('releng/retired-linter').hadTags, true);
  assert.equal(repositoryOf('releng/retired-linter').tags.size, 0);
  assert.equal(repositoryOf('releng/upload-interrupted').hadTags, false);
  assert.deepEqual(repositoryOf('buster').tags, repositoryOf('wikimedia-buster').tags);
  assert.equal(
    repositoryOf('bookworm').tags.get(parseTag('latest')),
    repositoryOf('bookworm').tags.get(parseTag('20260816')),
  );
  assert.equal(configOf('releng/bazel', '3.7.0-2').createdAt, '1970-01-01T00:00:00Z');
  assert.equal(configOf('dispatch', 'v20220801-1').createdAt, null);
});

test('only what is selected is put, and looks the same as in the whole', () => {
  const part = createRegistryStore();
  fillDemoCatalogue(part, { selects: (name) => name === 'releng/composer-php84' });
  const [repository, ...others] = part.repositories();
  assert.deepEqual(others, []);
  assert.deepEqual(repository?.tags, repositoryOf('releng/composer-php84').tags);
});

test('small layers make other digests of the same catalogue', () => {
  const small = createRegistryStore();
  fillDemoCatalogue(small, { layerScale: 0, selects: (name) => name === 'bookworm' });
  const [repository] = small.repositories();
  assert.deepEqual([...(repository?.tags.keys() ?? [])], [...repositoryOf('bookworm').tags.keys()]);
  for (const { sizeBytes } of repository?.blobs.values() ?? []) assert.ok(sizeBytes < 4096);
});
