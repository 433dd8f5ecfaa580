import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completeSearchables, toSearchableRepository } from '../../../src/api/searchable-repository.ts';
import type { Repository } from '../../../src/catalogue/model.ts';
import { parseRepositoryName } from '../../../src/oci/reference.ts';
import { toSearchedDescription } from '../../../src/search/search-record.ts';
import type { BaseNote, ImageLineage } from '../../../src/view/image-lineage.ts';
import { toRepositorySummary } from '../../../src/view/repository-summary.ts';
import { createImage, createIndex, createRepository, hour, toPlatform } from '../../support/catalogue-values.ts';

const settings = {
  title: 'Images',
  publicHost: 'registry.example.org',
  alternateHosts: ['internal.example.org'],
  base: '/',
  movingTags: ['latest'],
};
const toSearchable = (repository: Repository) =>
  toSearchableRepository(repository, toRepositorySummary(repository, settings), settings);

const base = (name: string) => ({ 'org.opencontainers.image.base.name': name });
const amd64 = createImage('amd64', {
  createdAt: '2026-02-01T10:00:00Z',
  layers: [['l', 107]],
  config: { labels: { team: 'releng', ...base('internal.example.org/debian:13') } },
});
const index = createIndex('index', [[amd64, { platform: toPlatform('linux/amd64') }]]);

describe('toSearchableRepository', () => {
  const found = toSearchable(createRepository({ latest: index, '2.0': index, '1.0': createImage('older') }));

  it('says what a row of results shows', () => {
    const { digests: _, labels: __, ...record } = found;
    assert.deepEqual(record, {
      name: 'releng/node24',
      description: null,
      tagCount: 3,
      recommendedTag: '2.0',
      createdOn: '2026-02-01',
      compressedSizeBytes: 107,
      platforms: ['linux/amd64'],
      kinds: ['image', 'image-index'],
      bases: ['debian:13'],
      state: 'current',
      isBaseOutdated: false,
      path: null,
      tags: ['2.0', 'latest', '1.0'],
    });
  });

  it('names every digest that a tag leads to, and what it is', () => {
    const digests = [...found.digests];
    assert.deepEqual(
      digests.slice(0, 4).map(({ digest, kind, tag }) => [digest, kind, tag]),
      [
        [index.digest, 'index', '2.0'],
        [amd64.digest, 'manifest', '2.0'],
        [[...amd64.configs.keys()][0], 'config', '2.0'],
        [digests[3]?.digest, 'layer', '2.0'],
      ],
    );
    assert.ok(digests.some(({ tag }) => tag === '1.0'));
  });

  it('has the labels of the recommended tag', () => {
    assert.deepEqual([...found.labels][0], ['team', 'releng']);
  });

  it('knows no base of another registry', () => {
    const foreign = createImage('x', { config: { labels: base('docker.io/library/debian:13') } });
    assert.deepEqual(toSearchable(createRepository({ '1': foreign })).bases, []);
  });

  it('says where a page lives that does not live where it should, and what is stale', () => {
    const name = parseRepositoryName('v2/thing');
    const { path, state } = toSearchable(createRepository({}, { name, staleSince: hour(1) }));
    assert.deepEqual([path, state], ['-/repositories/v2/thing/tags/', 'stale']);
  });
});

describe('completeSearchables', () => {
  const note = (name: string, alsoNamed: readonly string[] = []) =>
    ({ name, tag: '1', alsoNamed: alsoNamed.map((other) => ({ name: other, tag: '1' })) }) as unknown as BaseNote;
  const none = { bases: [], beneath: [], further: [], denied: [] };
  const lineage = (over: Partial<ImageLineage>) => ({ ...none, ...over }) as unknown as ImageLineage;
  const name = parseRepositoryName('releng/node24');
  const complete = async (over: Partial<ImageLineage> | null, bases: readonly string[] = [], notes = {}) => {
    const plain = { ...toSearchable(createRepository({}, { name })), bases };
    const lineages = new Map(over === null ? [] : [[name, lineage(over)] as const]);
    const source = (async function* () {
      yield plain;
    })();
    const [found] = await Array.fromAsync(completeSearchables(source, { notesOf: () => notes }, lineages));
    assert.ok(found);
    return found;
  };

  it('adds the bases that the layers tell of to the one that the image names, each once', async () => {
    const over = {
      bases: [note('debian', ['bookworm'])],
      beneath: [note('scratch-tools')],
      further: [note('bookworm')],
    };
    assert.deepEqual((await complete(over)).bases, ['debian', 'bookworm', 'scratch-tools']);
    assert.deepEqual((await complete(over, ['debian:13'])).bases, ['debian:13', 'bookworm', 'scratch-tools']);
    assert.deepEqual((await complete(null, ['debian:13'])).bases, ['debian:13']);
  });

  it('believes no name that the layers deny', async () => {
    const denied = [{ platforms: null, text: 'registry.example.org/debian:13' }];
    assert.deepEqual((await complete({ denied }, ['debian:13'])).bases, []);
    assert.deepEqual((await complete({ denied, bases: [note('bookworm')] }, ['debian:13'])).bases, ['bookworm']);
  });

  it('lets the operator describe an image, and say that it is deprecated', async () => {
    const { description, state } = await complete(null, [], { description: 'Ours', deprecatedSince: '2026-01-01' });
    assert.deepEqual([description, state], ['Ours', 'deprecated']);
    assert.equal((await complete(null)).state, 'current');
  });

  it('finds an image by its owner, by words and as a label, however long its description is', async () => {
    const owner = 'Release Engineering,\nhttps://wiki.example.org/releng';
    const { description, labels } = await complete(null, [], { description: 'Ours', owner });
    assert.equal(description, 'Ours · Release Engineering, https://wiki.example.org/releng');
    assert.deepEqual([...labels].at(-1), ['owner', owner]);
    const long = await complete(null, [], { description: 'word '.repeat(60), owner });
    assert.match(toSearchedDescription(long.description) ?? '', /^word .* · Release Engineering, .*releng$/);
    assert.match((await complete(null, [], { owner })).description ?? '', /Release Engineering/);
    assert.equal(new Map((await complete(null)).labels).has('owner'), false);
  });
});
