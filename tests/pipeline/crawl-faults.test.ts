/** A registry behind a proxy that spoils a fifth of all answers: the crawl ends with everything, or says what it lacks. */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { fillDemoCatalogue } from '../../scripts/demo-registry/catalogue/fill-demo-catalogue.ts';
import { createRegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import type { Repository } from '../../src/catalogue/model.ts';
import { parseRepositoryName } from '../../src/oci/reference.ts';
import type { SnapshotIndex } from '../../src/snapshot/index.schema.ts';
import type { SnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { type FaultKind, faultKinds } from '../support/fault-proxy.ts';
import { useCrawls } from '../support/use-crawl.ts';
import { useDemoRegistry, useFaultProxy } from '../support/use-server.ts';

/** A part of the demo's catalogue with one of everything: indexes, attestations, charts, signatures, empty repositories. */
function createSample() {
  const store = createRegistryStore();
  const wanted = /^(?:releng\/(?:r|u|helm|node26)|repos\/releng|charts\/|pause$|coredns$)/;
  fillDemoCatalogue(store, { layerScale: 0.001, selects: (name) => wanted.test(name) });
  return store;
}

async function readAll(store: SnapshotStore, index: SnapshotIndex): Promise<ReadonlyMap<string, Repository>> {
  const all = await Promise.all(index.repositories.map((entry) => store.readRepository(entry)));
  return new Map(all.map((repository) => [repository.name, repository]));
}

const store = createSample();

/** Whatever a spoiled crawl knows is true; and whatever it does not know it does not hide. */
function assertHonest(
  found: ReadonlyMap<string, Repository>,
  counts: { unread: number; stale: number },
  tags: number,
): void {
  let lacking = 0;
  let unsure = 0;
  for (const { name, tags: stored } of store.repositories()) {
    const repository = found.get(name);
    if (repository === undefined || repository.state === 'unread' || repository.staleSince !== null) lacking++;
    for (const [tag, digest] of stored) {
      const record = repository?.tags.get(tag);
      if (record === undefined) {
        assert.ok(
          repository === undefined || repository.state === 'unread' || repository.staleSince !== null,
          `${name}:${tag} is silently lost`,
        );
      } else if (record.digest === null) {
        assert.equal(record.state, 'settling', `${name}:${tag}`);
        unsure++;
      } else {
        assert.equal(record.digest, digest, `${name}:${tag}`);
        if (record.state !== 'current') unsure++;
      }
    }
    for (const tag of repository?.tags.keys() ?? []) assert.ok(stored.has(tag), `${name}:${tag} was never there`);
  }
  assert.equal(lacking > 0, counts.unread + counts.stale > 0);
  assert.equal(unsure > 0, tags > 0);
}

describe('a fifth of all answers spoiled', () => {
  for (const seed of ['one', 'two', 'three']) {
    it(`with seed ${seed}`, async (t) => {
      const registry = await useDemoRegistry(t, { store, recordsRequests: false });
      const proxy = await useFaultProxy(t, registry.url, { seed, rate: 0.2, delayMs: 5 });
      const crawls = await useCrawls(t);
      const settings = { sources: [{ url: proxy.url }] };
      const first = await crawls.run(settings);
      assert.ok(proxy.faults.length > proxy.requestCount * 0.15, 'the proxy did its work');
      assert.ok((first.requests[0]?.retries ?? 0) > 0);
      const { repositories, tags } = first.counts;
      assertHonest(await readAll(crawls.store, first.index), repositories, tags.stale + tags.settling);

      // Nothing is lost by a second spoiled run, and a run without faults mends everything.
      const second = await crawls.run(settings);
      assert.ok(second.index.repositories.length >= first.index.repositories.length);
      assert.deepEqual(
        second.index.repositories.filter(({ state }) => state === 'removed'),
        [],
      );
      const { repositories: again, tags: tagsAgain } = second.counts;
      assertHonest(await readAll(crawls.store, second.index), again, tagsAgain.stale + tagsAgain.settling);
      proxy.heal();
      const last = await crawls.run(settings);
      const { stale, unread } = last.counts.repositories;
      assert.deepEqual([stale, unread, last.counts.tags.stale, last.counts.tags.settling], [0, 0, 0, 0]);
      assert.equal(last.index.sources[0]?.outcome, 'complete');

      const direct = await useCrawls(t);
      const expected = await direct.run({ sources: [{ url: registry.url }] });
      const found = await readAll(crawls.store, last.index);
      for (const [name, repository] of await readAll(direct.store, expected.index)) {
        const mended = found.get(name) ?? assert.fail(name);
        assert.deepEqual(sorted(mended.manifests), sorted(repository.manifests), name);
        assert.deepEqual(sorted(mended.configs), sorted(repository.configs), name);
        assert.deepEqual([...mended.tags.keys()].sort(), [...repository.tags.keys()].sort(), name);
      }
      assert.equal(found.size, expected.index.repositories.length);
    });
  }
});

const sorted = <Value>(map: ReadonlyMap<string, Value>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

for (const kind of faultKinds) {
  test(`half of all answers spoiled by ${kind} end in an honest crawl, or in none`, async (t) => {
    const registry = await useDemoRegistry(t, { store, recordsRequests: false });
    const proxy = await useFaultProxy(t, registry.url, {
      seed: 'half',
      rate: 0.5,
      kinds: [kind as FaultKind],
      delayMs: 2,
    });
    const crawls = await useCrawls(t);
    const settings = { sources: [{ url: proxy.url, retries: 2 }] };
    const first = await crawls.run(settings).catch((error: { code: string }) => error);
    if ('code' in first) {
      assert.equal(first.code, 'NO_SOURCE_ANSWERED');
      assert.equal(await crawls.store.readIndex(), null);
      return;
    }
    const { repositories, tags } = first.counts;
    assertHonest(await readAll(crawls.store, first.index), repositories, tags.stale + tags.settling);
  });
}

test('a registry that goes away in the middle of a run takes nothing with it', async (t) => {
  const registry = await useDemoRegistry(t, { store, recordsRequests: false });
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url, retries: 0 }] };
  const first = await crawls.run(settings);
  const before = await readAll(crawls.store, first.index);
  let asked = 0;
  registry.script({
    path: () => ++asked > 40,
    times: 'always',
    respond: { status: 200, cut: 'before-headers' },
  });
  const second = await crawls.run(settings);
  assert.ok(second.counts.repositories.stale > 0);
  for (const [name, repository] of await readAll(crawls.store, second.index)) {
    assert.deepEqual([...repository.tags.keys()], [...(before.get(name)?.tags.keys() ?? [])], name);
    assert.deepEqual(sorted(repository.manifests), sorted(before.get(name)?.manifests ?? new Map()), name);
  }
  assert.equal(second.index.repositories.length, before.size);
  assert.ok(store.repository(parseRepositoryName('pause')));
});
