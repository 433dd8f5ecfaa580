import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parseAtomFeed } from 'feedsmith';
import { encodeImageFeed, listFeedFiles, pickFeedChanges } from '../../../src/api/feed.ts';
import type { EventType } from '../../../src/catalogue/model.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import type { Change } from '../../../src/view/changes-view.ts';
import { mergeFaults } from '../../../src/view/fault-text.ts';
import type { FaultFigure } from '../../../src/view/integrity-view.ts';
import { createSite, type SiteSettings } from '../../../src/view/site.ts';
import { hour } from '../../support/catalogue-values.ts';

const name = parseRepositoryName('releng/node24');
const origin = { registry: 'registry.example', beganAt: hour(0) };
const settings: SiteSettings = {
  ...{ title: 'Images', publicHost: 'registry.example', alternateHosts: [], base: '/', movingTags: [] },
  siteUrl: 'https://registry.example/',
};
const toSite = (over: Partial<SiteSettings> = {}) => createSite({ ...settings, ...over }, [{ name, state: 'listed' }]);

/** So many changes, the newest first, `perRun` of them in each run. */
function createChanges(count: number, perRun = 1): readonly Change[] {
  const types: readonly EventType[] = ['added', 'moved', 'removed', 'returned'];
  return Array.from({ length: count }, (_, at): Change => {
    const type = types[at % 4] ?? 'added';
    const run = Math.floor((count - 1 - at) / perRun) + 1;
    return {
      ...{ name, type, run, ordinal: 0, firstSeenAt: null, tag: at % 7 === 0 ? null : parseTag(`1.${at}`) },
      from: type === 'moved' || type === 'removed' ? computeDigest(`${at}`) : null,
      to: type === 'removed' ? null : computeDigest(`${at + 1}`),
      notBefore: at % 5 === 0 ? null : hour(run - 1),
      notAfter: hour(run),
    };
  });
}

/** What RFC 4287 demands of a feed document, held against the parsed XML. Each fault is a sentence. */
function listFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const validity = XMLValidator.validate(text);
  if (validity !== true) return [`not well formed: ${validity.err.msg}`];
  const options = { ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, trimValues: false };
  const parser = new XMLParser({
    ...options,
    isArray: (tag, _path, _isLeaf, isAttribute) => !isAttribute && tag !== '?xml' && tag !== 'feed',
  });
  const { feed } = parser.parse(text);
  if (feed['@xmlns'] !== 'http://www.w3.org/2005/Atom') faults.push('the root is no Atom feed');
  const check = (
    where: string,
    node: Record<string, readonly unknown[]>,
    required: readonly string[],
    known: string[],
  ) => {
    for (const key of required)
      if (node[key]?.length !== 1) faults.push(`${where} has ${node[key]?.length ?? 0} of ${key}`);
    for (const key of Object.keys(node)) {
      if (!key.startsWith('@') && key !== '#text' && !known.includes(key)) faults.push(`${where} has ${key}`);
    }
    const [id] = (node['id'] ?? []) as readonly string[];
    if (!URL.canParse(id ?? '')) faults.push(`${where}: the id is no IRI`);
    const [updated] = (node['updated'] ?? []) as readonly string[];
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(updated ?? ''))
      faults.push(`${where}: no RFC 3339 date`);
    const alternates = new Set<string>();
    for (const link of (node['link'] ?? []) as readonly Record<string, string>[]) {
      if (!URL.canParse(link['@href'] ?? '')) faults.push(`${where}: a link that leads nowhere`);
      const key = `${link['@type']} ${link['@hreflang']}`;
      if (link['@rel'] === 'alternate' && alternates.has(key)) faults.push(`${where}: two alternates of one type`);
      if (link['@rel'] === 'alternate') alternates.add(key);
    }
  };
  const meta = [
    'author',
    'category',
    'contributor',
    'generator',
    'icon',
    'id',
    'link',
    'logo',
    'rights',
    'subtitle',
    'title',
    'updated',
  ];
  check('the feed', feed, ['id', 'title', 'updated'], [...meta, 'entry']);
  if (feed.author?.[0]?.name?.length !== 1) faults.push('neither the feed nor every entry has an author');
  const selves = feed.link?.filter((link: Record<string, string>) => link['@rel'] === 'self') ?? [];
  if (selves.length !== 1) faults.push(`the feed has ${selves.length} links to itself`);
  const seen = new Set<string>();
  for (const entry of feed.entry ?? []) {
    check(
      'an entry',
      entry,
      ['id', 'title', 'updated'],
      [
        'author',
        'category',
        'content',
        'contributor',
        'id',
        'link',
        'published',
        'rights',
        'source',
        'summary',
        'title',
        'updated',
      ],
    );
    const hasAlternate = entry.link?.some((link: Record<string, string>) => link['@rel'] === 'alternate');
    if (entry.content === undefined && !hasAlternate) faults.push('an entry with neither content nor an alternate');
    for (const category of entry.category ?? []) if (!category['@term']) faults.push('a category without a term');
    if (seen.has(entry.id[0])) faults.push('two entries of one id');
    seen.add(entry.id[0]);
  }
  return faults;
}

