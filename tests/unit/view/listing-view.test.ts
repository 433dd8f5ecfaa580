import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { listImages } from '../../../src/view/listed-images.ts';
import {
  countListingPages,
  type ListingView,
  mostImagesOnPage,
  toImageRow,
  toListingView,
} from '../../../src/view/listing-view.ts';
import type { RepositorySummary } from '../../../src/view/repository-summary.ts';
import { createSite } from '../../../src/view/site.ts';
import { hour } from '../../support/catalogue-values.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/images/', movingTags: [] };

function createSummary(name: string, over: Partial<RepositorySummary> = {}): RepositorySummary {
  return {
    name: parseRepositoryName(name),
    state: 'listed',
    kinds: ['image'],
    tagCount: 1,
    staleTagCount: 0,
    settlingTagCount: 0,
    description: null,
    recommended: {
      tag: parseTag('1.0'),
      digest: computeDigest(name),
      reason: { code: 'highest-name', text: 'the highest version by name' },
    },
    createdAt: hour(1),
    platforms: [{ platform: 'linux/amd64', compressedSizeBytes: 1000 }],
    artifactSizeBytes: null,
    firstSeenAt: hour(0),
    changedAt: hour(0),
    staleSince: null,
    ...over,
  };
}

function list(path: string, names: readonly string[], page = 1): ListingView {
  const summaries = names.map((name) => createSummary(name));
  return toListingView(path, page, listImages(summaries), createSite(settings, summaries));
}

/** `releng/: node8 node24`, a line for each group. */
const describeGroups = ({ groups }: ListingView) =>
  groups.map(({ namespace, rows }) => `${namespace}/: ${rows.map(({ shortName }) => shortName).join(' ')}`);

describe('toListingView', () => {
  const names = ['releng/node24', 'releng/node8', 'debian', 'releng', 'releng/java/jdk21', 'relengineering/x'];

  it('groups by namespace, of any depth, in the order of names', () => {
    assert.deepEqual(describeGroups(list('', names)), [
      '/: debian releng',
      'releng/: node8 node24',
      'releng/java/: jdk21',
      'relengineering/: x',
    ]);
  });

  it('shows what lies beneath a path, and the image that the path is itself', () => {
    const view = list('releng', names);
    assert.deepEqual(describeGroups(view), ['releng/: node8 node24', 'releng/java/: jdk21']);
    assert.equal(view.ownHref, '/images/releng/tags/');
    assert.equal(view.imageCount, 3);
    assert.equal(view.groups[0]?.href, null);
    assert.equal(view.groups[1]?.href, '/images/releng/java/');
  });

  it('leads back through the paths above', () => {
    assert.deepEqual(list('releng/java', names).breadcrumbs, [{ text: 'releng', href: '/images/releng/' }]);
  });

  it('passes over what was removed', () => {
    const summaries = [createSummary('a/b'), createSummary('a/c', { state: 'removed' })];
    const view = toListingView('a', 1, listImages(summaries), createSite(settings, summaries));
    assert.deepEqual(describeGroups(view), ['a/: b']);
  });

  it('is empty and whole where there is nothing', () => {
    const view = list('', []);
    assert.deepEqual([view.imageCount, view.groups, view.paths, view.pages], [0, [], [], []]);
  });

  it('gives long groups letters to jump to', () => {
    const many = Array.from({ length: 80 }, (_, at) => `${'abcd'.charAt(at % 4)}${at}`);
    const { groups } = list('', many);
    assert.deepEqual(
      groups[0]?.letters.map(({ letter, anchor }) => `${letter} ${anchor}`),
      ['a in::a', 'b in::b', 'c in::c', 'd in::d'],
    );
    assert.deepEqual(list('', many.slice(0, 10)).groups[0]?.letters, []);
  });
});

