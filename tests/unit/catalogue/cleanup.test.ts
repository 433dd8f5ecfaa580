import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CleanupRule, planCleanup } from '../../../src/catalogue/cleanup.ts';
import { scatterLength } from '../../../src/catalogue/content-numbers.ts';
import type { TagRecord } from '../../../src/catalogue/model.ts';
import { createLedger } from '../../../src/catalogue/storage-ledger.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { parseTag, type Tag } from '../../../src/oci/reference.ts';
import {
  type Content,
  changeTags,
  createArtifact,
  createDescriptor,
  createImage,
  createIndex,
  createMissing,
  createRepository,
} from '../../support/catalogue-values.ts';
import { holdRepository } from '../../support/held-inventories.ts';

const day = (text: string) => `2026-${text}T00:00:00Z`;
const built = (seed: string, on: string) => createImage(seed, { createdAt: day(on) });
const old = built('old', '01-01');
const mid = built('mid', '05-01');
const fresh = built('fresh', '11-01');
const undated = createImage('undated');
const signature = (of: Content) =>
  [
    `${of.digest.replace(':', '-')}.sig`,
    createArtifact(`signature of ${of.digest}`, {
      config: createDescriptor('empty', mediaTypes.ociEmpty, 2),
      layers: [createDescriptor('simple signing', 'application/vnd.dev.cosign.simplesigning.v1+json', 9)],
    }),
  ] as const;

interface Case {
  readonly name: string;
  readonly tags: Readonly<Record<string, Content>>;
  readonly records?: Readonly<Record<string, Partial<TagRecord>>>;
  readonly rule: Partial<CleanupRule>;
  readonly recommended?: string;
  readonly isStale?: boolean;
  /** The tags that go; what goes by itself is apart, what vanishes with it joined by a plus. */
  readonly expected: readonly string[];
}

const three = { '1.0': old, '1.1': mid, '1.2': fresh };

const cases: readonly Case[] = [
  { name: 'what is older', tags: three, rule: { olderThanDays: 100 }, expected: ['1.1', '1.0'] },
  { name: 'what is beyond the newest', tags: three, rule: { beyondNewest: 2 }, expected: ['1.0'] },
  {
    name: 'commits are the newest by their dates',
    tags: { aaaaaa1: fresh, fffffff1: old, '1234abc': mid },
    rule: { beyondNewest: 1 },
    expected: ['fffffff1', '1234abc'].sort((a, b) => (a < b ? -1 : 1)),
  },
  {
    name: 'a channel that was built lately is among the newest, and one that was left behind is not',
    tags: { ...three, main: built('main', '11-10'), legacy: built('legacy', '01-10') },
    rule: { beyondNewest: 2 },
    expected: ['1.0', 'legacy'],
  },
  {
    name: 'of names without order and date nobody knows which is newest',
    tags: { a: undated, b: createImage('undated too'), c: createImage('and this') },
    rule: { beyondNewest: 1 },
    expected: [],
  },
  { name: 'both must hold', tags: three, rule: { olderThanDays: 250, beyondNewest: 1 }, expected: ['1.0'] },
  { name: 'a rule that asks for nothing', tags: three, rule: {}, expected: [] },
  { name: 'no rule', tags: three, rule: { covers: () => false, beyondNewest: 0 }, expected: [] },
  {
    name: 'siblings of one digest vanish together',
    tags: { ...three, '1': old },
    rule: { beyondNewest: 2 },
    expected: ['1.0+1'],
  },
  {
    name: 'a protected sibling keeps the digest',
    tags: { ...three, keep: old },
    rule: { beyondNewest: 2, isProtected: (tag) => tag === 'keep' },
    expected: [],
  },
  {
    name: 'what is recommended stays',
    tags: three,
    rule: { beyondNewest: 0 },
    recommended: '1.0',
    expected: ['1.2', '1.1'],
  },
  {
    name: 'what nobody dated is as old as its first sight',
    tags: { a: undated },
    records: { a: { firstSeenAt: day('10-01') } },
    rule: { olderThanDays: 100 },
    expected: [],
  },
  {
    name: 'untouched: the last tag that came to point there counts',
    tags: { '1.0': old, '1': old, '0.9': mid },
    records: {
      '1.0': { firstSeenAt: day('01-02') },
      '1': { firstSeenAt: day('01-02'), moved: { notBefore: null, notAfter: day('11-10') } },
      '0.9': { firstSeenAt: day('05-02') },
    },
    rule: { untouchedForDays: 30 },
    expected: ['0.9'],
  },
  {
    name: 'stale tags stay',
    tags: three,
    records: { '1.0': { state: 'stale' } },
    rule: { beyondNewest: 2 },
    expected: [],
  },
  { name: 'a stale repository stays', tags: three, rule: { beyondNewest: 0 }, isStale: true, expected: [] },
  {
    name: 'what is not wholly known stays',
    tags: {
      '2': fresh,
      '1': createIndex('partly', [
        [old, {}],
        [createMissing('gone'), {}],
      ]),
    },
    rule: { beyondNewest: 1 },
    expected: [],
  },
  {
    name: 'a platform stays while an index holds it',
    tags: { '2': createIndex('all', [[old, {}]]), '1': old },
    rule: { beyondNewest: 1 },
    expected: [],
  },
  {
    name: 'a platform goes with the index that holds it',
    tags: { '3': fresh, '2': createIndex('all', [[old, {}]]), '1': old },
    rule: { beyondNewest: 1 },
    expected: ['2', '1'],
  },
  {
    name: 'a signature goes with what it signs, and no other does',
    tags: { ...three, ...Object.fromEntries([signature(old), signature(fresh)]) },
    rule: { beyondNewest: 2 },
    expected: ['1.0', `${signature(old)[0]}`],
  },
  {
    name: 'a signature that could not be seen lately stays',
    tags: { ...three, ...Object.fromEntries([signature(old)]) },
    records: { [signature(old)[0]]: { state: 'stale' } },
    rule: { beyondNewest: 2 },
    expected: ['1.0'],
  },
];

