import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeImage, putContent } from '../../../../../scripts/demo-registry/image/encode-content.ts';
import { comparePaths, createRegistryStore } from '../../../../../scripts/demo-registry/store/registry-store.ts';
import { parseRepositoryName, parseTag } from '../../../../../src/oci/reference.ts';

const name = parseRepositoryName('a/b');
const image = encodeImage({ layers: [] });
const [one, two] = ['1', '2'].map(parseTag) as [ReturnType<typeof parseTag>, ReturnType<typeof parseTag>];

test('repositories come in the order of folders', () => {
  const store = createRegistryStore();
  for (const text of ['b', 'a.b', 'a-b/c', 'a/b', 'a', 'a/a']) putContent(store, parseRepositoryName(text), image);
  const names = () => store.repositories().map((repository) => repository.name as string);
  assert.deepEqual(names(), ['a', 'a/a', 'a/b', 'a-b/c', 'a.b', 'b']);
  putContent(store, parseRepositoryName('a/aa'), image);
  store.deleteRepository(parseRepositoryName('b'));
  assert.deepEqual(names(), ['a', 'a/a', 'a/aa', 'a/b', 'a-b/c', 'a.b']);
});

test('comparePaths puts a slash before every other character', () => {
  assert.ok(comparePaths('a/b', 'a-b') < 0);
  assert.ok(comparePaths('a', 'a/b') < 0);
  assert.ok(comparePaths('b', 'a/b') > 0);
  assert.equal(comparePaths('a/b', 'a/b'), 0);
});

test('a tag needs a manifest of its repository', () => {
  const store = createRegistryStore();
  putContent(store, parseRepositoryName('other'), image, [one]);
  assert.throws(() => store.putTag(name, one, image.manifest.digest), /a\/b has no manifest sha256:/);
});

test('a manifest takes its tags along', () => {
  const store = createRegistryStore();
  putContent(store, name, image, [one, two]);
  assert.equal(store.deleteTag(name, one), true);
  assert.equal(store.deleteTag(name, one), false);
  assert.equal(store.deleteManifest(name, image.manifest.digest), true);
  assert.equal(store.deleteManifest(name, image.manifest.digest), false);
  const repository = store.repository(name);
  assert.deepEqual([...(repository?.tags ?? [])], []);
  assert.equal(repository?.hadTags, true);
});

test('content belongs to the repository that it was put into', () => {
  const store = createRegistryStore();
  putContent(store, name, image);
  const [config] = image.blobs;
  assert.ok(config);
  assert.equal(store.repository(name)?.blobs.get(config.digest), config);
  assert.equal(store.repository(parseRepositoryName('other')), undefined);
  assert.equal(store.repository(name)?.hadTags, false);
  assert.equal(store.deleteBlob(name, config.digest), true);
  assert.equal(store.deleteBlob(name, config.digest), false);
});
