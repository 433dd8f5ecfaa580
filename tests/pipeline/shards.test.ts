/** A catalogue that is crawled in shards is the one that a single crawl would have made, and is never worse than what stood. */
import assert from 'node:assert/strict';
import { cp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, test } from 'node:test';
import type { DemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import { encodeImage, putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { createRegistryStore, type RegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { isOfShard } from '../../src/crawl/shard.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import type { Report } from '../../src/run/report.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';
import { type Catalogue, readAll, useCatalogues } from '../support/use-shards.ts';

const remove = (store: RegistryStore, name: string) => store.deleteRepository(parseRepositoryName(name));

/** An image whose label names others. */
function putMentioning(store: RegistryStore, name: string, tag: string, text: string): void {
  const config = { Labels: { 'org.opencontainers.image.base.name': text, about: `built on ${text}` } };
  const image = encodeImage({ config, layers: [], history: [{ created_by: `COPY --from=${text} /x /x` }] });
  putContent(store, parseRepositoryName(name), image, [parseTag(tag)]);
}

/** From now on nobody may read what lies beneath a path. */
function close(registry: DemoRegistry, path: string): void {
  const isClosed = (request: { readonly path: string }) => request.path.startsWith(`/v2/${path}/`);
  const headers = { 'WWW-Authenticate': 'Basic realm="vault"' };
  registry.script({ path: isClosed, times: 'always', respond: { status: 401, headers } });
}

/** A report without what a run in one and a run in several say differently: how often they listed. */
function withoutRequests({ sources, command: _, shards: __, durationsMs: ___, ...report }: Report): unknown {
  return {
    ...report,
    sources: sources.map(({ name, outcome, listed, failure }) => ({ name, outcome, listed, failure })),
  };
}

/** An hour of one crawl and of three shards, which come to the same. Resolves to the report of the shards' merge. */
async function crawlAlike(single: Catalogue, several: Catalogue, at: number) {
  const [whole, joined] = [await single.crawl(at), await several.crawlInShards(3, at)];
  assert.deepEqual(await several.snapshot(), await single.snapshot(), `in hour ${at}`);
  assert.deepEqual([joined.exitCode, joined.repositories], [whole.exitCode, whole.repositories], `in hour ${at}`);
  return joined;
}

test('hour after hour, shards and their merge leave the same snapshot, site and report as one crawl', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore(9) });
  const { store, url } = registry;
  putMentioning(store, 'web/about', '1.0', 'registry.example/vault/keys:1.0');
  putSmallImage(store, 'vault/keys', '1.0');
  putSmallImage(store, 'hidden/one', '1.0');
  putMentioning(store, 'web/hides', '1.0', 'registry.example/hidden/one:1.0');
  const of = await useCatalogues(t, {
    sources: [{ url }],
    exclude: ['hidden/**'],
    revalidate: [{ tags: ['**', '!latest'], everyHours: 3 }],
    siteUrl: 'https://images.example.org/',
  });
  const [single, several] = [of('single'), of('several')];
  const happenings: readonly (() => unknown)[] = [
    () => undefined,
    () => putSmallImage(store, 'base', 'latest', '2026-08-18T00:00:00Z'),
    () => {
      putSmallImage(store, 'new/one', '1.0');
      putMentioning(store, 'new/two', '1.0', 'registry.example/vault/keys:2.0');
    },
    () => {
      store.deleteTag(parseRepositoryName('web/front'), parseTag('2.0'));
      remove(store, 'bulk/03');
    },
    () => undefined,
    () => close(registry, 'vault'),
    () => putMentioning(store, 'new/two', '2.0', 'registry.example/vault/keys:3.0'),
    () => putSmallImage(store, 'bulk/03', '2.0'),
  ];
  let removals = 0;
  for (const [at, happen] of happenings.entries()) {
    happen();
    const one = await single.crawl(at);
    const all = await several.crawlInShards(at % 4 < 2 ? 3 : 4, at);
    assert.deepEqual(withoutRequests(all), withoutRequests(one), `hour ${at}`);
    assert.deepEqual(await several.snapshot(), await single.snapshot(), `hour ${at}`);
    removals += one.repositories?.removed ?? 0;
    if (at % 3 === 2) {
      for (const catalogue of [single, several]) await catalogue.build(at);
      const [expected, built] = [await single.site(), await several.site()];
      assert.ok(Object.keys(expected).length > 60);
      assert.deepEqual(built, expected, `hour ${at}`);
    }
    if (at >= 5) {
      const bytes = JSON.stringify([await readAll(several.stateDir), await several.site()]);
      const found = bytes.match(/.{40}(?:vault|hidden\/one).{20}/)?.[0];
      assert.equal(found, undefined, `hour ${at}: not in the folders of the shards either`);
    }
  }
  assert.equal(removals, 1);
});

