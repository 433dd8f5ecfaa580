import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatIntegrity } from '../../../src/api/integrity-html.ts';
import type { BlobAudit } from '../../../src/catalogue/blob-audit.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import type { FaultFigure, IntegrityView } from '../../../src/view/integrity-view.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { site } = createSampleWorld({ base: '/images/' });
const audit: BlobAudit = {
  ...{ namedBlobs: 1300, namedSizeBytes: 14_000_000_000, soundBlobs: 1204, soundSizeBytes: 12_300_000_000 },
  ...{ oldestCheckedAt: '2026-10-02T03:00:00Z', newestCheckedAt: '2026-11-20T04:00:00Z' },
  ...{ unreadBlobs: 0, foreignBlobs: 0 },
};
const none = { bytes: null, sizes: null, faults: [], hasMore: false };
const digest = computeDigest('layer');
const fault = (places: number, tags: number): FaultFigure => ({
  ...{ digest, kind: 'corrupt', foundAt: '2026-11-01T00:00:00Z', isElsewhere: false },
  places: Array.from({ length: places }, (_, at) => ({
    name: parseRepositoryName(`app${at}`),
    tags: Array.from({ length: tags }, (__, tag) => parseTag(`1.${tag}`)),
  })),
});
const plain = (view: Partial<IntegrityView>) =>
  formatIntegrity({ ...none, ...view }, site)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ')
    .replaceAll(' ,', ',')
    .trim();

it('says nothing where nothing was ever audited', () => assert.equal(formatIntegrity(null, site), ''));

describe('what is verified', () => {
  const cases: readonly (readonly [string, Partial<BlobAudit>, RegExp])[] = [
    [
      'has its first and last day',
      {},
      /1,204 of 1,300 layers and configs \(12\.3 GB of 14 GB\) verified between 2026-10-02 and 2026-11-20 \./,
    ],
    ['has its one day', { oldestCheckedAt: '2026-11-20T03:00:00Z' }, /verified on 2026-11-20 \./],
    ['is nothing so far', { soundBlobs: 0, oldestCheckedAt: null, newestCheckedAt: null }, /verified so far\./],
    ['leaves out what could not be read', { unreadBlobs: 3 }, /; 3 could not be read\./],
    ['leaves out what is kept elsewhere', { foreignBlobs: 2 }, /; 2 layers kept elsewhere, not read\./],
  ];
  for (const [what, over, expected] of cases) {
    it(what, () => assert.match(plain({ bytes: { ...audit, ...over } }), expected));
  }

  it('is not what only has the right length', () => {
    const text = plain({ sizes: audit });
    assert.match(text, /of the right length by HEAD between/);
    assert.doesNotMatch(text, /verified/);
  });
});

describe('what is at fault', () => {
  it('is said to be there for another image where only some lack it', () => {
    const lacking: FaultFigure = { ...fault(1, 1), kind: 'missing', isElsewhere: true };
    assert.match(plain({ bytes: audit, faults: [lacking] }), /missing here, and there for another image/);
  });

  it('is named with its digest, day, image and tags', () => {
    const html = formatIntegrity({ ...none, bytes: audit, faults: [fault(1, 2)] }, site);
    assert.ok(html.includes(digest) && html.includes('href="/images/app0/tags/"'));
    assert.match(
      plain({ bytes: audit, faults: [fault(1, 2)] }),
      /Not sound: 1 corrupt\. .* 2026-11-01 app0:1\.0, :1\.1/,
    );
  });

  it('is counted beyond what anybody reads', () => {
    const text = plain({ bytes: audit, faults: [fault(12, 7)], hasMore: true });
    assert.match(text, /and 2 more; app1:/);
    assert.match(text, /; and 2 more images/);
    assert.match(text, /More images are concerned/);
  });
});