describe('the checks of these tests find', () => {
  const [{ text = '' } = {}] = listFeedFiles(createChanges(3), origin, toSite());
  for (const [what, broken] of [
    ['a lost id', text.replace(/<id>[^<]*<\/id>/, '')],
    ['a date that is none', text.replace(/<updated>[^<]*</, '<updated>yesterday<')],
    ['an id twice', text.replace(/<entry>[\s\S]*<\/entry>/, (entries) => entries + entries)],
    ['an element that does not belong', text.replace('<entry>', '<entry><pubDate>x</pubDate>')],
    ['markup that is broken', text.replace('</entry>', '')],
  ] as const) {
    it(what, () => assert.notDeepEqual(listFaults(broken), []));
  }
});

const titles = ['Images', '', '\u0000\u0008 ]]> <b>&amp;</b> "q" \u202e \ud800', '\u{1f4e6} Bilder & mehr'];

describe('a feed is valid, and a reader of feeds reads it', () => {
  for (const [at, title] of titles.entries()) {
    for (const count of [0, 1, 300]) {
      it(`with title ${at}, of ${count} changes`, () => {
        const files = [
          ...listFeedFiles(createChanges(count), origin, toSite({ title })),
          encodeImageFeed(name, createChanges(count), origin, toSite({ title })),
        ];
        assert.equal(files.length, 2);
        for (const file of files) {
          assert.ok(file);
          assert.deepEqual(listFaults(file.text), []);
          const feed = parseAtomFeed(file.text);
          assert.equal(feed.entries?.length ?? 0, Math.min(count, 100));
          assert.ok(
            feed.links?.some(({ rel, href }) => rel === 'self' && href === `https://registry.example/${file.path}`),
          );
          assert.equal(feed.updated, count === 0 ? hour(0) : hour(count));
          for (const entry of feed.entries ?? [])
            assert.match(entry.title?.value ?? '', /^releng\/node24(:1\.\d+)? (added|moved|removed|returned)$/);
        }
      });
    }
  }
});

