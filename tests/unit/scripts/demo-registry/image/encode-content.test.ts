import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeArtifact,
  encodeImage,
  encodeIndex,
  encodeManifest,
  putContent,
  toDescriptor,
} from '../../../../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../../../../scripts/demo-registry/image/layer.ts';
import { readBlob } from '../../../../../scripts/demo-registry/store/blob.ts';
import { createRegistryStore } from '../../../../../scripts/demo-registry/store/registry-store.ts';
import { computeDigest } from '../../../../../src/oci/digest.ts';
import { decodeImageConfig } from '../../../../../src/oci/image-config.schema.ts';
import { decodeManifest } from '../../../../../src/oci/manifest.schema.ts';
import { mediaTypes } from '../../../../../src/oci/media-type.ts';
import { parseRepositoryName, parseTag } from '../../../../../src/oci/reference.ts';

const layer = createLayer('layer', 0);
const created = '2026-08-16T00:00:00Z';

for (const [family, manifestType, configType, layerType] of [
  ['docker', mediaTypes.dockerManifest, mediaTypes.dockerConfig, mediaTypes.dockerLayerGzip],
  ['oci', mediaTypes.ociManifest, mediaTypes.ociConfig, mediaTypes.ociLayerGzip],
] as const) {
  test(`an image of the ${family} family names its config and layers`, () => {
    const platform = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const config = { Env: ['A=1'], Labels: { a: 'b' } };
    const image = encodeImage({ family, platform, created, config, layers: [{ layer }], annotations: { c: 'd' } });
    const { manifest, blobs, children } = image;
    assert.equal(manifest.digest, computeDigest(manifest.bytes));
    assert.deepEqual(children, []);

    const decoded = decodeManifest(manifest.bytes, null);
    assert.ok(decoded.shape === 'manifest');
    assert.equal(decoded.mediaType, manifestType);
    assert.equal(manifest.mediaType, manifestType);
    assert.deepEqual(decoded.annotations, { c: 'd' });
    assert.equal(decoded.config.mediaType, configType);
    assert.deepEqual(decoded.layers, [
      { mediaType: layerType, digest: layer.blob.digest, sizeBytes: layer.blob.sizeBytes },
    ]);
    assert.deepEqual(
      blobs.map(({ digest }) => digest),
      [decoded.config.digest, layer.blob.digest],
    );

    const [configBlob] = blobs;
    assert.ok(configBlob);
    const decodedConfig = decodeImageConfig(readBlob(configBlob));
    assert.equal(decodedConfig.createdAt, created);
    assert.deepEqual(decodedConfig.platform, { ...platform, osVersion: null });
    assert.deepEqual(decodedConfig.environment, ['A=1']);
    assert.deepEqual(decodedConfig.labels, { a: 'b' });
    assert.deepEqual(decodedConfig.diffIds, [layer.diffId]);
  });
}

test('without a date the config has none', () => {
  const [config] = encodeImage({ layers: [] }).blobs;
  assert.ok(config);
  assert.equal('created' in JSON.parse(readBlob(config).toString()), false);
});

test('a foreign layer is named and not held', () => {
  const urls = ['https://layers.example.org/1'];
  const image = encodeImage({ family: 'docker', layers: [{ layer, mediaType: mediaTypes.dockerForeignLayer, urls }] });
  const document = JSON.parse(Buffer.from(image.manifest.bytes).toString());
  assert.deepEqual(document.layers[0].urls, urls);
  assert.equal(document.layers[0].mediaType, mediaTypes.dockerForeignLayer);
  assert.equal(image.blobs.length, 1);
});

test('an index names its children in their order', () => {
  const [one, two] = ['1', '2'].map((author) => encodeImage({ author, layers: [] }));
  assert.ok(one && two);
  const platform = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.1' };
  const index = encodeIndex({
    children: [
      { content: two, platform },
      { content: one, annotations: { a: 'b' }, artifactType: 'x/y' },
    ],
    annotations: { e: 'f' },
    subject: toDescriptor(one),
  });
  const decoded = decodeManifest(index.manifest.bytes, null);
  assert.ok(decoded.shape === 'index');
  assert.deepEqual(decoded.annotations, { e: 'f' });
  assert.equal(decoded.subject?.digest, one.manifest.digest);
  assert.deepEqual(
    decoded.children.map((child) => [child.digest, child.platform?.osVersion ?? null, child.artifactType]),
    [
      [two.manifest.digest, '10.0.1', null],
      [one.manifest.digest, null, 'x/y'],
    ],
  );
  assert.equal(encodeIndex({ family: 'docker', children: [] }).manifest.mediaType, mediaTypes.dockerList);
});

test('an artifact has the empty config unless it brings its own', () => {
  const files = [{ mediaType: 'text/plain', content: 'hello', annotations: { name: 'file' } }];
  const plain = encodeArtifact({ artifactType: 'a/b', files });
  const decoded = decodeManifest(plain.manifest.bytes, null);
  assert.ok(decoded.shape === 'manifest');
  assert.equal(decoded.artifactType, 'a/b');
  assert.equal(decoded.config.mediaType, mediaTypes.ociEmpty);
  assert.equal(decoded.config.digest, computeDigest('{}'));
  assert.deepEqual(
    plain.blobs.map((blob) => readBlob(blob).toString()),
    ['{}', 'hello'],
  );

  const chart = encodeArtifact({ config: { mediaType: mediaTypes.helmConfig, content: '{"name":"x"}' }, files: [] });
  const decodedChart = decodeManifest(chart.manifest.bytes, null);
  assert.ok(decodedChart.shape === 'manifest');
  assert.equal(decodedChart.config.mediaType, mediaTypes.helmConfig);
  assert.equal(decodedChart.artifactType, null);
});

test('encodeManifest takes any document as it is', () => {
  const manifest = encodeManifest('x/y', { b: 1, a: [] });
  assert.equal(Buffer.from(manifest.bytes).toString(), '{"b":1,"a":[]}');
  assert.equal(manifest.mediaType, 'x/y');
});

test('putContent puts what is named before what names it', () => {
  const store = createRegistryStore();
  const name = parseRepositoryName('a');
  const image = encodeImage({ layers: [{ layer }] });
  const index = encodeIndex({ children: [{ content: encodeIndex({ children: [{ content: image }] }) }] });
  putContent(store, name, index, [parseTag('1')]);
  const repository = store.repository(name);
  assert.equal(repository?.manifests.size, 3);
  assert.deepEqual([...(repository?.manifests.keys() ?? [])].at(0), image.manifest.digest);
  assert.equal(repository?.blobs.size, 2);
  assert.deepEqual([...(repository?.tags ?? [])], [['1', index.manifest.digest]]);
});
