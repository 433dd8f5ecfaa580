import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeOpenSearch } from '../../../src/api/open-search.ts';
import { listSitemapFiles } from '../../../src/api/sitemap.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const world = createSampleWorld({ siteUrl: 'https://example.org/images/', base: '/images/', title: 'A & B <images>' });
const summaries = world.measured.map(({ summary }) => summary);
const changedAt = '2026-11-20T13:07:12Z';

describe('the sitemap', () => {
  const files = new Map([...listSitemapFiles(summaries, changedAt, world.site)].map(({ path, text }) => [path, text]));
  const locations = [...(files.get('sitemap.xml') ?? '').matchAll(/<loc>([^<]*)<\/loc><lastmod>([^<]*)<\/lastmod>/g)];

  it('has the homepage, every path and every image that is there, with what last changed them', () => {
    const dates = new Map(locations.map(([, href = '', date = '']) => [href, date]));
    assert.equal(dates.get('https://example.org/images/'), changedAt);
    assert.ok(dates.has('https://example.org/images/releng/'));
    for (const { name, state, changedAt: at } of summaries) {
      const href = `https://example.org/images/${name}/tags/`;
      if (state === 'removed') assert.equal(dates.get(href), undefined, name);
      else if (/^[a-z]/.test(name) && !/robots|v2|index/.test(name)) assert.equal(dates.get(href), at, name);
    }
    assert.equal(dates.size, locations.length);
  });

  it('is named by robots.txt', () => {
    assert.match(files.get('robots.txt') ?? '', /^Sitemap: https:\/\/example\.org\/images\/sitemap\.xml$/m);
  });

  it('is split, with an index, where one file may not hold it', () => {
    const [first] = summaries;
    assert.ok(first);
    const many = Array.from({ length: 50_001 }, (_, at) => ({ ...first, name: parseRepositoryName(`n${at}`) }));
    const split = [...listSitemapFiles(many, changedAt, world.site)];
    assert.deepEqual(
      split.map(({ path }) => path),
      ['robots.txt', 'sitemap-1.xml', 'sitemap-2.xml', 'sitemap.xml'],
    );
    const counts = split.slice(1).map(({ text }) => text.split('<loc>').length - 1);
    assert.deepEqual(counts, [50_000, 2, 2]);
  });
});

describe('OpenSearch', () => {
  it('says where to search, and escapes what the operator wrote', () => {
    const { text = '', path } = encodeOpenSearch(world.site) ?? {};
    assert.equal(path, '-/opensearch.xml');
    assert.match(text, /<ShortName>A &amp; B &lt;images&gt;<\/ShortName>/);
    assert.match(text, /template="https:\/\/example\.org\/images\/\?q=\{searchTerms\}"/);
  });

  it('and the sitemap are left out where nobody says where the site is', () => {
    const { site } = createSampleWorld();
    assert.equal(encodeOpenSearch(site), null);
    assert.deepEqual([...listSitemapFiles(summaries, changedAt, site)], []);
  });
});
