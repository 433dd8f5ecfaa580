import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { listImages } from '../../../src/view/listed-images.ts';
import { listListingPages, listRepositoryPages, toPageAddress } from '../../../src/view/page-list.ts';
import { createSite } from '../../../src/view/site.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/', movingTags: [] };
const entries = (names: readonly string[], state: 'listed' | 'removed' = 'listed') =>
  names.map((name) => ({ name: parseRepositoryName(name), state }));

describe('listRepositoryPages', () => {
  const digest = computeDigest('x');
  const extent = {
    tagPageCount: 2,
    manifestPages: [digest],
    manifestCount: 1,
    layerKeys: [],
    layerSizesBytes: [],
    areLayersKnown: true,
    configKeys: [],
  };
  const list = (name: string, names: readonly string[]) => {
    const site = createSite(settings, entries(names));
    return listRepositoryPages(parseRepositoryName(name), extent, site).map((page) => toPageAddress(page, site));
  };

  it('are the pages of tags, the signpost and the manifests', () => {
    const manifest = `a/b/-/sha256/${digest.slice(7)}/`;
    assert.deepEqual(list('a/b', ['a/b']), ['a/b/tags/', 'a/b/-/tags/2/', 'a/b/', manifest]);
  });

  it('have no signpost where images lie beneath', () => {
    assert.ok(!list('a', ['a', 'a/b']).includes('a/'));
  });

  it('have no signpost where another image lives', () => {
    assert.ok(
      !list('a/tags', ['a', 'a/tags']).some((address) => address === 'a/tags/' || address.startsWith('-/paths/')),
    );
  });

  it('have no signpost where the address is reserved', () => {
    assert.deepEqual(list('404', ['404'])[0], '-/repositories/404/tags/');
    assert.equal(list('404', ['404']).length, 3);
  });
});

describe('listListingPages', () => {
  const list = (summaries: ReturnType<typeof entries>) => {
    const site = createSite(settings, summaries);
    // So few fill one page each.
    return listListingPages(summaries, listImages([])).map((page) => toPageAddress(page, site));
  };

  it('are home and every path that something lies beneath', () => {
    assert.deepEqual(list(entries(['a/b/c', 'a/d', 'e'])), ['', 'a/', 'a/b/']);
  });

  it('are there where something lay: old links lead on', () => {
    assert.deepEqual(list(entries(['gone/x'], 'removed')), ['', 'gone/']);
  });

  it('are home alone for an empty catalogue', () => assert.deepEqual(list([]), ['']));
});