describe('a catalogue too large for one page', () => {
  const inside = Array.from({ length: 700 }, (_, at) => `big/part${at}/image`);
  const direct = Array.from({ length: mostImagesOnPage + 5 }, (_, at) => `image${at}`);
  const names = [...inside, ...direct];

  it('shows the paths one level down, and its own images in pages', () => {
    const view = list('', names);
    assert.deepEqual(
      view.paths.map(({ path, imageCount }) => `${path} ${imageCount}`),
      ['big 700'],
    );
    assert.equal(view.groups[0]?.rows.length, mostImagesOnPage);
    assert.deepEqual(
      view.pages.map(({ text, href, isCurrent }) => `${text} ${href} ${isCurrent}`),
      ['image0 – image999 /images/ true', 'image1000 – image1004 /images/-/images/2/ false'],
    );
  });

  it('goes on overleaf', () => {
    const view = list('', names, 2);
    assert.equal(view.groups[0]?.rows[0]?.name, 'image1000');
    assert.equal(view.groups[0]?.rows.length, 5);
    assert.deepEqual(
      view.pages.map(({ isCurrent }) => isCurrent),
      [false, true],
    );
  });

  it('has as many pages as it says', () => {
    const listAll = (all: readonly string[]) => listImages(all.map((name) => createSummary(name)));
    assert.equal(countListingPages('', listAll(names)), 2);
    assert.equal(countListingPages('big', listAll(names)), 1);
    assert.equal(countListingPages('', listAll(inside)), 1);
  });
});

describe('toImageRow', () => {
  const site = createSite(settings, []);
  const row = (over: Partial<RepositorySummary>) => toImageRow(createSummary('a/b', over), site);
  const platforms = [
    { platform: 'linux/amd64', compressedSizeBytes: 2_000_000 },
    { platform: 'linux/arm64', compressedSizeBytes: 1_000_000 },
    { platform: 'linux/386', compressedSizeBytes: null },
  ];

  it('gives the range of the known sizes', () => {
    const { size, sizeBytes } = row({ platforms });
    assert.deepEqual([size, sizeBytes], ['1–2\u00a0MB', 2_000_000]);
  });

  it('gives what has no platforms its own size, and says what it is', () => {
    const { size, kind } = row({ platforms: [], artifactSizeBytes: 5000, kinds: ['helm-chart'] });
    assert.deepEqual([size, kind], ['5\u00a0kB', 'helm-chart']);
  });

  const recommend = (tag: string) => ({ recommended: { ...createSummary('a/b').recommended, tag } as never });
  const heights: readonly (readonly [what: string, isTall: boolean, name: string, over: Partial<RepositorySummary>])[] =
    [
      ['short words', false, 'a/b', { platforms: platforms.slice(0, 2), ...recommend('1.0') }],
      ['a long name', true, `a/${'long-name-'.repeat(4)}end`, recommend('1.0')],
      ['a long tag', true, 'a/b', recommend('2026-08-16-041469-production')],
      ['no tag, but words', true, 'a/b', { recommended: null }],
      ['three platforms', true, 'a/b', { platforms, ...recommend('1.0') }],
      ['a badge', true, 'a/b', { staleSince: '2026-11-20T13:07:12Z', ...recommend('1.0') }],
    ];
  for (const [what, isTall, name, over] of heights) {
    it(`${isTall ? 'does not promise' : 'promises'} one line to ${what}`, () => {
      assert.equal(toImageRow(createSummary(name, over), site).isTall, isTall);
    });
  }

  it('does not know what nobody knows', () => {
    const { size, sizeBytes } = row({ platforms: [{ platform: null, compressedSizeBytes: null }] });
    assert.deepEqual([size, sizeBytes], [null, null]);
  });

  for (const [remark, over] of [
    ['no tags', { tagCount: 0 }],
    ['no current tag', { settlingTagCount: 1 }],
    ['no current tag', { staleTagCount: 1 }],
    ['nothing to pull', { kinds: ['signature'] }],
  ] as const) {
    it(`says "${remark}" where nothing is recommended because of ${JSON.stringify(over)}`, () => {
      assert.equal(row({ recommended: null, ...over }).remark, remark);
    });
  }
});