describe('what is not there or not to be trusted', () => {
  const bulk = (at: number) => `bulk/${String(at).padStart(2, '0')}`;
  const all = Array.from({ length: 12 }, (_, at) => bulk(at));
  const ofShard = (number: number, count: number) => all.filter((name) => isOfShard(name, { number, count }));

  async function useTwelve(t: Parameters<typeof useDemoRegistry>[0], over: object = {}) {
    const { store, url } = await useDemoRegistry(t, { store: createSmallStore(12) });
    const of = await useCatalogues(t, { sources: [{ url }], ...over });
    const catalogue = of('one');
    const repository = async (name: string) => {
      const entry = (await catalogue.index()).repositories.find((one) => one.name === name);
      assert.ok(entry, name);
      const snapshot = createSnapshotStore(catalogue.stateDir);
      return snapshot.readHistory(await snapshot.readRepository(entry));
    };
    const folder = (number: number, count: number) => join(catalogue.stateDir, 'shards', `${number}-of-${count}`);
    return { store, url, catalogue, repository, folder };
  }

  it('leaves the repositories of a missing shard as they were, stale, and says so', async (t) => {
    const { store, catalogue, repository } = await useTwelve(t);
    await catalogue.crawlInShards(2, 0);
    for (const name of all) putSmallImage(store, name, '2.0');
    await catalogue.shard(1, 2, 1);
    const report = await catalogue.merge(1);
    assert.equal(report.exitCode, 3);
    assert.deepEqual(report.shards, { count: 2, joined: [1], missing: [{ shard: '2/2', reason: 'it left nothing' }] });
    assert.ok(report.findings.some(({ code, count }) => code === 'shard-missing' && count === 1));
    const [seen, missed] = [ofShard(1, 2), ofShard(2, 2)];
    assert.ok(seen.length > 2 && missed.length > 2);
    for (const name of seen) assert.deepEqual([...(await repository(name)).tags.keys()], ['1.0', '2.0']);
    for (const name of missed) {
      const { tags, staleSince, state } = await repository(name);
      assert.deepEqual([[...tags.keys()], staleSince, state], [['1.0'], '2026-03-01T00:07:00Z', 'listed']);
    }
    const { sources, heldBackRemovals } = await catalogue.index();
    assert.deepEqual(sources, [{ name: 'main', outcome: 'incomplete', completeAt: '2026-03-01T00:07:00Z' }]);
    assert.deepEqual(heldBackRemovals, { repositories: 0, tags: 0 });

    // It comes too late, and then there is the next hour.
    const mended = await catalogue.crawlInShards(2, 2);
    assert.equal(mended.exitCode, 0);
    for (const name of missed)
      assert.deepEqual(
        (await repository(name)).events.map(({ type }) => type),
        ['added'],
      );
  });

  it('changes nothing when the same shards are merged again, also if all of the next hour fail', async (t) => {
    const { catalogue, url } = await useTwelve(t);
    await catalogue.shard(1, 2, 0);
    const [shards, left] = [join(catalogue.stateDir, 'shards'), join(catalogue.stateDir, 'left')];
    await cp(shards, left, { recursive: true });
    const first = await catalogue.merge(0);
    assert.equal(first.exitCode, 3);
    const before = await readAll(join(catalogue.stateDir, 'snapshot'));
    // As if it had been killed after its commit.
    await rm(shards, { recursive: true });
    await rename(left, shards);
    const again = await catalogue.merge(1);
    assert.deepEqual([again.exitCode, again.repositories], [3, null]);
    assert.deepEqual(again.shards, {
      ...{ count: 2, joined: [1] },
      missing: [{ shard: '2/2', reason: 'it was missing when these were merged' }],
    });
    assert.deepEqual(await readAll(join(catalogue.stateDir, 'snapshot')), before);
    await assert.rejects(catalogue.merge(1), { code: 'NO_SHARD', message: /crawled since 2026-03-01T00:07:00Z/ });
    assert.deepEqual(await readAll(join(catalogue.stateDir, 'snapshot')), before);
    const dead = { sources: [{ url: url.replace(/\d+$/, '1'), retries: 0 }], publicHost: new URL(url).host };
    for (const number of [1, 2]) {
      await assert.rejects(catalogue.shard(number, 2, 2, dead), { code: 'NO_SOURCE_ANSWERED' });
    }
    await assert.rejects(catalogue.merge(2), { code: 'NO_SHARD' });
    assert.deepEqual(await readAll(join(catalogue.stateDir, 'snapshot')), before);
  });

  it('takes no shard of another snapshot, nor any that is broken', async (t) => {
    const { store, catalogue, folder } = await useTwelve(t);
    await catalogue.crawlInShards(3, 0);
    for (const name of all) putSmallImage(store, name, '2.0');
    await catalogue.shard(1, 3, 1);
    await cp(folder(1, 3), `${folder(1, 3)}-old`, { recursive: true });
    await catalogue.shard(2, 3, 1);
    await catalogue.shard(3, 3, 1);
    await catalogue.merge(1);
    for (const name of all) putSmallImage(store, name, '3.0');
    for (const number of [1, 2, 3]) await catalogue.shard(number, 3, 2);
    await rm(folder(1, 3), { recursive: true });
    await rename(`${folder(1, 3)}-old`, folder(1, 3));
    const files = Object.keys(await readAll(join(folder(2, 3), 'snapshot'))).filter((file) => file.endsWith('.json'));
    const broken = join(folder(2, 3), 'snapshot', files[0] ?? '');
    await writeFile(broken, (await readFile(broken, 'utf8')).replace('"3.0"', '"4.0"'));
    const report = await catalogue.merge(2);
    assert.equal(report.exitCode, 3);
    assert.deepEqual(report.shards?.joined, [3]);
    const [older, changed] = report.shards?.missing ?? [];
    assert.match(older?.reason ?? '', /another snapshot/);
    assert.match(changed?.reason ?? '', /its bytes are not those that were written/);
    assert.doesNotMatch(JSON.stringify(await catalogue.snapshot()), /"4\.0"/);
  });

  const wrong: readonly [string, (world: Awaited<ReturnType<typeof useTwelve>>) => Promise<unknown>, object][] = [
    [
      'shards of two numbers',
      async ({ catalogue }) => {
        await catalogue.shard(1, 2, 0);
        await catalogue.shard(1, 3, 0);
      },
      { code: 'SHARDS_DIFFER', message: /shards of 2 and of 3/ },
    ],
    [
      'one that hides other names',
      async ({ catalogue }) => {
        await catalogue.shard(1, 2, 0, { exclude: ['bulk/03'] });
        await catalogue.shard(2, 2, 0);
      },
      { name: 'SettingsError', message: /1\/2 was crawled with other settings/ },
    ],
    ['none', async () => undefined, { code: 'NO_SHARD', message: /there are none/ }],
  ];
  for (const [what, prepare, error] of wrong) {
    it(`refuses ${what}, and does nothing`, async (t) => {
      const world = await useTwelve(t);
      await prepare(world);
      await assert.rejects(world.catalogue.merge(0), error);
      await assert.rejects(world.catalogue.index(), /no snapshot/);
    });
  }

  it('takes the newest that are all there where a merge was lost and the number is another now', async (t) => {
    const { store, catalogue, repository, folder } = await useTwelve(t);
    await catalogue.crawlInShards(2, 0);
    const put = (version: string) => {
      for (const name of all) putSmallImage(store, name, version);
    };
    const shards = async (count: number, at: number, numbers = Array.from({ length: count }, (_, one) => one + 1)) => {
      for (const number of numbers) await catalogue.shard(number, count, at);
    };
    const versions = async () => [...(await repository('bulk/03')).tags.keys()];
    put('2.0');
    await shards(4, 1);
    put('3.0');
    await shards(3, 2);
    const newest = await catalogue.merge(2);
    assert.deepEqual([newest.exitCode, newest.shards?.count], [0, 3]);
    assert.deepEqual(await versions(), ['1.0', '2.0', '3.0']);
    assert.deepEqual(await readAll(join(folder(1, 4), 'snapshot')).catch(() => ({})), {});

    // Those that are all there, though others looked later.
    put('4.0');
    await shards(4, 3);
    put('5.0');
    await shards(3, 4, [1, 2]);
    const whole = await catalogue.merge(4);
    assert.deepEqual([whole.exitCode, whole.shards?.count], [0, 4]);
    assert.deepEqual(await versions(), ['1.0', '2.0', '3.0', '4.0']);

    // Of none all are there: which are meant?
    await shards(4, 5, [1, 2]);
    await shards(3, 6, [1]);
    await assert.rejects(catalogue.merge(6), { code: 'SHARDS_DIFFER', message: /of 3 in .*1-of-3\nof 4 in .*2-of-4$/ });
    await rm(folder(1, 3), { recursive: true });
    assert.equal((await catalogue.merge(6)).exitCode, 3);
  });

  it('passes over what is all there and went by other settings', async (t) => {
    const { catalogue } = await useTwelve(t);
    for (const number of [1, 2]) await catalogue.shard(number, 2, 0, { exclude: ['bulk/03'] });
    for (const number of [1, 2, 3]) await catalogue.shard(number, 3, 0);
    const { exitCode, shards } = await catalogue.merge(0);
    assert.deepEqual([exitCode, shards?.count], [0, 3]);
  });

  it('refuses a shard that was given other names, and drops none of them', async (t) => {
    const { url, catalogue, folder } = await useTwelve(t);
    const names = join(catalogue.stateDir, '../..', 'names');
    const give = (given: readonly string[]) => writeFile(names, `${given.join('\n')}\n`);
    const over = { sources: [{ url, repositories: names }] };
    await give(all);
    for (const number of [1, 2]) await catalogue.shard(number, 2, 0, over);
    assert.equal((await catalogue.merge(0, { over })).exitCode, 0);
    const before = await catalogue.snapshot();
    const error = { name: 'SettingsError', message: /shard 1\/2 was given other names of the source main/ };
    for (const missing of [false, true]) {
      await give(all.slice(0, 3));
      await catalogue.shard(1, 2, 1, over);
      await give(all.toReversed());
      if (missing) await rm(folder(2, 2), { recursive: true });
      else await catalogue.shard(2, 2, 1, over);
      await assert.rejects(catalogue.merge(1, { over }), error);
      assert.deepEqual(await catalogue.snapshot(), before);
    }
    for (const number of [1, 2]) await catalogue.shard(number, 2, 2, over);
    assert.equal((await catalogue.merge(2, { over })).exitCode, 0, 'in another order they are the same');
    assert.equal((await catalogue.index()).repositories.length, all.length);
    // Who takes names away in all of them means it.
    await give(all.slice(0, 6));
    for (const number of [1, 2]) await catalogue.shard(number, 2, 3, over);
    assert.equal((await catalogue.merge(3, { over })).exitCode, 0);
    assert.equal((await catalogue.index()).repositories.length, 6);
  });

  it('refuses a shard that is named twice', async (t) => {
    const { catalogue, folder } = await useTwelve(t);
    await catalogue.shard(1, 2, 0);
    await cp(folder(1, 2), join(catalogue.stateDir, 'copy'), { recursive: true });
    const folders = [folder(1, 2), join(catalogue.stateDir, 'copy')];
    await assert.rejects(catalogue.merge(0, { folders }), { code: 'SHARDS_DIFFER', message: /two shards 1\/2/ });
  });

  it('holds removals back by the whole, and believes those that are few in it and many in a shard', async (t) => {
    const { store, catalogue, repository } = await useTwelve(t);
    await catalogue.crawlInShards(4, 0);
    // All of one shard, and few of the whole.
    const gone = ofShard(1, 4);
    assert.ok(gone.length >= 1 && gone.length <= 5, gone.join(' '));
    for (const name of gone) remove(store, name);
    await catalogue.crawlInShards(4, 1);
    const third = await catalogue.crawlInShards(4, 2);
    assert.deepEqual([third.exitCode, third.repositories?.removed], [0, gone.length]);
    // What any of the others would let go is too many for the whole.
    const shares = [2, 3, 4].map((number) => ofShard(number, 4).slice(0, 5));
    const many = shares.flat();
    assert.ok(many.length > 5 && shares.filter((share) => share.length > 0).length > 1, many.join(' '));
    for (const name of many) remove(store, name);
    await catalogue.crawlInShards(4, 3);
    const held = await catalogue.crawlInShards(4, 4);
    assert.deepEqual([held.exitCode, held.heldBackRemovals], [65, { repositories: many.length, tags: 0 }]);
    for (const name of many) assert.equal((await repository(name)).state, 'listed');
    const late = catalogue.merge(4, { acceptRemovals: true });
    await assert.rejects(late, { code: 'ALREADY_MERGED', hint: /Crawl every shard again, then/ });
    const accepted = await catalogue.crawlInShards(4, 5, true);
    assert.deepEqual([accepted.exitCode, accepted.repositories?.removed], [0, many.length]);
  });

  it('keeps the history of every repository when the number of shards changes', async (t) => {
    const { store, catalogue, repository } = await useTwelve(t);
    await catalogue.crawl(0);
    for (const name of all) putSmallImage(store, name, '2.0');
    await catalogue.crawlInShards(2, 1);
    for (const name of all) putSmallImage(store, name, '3.0');
    const report = await catalogue.crawlInShards(3, 2);
    assert.deepEqual([report.exitCode, report.repositories?.changed, report.repositories?.new], [0, 12, 0]);
    for (const name of all) {
      const { events, tags } = await repository(name);
      assert.deepEqual(
        events.map(({ type, tag }) => `${type} ${tag}`),
        ['added 2.0', 'added 3.0'],
        name,
      );
      assert.equal(tags.get(parseTag('1.0'))?.firstSeenAt, '2026-03-01T00:07:00Z');
    }
    const { beganAt, runs } = await catalogue.index();
    assert.deepEqual([beganAt, runs], ['2026-03-01T00:07:00Z', 3]);
  });

  it('hides what settings hide from then on, though the snapshot that the shards went by had it', async (t) => {
    const { store, catalogue } = await useTwelve(t);
    putMentioning(store, 'web/about', '1.0', 'registry.example/bulk/03:1.0');
    await catalogue.crawlInShards(2, 0);
    await catalogue.shard(1, 2, 1);
    const over = { exclude: ['bulk/03'] };
    for (const number of [1, 2]) await catalogue.shard(number, 2, 1, over);
    const report = await catalogue.merge(1, { over });
    assert.equal(report.exitCode, 0);
    assert.doesNotMatch(JSON.stringify(await readAll(catalogue.stateDir)), /bulk\/03/);
    assert.equal((await catalogue.index()).repositories.length, 14);
    // What had been taken out is read anew once nothing is hidden any more.
    await catalogue.crawlInShards(2, 2);
    await catalogue.crawlInShards(2, 3);
    assert.match(JSON.stringify(await catalogue.snapshot()), /registry\.example\/bulk\/03:1\.0/);
  });

  it('joins copies of the folders in any order, and leaves them as they are', async (t) => {
    const { catalogue, folder } = await useTwelve(t);
    for (const number of [1, 2, 3]) await catalogue.shard(number, 3, 0);
    const folders = [1, 2, 3].map((number) => folder(number, 3));
    const copies = folders.map((_, at) => join(catalogue.stateDir, '..', `copy-${at}`));
    for (const [at, one] of folders.entries()) await cp(one, copies[at] ?? '', { recursive: true });
    await catalogue.merge(0);
    const expected = await catalogue.snapshot();
    await rm(catalogue.stateDir, { recursive: true });
    for (const order of [
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const named = order.map((at) => copies[at] ?? '');
      await catalogue.merge(0, { folders: named });
      assert.deepEqual(await catalogue.snapshot(), expected);
      assert.equal((await catalogue.merge(0, { folders: named })).repositories, null, 'they were merged before');
      await rm(catalogue.stateDir, { recursive: true });
    }
  });

  it('lets a shard know that another run replaced what it went by', async (t) => {
    const { store, catalogue, url } = await useTwelve(t);
    await catalogue.crawl(0);
    putSmallImage(store, ofShard(1, 2)[0] ?? '', '2.0');
    const slow = catalogue.shard(1, 2, 1, { sources: [{ url, requestsPerSecond: 20 }] });
    await catalogue.crawl(2);
    await assert.rejects(slow, { code: 'LOCKED', message: /replaced the snapshot/ });
    await assert.rejects(catalogue.merge(3), { code: 'NO_SHARD' });
  });

  it('leaves the snapshot as it stands while shards are crawled', async (t) => {
    const { store, url } = await useDemoRegistry(t, { store: createSmallStore(12) });
    const catalogue = (await useCatalogues(t, { sources: [{ url }] }))('one');
    await catalogue.crawl(0);
    const folder = join(catalogue.stateDir, 'snapshot');
    const marks = async () =>
      Promise.all((await listFiles(folder)).map(async (file) => [file, (await stat(join(folder, file))).mtimeMs]));
    const before = await marks();
    assert.ok(before.length > 12);
    for (const name of all) putSmallImage(store, name, '2.0');
    remove(store, 'web/front');
    await catalogue.shard(2, 2, 1);
    await catalogue.shard(2, 2, 2);
    assert.deepEqual(await marks(), before);
  });

  it('says of each refusal what one crawl would say, however small the shares are', async (t) => {
    const registry = await useDemoRegistry(t, { store: createSmallStore(12) });
    const of = await useCatalogues(t, { sources: [{ url: registry.url }] });
    const [single, several] = [of('single'), of('several')];
    for (const at of [0, 1, 2]) {
      // So many shards that some have a single repository, and some have none.
      if (at === 1) for (const name of ['bulk/03', 'bulk/07', 'web/front']) close(registry, name);
      const one = await single.crawl(at);
      const report = await several.crawlInShards(20, at);
      assert.deepEqual(withoutRequests(report), withoutRequests(one), `hour ${at}`);
      assert.deepEqual(await several.snapshot(), await single.snapshot(), `hour ${at}`);
      assert.equal(report.repositories?.withheld, at === 0 ? 0 : 3);
    }
    for (const name of ['base', 'bulk']) close(registry, name);
    const before = await several.snapshot();
    await assert.rejects(single.crawl(3), { code: 'ALL_SOURCES_REFUSED' });
    await assert.rejects(several.crawlInShards(4, 3), { code: 'ALL_SOURCES_REFUSED' });
    assert.deepEqual(await several.snapshot(), before);
  });

  it('is one crawl of several backends too, one of which is down for some shards', async (t) => {
    const one = await useDemoRegistry(t, { store: createSmallStore(6) });
    const two = await useDemoRegistry(t, { store: createRegistryStore() });
    for (const name of ['ml/a', 'ml/b', 'ml/c', 'ml/d', 'base']) putSmallImage(two.store, name, '1.0');
    const sources = [
      { name: 'one', url: one.url, routes: ['**', '!ml/**'] },
      { name: 'two', url: two.url, retries: 0 },
    ];
    const of = await useCatalogues(t, { sources });
    const [single, several] = [of('single'), of('several')];
    await single.crawl(0);
    const report = await several.crawlInShards(3, 0);
    assert.ok(report.findings.some(({ code }) => code === 'shadowed'));
    assert.deepEqual(await several.snapshot(), await single.snapshot());
    two.script({ path: '/v2/_catalog', times: 1, respond: { status: 500 } });
    putSmallImage(one.store, 'bulk/01', '2.0');
    const half = await several.crawlInShards(3, 1);
    assert.equal(half.exitCode, 3);
    const index = await several.index();
    assert.deepEqual(
      index.sources.map(({ name, outcome, completeAt }) => [name, outcome, completeAt?.slice(11, 13)]),
      [
        ['one', 'complete', '01'],
        ['two', 'incomplete', '00'],
      ],
    );
    assert.equal(half.repositories?.changed, 1);
    assert.equal(
      half.repositories?.stale,
      ['ml/a', 'ml/b', 'ml/c', 'ml/d', 'base'].filter((name) => isOfShard(name, { number: 1, count: 3 })).length,
    );
    assert.equal(half.repositories?.removed, 0);
  });

  it('lets an earlier backend take the place of what a later one has no more when one crawl would', async (t) => {
    const one = await useDemoRegistry(t, { store: createRegistryStore() });
    const two = await useDemoRegistry(t, { store: createSmallStore(20) });
    const names = Array.from({ length: 20 }, (_, at) => `bulk/${String(at).padStart(2, '0')}`);
    for (const name of names) putSmallImage(one.store, name, '1.0', '2020-01-01T00:00:00Z');
    const sources = [one, two].map(({ url }, at) => ({ name: `backend-${at}`, url }));
    const of = await useCatalogues(t, { sources });
    const [single, several] = [of('single'), of('several')];
    const isSame = (at: number) => crawlAlike(single, several, at);
    await isSame(0);
    for (const name of names.slice(0, 3)) remove(two.store, name);
    assert.equal((await isSame(1)).repositories?.stale, 3);
    assert.equal((await isSame(2)).repositories?.changed, 3);
    assert.equal((await several.index()).repositories.filter(({ source }) => source === 'backend-0').length, 3);
    for (const name of names.slice(3)) remove(two.store, name);
    await isSame(3);
    assert.equal((await isSame(4)).exitCode, 65);
    const accepted = await several.crawlInShards(3, 5, true);
    assert.deepEqual([accepted.exitCode, accepted.repositories?.changed, accepted.repositories?.removed], [0, 17, 0]);
  });

  it('withholds what an earlier backend refuses and a later one has no more when one crawl would', async (t) => {
    const one = await useDemoRegistry(t, { store: createRegistryStore() });
    const two = await useDemoRegistry(t, { store: createSmallStore(20) });
    putSmallImage(one.store, 'open/one', '1.0');
    const names = Array.from({ length: 4 }, (_, at) => `vault/k${at}`);
    for (const name of names) for (const { store } of [one, two]) putSmallImage(store, name, '1.0');
    putMentioning(two.store, 'web/about', '1.0', 'registry.example/vault/k1:1.0');
    close(one, 'vault');
    const sources = [one, two].map(({ url }, at) => ({ name: `backend-${at}`, url }));
    const of = await useCatalogues(t, { sources });
    const [single, several] = [of('single'), of('several')];
    const isSame = async (at: number) => (await crawlAlike(single, several, at)).repositories;
    const countVault = async () =>
      (await several.index()).repositories.filter(({ name }) => name.startsWith('vault/')).length;
    await isSame(0);
    for (const name of names.slice(1)) remove(two.store, name);
    const lost = await isSame(1);
    assert.deepEqual([lost?.stale, lost?.withheld, await countVault()], [3, 0, 4]);
    const gone = await isSame(2);
    assert.deepEqual([gone?.removed, gone?.withheld, await countVault()], [0, 3, 1]);
    const files = Object.entries(await readAll(several.stateDir));
    assert.deepEqual(
      files.filter(([, text]) => /vault\/k[123]/.test(text)).map(([file]) => file),
      [],
    );
    assert.equal((await isSame(3))?.withheld, 3);
    for (const name of names) putSmallImage(two.store, name, '1.0');
    const back = await isSame(4);
    assert.deepEqual([back?.new, back?.withheld], [3, 0]);
  });

  it('takes what is newly hidden out of what shards left, whatever run learns of it', async (t) => {
    const { catalogue, folder } = await useTwelve(t);
    await catalogue.crawl(0);
    const [number] = [1, 2, 3].filter((one) => ofShard(one, 3).includes('bulk/03'));
    await catalogue.shard(number ?? 0, 3, 1);
    assert.match(await readFile(join(folder(number ?? 0, 3), 'shard.json'), 'utf8'), /bulk\/03/);
    await catalogue.crawl(2, { exclude: ['bulk/03'] });
    assert.doesNotMatch(JSON.stringify(await readAll(catalogue.stateDir)), /bulk\/03/);
    assert.deepEqual(await readdir(folder(number ?? 0, 3)), ['lock'], 'which another run may be about to take');
  });

  it('keeps the outlines of a shard from hour to hour, through a merge and through an hour that fails', async (t) => {
    const { catalogue, url, folder } = await useTwelve(t);
    const outlines = join(folder(1, 2), 'cache/outlines.txt');
    await catalogue.crawlInShards(2, 0);
    // What was new is read once more from where merge wrote it.
    await catalogue.crawlInShards(2, 1);
    const before = await stat(outlines);
    const over = { sources: [{ url: 'http://127.0.0.1:1', retries: 0 }], publicHost: new URL(url).host };
    await assert.rejects(catalogue.shard(1, 2, 2, over), { code: 'NO_SOURCE_ANSWERED' });
    await catalogue.crawlInShards(2, 2);
    const after = await stat(outlines);
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs], 'made anew');
    await catalogue.shard(1, 2, 3, { exclude: ['bulk/03'] });
    // What was removed and made anew may get the number of what was there.
    const other = await stat(outlines);
    assert.notDeepEqual([other.ino, other.mtimeMs], [before.ino, before.mtimeMs]);
  });

  it('takes a shard whose second run failed for missing', async (t) => {
    const { catalogue, url, folder } = await useTwelve(t);
    await catalogue.crawlInShards(2, 0);
    for (const number of [1, 2]) await catalogue.shard(number, 2, 1);
    const over = { sources: [{ url: 'http://127.0.0.1:1', retries: 0 }], publicHost: new URL(url).host };
    await assert.rejects(catalogue.shard(2, 2, 1, over), { code: 'NO_SOURCE_ANSWERED' });
    assert.doesNotMatch(JSON.stringify(await readAll(join(folder(2, 2)))), /"looked"/);
    const { exitCode, shards } = await catalogue.merge(1);
    assert.equal(exitCode, 3);
    assert.deepEqual([shards?.joined, shards?.missing.map(({ shard }) => shard)], [[1], ['2/2']]);
    assert.match(shards?.missing[0]?.reason ?? '', /nothing listens there/);
  });

  it('lets one shard be read by one run at a time, and others beside it', async (t) => {
    const { catalogue } = await useTwelve(t);
    const runs = await Promise.allSettled([1, 1, 2].map((number) => catalogue.shard(number, 2, 0)));
    // Which of the two came first nobody knows.
    assert.deepEqual(runs.map(({ status }) => status).toSorted(), ['fulfilled', 'fulfilled', 'rejected']);
    const failed = runs.findIndex(({ status }) => status === 'rejected');
    assert.ok(failed < 2);
    const { reason } = runs[failed] as PromiseRejectedResult;
    assert.equal(reason.code, 'LOCKED');
    assert.equal((await catalogue.merge(0)).exitCode, 0);
  });
});