function plan({ tags, records = {}, rule, recommended, isStale = false }: Case) {
  const seen = Object.fromEntries(
    Object.keys(tags).map((tag) => [
      tag,
      { ...createRepository(tags).tags.get(parseTag(tag)), firstSeenAt: day('11-15') },
    ]),
  );
  const repository = changeTags(changeTags(createRepository(tags), seen), records);
  const held = holdRepository({ ...repository, staleSince: isStale ? day('11-01') : null });
  return planCleanup(createLedger([held], new Uint32Array(scatterLength)), {
    rules: [{ covers: () => true, isProtected: () => false, key: '', ...rule }],
    measuredAt: day('11-20'),
    recommendedTagOf: (): Tag | null => (recommended === undefined ? null : parseTag(recommended)),
  });
}

describe('what a clean-up takes', () => {
  for (const one of cases) {
    it(one.name, () => {
      const items = plan(one).repositories.flatMap((repository) => repository.readItems());
      assert.deepEqual(
        items.map(({ tags }) => tags.join('+')),
        one.expected,
      );
    });
  }
});

it('what falls due within a month is told by the day', () => {
  const { upcoming, digestCount } = plan({ name: '', tags: three, rule: { olderThanDays: 20 }, expected: [] });
  assert.equal(digestCount, 2);
  assert.deepEqual(upcoming, [{ day: '2026-11-21', digestCount: 1 }]);
});

it('an index is deleted before its platforms, and a platform that another index needs is not', () => {
  const shared = built('shared', '01-01');
  const tags = {
    '2': createIndex('new', [[shared, {}]]),
    '1': createIndex('old', [
      [shared, {}],
      [old, {}],
    ]),
  };
  const [item] = plan({ name: '', tags, rule: { beyondNewest: 1 }, expected: [] }).repositories[0]?.readItems() ?? [];
  assert.deepEqual(item?.manifests, [tags['1'].digest, old.digest]);
});
