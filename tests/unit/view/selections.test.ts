import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { listImages } from '../../../src/view/listed-images.ts';
import type { RepositorySummary } from '../../../src/view/repository-summary.ts';
import { listSelectionLinks, toSelectionView } from '../../../src/view/selection-view.ts';
import { countSelectionPages, prepareSelections } from '../../../src/view/selections.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { site, measured } = createSampleWorld({ overlay: { debian: { deprecatedSince: '2026-04-30' } } });
const isBaseOutdated = (name: string) => name === 'releng/node24';
const images = listImages(measured.map(({ summary }) => summary));
const listed = images.summaries;
const selections = prepareSelections(images, site)(isBaseOutdated);
const find = (slug: string) => selections.find((each) => each.slug === slug);

function repeat(count: number, over: (at: number) => Partial<RepositorySummary>): readonly RepositorySummary[] {
  const [first] = listed;
  assert.ok(first);
  return Array.from({ length: count }, (_, at) => ({ ...first, name: parseRepositoryName(`n/a${at}`), ...over(at) }));
}

describe('selections', () => {
  it('put all images in each order, what is unknown last', () => {
    for (const slug of ['names', 'newest', 'largest', 'most-tags']) {
      assert.equal(find(slug)?.summaries.length, listed.length, slug);
    }
    const dates = find('newest')?.summaries.map(({ createdAt }) => createdAt ?? '') ?? [];
    assert.deepEqual(dates, [...dates].sort().reverse());
    const counts = find('most-tags')?.summaries.map(({ tagCount }) => tagCount) ?? [];
    assert.deepEqual(
      counts,
      [...counts].sort((a, b) => b - a),
    );
  });

  it('put what is equal in the order of names', () => {
    const equal = repeat(30, (at) => ({
      name: parseRepositoryName(`${'ba'.charAt(at % 2)}/n${at}`),
      tagCount: at % 3,
    }));
    const found = prepareSelections(listImages(equal), site)(isBaseOutdated);
    const namesOf = (slug: string) => found.find((each) => each.slug === slug)?.summaries.map(({ name }) => name) ?? [];
    const byName = listImages(equal).summaries;
    assert.deepEqual(
      namesOf('newest'),
      byName.map(({ name }) => name),
    );
    assert.deepEqual(
      namesOf('most-tags'),
      [2, 1, 0].flatMap((tags) => byName.filter(({ tagCount }) => tagCount === tags).map(({ name }) => name)),
    );
    assert.deepEqual(namesOf('names').slice(0, 3), ['b/n0', 'a/n1', 'b/n2']);
  });

  it('ask anew whose base is outdated, whenever they are asked for', () => {
    const select = prepareSelections(images, site);
    const outdated = (isOutdated: (name: string) => boolean) =>
      select(isOutdated)
        .find(({ slug }) => slug === 'outdated-base')
        ?.summaries.map(({ name }) => name);
    const [first, second] = listed.map(({ name }) => name);
    assert.deepEqual(
      outdated((name) => name === first),
      [first],
    );
    assert.deepEqual(
      outdated((name) => name === second),
      [second],
    );
    assert.equal(
      outdated(() => false),
      undefined,
    );
  });

  it('take those that have something in common', () => {
    const names = (slug: string) => find(slug)?.summaries.map(({ name }) => name);
    assert.deepEqual(names('kind/helm-chart'), ['charts/web']);
    assert.deepEqual(names('deprecated'), ['debian']);
    assert.deepEqual(names('without-tags'), ['scratch/empty']);
    assert.deepEqual(names('outdated-base'), ['releng/node24']);
    assert.deepEqual(names('stale'), ['services/asleep']);
    assert.ok((names('platform/linux-arm64') ?? names('platform/linux-arm64-v8') ?? []).length > 0);
  });

  it('say which search finds the same, where one does', () => {
    const searches = selections.map(({ slug }) => [slug, toSelectionView(slug, 1, selections, site).search?.href]);
    const hrefOf = Object.fromEntries(searches);
    assert.equal(hrefOf['kind/helm-chart'], '/?q=kind%3Ahelm-chart%20');
    assert.equal(hrefOf['outdated-base'], '/?q=is%3Aoutdated%20');
    assert.equal(hrefOf['newest'], undefined);
  });

  it('leave out what would take nothing or everything, and letters where one page holds all', () => {
    for (const { group, summaries } of selections) {
      assert.ok(summaries.length > 0);
      assert.ok(group === 'order' || summaries.length < listed.length);
      assert.notEqual(group, 'letter');
    }
    assert.deepEqual(prepareSelections(listImages(listed.slice(0, 1)), site)(isBaseOutdated), []);
  });

  it('stay few and have addresses of their own, whatever images say of their platforms', () => {
    const platforms = ['../../v2', 'a b', 'A/B', 'a-b', '<script>', 'x'.repeat(5000), '', '%2e%2e', 'linux/amd64'];
    const hostile = repeat(200, (at) => ({
      platforms: [{ platform: platforms[at] ?? `p${at}`, compressedSizeBytes: 1 }],
    }));
    const found = prepareSelections(
      listImages(hostile),
      site,
    )(isBaseOutdated).filter(({ group }) => group === 'platform');
    assert.ok(found.length > 0 && found.length <= 24);
    assert.equal(new Set(found.map(({ slug }) => slug)).size, found.length);
    for (const { slug } of found) assert.match(slug, /^platform\/[a-z0-9._-]+$/);
  });

  it('have letters and pages in a large catalogue', () => {
    const large = repeat(2500, (at) => ({ name: parseRepositoryName(`n/${'abc'[at % 3]}${at}`) }));
    const found = prepareSelections(listImages(large), site)(isBaseOutdated);
    const letters = found.filter(({ group }) => group === 'letter');
    assert.deepEqual(
      letters.map(({ text }) => text),
      ['a', 'b', 'c'],
    );
    assert.equal(
      letters.reduce((sum, { summaries }) => sum + summaries.length, 0),
      2500,
    );
    const names = found.find(({ slug }) => slug === 'names');
    assert.ok(names);
    assert.equal(countSelectionPages(names), 3);
    const pages = [1, 2, 3].map((page) => toSelectionView('names', page, found, site));
    assert.deepEqual(
      pages.map(({ groups }) => groups[0]?.rows.length),
      [1000, 1000, 500],
    );
    assert.equal(new Set(pages.map(({ title }) => title)).size, 3);
    assert.equal(pages[1]?.pages.find(({ isCurrent }) => isCurrent)?.href, '/-/images/names/2/');
  });

  it('are offered as links, the current one marked', () => {
    const links = listSelectionLinks(selections, site, 'newest');
    assert.deepEqual(
      links.filter(({ isCurrent }) => isCurrent).map(({ href }) => href),
      ['/-/images/newest/'],
    );
  });
});