it('entries and feeds keep their ids at another base, address, title or time, and on another host of ours', () => {
  const idsOf = (site: ReturnType<typeof toSite>, changes = createChanges(5)) =>
    listFeedFiles(changes, origin, site).flatMap(({ text }) => [...text.matchAll(/<id>([^<]+)</g)].map(([, id]) => id));
  const ids = idsOf(toSite());
  assert.equal(new Set(ids).size, 6);
  for (const id of ids)
    assert.match(id ?? '', /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(idsOf(toSite({ base: '/images/' })), ids);
  assert.deepEqual(idsOf(toSite({ siteUrl: 'https://other.example/', publicHost: 'other.example', title: 'T' })), ids);
  const later = createChanges(5).map((change) => ({ ...change, run: change.run + 7, notAfter: hour(99) }));
  assert.deepEqual(idsOf(toSite(), later), ids);
});

describe('how much a feed holds', () => {
  it('is all that the newest 48 runs saw, however much', () => {
    assert.equal(pickFeedChanges(createChanges(6000, 100)).length, 4800);
  });
  it('is a hundred where less happened, and all where there is no more', () => {
    assert.equal(pickFeedChanges(createChanges(500)).length, 100);
    assert.equal(pickFeedChanges(createChanges(20)).length, 20);
  });
  it('does not grow by what was seen before runs were counted', () => {
    const before = createChanges(400).map((change) => ({ ...change, run: 0 }));
    assert.equal(pickFeedChanges([...createChanges(5), ...before]).length, 100);
  });
  it('goes on in further documents where it is too much for one, with nothing lost or told twice', () => {
    const files = listFeedFiles(createChanges(4500, 4500), origin, toSite());
    assert.deepEqual(
      files.map(({ path }) => path),
      ['-/feed.xml', '-/feed/2.xml', '-/feed/3.xml'],
    );
    const ids = files.flatMap(({ text }) => (parseAtomFeed(text).entries ?? []).map(({ id }) => id));
    assert.equal(new Set(ids).size, 4500);
    for (const { text } of files) assert.deepEqual(listFaults(text), []);
    const links = files.map(({ text }) => (parseAtomFeed(text).links ?? []).map(({ rel }) => rel).join(' '));
    assert.deepEqual(links, [
      'self alternate first next last',
      'self alternate first previous next last',
      'self alternate first previous last',
    ]);
  });
});

it('without an address of the site there is none', () => {
  const site = createSite({ ...settings, siteUrl: undefined }, []);
  assert.deepEqual(listFeedFiles(createChanges(1), origin, site), []);
  assert.equal(encodeImageFeed(name, createChanges(1), origin, site), null);
});

describe('content that an audit found at fault', () => {
  const fault = (over: Partial<FaultFigure> = {}): FaultFigure => ({
    ...{ digest: computeDigest('layer'), kind: 'corrupt', foundAt: hour(3), isElsewhere: false },
    places: [{ name, tags: ['1.0', '1.1'].map(parseTag) }],
    ...over,
  });
  const others = Array.from({ length: 12 }, (_, at) => parseRepositoryName(`app${String(at).padStart(2, '0')}`));
  const everywhere = fault({ kind: 'missing', places: others.map((other) => ({ name: other, tags: [] })) });
  const read = (figures: readonly FaultFigure[], changes = createChanges(5), site = toSite()) => {
    const [file] = listFeedFiles(changes, origin, site, mergeFaults(figures));
    assert.ok(file);
    assert.deepEqual(listFaults(file.text), []);
    return parseAtomFeed(file.text);
  };

  it('is an entry with its day, its digest and its tags, in its place among what happened', () => {
    const { entries = [], updated } = read([fault()]);
    assert.deepEqual(
      entries.map((entry) => entry.updated),
      [5, 4, 3, 3, 2, 1].map(hour),
    );
    const [found] = entries.filter((entry) => entry.title?.value?.includes('content is'));
    assert.equal(found?.title?.value, 'releng/node24: content is corrupt');
    const summary = found?.summary?.value?.replaceAll('\u00a0', ' ');
    assert.match(summary ?? '', /^sha256:[0-9a-f]{64} is corrupt in the registry: .* Found on \d{4}-\d\d-\d\d\. /);
    assert.match(summary ?? '', /Affected: releng\/node24:1\.0, releng\/node24:1\.1\.$/);
    assert.deepEqual(
      found?.links?.map(({ href }) => href),
      ['https://registry.example/releng/node24/tags/'],
    );
    assert.equal(found?.categories?.[0]?.term, 'corrupt');
    assert.equal(updated, hour(5));
    assert.equal(read([fault({ foundAt: hour(9) })]).updated, hour(9));
  });

  it('is one entry however many images and sources it stands in, and then leads to the status page', () => {
    const { entries = [] } = read([everywhere, fault({ ...everywhere, foundAt: hour(8) })], []);
    assert.equal(entries.length, 1);
    assert.equal(entries[0]?.title?.value?.replaceAll('\u00a0', ' '), 'app00 and 11 more images: content is missing');
    assert.equal(entries[0]?.updated, hour(3));
    assert.match(entries[0]?.summary?.value ?? '', /app09; 2\u00a0more images\.$/);
    assert.equal(entries[0]?.links?.[0]?.href, 'https://registry.example/-/status/');
  });

  it('keeps its id whenever it is found and wherever else, and another kind of fault has another', () => {
    const idOf = (figure: FaultFigure, site = toSite()) => read([figure], [], site).entries?.[0]?.id;
    assert.equal(idOf(fault({ foundAt: hour(7) })), idOf(fault()));
    assert.equal(idOf(fault({ places: everywhere.places }), toSite({ base: '/images/' })), idOf(fault()));
    assert.notEqual(idOf(fault({ kind: 'missing' })), idOf(fault()));
    const own = encodeImageFeed(name, [], origin, toSite(), mergeFaults([fault()]));
    assert.deepEqual(listFaults(own?.text ?? ''), []);
    assert.notEqual(
      parseAtomFeed(own?.text ?? '').entries?.[0]?.id,
      idOf(fault()),
      'of the image, and of the registry',
    );
  });

  it('is nothing where nothing shown needs it', () => {
    assert.deepEqual(read([fault({ places: [] })]), read([]));
  });
});
