import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pickRecommendedTag } from '../../../src/catalogue/recommended-tag.ts';
import { toImageAbout } from '../../../src/view/image-about.ts';
import type { SiteSettings } from '../../../src/view/site.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

function aboutOf(name: string, over: Partial<SiteSettings>) {
  const { site, repositories, settings } = createSampleWorld(over);
  const repository = repositories.find((each) => each.name === name);
  assert.ok(repository);
  return toImageAbout(repository, pickRecommendedTag(repository, settings.movingTags), site);
}

describe('what is said about an image', () => {
  it('is what its author wrote, where the operator says nothing', () => {
    const about = aboutOf('releng/node24', {});
    assert.ok(about.description);
    assert.deepEqual([about.deprecation, about.links], [null, []]);
    assert.ok(about.words.some(({ term }) => term === 'Licence'));
  });

  it('is what the operator wrote, where they did, the last entry winning', () => {
    const { description, words, deprecation } = aboutOf('releng/node24', {
      overlay: {
        '**': { owner: 'nobody', licence: 'Apache-2.0' },
        'releng/**': { owner: 'Releng, https://example.org/releng', description: 'Node' },
        'releng/node24': { deprecatedSince: '2026-04-30', replacement: 'debian' },
        debian: { description: 'not this one' },
      },
    });
    assert.equal(description, 'Node');
    assert.deepEqual(
      words.slice(0, 1).map(({ term, parts }) => [term, parts.map(({ href }) => href)]),
      [['Owner', [null, 'https://example.org/releng']]],
    );
    assert.deepEqual(words.find(({ term }) => term === 'Licence')?.parts, [{ text: 'Apache-2.0', href: null }]);
    assert.deepEqual(deprecation, { since: '2026-04-30', replacement: { text: 'debian', href: '/debian/tags/' } });
  });

  for (const [replacement, href] of [
    ['no/such/image', null],
    ['https://example.org/new', 'https://example.org/new'],
    ['javascript:alert(1)', null],
    ['services/unread', null],
  ] as const) {
    it(`leads to a replacement only where there is one: ${replacement}`, () => {
      const { deprecation } = aboutOf('debian', { overlay: { debian: { replacement } } });
      assert.deepEqual(deprecation, { since: null, replacement: { text: replacement, href } });
    });
  }

  it('has the links of the settings, filled in', () => {
    const linkTemplates = [
      { text: 'Audit', url: 'https://audit.example.org/{name}?tag={tag}#{digest}', repositories: ['**'] },
      { text: 'Others', url: 'https://example.org/{name}', repositories: ['services/**'] },
    ];
    const { links } = aboutOf('releng/node24', { linkTemplates });
    assert.equal(links.length, 1);
    assert.match(
      links[0]?.href ?? '',
      /^https:\/\/audit\.example\.org\/releng\/node24\?tag=24\.18[^#]*#sha256:[0-9a-f]{64}$/,
    );
    const empty = aboutOf('scratch/empty', { linkTemplates });
    assert.deepEqual(empty.links, [], 'there is no tag to fill in');
  });
});
