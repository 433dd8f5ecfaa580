import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listBaseRepositories } from '../../../src/catalogue/dependents.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { listImageLineages, pickJudgedRow } from '../../../src/view/image-lineage.ts';
import { listLineageViews } from '../../../src/view/lineage-view.ts';
import { createSite } from '../../../src/view/site.ts';
import { createLineageWorld, stack, worldHost } from '../../support/lineage-world.ts';

const plain = (...layers: readonly string[]) => stack({ layers });

/** A base of two versions, production images on both, a service on the older of those. */
const { index, lineage } = createLineageWorld({
  bookworm: { 20260101: plain('d1'), 20260108: plain('d2') },
  node: { '1.0': plain('d1', 'n1'), '1.1': plain('d2', 'n2') },
  app: { '1.0': plain('d1', 'n1', 'a') },
  outside: { 1: stack({ layers: ['x'], claim: { name: 'docker.io/library/alpine:3' } }) },
  lying: { 1: stack({ layers: ['y'], claim: { name: `${worldHost}/bookworm:20260101` } }) },
  alone: { 1: plain('z') },
});
const images = listImageLineages(index, lineage, () => null);
const of = (name: string) => images.get(parseRepositoryName(name)) ?? null;
const settings = { title: 'Images', publicHost: worldHost, alternateHosts: [], base: '/', movingTags: [] };
const entries = [...index.repositories.values()].map(({ name }) => ({ name, state: 'listed' as const }));

describe('the lineage of an image', () => {
  it('is of the tag that one would pull', () => {
    assert.equal(of('node')?.tag, '1.1');
    assert.deepEqual(
      of('node')?.bases.map(({ name, tag, behind }) => [name, tag, behind]),
      [['bookworm', '20260108', 0]],
    );
    assert.equal(of('node')?.isOutdated, false);
  });

  it('goes on to what the base stands on, and is outdated where any of it is', () => {
    assert.deepEqual(
      [...(of('app')?.bases ?? []), ...(of('app')?.further ?? [])].map(({ name, tag, behind }) => [name, tag, behind]),
      [
        ['node', '1.0', 1],
        ['bookworm', '20260101', 1],
      ],
    );
    assert.equal(of('app')?.isOutdated, true);
  });

  it('names what is built on the image', () => {
    assert.deepEqual(of('bookworm')?.builtOn, ['app', 'node']);
    assert.equal(of('bookworm')?.builtOnCount, 2);
  });

  it('is absent where nothing is known', () => assert.equal(of('alone'), null));
});

it('the page of bases has every image under each version that it stands on, newest version first', () => {
  const bases = listBaseRepositories(index.repositories.values(), lineage);
  const judged = new Set([...index.repositories.values()].map((repository) => pickJudgedRow(repository, null)));
  const [view] = listLineageViews(bases, (row) => judged.has(row), createSite(settings, entries));
  assert.deepEqual(
    view?.bases.map(({ name, outdatedCount, versions }) => [
      name,
      outdatedCount,
      ...versions.map(({ tag, images: standing, otherTagCount }) =>
        [tag, ...standing.map((image) => [image.name, ...image.via].join(' via ')), otherTagCount].join(', '),
      ),
    ]),
    [
      ['bookworm', 1, '20260108, node, 0', '20260101, app via node:1.0, 1'],
      ['node', 1, '1.0, app, 0'],
    ],
  );
  assert.equal(view?.imageCount, 2);
  assert.equal(view?.outdatedCount, 1);
});
