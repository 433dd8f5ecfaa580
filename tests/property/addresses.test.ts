import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { computeDigest } from '../../src/oci/digest.ts';
import { isRepositoryName, parseRepositoryName, type RepositoryName } from '../../src/oci/reference.ts';
import {
  fixedAddresses,
  imageAddress,
  pathAddress,
  recommendedTextAddress,
  repositoryJsonAddress,
  schemaAddress,
  toOutputFile,
} from '../../src/view/addresses.ts';
import { type Page, toPageAddress } from '../../src/view/page-list.ts';
import { createSite, listPathsAbove } from '../../src/view/site.ts';

/** Parts that collide if anything does, among others that the grammar allows. */
const part = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('tags', 'foo', 'index.html', 'index.html.gz', '404', 'v2', 'robots.txt', 'sha256'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('500', 'favicon.svg', 'images', 'repositories', 'paths', 'repository.json', 'api'),
  },
  { weight: 2, arbitrary: fc.stringMatching(/^[a-z0-9]{1,3}((\.|_|__|-{1,3})[a-z0-9]{1,3}){0,2}$/) },
);
const name = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'))
  .filter(isRepositoryName)
  .map(parseRepositoryName);

/** What stands at the root, or is put beside any file by who compresses. */
const others = ['404.html', '500.html', 'robots.txt', 'favicon.svg', 'favicon.ico', 'v2', '-/assets/page.js'];

function listOutputs(names: readonly RepositoryName[]): readonly string[] {
  const settings = { title: '', publicHost: 'h', alternateHosts: [], base: '/', movingTags: [] };
  const site = createSite(
    settings,
    names.map((each) => ({ name: each, state: 'listed' as const })),
  );
  const pages: Page[] = [{ kind: 'status' }, { kind: 'help' }];
  for (const path of new Set(['', ...names, ...names.flatMap(listPathsAbove)])) {
    pages.push({ kind: 'listing', path, page: 1 }, { kind: 'listing', path, page: 2 });
  }
  for (const each of names) {
    const digest = computeDigest(each);
    pages.push({ kind: 'image', name: each, page: 1 }, { kind: 'image', name: each, page: 2 });
    pages.push({ kind: 'manifest', name: each, digest });
  }
  const addresses = [
    ...pages.map((page) => toPageAddress(page, site)),
    ...names.flatMap((each) => [recommendedTextAddress(each), repositoryJsonAddress(each)]),
    ...[fixedAddresses.statusJson, fixedAddresses.apiIndex, fixedAddresses.catalogueJson, schemaAddress('catalogue')],
  ];
  const files = addresses.map(toOutputFile);
  return [...files, ...files.flatMap((file) => [`${file}.gz`, `${file}.br`]), ...others];
}

it('no two outputs share a path, and none is a folder of another', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (names) => {
      const outputs = listOutputs(names);
      const files = new Set(outputs);
      assert.equal(files.size, outputs.length, 'two outputs have one path');
      for (const output of outputs) {
        for (const folder of listPathsAbove(output)) assert.ok(!files.has(folder), `${folder} is a file and a folder`);
      }
    }),
    { numRuns: 2000 },
  );
});

it('no output lies under /v2 or needs escaping in a link', () => {
  fc.assert(
    fc.property(name, (each) => {
      for (const address of [imageAddress(each), pathAddress(each, () => false), recommendedTextAddress(each)]) {
        assert.ok(!/^v2(\/|$)/.test(address), address);
        assert.equal(new URL(address, 'https://host/').pathname, `/${address}`);
      }
    }),
  );
});
