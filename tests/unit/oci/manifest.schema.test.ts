import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import { decodeManifest, mostDescriptors } from '../../../src/oci/manifest.schema.ts';
import type { Manifest } from '../../../src/oci/manifest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';

const config = { mediaType: mediaTypes.ociConfig, digest: computeDigest('config'), size: 7023 };
const layer = { mediaType: mediaTypes.ociLayerGzip, digest: computeDigest('layer'), size: 32_654 };
const child = { mediaType: mediaTypes.ociManifest, digest: computeDigest('child'), size: 7143 };
const image = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] };
const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [child] };

function decode(document: unknown, contentType: string | null = null): Manifest {
  return decodeManifest(bytesOf(document), contentType);
}

function bytesOf(document: unknown): Uint8Array {
  return new TextEncoder().encode(typeof document === 'string' ? document : JSON.stringify(document));
}

/** `value` without `key`. */
function without<Value extends object>(value: Value, key: keyof Value): Partial<Value> {
  const { [key]: _, ...rest } = value;
  return rest as Partial<Value>;
}

function assertInvalid(document: unknown, problem: RegExp, contentType: string | null = null): void {
  assert.throws(
    () => decode(document, contentType),
    (error: Error & { code?: string }) => {
      assert.equal(error.code, 'INVALID_DOCUMENT');
      assert.match(error.message, problem);
      assert.ok(error.message.length < 700, 'the message quotes the document at length');
      return true;
    },
  );
}

describe('a manifest', () => {
  it('of an image has its config and its layers', () => {
    const subject = { mediaType: mediaTypes.ociManifest, digest: computeDigest('subject'), size: 5 };
    const annotations = { 'org.opencontainers.image.created': '2026-08-16T10:00:00Z' };
    assert.deepEqual(decode({ ...image, artifactType: 'application/x', subject, annotations }), {
      shape: 'manifest',
      mediaType: mediaTypes.ociManifest,
      artifactType: 'application/x',
      subject: { mediaType: subject.mediaType, digest: subject.digest, sizeBytes: 5 },
      annotations,
      config: { mediaType: config.mediaType, digest: config.digest, sizeBytes: 7023 },
      layers: [{ mediaType: layer.mediaType, digest: layer.digest, sizeBytes: 32_654 }],
    });
  });

  it('of an index has its children, of either family', () => {
    const platform = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2762' };
    const docker = { ...child, mediaType: mediaTypes.dockerManifest, digest: computeDigest('docker'), platform };
    const nested = { ...child, mediaType: mediaTypes.ociIndex, artifactType: 'application/x', annotations: { a: 'b' } };
    const manifest = decode({ ...index, manifests: [docker, nested] });
    assert.equal(manifest.shape, 'index');
    assert.deepEqual(manifest.children, [
      {
        mediaType: mediaTypes.dockerManifest,
        digest: docker.digest,
        sizeBytes: 7143,
        platform: { os: 'windows', architecture: 'amd64', variant: null, osVersion: '10.0.20348.2762' },
        artifactType: null,
        annotations: {},
      },
      {
        mediaType: mediaTypes.ociIndex,
        digest: child.digest,
        sizeBytes: 7143,
        platform: null,
        artifactType: 'application/x',
        annotations: { a: 'b' },
      },
    ]);
  });
});

