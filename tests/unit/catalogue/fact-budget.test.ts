/** What a repository may hold, whatever its registry sends. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { createFactBudget } from '../../../src/catalogue/fact-budget.ts';
import type { ConfigFacts, Facts, ImageConfigFacts } from '../../../src/catalogue/model.ts';
import { computeDigest, type Digest } from '../../../src/oci/digest.ts';

const digestOf = (seed: string | number): Digest => computeDigest(`seed ${seed}`);

function config(over: Partial<ImageConfigFacts> = {}): ImageConfigFacts {
  return {
    withheld: false,
    createdAt: '2026-08-16T03:00:00Z',
    platform: { os: 'linux', architecture: 'amd64', variant: null, osVersion: null },
    author: null,
    user: 'app',
    workingDir: null,
    entrypoint: ['/app'],
    command: null,
    environment: ['PATH=/bin'],
    exposedPorts: [],
    volumes: [],
    stopSignal: null,
    labels: { team: 'a' },
    history: [{ createdAt: null, createdBy: 'COPY . .', comment: null, emptyLayer: false }],
    diffIds: [digestOf('layer')],
    ...over,
  };
}

const common = { mediaType: 'm', sizeBytes: 1, artifactType: null, subject: null, annotations: { key: 'value' } };
const layer = (at: number) => ({ mediaType: 'l', digest: digestOf(at), sizeBytes: 1 });
const manifest = (layers: number): Facts => ({
  shape: 'manifest',
  ...common,
  config: layer(0),
  layers: Array.from({ length: layers }, (_, at) => layer(at)),
});

/** A config of about `size` characters that no other has. */
const fat = (seed: number, size: number) =>
  config({
    labels: Object.fromEntries(Array.from({ length: size / 100 }, (_, at) => [`${seed}-${at}`, 'x'.repeat(50)])),
  });

const labelsOf = (facts: ConfigFacts | undefined) =>
  facts !== undefined && 'labels' in facts ? Object.keys(facts.labels).length : assert.fail('no config');

test('what is small is kept as it is', () => {
  const budget = createFactBudget({ known: null });
  budget.addConfig(digestOf('c'), config());
  budget.addConfig(digestOf('p'), { problem: 'invalid' });
  budget.addConfig(digestOf('h'), { chart: { name: 'web' } });
  budget.addManifest(digestOf('m'), manifest(100));
  assert.deepEqual(budget.configs.get(digestOf('c')), config());
  assert.deepEqual(budget.configs.get(digestOf('p')), { problem: 'invalid' });
  assert.deepEqual(budget.configs.get(digestOf('h')), { chart: { name: 'web' } });
  assert.deepEqual(budget.manifests.get(digestOf('m')), manifest(100));
  assert.equal(budget.cutDocuments, 0);
});

describe('one document', () => {
  it('that says too much loses its end, and what stands before stays', () => {
    const budget = createFactBudget({ known: null, mostEach: 10_000 });
    const history = Array.from({ length: 400 }, (_, at) => ({
      ...{ createdAt: null, comment: null, emptyLayer: false },
      createdBy: `${at}${'y'.repeat(100)}`,
    }));
    budget.addConfig(digestOf(1), config({ history }));
    const kept = budget.configs.get(digestOf(1)) as ImageConfigFacts;
    assert.deepEqual({ ...kept, history: [] }, config({ history: [] }));
    assert.ok(kept.history.length > 20 && kept.history.length < 100, `${kept.history.length} steps`);
    assert.deepEqual(kept.history, history.slice(0, kept.history.length));
    assert.equal(budget.cutDocuments, 1);
  });

  it('that names too many layers or children is not taken for one with fewer', () => {
    const budget = createFactBudget({ known: null, mostEach: 10_000 });
    const kept = budget.addManifest(digestOf(1), manifest(200));
    assert.equal(kept.shape, 'opaque');
    assert.match(kept.shape === 'opaque' ? (kept.problem ?? '') : '', /more than its repository has room for/);
  });

  it('keeps the same texts as the others of its repository, not copies', () => {
    const budget = createFactBudget({ known: null, mostInAll: 50_000 });
    for (let at = 0; at < 100; at++) budget.addConfig(digestOf(at), config({ labels: { same: 'z'.repeat(5000) } }));
    assert.equal(budget.cutDocuments, 0);
  });
});

describe('all documents together', () => {
  const mostInAll = 100_000;
  const documents = [
    ...Array.from({ length: 20 }, (_, at) => [digestOf(at), fat(at, 20_000)] as const),
    ...Array.from({ length: 20 }, (_, at) => [digestOf(`small ${at}`), fat(1000 + at, 200)] as const),
  ];

  function addAll(order: readonly (readonly [Digest, ConfigFacts])[]) {
    const budget = createFactBudget({ known: null, mostInAll });
    for (const [digest, one] of order) budget.addConfig(digest, one);
    return budget;
  }

  it('stay within the budget: the largest lose, the small ones nothing', () => {
    const budget = addAll(documents);
    const stored = JSON.stringify([...budget.configs.values()].map((one) => 'labels' in one && one.labels)).length;
    assert.ok(stored < mostInAll, `${stored} characters`);
    assert.equal(budget.cutDocuments, 20);
    for (const [digest, one] of documents.slice(20)) assert.deepEqual(budget.configs.get(digest), one);
    assert.ok(labelsOf(budget.configs.get(digestOf(0))) > 5);
  });

  it('are the same in the end in whatever order they came', () => {
    const forwards = addAll(documents);
    const backwards = addAll(documents.toReversed());
    const mixed = addAll([...documents].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const one of [backwards, mixed]) {
      assert.deepEqual(new Map([...one.configs].sort()), new Map([...forwards.configs].sort()));
      assert.equal(one.cutDocuments, forwards.cutDocuments);
    }
  });

  it('leave what is known as it is, and count it', () => {
    const known = { manifests: new Map(), configs: new Map(documents.slice(0, 8)) };
    const budget = createFactBudget({ known, mostInAll });
    budget.addConfig(digestOf('new'), fat(77, 20_000));
    assert.equal(budget.configs.size, 1);
    assert.equal(budget.cutDocuments, 1);
  });

  it('have what no budget has room for cut to nothing, and no more is lost', () => {
    const budget = createFactBudget({ known: null, mostInAll: 0 });
    for (const [digest, one] of documents) budget.addConfig(digest, one);
    budget.addManifest(digestOf('m'), manifest(3));
    assert.equal(budget.configs.size, documents.length);
    assert.equal(labelsOf(budget.configs.get(digestOf(0))), 0);
    assert.equal(budget.manifests.get(digestOf('m'))?.shape, 'opaque');
  });
});
