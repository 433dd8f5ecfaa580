import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepReachableFacts, withholdEnvironment } from '../../../src/catalogue/fact-keeping.ts';
import type { Content } from '../../support/catalogue-values.ts';
import {
  changeTags,
  createImage,
  createIndex,
  createMissing,
  createOpaque,
  createRepository,
  toPlatform,
} from '../../support/catalogue-values.ts';

const a = createImage('a');
const b = createImage('b');

describe('facts are kept of what tags lead to', () => {
  it('through indexes of indexes, and no further', () => {
    const nested = createIndex('i', [
      [createIndex('j', [[a, {}]]), {}],
      [createMissing('m'), {}],
    ]);
    const opaque = createOpaque('o', 'application/x');
    const repository = createRepository({ nested, opaque, gone: b });
    const kept = keepReachableFacts({
      ...repository,
      tags: new Map([...repository.tags].filter(([tag]) => tag !== 'gone')),
    });
    const expected = createRepository({ nested, opaque });
    assert.deepEqual(
      [new Set(kept.manifests.keys()), new Set(kept.configs.keys())],
      [new Set(expected.manifests.keys()), new Set(expected.configs.keys())],
    );
  });

  it('of a stale tag too, and of one that was never readable there are none', () => {
    const repository = changeTags(createRepository({ a }), {
      a: { state: 'stale' },
      x: { digest: null, state: 'settling' },
    });
    const kept = keepReachableFacts(repository);
    assert.deepEqual([kept.manifests, kept.configs], [repository.manifests, repository.configs]);
  });

  it('of every tag that shares them', () => {
    const shared = createImage('shared');
    const kept = keepReachableFacts(createRepository({ x: shared, y: createIndex('i', [[shared, {}]]) }));
    assert.equal(kept.manifests.size, 2);
  });

  it('leaves what it was given as it was', () => {
    const repository = createRepository({ a, b });
    keepReachableFacts({ ...repository, tags: new Map() });
    assert.equal(repository.manifests.size, 2);
  });
});

describe('withholding the environment', () => {
  const secret = createImage('secret', {
    platform: toPlatform('linux/amd64'),
    config: {
      environment: ['PATH=/bin', 'TOKEN=hunter2=x', 'EMPTY=', 'NAME'],
      history: [{ createdAt: null, createdBy: 'RUN curl -H hunter2', comment: null, emptyLayer: false }],
      labels: { maintainer: 'ada' },
      command: ['serve'],
    },
  });
  const chart: Content = {
    ...a,
    configs: new Map([...a.configs.keys()].map((digest) => [digest, { chart: { name: 'web' } }])),
  };
  const repository = createRepository({ secret, chart });

  it('leaves the names of variables, and no history', () => {
    const [config] = [...withholdEnvironment(repository).configs.values()];
    assert.ok(config && 'diffIds' in config);
    assert.deepEqual(config.environment, ['PATH', 'TOKEN', 'EMPTY', 'NAME']);
    assert.deepEqual(
      [config.withheld, config.history, config.labels, config.command],
      [true, [], { maintainer: 'ada' }, ['serve']],
    );
    assert.doesNotMatch(JSON.stringify([...withholdEnvironment(repository).configs]), /hunter2/);
  });

  it('is done once', () => {
    const withheld = withholdEnvironment(repository);
    assert.equal(withholdEnvironment(withheld), withheld);
  });

  it('has nothing to do where there is no image', () => {
    const other = createRepository({ chart });
    assert.equal(withholdEnvironment(other), other);
  });
});