describe('what a manifest is', () => {
  const untypedImage = without(image, 'mediaType');
  const untypedIndex = without(index, 'mediaType');
  const schema1 = { schemaVersion: 1, name: 'a', tag: 'b', fsLayers: [], history: [], signatures: [] };
  const strange = 'application/vnd.example.thing.v1+json';
  const cases: readonly (readonly [string, unknown, string | null, Manifest['shape'], string])[] = [
    ['its own type', image, null, 'manifest', mediaTypes.ociManifest],
    ['its own type, whatever the header says', index, mediaTypes.ociManifest, 'index', mediaTypes.ociIndex],
    [
      'an empty type of its own says nothing',
      { ...index, mediaType: '' },
      mediaTypes.dockerList,
      'index',
      mediaTypes.dockerList,
    ],
    ['no type, the header', untypedImage, mediaTypes.dockerManifest, 'manifest', mediaTypes.dockerManifest],
    [
      'a header with parameters and capitals',
      untypedIndex,
      'Application/vnd.OCI.image.index.v1+JSON; charset=utf-8',
      'index',
      mediaTypes.ociIndex,
    ],
    ['no type at all, a config and layers', untypedImage, null, 'manifest', mediaTypes.ociManifest],
    ['no type at all, children', untypedIndex, null, 'index', mediaTypes.ociIndex],
    ['a header that says only JSON', untypedImage, 'application/json', 'manifest', mediaTypes.ociManifest],
    ['a header that says text', untypedIndex, 'text/plain; charset=utf-8', 'index', mediaTypes.ociIndex],
    ['a type of its own that nobody knows', { ...image, mediaType: strange }, null, 'manifest', strange],
    ['the same of an index', { ...index, mediaType: strange }, null, 'index', strange],
    ['no schema version, the type', without(image, 'schemaVersion'), null, 'manifest', mediaTypes.ociManifest],
    ['schema 1 by its header', schema1, mediaTypes.dockerSchema1Signed, 'opaque', mediaTypes.dockerSchema1Signed],
    ['schema 1 by its version', schema1, null, 'opaque', mediaTypes.dockerSchema1],
    ['schema 1 by its version, sent as JSON', schema1, 'application/json', 'opaque', mediaTypes.dockerSchema1],
    ['a type and a shape that nobody knows', { schemaVersion: 2, blobs: [] }, strange, 'opaque', strange],
    ['nothing at all', {}, null, 'opaque', 'unknown'],
    ['a config and layers of an unknown version', { config, layers: [] }, null, 'opaque', 'unknown'],
  ];
  for (const [name, document, contentType, shape, mediaType] of cases) {
    it(`is told by: ${name}`, () => {
      const manifest = decode(document, contentType);
      assert.deepEqual([manifest.shape, manifest.mediaType], [shape, mediaType]);
    });
  }

  it('is one thing, where a document is both: its type decides', () => {
    assert.equal(decode({ ...image, manifests: [child] }).shape, 'manifest');
    assert.equal(decode({ ...index, config, layers: [layer] }).shape, 'index');
  });
});

describe('what is missing is forgiven', () => {
  const cases: readonly (readonly [string, unknown, (manifest: Manifest) => unknown, unknown])[] = [
    ['annotations: null', { ...image, annotations: null }, (m) => m.annotations, {}],
    ['annotations that are a list', { ...image, annotations: ['a'] }, (m) => m.annotations, {}],
    [
      'annotations that are no text',
      { ...image, annotations: { a: 1, b: null, c: 'd' } },
      (m) => m.annotations,
      { c: 'd' },
    ],
    ['artifactType: null', { ...image, artifactType: null }, (m) => m.artifactType, null],
    ['an empty artifactType', { ...image, artifactType: '' }, (m) => m.artifactType, null],
    ['subject: null', { ...image, subject: null }, (m) => m.subject, null],
    ['layers: null', { ...image, layers: null }, (m) => m.shape === 'manifest' && m.layers, []],
    ['manifests: null', { ...index, manifests: null }, (m) => m.shape === 'index' && m.children, []],
    [
      'an empty artifactType of a child',
      { ...index, manifests: [{ ...child, artifactType: '' }] },
      (m) => m.shape === 'index' && m.children[0]?.artifactType,
      null,
    ],
  ];
  for (const [name, document, read, expected] of cases) {
    it(name, () => assert.deepEqual(read(decode(document)), expected));
  }

  const platforms: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a text', 'linux/amd64'],
    ['an empty object', {}],
    ['no architecture', { os: 'linux' }],
    ['empty texts', { os: '', architecture: '' }],
    ['numbers', { os: 1, architecture: 2 }],
  ];
  for (const [name, platform] of platforms) {
    it(`a platform that says nothing: ${name}`, () => {
      const manifest = decode({ ...index, manifests: [{ ...child, platform }] });
      assert.equal(manifest.shape === 'index' && manifest.children[0]?.platform, null);
    });
  }
});

