import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createContentNumbers, scatterLength } from '../../../src/catalogue/content-numbers.ts';
import { keyWords, toInventoryFigures } from '../../../src/catalogue/inventory-figures.ts';

test('contents are numbered as a map would number them, also where their keys are nearly the same', () => {
  const word = fc.constantFrom(0, 1, 0x10000, 0x80000000, 0xffffffff);
  const lengths = { minLength: scatterLength, maxLength: scatterLength };
  const content = fc.record({ source: fc.nat(2), key: fc.tuple(word, word, word, word) });
  fc.assert(
    fc.property(fc.array(content, { maxLength: 200 }), fc.uint32Array(lengths), (contents, scatter) => {
      const numbers = createContentNumbers(contents.length, scatter);
      const plain = new Map<string, number>();
      const keys = Uint32Array.from(contents.flatMap(({ key }) => key));
      for (const [at, { source, key }] of contents.entries()) {
        const name = [source, ...key].join();
        if (!plain.has(name)) plain.set(name, plain.size);
        assert.equal(numbers.numberOf(source, keys, at), plain.get(name));
        assert.deepEqual([...numbers.keyOf(plain.get(name) ?? -1)], key);
      }
      assert.equal(numbers.count(), plain.size);
    }),
  );
});

test('one index may lead to more contents than a call has room for', () => {
  const count = 200_000;
  const key = (at: number) =>
    Buffer.from(Uint32Array.from({ length: keyWords }, () => at).buffer).toString('base64url');
  const contents = Array.from({ length: count }, (_, at) => [key(at), 1] as const);
  const manifest = { digest: `sha256:${'f'.repeat(64)}`, sizeBytes: 1, foreignBytes: 0, isWhole: true, children: [] };
  const row = {
    digest: manifest.digest,
    tags: ['1.0'],
    state: 'current',
    manifest: 0,
    images: [],
    isAttachment: false,
  };
  const { columns } = toInventoryFigures({
    ...{
      name: 'large',
      source: 'main',
      state: 'listed',
      isStale: false,
      unreadTags: [],
      unseenReferrerCount: 0,
      former: [],
    },
    ...{ contents, diffIds: [], manifests: [{ ...manifest, contents: contents.map((_, at) => at) }], rows: [row] },
  } as never);
  assert.deepEqual([...columns.ends], [count + 1]);
});
