import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toTombstoneView } from '../../../src/view/tombstone-view.ts';
import { createSampleWorld } from '../../support/sample-world.ts';

const { site, repositories } = createSampleWorld({ base: '/images/' });
const removed = repositories.find(({ state }) => state === 'removed');
assert.ok(removed, 'the sample has a removed repository');

describe('a tombstone', () => {
  it('is for what is gone only', () => {
    for (const repository of repositories) {
      assert.equal(toTombstoneView(repository, site) !== null, repository.state === 'removed', repository.name);
    }
  });

  it('says when it went, what was recommended last, and where its neighbours are', () => {
    const event = { type: 'removed', tag: null, from: null, to: null, ordinal: 9, run: 9, firstSeenAt: null } as const;
    const went = { notBefore: '2026-11-20T13:07:00Z', notAfter: '2026-11-20T14:07:00Z' };
    const view = toTombstoneView({ ...removed, events: [{ ...event, ...went }] }, site);
    assert.deepEqual(view?.removed, went);
    assert.equal(view?.firstSeenAt, removed.firstSeenAt);
    assert.equal(view?.tagCount, removed.tags.size);
    assert.ok(view?.last === null || removed.tags.has(view?.last.tag as never));
    assert.deepEqual(view?.neighbours, { text: 'Images in services/', href: '/images/services/' });
  });

  it('does not say when where nobody noted it', () => {
    assert.equal(toTombstoneView({ ...removed, events: [] }, site)?.removed, null);
  });
});
