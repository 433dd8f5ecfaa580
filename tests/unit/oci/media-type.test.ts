import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  acceptedManifestTypes,
  isForeignLayerType,
  isImageConfigType,
  isIndexType,
  isManifestType,
  isSchema1Type,
  mediaTypes,
  parseMediaType,
} from '../../../src/oci/media-type.ts';

describe('a media type is read without its parameters, in lower case', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['application/json', 'application/json'],
    ['Application/JSON; charset=utf-8', 'application/json'],
    [' text/html ;q=1;x', 'text/html'],
    [';charset=utf-8', ''],
    ['', ''],
  ];
  for (const [value, expected] of cases) {
    it(JSON.stringify(value), () => assert.equal(parseMediaType(value), expected));
  }
});

it('every type is at most one of index, manifest, schema 1 and config', () => {
  const questions = [isIndexType, isManifestType, isSchema1Type, isImageConfigType];
  const answers = Object.values(mediaTypes).map((type) => questions.filter((is) => is(type)).length);
  assert.ok(answers.every((count) => count <= 1));
  assert.equal(answers.filter((count) => count === 1).length, 8);
});

it('both families are asked for, and schema 1 never', () => {
  assert.deepEqual([...acceptedManifestTypes].sort(), [
    mediaTypes.dockerList,
    mediaTypes.dockerManifest,
    mediaTypes.ociIndex,
    mediaTypes.ociManifest,
  ]);
  assert.ok(!acceptedManifestTypes.some(isSchema1Type));
});

it('foreign layers are known by either family', () => {
  assert.ok(isForeignLayerType(mediaTypes.dockerForeignLayer));
  assert.ok(isForeignLayerType('application/vnd.oci.image.layer.nondistributable.v1.tar+zstd'));
  assert.ok(!isForeignLayerType(mediaTypes.ociLayerZstd));
  assert.ok(!isForeignLayerType(mediaTypes.dockerLayerGzip));
});
