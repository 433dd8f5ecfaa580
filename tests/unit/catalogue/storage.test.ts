import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scatterLength } from '../../../src/catalogue/content-numbers.ts';
import { countStorage } from '../../../src/catalogue/storage.ts';
import { createLedger } from '../../../src/catalogue/storage-ledger.ts';
import { mostBytes } from '../../../src/oci/byte-count.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { createSite } from '../../../src/view/site.ts';
import { isMostFreed, toFreedShare, toStorageView } from '../../../src/view/storage-view.ts';
import { type Content, createImage, createRepository } from '../../support/catalogue-values.ts';
import { holdRepository } from '../../support/held-inventories.ts';

const host = 'registry.example.org';
const site = createSite({ title: host, publicHost: host, alternateHosts: [], base: '/', movingTags: [] }, []);
const petabyte = 1e15;
const knowsAll = { hasHiddenRepositories: false, hasUnreadContent: false };

function count(repositories: Readonly<Record<string, Readonly<Record<string, Content>>>>) {
  const held = Object.entries(repositories).map(([name, tags]) =>
    holdRepository({ ...createRepository(tags), name: parseRepositoryName(name) }),
  );
  return countStorage(createLedger(held, new Uint32Array(scatterLength)));
}

describe('a content of which two manifests say different sizes', () => {
  it('has the least of them, and then nothing is whole', () => {
    const [less, more] = [10, 20].map((sizeBytes) =>
      createImage(`says ${sizeBytes}`, { layers: [['disputed', sizeBytes]] }),
    );
    assert.ok(less !== undefined && more !== undefined);
    const alone = count({ a: { '1': less } });
    assert.equal(alone.isWhole, true);
    for (const [first, second] of [
      [less, more],
      [more, less],
    ] as const) {
      const { registry, isWhole } = count({ a: { '1': first }, b: { '1': second } });
      // A manifest and a config for each, and the layer once.
      assert.equal(registry.storedBytes, 2 * alone.registry.storedBytes - 10);
      assert.equal(isWhole, false);
    }
  });
});

describe('storage that is more than a number can say', () => {
  it('is exact where only what its tags hold together is', () => {
    const large = createImage('large', { layers: [['large layer', petabyte]] });
    const tags = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`1.${at}`, large]));
    const storage = count({ 'team/app': tags });
    assert.equal(storage.registry.storedBytes, petabyte + 510);
    for (const holding of [storage.registry, ...storage.namespaces, ...storage.repositories]) {
      assert.deepEqual([holding.taggedBytes, holding.isWhole], [mostBytes, true]);
    }
    assert.equal(storage.isWhole, true);
    const { registry, images } = toStorageView(storage, null, knowsAll, site);
    assert.deepEqual([registry.isLeast, registry.sharedBytes, images[0]?.sharedBytes], [false, 0, 0]);
  });

  it('is not whole anywhere where a single tag is', () => {
    const layers = [['a', mostBytes] as const, ['b', mostBytes] as const];
    const storage = count({
      'team/app': { '1.0': createImage('beyond', { layers }) },
      small: { '1': createImage('s') },
    });
    assert.deepEqual(
      storage.repositories.map(({ name, isWhole }) => [name, isWhole]),
      [
        ['small', true],
        ['team/app', false],
      ],
    );
    assert.deepEqual([storage.registry.isWhole, storage.isWhole], [false, false]);
    const { registry, images, bars } = toStorageView(storage, null, knowsAll, site);
    assert.deepEqual(
      [registry.isLeast, registry.sharedBytes],
      [false, null],
      'the size says itself that it is the least',
    );
    assert.deepEqual([images[0]?.sharedBytes, images[1]?.sharedBytes, bars[0]?.sharedBytes], [null, 0, null]);
  });

  it('is not whole as a sum, though each image is', () => {
    const image = (at: number) => createImage(`image ${at}`, { layers: [[`layer ${at}`, petabyte]] });
    const names = Array.from({ length: 10 }, (_, at) => `team/app${at}`);
    const storage = count(Object.fromEntries(names.map((name, at) => [name, { '1.0': image(at) }])));
    assert.ok(storage.repositories.every(({ isWhole }) => isWhole));
    assert.deepEqual(
      [storage.namespaces, [storage.registry]].map(([holding]) => [holding?.storedBytes, holding?.isWhole]),
      [
        [mostBytes, false],
        [mostBytes, false],
      ],
    );
    assert.equal(storage.isWhole, false);
  });

  it('makes no share of what a clean-up would free, nor the most of what is the least', () => {
    const gaps = { hasHiddenRepositories: false, hasUnreadContent: true };
    assert.deepEqual(
      [isMostFreed(7, knowsAll), isMostFreed(7, gaps), isMostFreed(mostBytes, gaps)],
      [false, true, false],
    );
    assert.deepEqual([toFreedShare(1, 3), toFreedShare(0, 0), toFreedShare(1, mostBytes)], [33.3, 0, null]);
  });
});
