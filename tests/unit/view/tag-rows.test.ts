import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Repository } from '../../../src/catalogue/model.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import {
  countTagPages,
  listManifestPages,
  listTagRows,
  mostManifestPages,
  mostRowsOnPage,
  sliceTagPage,
  type TagListing,
} from '../../../src/view/tag-rows.ts';
import {
  changeTags,
  createArtifact,
  createDescriptor,
  createImage,
  createRepository,
} from '../../support/catalogue-values.ts';

const a = createImage('a');
const b = createImage('b');
const c = createImage('c');

/** `4.0: 4.0-s2 (latest 4), 4.0-s1`: each group's version, and its rows with their aliases. */
function describeListing({ versions, attachments }: TagListing): readonly string[] {
  const describeRow = ({ lead, aliases }: TagListing['attachments'][number]) =>
    aliases.length === 0 ? lead : `${lead} (${aliases.join(' ')})`;
  return [
    ...versions.map(({ version, rows }) => `${version}: ${rows.map(describeRow).join(', ')}`),
    ...attachments.map((row) => `about: ${describeRow(row)}`),
  ];
}

function describeTags(repository: Repository, recommended: string | null = null): readonly string[] {
  return describeListing(listTagRows(repository, recommended === null ? null : parseTag(recommended)));
}

describe('listTagRows', () => {
  it('puts the tags of one digest into one row, led by the one that says most', () => {
    const repository = createRepository({ latest: a, '4': a, '4.0.2-3': a, '4.0.1': b });
    assert.deepEqual(describeTags(repository), ['4.0.2-3: 4.0.2-3 (4 latest)', '4.0.1: 4.0.1']);
  });

  it('lets the recommended tag lead its row', () => {
    assert.deepEqual(describeTags(createRepository({ '4': a, '4.0.2': a }), '4'), ['4: 4 (4.0.2)']);
  });

  it('folds rebuilds under their version, newest first', () => {
    const repository = createRepository({ '4.0-s1': a, '4.0-s2': b, '3.9': c });
    assert.deepEqual(describeTags(repository), ['4.0: 4.0-s2, 4.0-s1', '3.9: 3.9']);
  });

  it('keeps tags that were never readable in rows of their own', () => {
    const repository = changeTags(createRepository({ '2': a }), { '3': { digest: null }, '4': { digest: null } });
    assert.deepEqual(describeTags(repository), ['4: 4', '3: 3', '2: 2']);
  });

  it('sets apart what is about something else', () => {
    const tag = a.digest.replace(':', '-');
    const signature = createArtifact('signature', {
      config: createDescriptor('c', mediaTypes.ociConfig, 2),
      layers: [createDescriptor('l', 'application/vnd.dev.cosign.simplesigning.v1+json', 3)],
    });
    const repository = createRepository({ '1': a, [`${tag}.sig`]: signature, [tag]: b });
    assert.deepEqual(describeTags(repository), ['1: 1', `about: ${tag}`, `about: ${tag}.sig`].sort());
  });

  it('takes tags that are the names of properties for what they are', () => {
    assert.deepEqual(describeTags(createRepository({ constructor: a, toString: b })).length, 2);
  });

  it('has nothing to say of an empty repository', () => assert.deepEqual(describeTags(createRepository()), []));
});

describe('pages of rows', () => {
  const count = mostRowsOnPage + 3;
  const contents = Array.from({ length: count }, (_, at) => [`1.${at}`, createImage(`image ${at}`)] as const);
  const listing = listTagRows(createRepository(Object.fromEntries(contents)), null);

  it('hold so many rows each, and every row once', () => {
    assert.equal(countTagPages(listing), 2);
    const pages = [1, 2].map((page) => describeListing(sliceTagPage(listing, page)));
    assert.deepEqual(
      pages.map(({ length }) => length),
      [mostRowsOnPage, 3],
    );
    assert.deepEqual(pages.flat(), describeListing(listing));
  });

  it('are one where there is nothing', () => {
    assert.equal(countTagPages(listTagRows(createRepository(), null)), 1);
  });

  it('let a version go on overleaf', () => {
    const rebuilds = Array.from({ length: count }, (_, at) => [`1.0-s${at}`, createImage(`image ${at}`)] as const);
    const folded = listTagRows(createRepository(Object.fromEntries(rebuilds)), null);
    assert.equal(folded.versions.length, 1);
    assert.equal(sliceTagPage(folded, 1).versions[0]?.rows.length, mostRowsOnPage);
    assert.equal(sliceTagPage(folded, 2).versions[0]?.rows.length, 3);
  });
});

describe('listManifestPages', () => {
  const contents = Array.from({ length: mostManifestPages + 5 }, (_, at) => createImage(`image ${at}`));
  const repository = createRepository(Object.fromEntries(contents.map((content, at) => [`1.${at}`, content])));
  const listing = listTagRows(repository, null);

  it('are those of the newest rows', () => {
    const pages = listManifestPages(listing, null);
    assert.equal(pages.length, mostManifestPages);
    assert.equal(pages[0], contents.at(-1)?.digest);
    assert.ok(!pages.includes(contents[0]?.digest ?? ('' as never)));
  });

  it('always hold the recommended one, and are no more for it', () => {
    const oldest = contents[0]?.digest ?? null;
    const pages = listManifestPages(listing, oldest);
    assert.equal(pages.length, mostManifestPages);
    assert.equal(pages[0], oldest);
  });
});