describe('what is there and wrong is not', () => {
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['HTML', '<html>Sign in</html>', /an HTML or XML page/],
    ['truncated', JSON.stringify(image).slice(0, -20), /only a part of it/],
    ['null', 'null', /expected object/],
    ['a list', '[]', /expected object/],
    ['a text', '"hello"', /expected object/],
    ['a number as media type', { ...image, mediaType: 5 }, /at mediaType/],
    ['no config', without(image, 'config'), /at config/],
    ['config: null', { ...image, config: null }, /at config/],
    ['no layers', without(image, 'layers'), /at layers/],
    ['no children', without(index, 'manifests'), /at manifests/],
    ['layers that are an object', { ...image, layers: { 0: layer } }, /at layers/],
    ['a layer that is null', { ...image, layers: [layer, null] }, /at layers\.1/],
    ['a negative size', { ...image, layers: [{ ...layer, size: -1 }] }, /at layers\.0\.size/],
    ['a size with a fraction', { ...image, layers: [{ ...layer, size: 1.5 }] }, /at layers\.0\.size/],
    ['a size beyond exact numbers', { ...image, config: { ...config, size: 2 ** 53 } }, /at config\.size/],
    ['an infinite size', JSON.stringify(image).replace('32654', '1e400'), /at layers\.0\.size/],
    ['a size that is text', { ...index, manifests: [{ ...child, size: '7143' }] }, /at manifests\.0\.size/],
    ['no size', { ...image, config: without(config, 'size') }, /at config\.size/],
    [
      'a digest of another algorithm',
      { ...image, config: { ...config, digest: 'md5:00' } },
      /at config\.digest: not a sha256/,
    ],
    [
      'a digest in capitals',
      { ...image, config: { ...config, digest: config.digest.toUpperCase() } },
      /at config\.digest/,
    ],
    ['a subject without digest', { ...image, subject: { mediaType: 'a', size: 1 } }, /at subject\.digest/],
    [
      'more children than anything has',
      { ...index, manifests: Array(mostDescriptors + 1).fill(child) },
      /at manifests/,
    ],
  ];
  for (const [name, document, problem] of cases) it(name, () => assertInvalid(document, problem));

  it('an HTML page is no manifest even when its header says so', () => {
    assertInvalid('<!doctype html><title>502</title>', /an HTML or XML page/, mediaTypes.ociManifest);
  });
});

describe('hostile documents', () => {
  it('10,000 levels are refused, wherever they stand', () => {
    const deep = '{"a":'.repeat(10_000) + 1 + '}'.repeat(10_000);
    assertInvalid(`{"unheardOf":${deep},${JSON.stringify(image).slice(1)}`, /nested too deep/);
    assertInvalid(JSON.stringify({ ...image, layers: [] }).replace('[]', deep), /nested too deep/);
    assertInvalid(`{"annotations":{"deep":${deep}},${JSON.stringify(image).slice(1)}`, /nested too deep/);
  });

  it('`__proto__` is no key of ours, and pollutes nothing', () => {
    const text = JSON.stringify({ ...image, annotations: { a: 'b' } }).replace(
      '"a":"b"',
      '"__proto__":{"x":"y"},"a":"b"',
    );
    const { annotations } = decode(`{"__proto__":{"artifactType":"evil"},${text.slice(1)}`);
    assert.deepEqual(Object.entries(annotations), [['a', 'b']]);
    assert.equal(Object.getPrototypeOf(annotations), Object.prototype);
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
    assert.equal(decode(`{"__proto__":{"artifactType":"evil"},${text.slice(1)}`).artifactType, null);
  });

  it('`constructor` and `toString` are keys as any other', () => {
    const annotations = { constructor: 'a', toString: 'b' };
    assert.deepEqual({ ...decode({ ...image, annotations }).annotations }, annotations);
  });

  it('three megabytes in annotations, keys and types are bounded', () => {
    const long = 'x'.repeat(1_000_000);
    const manifest = decode({
      ...image,
      artifactType: long,
      config: { ...config, mediaType: long },
      annotations: { text: long, [`key ${long}`]: 'value' },
    });
    assert.ok(JSON.stringify(manifest).length < 10_000);
  });

  it('a hundred thousand annotations are bounded', () => {
    const annotations = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`key${at}`, 'value']));
    const kept = Object.keys(decode({ ...image, annotations }).annotations);
    assert.ok(kept.length < 1000);
    assert.equal(kept[0], 'key0');
  });
});
