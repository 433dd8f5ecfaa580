import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRoute } from '../../../../../scripts/demo-registry/endpoints/route.ts';

const cases: readonly (readonly [path: string, expected: object | null])[] = [
  ['/v2/', { endpoint: 'base' }],
  ['/v2/_catalog', { endpoint: 'catalog' }],
  ['/v2/a/tags/list', { endpoint: 'tags', name: 'a' }],
  ['/v2/a/b/c/tags/list', { endpoint: 'tags', name: 'a/b/c' }],
  ['/v2/a/tags/list/tags/list', { endpoint: 'tags', name: 'a/tags/list' }],
  ['/v2/a%2Fb/tags/list', { endpoint: 'tags', name: 'a/b' }],
  ['/v2/manifests/manifests/latest', { endpoint: 'manifest', name: 'manifests', reference: 'latest' }],
  ['/v2/a/manifests/sha256%3A00', { endpoint: 'manifest', name: 'a', reference: 'sha256:00' }],
  ['/v2/a/blobs/sha256:00', { endpoint: 'blob', name: 'a', digest: 'sha256:00' }],
  ['/v2/a/blobs/uploads/', { endpoint: 'uploads', name: 'a' }],
  ['/v2/a/blobs/uploads/1-2', { endpoint: 'upload', name: 'a', id: '1-2' }],
  ['/v2/a/blobs/blobs/uploads/1', { endpoint: 'upload', name: 'a/blobs', id: '1' }],
  ['/v2/a/referrers/sha256:00', { endpoint: 'referrers', name: 'a', digest: 'sha256:00' }],
  ['/', null],
  ['/v1/_catalog', null],
  ['/v2/_catalog/', null],
  ['/v2/tags/list', null],
  ['/v2/A/tags/list', null],
  ['/v2/a//b/tags/list', null],
  ['/v2/a/manifests/', null],
  ['/v2/a/manifests/.hidden', null],
  ['/v2/a/blobs/latest', null],
  ['/v2/%zz/tags/list', null],
];

for (const [path, expected] of cases) {
  test(`${path} is ${expected === null ? 'no route' : JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseRoute(path), expected);
  });
}
