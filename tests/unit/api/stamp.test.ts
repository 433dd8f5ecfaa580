import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillMark, formatFreshness, formatStatus, listStampedFiles } from '../../../src/api/stamp.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { status, site } = createSampleWorld({ base: '/images/' });
const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('fillMark', () => {
  for (const [what, html, result] of [
    ['an empty place', 'a<!--x--><!--/x-->b', 'a<!--x-->new<!--/x-->b'],
    ['a place that was filled before', 'a<!--x-->old<!--/x-->b', 'a<!--x-->new<!--/x-->b'],
  ] as const) {
    it(`fills ${what}`, () => assert.equal(fillMark(html, 'x', 'new'), result));
  }

  for (const [what, html] of [
    ['no place', 'ab'],
    ['no end', 'a<!--x-->b'],
    ['an end before the beginning', '<!--/x--><!--x-->'],
    ['two places', '<!--x--><!--/x--><!--x--><!--/x-->'],
  ] as const) {
    it(`refuses a page with ${what}`, () => assert.throws(() => fillMark(html, 'x', 'new'), TypeError));
  }
});

describe('the freshness line', () => {
  it('says how many of how many, and as of when, to the minute in UTC', () => {
    const line = formatFreshness(status, site);
    assert.equal(plain(line), 'Incomplete 19 of 21 images read, 1 tag of them not, checked 2026-11-20 14:07 UTC');
    assert.match(line, /<time datetime="2026-11-20T14:07:31Z">/);
    assert.match(line, /href="\/images\/-\/status\/"/);
  });

  it('says so when all is there', () => {
    const totals = { ...status.totals, incompleteRepositories: [] };
    const whole = { ...status, totals, complete: true, currentRepositories: 21 };
    assert.equal(plain(formatFreshness(whole, site)), 'Complete 21 of 21 images read, checked 2026-11-20 14:07 UTC');
  });
});

describe('the status page', () => {
  const text = plain(formatStatus(status, site));

  it('has a line that monitors may look for', () => {
    assert.match(text, /^Status: incomplete/);
    assert.match(plain(formatStatus({ ...status, complete: true }, site)), /^Status: complete/);
  });

  it('says that there is more where not all could be read', () => {
    const withLeast = (isSizeLeast: boolean) =>
      plain(formatStatus({ ...status, totals: { ...status.totals, isSizeLeast } }, site));
    assert.match(withLeast(true), /compressed at least \d/);
    assert.match(withLeast(false), /compressed \d/);
  });

  it('names what is not current, and since when', () => {
    assert.match(text, /services\/asleep 2026-11-18 the whole image/);
    assert.match(text, /services\/ill 1 tag not readable yet/);
    assert.match(text, /1 image could not be read yet/);
  });

  it('says what was held back', () => {
    const held = { ...status, heldBackRemovals: { repositories: 40, tags: 2 } };
    assert.match(plain(formatStatus(held, site)), /40 images and 2 tags seem to be gone/);
  });

  it('says how each source fared', () => {
    const sources = [{ name: 'main', outcome: 'refused' as const, completeAt: null }];
    assert.match(plain(formatStatus({ ...status, sources }, site)), /main credentials refused never/);
  });
});

it('the stamp is three files, and leaves the rest of a page alone', async () => {
  const pages: Record<string, string> = {
    'index.html': '<h1>Home</h1><!--freshness-->old<!--/freshness--><p>rest</p>',
    '-/status/index.html': '<h1>Status</h1><!--status--><!--/status-->',
  };
  const files = await Array.fromAsync(listStampedFiles(async (path) => pages[path] ?? '', status, site));
  assert.deepEqual(
    files.map(({ path }) => path),
    ['index.html', '-/status/index.html', '-/status.json'],
  );
  assert.match(
    files[0]?.text ?? '',
    /^<h1>Home<\/h1><!--freshness--><p class="freshness">.*<!--\/freshness--><p>rest<\/p>$/,
  );
});
