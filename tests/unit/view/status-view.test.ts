import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CatalogueSummary, Repository } from '../../../src/catalogue/model.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { countCatalogue } from '../../../src/view/catalogue-totals.ts';
import { toRepositoryExtent } from '../../../src/view/repository-extent.ts';
import { toRepositorySummary } from '../../../src/view/repository-summary.ts';
import { toStatusView } from '../../../src/view/status-view.ts';
import { createImage, createRepository, createTagRecord, hour } from '../../support/catalogue-values.ts';

const settings = { title: 'Images', publicHost: 'h', alternateHosts: [], base: '/', movingTags: [] };
const calm: CatalogueSummary = {
  checkedAt: hour(9),
  changedAt: hour(8),
  beganAt: hour(0),
  registry: 'h',
  runs: 10,
  sources: [{ name: 'main', outcome: 'complete', completeAt: hour(9) }],
  withheldRepositories: 2,
  unreadRepositories: 0,
  heldBackRemovals: { repositories: 0, tags: 0 },
};

function count(repositories: readonly Repository[]) {
  return countCatalogue(
    repositories.map((repository) => ({
      summary: toRepositorySummary(repository, settings),
      extent: toRepositoryExtent(repository, settings),
    })),
  );
}

const shared = { layers: [['base', 1000]] } as const;
const name = (text: string) => ({ name: parseRepositoryName(text) });
const whole = createRepository({ '1': createImage('a', shared), '2': createImage('b', shared) }, name('b/whole'));
const empty = createRepository({}, name('c/empty'));

describe('countCatalogue', () => {
  it('counts each layer once, however many images share it', () => {
    const other = createRepository(
      {
        '1': createImage('c', {
          layers: [
            ['base', 1000],
            ['own', 5],
          ],
        }),
      },
      name('d'),
    );
    assert.deepEqual(count([whole, empty, other]), {
      repositories: 3,
      emptyRepositories: 1,
      tags: 3,
      manifests: 3,
      uniqueCompressedSizeBytes: 1005,
      isSizeLeast: false,
      incompleteRepositories: [],
    });
  });

  it('leaves removed repositories out', () => {
    assert.equal(
      count([whole, createRepository({ '1': createImage('c') }, { ...name('x'), state: 'removed' })]).tags,
      2,
    );
  });

  it('names what is not current, sorted', () => {
    const stale = { ...whole, ...name('z'), staleSince: hour(3) };
    const tags = new Map([[parseTag('9'), createTagRecord(null, { state: 'settling' })]]);
    const settling = { ...whole, ...name('a'), tags };
    assert.deepEqual(count([stale, whole, settling]).incompleteRepositories, [
      { name: 'a', staleSince: null, staleTags: 0, settlingTags: 1 },
      { name: 'z', staleSince: hour(3), staleTags: 0, settlingTags: 0 },
    ]);
  });
});

describe('toStatusView', () => {
  const stale = { ...whole, ...name('z'), staleSince: hour(3) };
  const source = (outcome: 'incomplete' | 'failed' | 'refused') => [{ name: 'main', outcome, completeAt: null }];
  for (const [what, summary, repositories, complete] of [
    ['all was read', {}, [whole, empty], true],
    ['some may not be read', { withheldRepositories: 9 }, [whole], true],
    ['a repository is stale', {}, [whole, stale], false],
    ['a repository was never read', { unreadRepositories: 1 }, [whole], false],
    ['a source broke off', { sources: source('incomplete') }, [whole], false],
    ['a source gave no answer', { sources: source('failed') }, [whole], false],
    ['a source refused', { sources: source('refused') }, [whole], false],
    ['removals of repositories are held back', { heldBackRemovals: { repositories: 1, tags: 0 } }, [whole], false],
    ['removals of tags are held back', { heldBackRemovals: { repositories: 0, tags: 1 } }, [whole], false],
    ['there is nothing', {}, [], true],
  ] as const) {
    it(`is ${complete ? '' : 'not '}complete when ${what}`, () => {
      assert.equal(toStatusView({ ...calm, ...summary }, count(repositories)).complete, complete);
    });
  }

  it('says how many of how many were read', () => {
    const view = toStatusView({ ...calm, unreadRepositories: 2 }, count([whole, empty, stale]));
    assert.equal(view.listedRepositories, 5);
    assert.equal(view.currentRepositories, 2);
  });
});
