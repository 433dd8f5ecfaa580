/** Runs of one state folder, hour after hour, against registries that change, fail and lie. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import type { DemoRegistry } from '../../../scripts/demo-registry/demo-registry.ts';
import type { Answer } from '../../../scripts/demo-registry/server/answer.ts';
import { createRegistryStore, type RegistryStore } from '../../../scripts/demo-registry/store/registry-store.ts';
import type { CatalogueEvent } from '../../../src/catalogue/model.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { hour } from '../../support/catalogue-values.ts';
import { createSmallStore, putSmallImage } from '../../support/small-registry.ts';
import { describeFindings, useCrawls } from '../../support/use-crawl.ts';
import { useDemoRegistry, useScriptedServer } from '../../support/use-server.ts';

/** A registry of repositories with one tag each, and settings that crawl it. */
async function useNames(t: TestContext, names: readonly string[]) {
  const store = createRegistryStore();
  for (const name of names) putSmallImage(store, name, '1.0');
  const registry = await useDemoRegistry(t, { store });
  return { registry, store, settings: { sources: [{ url: registry.url }] } };
}

const remove = (store: RegistryStore, name: string) => store.deleteRepository(parseRepositoryName(name));

/** Every file beneath a folder with its inode and time of change. */
async function listInodes(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return Promise.all(
    paths.sort().map(async (path) => `${path} ${(await stat(path)).ino} ${(await stat(path)).mtimeMs}`),
  );
}

test('a first run reads everything, the second asks on condition and rewrites nothing', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore(20) });
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url }] };
  const first = await crawls.run(settings);
  assert.equal(first.hasChanged, true);
  assert.deepEqual(first.findings, []);
  assert.deepEqual({ ...first.counts.repositories }, { ...first.counts.repositories, seen: 22, new: 22, stale: 0 });
  assert.equal(first.counts.tags.seen, 24);
  assert.deepEqual(
    { ...first.requests[0]?.byKind },
    {
      api: 0,
      catalog: 1,
      tags: 22,
      manifest: 24 + 2,
      'manifest-head': 0,
      config: 2 + 2 + 20,
      blob: 0,
      'blob-head': 0,
      referrers: 1,
      token: 0,
    },
  );
  const folder = join(crawls.stateDir, 'snapshot', 'repositories');
  const before = await listInodes(folder);
  assert.equal(before.length, 22);

  const asked = registry.requests.length;
  const second = await crawls.run(settings);
  assert.equal(second.hasChanged, false);
  assert.deepEqual(await listInodes(folder), before);
  const manifests = registry.requests.slice(asked).filter(({ path }) => /\/(?:manifests|blobs)\//.test(path));
  assert.deepEqual([...new Set(manifests.map(({ method, status }) => `${method} ${status}`))], ['GET 304']);
  assert.equal(manifests.length, 24);
  assert.deepEqual([second.index.checkedAt, second.index.changedAt], [hour(1), hour(0)]);
  assert.equal(second.counts.repositories.unchanged, 22);
});

describe('once a clock that ran ahead is right again', () => {
  const ahead = '2099-01-01T00:00:00Z';

  it('no change is later than the newest look, or ages would be measured in its year until the next one', async (t) => {
    const { store, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    putSmallImage(store, 'a', '2.0');
    const wrong = await crawls.run(settings, { now: ahead });
    assert.equal(wrong.index.changedAt, ahead);
    const right = await crawls.run(settings);
    assert.deepEqual([right.index.checkedAt, right.index.changedAt], [hour(2), hour(2)]);
    const next = await crawls.run(settings);
    assert.deepEqual([next.index.checkedAt, next.index.changedAt], [hour(3), hour(2)]);
  });

  it('tags are news again, though settings changed what is hidden meanwhile', async (t) => {
    const { store, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    const changed = { ...settings, excludeTags: ['*-rc*'] };
    await crawls.run(changed, { now: ahead });
    await crawls.run(changed);
    putSmallImage(store, 'a', '2.0');
    await crawls.run(changed);
    assert.deepEqual(
      (await crawls.read('a'))?.events.map(({ type, tag }) => `${type} ${tag}`),
      ['added 2.0'],
    );
  });
});

describe('what appears after a run that cannot have been when its clock said', () => {
  for (const wrong of ['2099-01-01T00:00:00Z', '1970-01-01T00:00:30Z']) {
    it(`is news, and was first seen when it was: ${wrong}`, async (t) => {
      const { store, settings } = await useNames(t, ['a']);
      const crawls = await useCrawls(t);
      await crawls.run(settings);
      await crawls.run(settings, { now: wrong });
      putSmallImage(store, 'a', '2.0');
      putSmallImage(store, 'b', '1.0');
      await crawls.run(settings);
      const [a, b] = [await crawls.read('a'), await crawls.read('b')];
      assert.equal(a?.tags.get(parseTag('2.0'))?.firstSeenAt, hour(2));
      assert.deepEqual([b?.firstSeenAt, b?.tags.get(parseTag('1.0'))?.firstSeenAt], [hour(2), hour(2)]);
      const eventsOf = (events: readonly CatalogueEvent[] = []) =>
        events.map(({ type, tag, notBefore, notAfter }) => [type, tag, notBefore, notAfter]);
      assert.deepEqual(eventsOf(a?.events), [['added', '2.0', null, hour(2)]]);
      assert.deepEqual(eventsOf(b?.events), [['added', null, hour(0), hour(2)]]);
    });
  }

  it('is no news where that run was the first of all', async (t) => {
    const { store, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings, { now: '2099-01-01T00:00:00Z' });
    putSmallImage(store, 'b', '1.0');
    await crawls.run(settings);
    const b = await crawls.read('b');
    assert.deepEqual([b?.firstSeenAt, b?.events], [hour(1), []]);
  });

  it('was not there in the last look, where the clock may as well have been set back since', async (t) => {
    const { store, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings, { now: hour(24 * 30) });
    putSmallImage(store, 'b', '1.0');
    await crawls.run(settings);
    assert.equal((await crawls.read('b'))?.firstSeenAt, hour(24 * 30));
  });
});

describe('in the hour after a boot in which the clock says 1970', () => {
  const boot = '1970-01-01T00:00:30Z';

  it('a look that finds nothing takes nothing back that is known of the newest change', async (t) => {
    const { settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    const wrong = await crawls.run(settings, { now: boot });
    assert.deepEqual([wrong.index.checkedAt, wrong.index.changedAt], [boot, hour(0)]);
    const right = await crawls.run(settings);
    assert.deepEqual([right.index.checkedAt, right.index.changedAt], [hour(2), hour(0)]);
  });

  it('what changes has changed by the next look with a right clock at the latest', async (t) => {
    const { store, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    putSmallImage(store, 'a', '2.0');
    await crawls.run(settings, { now: boot });
    const right = await crawls.run(settings);
    assert.equal(right.index.changedAt, hour(2));
    const next = await crawls.run(settings);
    assert.equal(next.index.changedAt, hour(2));
  });

  it('it stays known since when settings show what they show', async (t) => {
    const { settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    const changed = { ...settings, excludeTags: ['*-rc*'] };
    await crawls.run(settings);
    const { index } = await crawls.run(changed);
    assert.equal(index.tagPatterns?.since, hour(1));
    const wrong = await crawls.run(changed, { now: boot });
    assert.deepEqual(wrong.index.tagPatterns, index.tagPatterns);
    const right = await crawls.run(changed);
    assert.deepEqual(right.index.tagPatterns, index.tagPatterns);
  });
});

test('what changes is read, and nothing else', async (t) => {
  const { registry, store, settings } = await useNames(t, ['a', 'b', 'c']);
  const crawls = await useCrawls(t);
  await crawls.run(settings);
  putSmallImage(store, 'b', '2.0');
  putSmallImage(store, 'd', '1.0');
  const asked = registry.requests.length;
  const second = await crawls.run(settings);
  assert.deepEqual([second.counts.repositories.changed, second.counts.repositories.new], [1, 1]);
  assert.equal(registry.requests.slice(asked).filter(({ path }) => path.includes('/blobs/')).length, 2);
  const events = (await crawls.read('b'))?.events.map(({ type, tag }) => `${type} ${tag}`);
  assert.deepEqual(events, ['added 2.0']);
});

describe('removals', () => {
  const names = Array.from({ length: 10 }, (_, at) => `app-${at}`);

  it('of a repository wait for a second run that says the same', async (t) => {
    const { store, settings } = await useNames(t, names);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    remove(store, 'app-3');
    const second = await crawls.run(settings);
    assert.equal((await crawls.read('app-3'))?.state, 'listed');
    assert.equal(second.counts.repositories.stale, 1);
    const third = await crawls.run(settings);
    const gone = await crawls.read('app-3');
    assert.equal(gone?.state, 'removed');
    assert.deepEqual(gone?.events.at(-1)?.type, 'removed');
    assert.deepEqual([third.counts.repositories.removed, third.counts.repositories.stale], [1, 0]);

    const asked = await crawls.run(settings);
    assert.equal(asked.hasChanged, false);
    assert.equal((await crawls.read('app-3'))?.state, 'removed', 'a tombstone stays');
    putSmallImage(store, 'app-3', '1.0');
    await crawls.run(settings);
    assert.deepEqual((await crawls.read('app-3'))?.events.map(({ type }) => type).slice(0, 2), ['removed', 'returned']);
  });

  it('of tags likewise', async (t) => {
    const { store, settings } = await useNames(t, names);
    putSmallImage(store, 'app-1', '2.0');
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    store.deleteTag(parseRepositoryName('app-1'), parseTag('1.0'));
    const second = await crawls.run(settings);
    assert.deepEqual([second.counts.tags.stale, second.counts.tags.removed], [1, 0]);
    const third = await crawls.run(settings);
    assert.deepEqual([third.counts.tags.stale, third.counts.tags.removed, third.counts.tags.seen], [0, 1, 10]);
    assert.deepEqual([...((await crawls.read('app-1'))?.tags.keys() ?? [])], ['2.0']);
  });

  it('too many at once are held back, and everything else is published', async (t) => {
    const { store, settings } = await useNames(t, names);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    for (const name of names.slice(0, 7)) remove(store, name);
    putSmallImage(store, 'app-9', '2.0');
    await crawls.run(settings);
    const third = await crawls.run(settings);
    assert.deepEqual(third.index.heldBackRemovals, { repositories: 7, tags: 0 });
    assert.ok(describeFindings(third.findings).includes('removals-held-back -'));
    assert.equal(third.index.repositories.filter(({ state }) => state === 'listed').length, 10);
    assert.equal((await crawls.read('app-9'))?.tags.size, 2);
    assert.equal(third.counts.repositories.stale, 7);

    const accepted = await crawls.run(settings, { acceptRemovals: true });
    assert.deepEqual(accepted.index.heldBackRemovals, { repositories: 0, tags: 0 });
    assert.equal(accepted.index.repositories.filter(({ state }) => state === 'removed').length, 7);
  });

  it('of everything, by a registry that forgot its storage, never happen by themselves', async (t) => {
    const { store, settings } = await useNames(t, ['a', 'b']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    remove(store, 'a');
    remove(store, 'b');
    for (let run = 0; run < 30; run++) await crawls.run(settings);
    assert.deepEqual(
      (await crawls.store.readIndex())?.repositories.map(({ name, state }) => `${name} ${state}`),
      ['a listed', 'b listed'],
    );
  });

  it('do not come of a repository that answers 404 although it is listed', async (t) => {
    const { registry, settings } = await useNames(t, names);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    registry.script({ path: '/v2/app-1/tags/list', times: 'always', respond: { status: 404 } });
    for (let run = 0; run < 3; run++) await crawls.run(settings);
    assert.equal((await crawls.read('app-1'))?.tags.size, 1, 'its tags answer when they are asked for');
  });
});

describe('a source that is down', () => {
  it('and the only one ends the run, and the snapshot stands', async (t) => {
    const { registry, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    const before = await crawls.bytes();
    registry.script({ path: '/v2/_catalog', times: 5, respond: { status: 500 } });
    await assert.rejects(crawls.run(settings), (error: { code: string; message: string; hint: string }) => {
      assert.equal(error.code, 'NO_SOURCE_ANSWERED');
      assert.match(error.message, /main: GET http:\/\/127\.0\.0\.1:\d+\/v2\/_catalog\?n=1000: answered 500/);
      assert.match(error.hint, /logs/);
      return true;
    });
    assert.equal(await crawls.bytes(), before);
  });

  it('and refuses the credentials is told apart', async (t) => {
    const { registry, settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    registry.script({ path: '/v2/_catalog', respond: { status: 401 } });
    await assert.rejects(crawls.run(settings), { code: 'ALL_SOURCES_REFUSED' });
    assert.deepEqual(await crawls.names(), []);
  });

  it('and one of two leaves its repositories stale, and the other current', async (t) => {
    const one = await useNames(t, ['a', 'both']);
    const two = await useNames(t, ['b', 'both']);
    const crawls = await useCrawls(t);
    const settings = {
      sources: [
        { name: 'one', url: one.registry.url },
        { name: 'two', url: two.registry.url },
      ],
    };
    const first = await crawls.run(settings);
    assert.deepEqual(describeFindings(first.findings), ['shadowed both']);
    assert.equal((await crawls.read('both'))?.source, 'two');
    two.registry.script({ path: '/v2/_catalog', times: 5, respond: { status: 503 } });
    putSmallImage(one.store, 'both', 'leftover');
    putSmallImage(one.store, 'a', '2.0');
    const second = await crawls.run(settings);
    assert.deepEqual(
      second.index.sources.map(({ name, outcome }) => `${name} ${outcome}`),
      ['one complete', 'two failed'],
    );
    assert.deepEqual([(await crawls.read('a'))?.staleSince, (await crawls.read('b'))?.staleSince], [null, hour(0)]);
    assert.deepEqual([...((await crawls.read('both'))?.tags.keys() ?? [])], ['1.0'], 'no leftovers in its place');
    assert.equal((await crawls.read('both'))?.staleSince, hour(0));
    assert.equal(second.counts.repositories.stale, 2);
    const third = await crawls.run(settings);
    assert.equal((await crawls.read('both'))?.staleSince, null);
    assert.equal(third.counts.repositories.stale, 0);
  });

  it('and has a list in the settings ends the run too', async (t) => {
    const server = await useScriptedServer(t);
    server.script({ path: () => true, times: 'always', respond: { status: 502 } });
    const crawls = await useCrawls(t);
    await assert.rejects(crawls.run({ sources: [{ url: server.url, repositories: ['a', 'b'] }] }), {
      code: 'NO_SOURCE_ANSWERED',
    });
  });

  it('in the middle of a run leaves what was not read stale', async (t) => {
    const names = Array.from({ length: 60 }, (_, at) => `app-${at}`);
    const { registry, settings } = await useNames(t, names);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    let asked = 0;
    registry.script({ path: () => ++asked > 20, times: 'always', respond: { status: 200, cut: 'before-headers' } });
    const second = await crawls.run(settings);
    assert.ok(second.counts.repositories.stale > 40);
    assert.equal(second.index.repositories.length, 60);
    const { tags = 0, manifest = 0 } = second.requests[0]?.byKind ?? {};
    assert.ok(
      tags + manifest < 20 + 40,
      `it was left alone when it failed again and again: ${tags + manifest} requests`,
    );
  });

  it('for one namespace alone is not left alone for the others', async (t) => {
    const ill = Array.from({ length: 30 }, (_, at) => `ml/${at}`);
    const well = Array.from({ length: 120 }, (_, at) => `web/${at}`);
    const { registry, settings } = await useNames(t, [...ill, ...well]);
    const crawls = await useCrawls(t);
    registry.script({ path: /^\/v2\/ml\//, times: 'always', respond: { status: 502 } });
    const { counts } = await crawls.run(settings);
    assert.deepEqual([counts.repositories.new, counts.repositories.unread], [120, 30]);
  });
});

describe('a source that has a name no more, which an earlier one lists as well', () => {
  const created = '2020-01-01T00:00:00Z';
  /** Two backends of the same names: `old` still has what was in them before they moved to `new`. */
  const useMoved = async (t: TestContext, names: readonly string[]) => {
    const [leftovers, current] = [await useNames(t, []), await useNames(t, [...names, 'kept'])];
    for (const name of names) putSmallImage(leftovers.store, name, '1.0', created);
    const sources = [
      { name: 'old', url: leftovers.registry.url },
      { name: 'new', url: current.registry.url },
    ];
    return { leftovers, current, settings: { sources }, crawls: await useCrawls(t) };
  };
  const loseOnce = ({ registry, store }: Awaited<ReturnType<typeof useNames>>, times: number | 'always' = 1) => {
    registry.script({ path: '/v2/_catalog', times, respond: { json: { repositories: [] } } });
    for (const { name } of store.repositories())
      registry.script({ path: `/v2/${name}/tags/list`, times, respond: { status: 404 } });
  };

  it('keeps what it had when that is so in one run alone', async (t) => {
    const { current, settings, crawls } = await useMoved(t, ['a']);
    await crawls.run(settings);
    const before = await crawls.read('a');
    loseOnce(current);
    const { exitCode, findings, counts } = await crawls.run(settings);
    assert.deepEqual([exitCode, counts.repositories.stale], [3, 2]);
    assert.deepEqual(describeFindings(findings), ['shadowed a']);
    assert.deepEqual(await crawls.read('a'), { ...before, staleSince: hour(0), missedRuns: 1 });
    assert.equal((await crawls.run(settings)).exitCode, 0);
    assert.deepEqual(await crawls.read('a'), before, 'and nothing is told of it');
  });

  it('is followed by that one when a removal would be believed, and leaves no tombstone', async (t) => {
    const { current, settings, crawls } = await useMoved(t, ['a']);
    await crawls.run(settings);
    remove(current.store, 'a');
    await crawls.run(settings);
    const { exitCode, counts } = await crawls.run(settings);
    assert.deepEqual([exitCode, counts.repositories.changed, counts.repositories.removed], [0, 1, 0]);
    const after = await crawls.read('a');
    assert.deepEqual([after?.source, after?.state, after?.staleSince], ['old', 'listed', null]);
    assert.deepEqual(
      after?.events.map(({ type, tag, notBefore, notAfter }) => [type, tag, notBefore, notAfter]),
      [['moved', '1.0', hour(0), hour(2)]],
    );
    assert.deepEqual((await crawls.run(settings)).hasChanged, false);
  });

  it('is followed by none while so many would be that nobody believes it', async (t) => {
    const names = Array.from({ length: 8 }, (_, at) => `app/${at}`);
    const { current, settings, crawls } = await useMoved(t, names);
    await crawls.run(settings);
    const digest = (await crawls.read('app/0'))?.tags.get(parseTag('1.0'))?.digest;
    for (const name of names) remove(current.store, name);
    for (let run = 0; run < 3; run++) await crawls.run(settings);
    const { index, exitCode, findings } = await crawls.run(settings);
    assert.deepEqual([exitCode, index.heldBackRemovals], [65, { repositories: 8, tags: 0 }]);
    const shadowed = names.map((name) => `shadowed ${name}`);
    assert.deepEqual(describeFindings(findings), ['removals-held-back -', ...shadowed]);
    const held = await crawls.read('app/0');
    assert.deepEqual([held?.source, held?.events, held?.tags.get(parseTag('1.0'))?.digest], ['new', [], digest]);
    const accepted = await crawls.run(settings, { acceptRemovals: true });
    assert.deepEqual([accepted.exitCode, accepted.counts.repositories.changed], [0, 8]);
    assert.equal((await crawls.read('app/0'))?.source, 'old');
  });

  it('keeps it, too, while that one cannot be read', async (t) => {
    const { current, settings, crawls } = await useMoved(t, ['a']);
    const old = settings.sources[0]?.url;
    await crawls.run(settings);
    remove(current.store, 'a');
    const failing = await useScriptedServer(t);
    failing.script({ path: '/v2/_catalog', times: 'always', respond: { json: { repositories: ['a'] } } });
    failing.script({ path: () => true, times: 'always', respond: { status: 400 } });
    const ill = { sources: settings.sources.map((one) => (one.url === old ? { ...one, url: failing.url } : one)) };
    for (let run = 0; run < 3; run++) assert.equal((await crawls.run(ill)).exitCode, 3);
    const after = await crawls.read('a');
    assert.deepEqual([after?.source, after?.state, after?.staleSince], ['new', 'listed', hour(0)]);
  });

  describe('and refuses it', () => {
    const useRefused = async (t: TestContext, names: readonly string[]) => {
      const world = await useMoved(t, names);
      world.leftovers.registry.script({ path: /^\/v2\/vault\//, times: 'always', respond: { status: 403 } });
      return world;
    };
    const answerOtherwise = ({ leftovers }: Awaited<ReturnType<typeof useMoved>>) =>
      putSmallImage(leftovers.store, 'open', '1.0', created);

    it('keeps what it had when that is so in one run alone', async (t) => {
      const world = await useRefused(t, ['vault/a']);
      const { current, settings, crawls } = world;
      answerOtherwise(world);
      await crawls.run(settings);
      const before = await crawls.read('vault/a');
      loseOnce(current);
      const { exitCode, findings, counts, withheldNames } = await crawls.run(settings);
      assert.deepEqual([exitCode, counts.repositories.stale, withheldNames], [3, 2, []]);
      assert.deepEqual(describeFindings(findings), ['shadowed vault/a']);
      assert.deepEqual(await crawls.read('vault/a'), { ...before, staleSince: hour(0), missedRuns: 1 });
      assert.equal((await crawls.run(settings)).exitCode, 0);
      assert.deepEqual(await crawls.read('vault/a'), before, 'and nothing is told of it');
    });

    it('is withheld when a removal would be believed, and no file goes on naming it', async (t) => {
      const world = await useRefused(t, ['vault/a']);
      const { current, settings, crawls } = world;
      answerOtherwise(world);
      await crawls.run(settings);
      remove(current.store, 'vault/a');
      await crawls.run(settings);
      for (const hasChanged of [true, false]) {
        const { index, exitCode, withheldNames, findings, ...result } = await crawls.run(settings);
        assert.deepEqual([exitCode, withheldNames, result.hasChanged], [0, ['vault/a'], hasChanged]);
        assert.deepEqual([index.withheldRepositories, result.counts.repositories.removed, findings], [1, 0, []]);
        assert.deepEqual(
          index.repositories.map(({ name }) => name),
          ['kept', 'open'],
        );
        const files = await readdir(crawls.stateDir, { recursive: true, withFileTypes: true });
        for (const file of files.filter((one) => one.isFile())) {
          const text = await readFile(join(file.parentPath, file.name), 'utf8');
          assert.ok(!text.includes('vault'), file.name);
        }
      }
    });

    it('is kept while so many would be gone that nobody believes it', async (t) => {
      const names = Array.from({ length: 8 }, (_, at) => `vault/${at}`);
      const world = await useRefused(t, names);
      const { current, settings, crawls } = world;
      answerOtherwise(world);
      await crawls.run(settings);
      for (const name of names) remove(current.store, name);
      for (let run = 0; run < 3; run++) await crawls.run(settings);
      const { index, exitCode, withheldNames } = await crawls.run(settings);
      assert.deepEqual([exitCode, index.heldBackRemovals], [65, { repositories: 8, tags: 0 }]);
      assert.deepEqual([withheldNames, (await crawls.read('vault/0'))?.source], [[], 'new']);
      const accepted = await crawls.run(settings, { acceptRemovals: true });
      assert.deepEqual([accepted.exitCode, accepted.withheldNames.toSorted()], [0, names]);
    });

    it('is kept while that one refuses everything', async (t) => {
      const names = ['vault/a', 'vault/b'];
      const world = await useRefused(t, names);
      const { current, settings, crawls } = world;
      await crawls.run(settings);
      for (const name of names) remove(current.store, name);
      for (let run = 0; run < 4; run++) {
        const { index, withheldNames, heldBack } = await crawls.run(settings);
        assert.deepEqual([withheldNames, heldBack], [[], { repositories: 0, tags: 0 }]);
        assert.deepEqual(
          index.repositories.map(({ name, source, state }) => `${name} ${source} ${state}`),
          ['kept new listed', 'vault/a new listed', 'vault/b new listed'],
        );
      }
      answerOtherwise(world);
      assert.deepEqual((await crawls.run(settings)).withheldNames.toSorted(), names);
    });
  });
});

describe('the catalog', () => {
  it('that omits a repository does not make it gone', async (t) => {
    const { registry, settings } = await useNames(t, ['a', 'b']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    for (let run = 0; run < 3; run++) {
      registry.script({ path: '/v2/_catalog', respond: { json: { repositories: ['a'] } } });
      const result = await crawls.run(settings);
      assert.deepEqual(describeFindings(result.findings), ['catalog-omits b']);
      assert.equal(result.hasChanged, false);
    }
  });

  it('that is empty, though what it had is there, is not whole', async (t) => {
    const { registry, settings } = await useNames(t, ['a', 'b']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    registry.script({ path: '/v2/_catalog', respond: { json: { repositories: [] } } });
    const { index, exitCode, findings, hasChanged } = await crawls.run(settings);
    assert.deepEqual([exitCode, hasChanged], [3, false]);
    assert.deepEqual(index.sources[0], { name: 'main', outcome: 'incomplete', completeAt: hour(0) });
    assert.deepEqual(describeFindings(findings), ['catalog-omits a', 'catalog-omits b', 'listing-incomplete -']);

    // What is empty, too, says nothing of the list.
    for (const name of ['a', 'b']) registry.store.deleteTag(parseRepositoryName(name), parseTag('1.0'));
    for (let run = 0; run < 3; run++) {
      registry.script({ path: '/v2/_catalog', respond: { json: { repositories: [] } } });
      assert.equal((await crawls.run(settings)).index.sources[0]?.outcome, 'complete');
    }
  });

  it('that a cache cut short makes the run incomplete, and nothing gone', async (t) => {
    const { registry, settings } = await useNames(t, ['a', 'b']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    const respond = { json: { repositories: ['a'] }, headers: { Link: '</v2/_catalog?n=1000&last=a>; rel="next"' } };
    registry.script({ path: '/v2/_catalog', times: 2, respond });
    const second = await crawls.run(settings);
    assert.deepEqual(second.index.sources[0], { name: 'main', outcome: 'incomplete', completeAt: hour(0) });
    assert.deepEqual(describeFindings(second.findings), ['duplicate-name -', 'listing-incomplete -']);
    assert.equal(second.hasChanged, false);
  });

  it('may list a repository beside its parents', async (t) => {
    const names = ['a', 'a/b', 'a/b/c', 'a-b', 'a/b/tags', 'a/b/manifests'];
    const { settings } = await useNames(t, names);
    const crawls = await useCrawls(t);
    const { counts } = await crawls.run(settings);
    assert.equal(counts.repositories.new, 6);
    assert.deepEqual(await crawls.names(), [...names].sort());
    for (const name of names) assert.equal((await crawls.read(name))?.tags.size, 1, name);
  });
});

describe('settings', () => {
  it('name the repositories of a registry without a catalog, in a list or in a file', async (t) => {
    const { registry } = await useNames(t, ['a', 'b', 'c']);
    const crawls = await useCrawls(t);
    const named = (repositories: readonly string[]) => ({ sources: [{ url: registry.url, repositories }] });
    const first = await crawls.run(named(['a', 'b', 'nowhere']));
    assert.deepEqual(describeFindings(first.findings), ['listed-name-absent nowhere']);
    assert.deepEqual(await crawls.names(), ['a', 'b']);
    assert.equal(first.index.sources[0]?.outcome, 'complete');
    await crawls.run(named(['b', 'c']));
    assert.deepEqual(await crawls.names(), ['b', 'c'], 'what is named no longer goes at once');
    assert.ok(registry.requests.every(({ path }) => path !== '/v2/_catalog'));
  });

  it('that exclude a repository purge it in that run, and no guard asks', async (t) => {
    const { settings } = await useNames(t, [
      'keep',
      'secret/a',
      'secret/b',
      'secret/c',
      'secret/d',
      'secret/e',
      'secret/f',
    ]);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    const { counts, index } = await crawls.run({ ...settings, exclude: ['secret/**'] });
    assert.deepEqual(await crawls.names(), ['keep']);
    assert.equal(counts.repositories.excluded, 6);
    assert.deepEqual(index.heldBackRemovals, { repositories: 0, tags: 0 });
    assert.doesNotMatch(await crawls.bytes(), /secret/);
  });

  it('that take a source away take its repositories along, and no guard asks', async (t) => {
    const one = await useNames(t, ['a', 'b']);
    const two = await useNames(
      t,
      Array.from({ length: 8 }, (_, at) => `two/${at}`),
    );
    const crawls = await useCrawls(t);
    const sources = [
      { name: 'one', url: one.registry.url },
      { name: 'two', url: two.registry.url },
    ];
    await crawls.run({ sources });
    const { index } = await crawls.run({ sources: sources.slice(0, 1) });
    assert.deepEqual(await crawls.names(), ['a', 'b']);
    assert.deepEqual(index.heldBackRemovals, { repositories: 0, tags: 0 });
  });

  it('that give a source another name lose nothing, even where the new address is empty', async (t) => {
    const { registry } = await useNames(t, ['a', 'b']);
    const empty = await useNames(t, []);
    const crawls = await useCrawls(t);
    await crawls.run({ sources: [{ name: 'old', url: registry.url }] });
    await crawls.run({ sources: [{ name: 'new', url: registry.url }] });
    assert.deepEqual([(await crawls.read('a'))?.source, (await crawls.read('a'))?.events.length], ['new', 0]);
    for (let run = 0; run < 4; run++) await crawls.run({ sources: [{ name: 'newer', url: empty.registry.url }] });
    assert.deepEqual(await crawls.names(), ['a', 'b']);
  });

  it('that route a name elsewhere move it there, and report what is listed besides', async (t) => {
    const one = await useNames(t, ['ml/a', 'web']);
    const two = await useNames(t, ['ml/a', 'web']);
    const crawls = await useCrawls(t);
    const { findings } = await crawls.run({
      sources: [
        { name: 'one', url: one.registry.url, routes: ['**', '!ml/**'] },
        { name: 'two', url: two.registry.url, routes: ['/^ml\\//'] },
      ],
    });
    assert.deepEqual(describeFindings(findings), ['unrouted ml/a', 'unrouted web']);
    assert.deepEqual([(await crawls.read('ml/a'))?.source, (await crawls.read('web'))?.source], ['two', 'one']);
  });

  it('hide tags, and forget those that were shown, also of what is gone', async (t) => {
    const { store, settings } = await useNames(t, ['a', 'b', 'c']);
    putSmallImage(store, 'a', 'dev-1');
    putSmallImage(store, 'b', 'dev-1');
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    remove(store, 'b');
    for (let run = 0; run < 2; run++) await crawls.run(settings);
    assert.equal((await crawls.read('b'))?.state, 'removed');
    await crawls.run({ ...settings, excludeTags: ['dev-*'] });
    assert.doesNotMatch(await crawls.bytes(), /dev-1/);
    assert.deepEqual([...((await crawls.read('b'))?.tags.keys() ?? [])], ['1.0']);
  });
});

describe('the deadline', () => {
  it('ends the looking, and what was gathered is published as incomplete', async (t) => {
    const names = Array.from({ length: 40 }, (_, at) => `app-${at}`);
    const { registry, settings } = await useNames(t, names);
    const crawls = await useCrawls(t);
    const controller = new AbortController();
    let asked = 0;
    registry.script({
      path: ({ path }) => {
        if (!path.endsWith('/tags/list') || ++asked < 20) return false;
        controller.abort(new DOMException('late', 'TimeoutError'));
        return true;
      },
      respond: {},
    });
    const { counts, index } = await crawls.run(settings, { deadline: controller.signal });
    assert.ok(counts.repositories.new > 0, 'something was gathered');
    assert.ok(counts.repositories.unread > 0, 'and something was not');
    assert.equal(counts.repositories.new + counts.repositories.unread, 40);
    assert.equal(index.repositories.length, 40);
  });

  it('before anything was gathered is no answer at all', async (t) => {
    const { settings } = await useNames(t, ['a']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    await assert.rejects(crawls.run(settings, { deadline: AbortSignal.abort(new Error('late')) }), {
      code: 'NO_SOURCE_ANSWERED',
    });
    assert.deepEqual(await crawls.names(), ['a']);
  });
});

test('a stopped run commits nothing', async (t) => {
  const { registry, settings } = await useNames(t, ['a', 'b', 'c']);
  const crawls = await useCrawls(t);
  await crawls.run(settings);
  putSmallImage(registry.store, 'b', '2.0');
  const index = await crawls.store.readIndex();
  const controller = new AbortController();
  registry.script({
    path: ({ path }) => {
      if (path === '/v2/b/manifests/2.0') controller.abort(new Error('stopped'));
      return path === '/v2/b/manifests/2.0';
    },
    respond: { status: 200, stall: 'before-headers' },
  });
  await assert.rejects(crawls.run(settings, { cancel: controller.signal }), { code: 'CANCELLED' });
  assert.deepEqual(await crawls.store.readIndex(), index);
  assert.equal((await crawls.read('b'))?.tags.size, 1);
  await crawls.run(settings);
  assert.equal((await crawls.read('b'))?.tags.size, 2);
  const files = (await readdir(crawls.stateDir, { recursive: true })).filter((file) => file.endsWith('.json'));
  assert.equal(files.length, 4, 'what a stopped run left is gone');
});

test('a snapshot that cannot be written ends the run at once, and names the reason', async (t) => {
  const { settings } = await useNames(
    t,
    Array.from({ length: 30 }, (_, at) => `app-${at}`),
  );
  const crawls = await useCrawls(t);
  let written = 0;
  const store = {
    ...crawls.store,
    writeRepository: async () => {
      written++;
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    },
  };
  await assert.rejects(crawls.run(settings, { store }), { code: 'ENOSPC' });
  assert.ok(written <= 16, `${written} repositories were tried`);
  assert.equal(await crawls.store.readIndex(), null);
});

describe('bytes that are not what they are said to be', () => {
  it('leave the old facts in place, with a finding', async (t) => {
    const { registry, store, settings } = await useNames(t, ['a', 'b']);
    const crawls = await useCrawls(t);
    await crawls.run(settings);
    const before = (await crawls.read('a'))?.tags.get(parseTag('1.0'))?.digest;
    store.deleteTag(parseRepositoryName('a'), parseTag('1.0'));
    putSmallImage(store, 'a', '1.0', '2026-09-01T00:00:00Z');
    const alter = (answer: Answer): Answer => ({ ...answer, body: Buffer.from('{}') });
    registry.script({ path: '/v2/a/manifests/1.0', times: 3, respond: { alter } });
    const second = await crawls.run(settings);
    assert.deepEqual(describeFindings(second.findings), ['digest-mismatch a:1.0']);
    const record = (await crawls.read('a'))?.tags.get(parseTag('1.0'));
    assert.deepEqual([record?.digest, record?.state], [before, 'stale']);
  });

  it('are asked for by HEAD where a source ignores conditions', async (t) => {
    const { registry, settings } = await useNames(
      t,
      Array.from({ length: 40 }, (_, at) => `app-${at}`),
    );
    const crawls = await useCrawls(t);
    const first = { ...settings.sources[0], concurrency: 1 };
    await crawls.run({ sources: [first] });
    registry.script({
      method: 'GET',
      path: ({ path, headers }) => path.includes('/manifests/') && headers['if-none-match'] !== undefined,
      times: 'always',
      respond: {
        alter: (_, request) => {
          const name = request.path.split('/')[2] ?? '';
          const stored = registry.store.repository(parseRepositoryName(name));
          const [manifest] = stored?.manifests.values() ?? [];
          const bytes = manifest?.bytes ?? Buffer.from('');
          return { status: 200, headers: { 'Docker-Content-Digest': computeDigest(bytes) }, body: bytes };
        },
      },
    });
    const { requests, hasChanged } = await crawls.run({ sources: [first] });
    assert.equal(hasChanged, false);
    const { manifest = 0, 'manifest-head': heads = 0 } = requests[0]?.byKind ?? {};
    assert.ok(manifest >= 1 && manifest <= 9, `${manifest} in full`);
    assert.equal(heads + manifest, 40);
    const later = (await crawls.run({ sources: [first] })).requests[0]?.byKind;
    assert.deepEqual([later?.manifest, later?.['manifest-head']], [0, 40], 'what a run learned, the next one knows');
  });
});

test('two runs of the same registry leave the same bytes, in whatever order it answers', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore(20) });
  const snapshots: string[] = [];
  for (const concurrency of [1, 3, 16]) {
    const crawls = await useCrawls(t);
    await crawls.run({ sources: [{ url: registry.url, concurrency }] });
    // What is kept besides says when files were written.
    await rm(join(crawls.stateDir, 'cache'), { recursive: true });
    snapshots.push((await crawls.bytes()).replaceAll(crawls.stateDir, ''));
  }
  assert.equal(new Set(snapshots.map((bytes) => bytes.split('\n').sort().join('\n'))).size, 1);
});

test('asks one registry no more than settings allow, whatever there is to ask', async (t) => {
  const registry: DemoRegistry = await useDemoRegistry(t, { store: createSmallStore(30) });
  let underWay = 0;
  let most = 0;
  registry.script({
    path: () => true,
    times: 'always',
    respond: {
      get after() {
        most = Math.max(most, ++underWay);
        return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
          underWay--;
        });
      },
    },
  });
  const crawls = await useCrawls(t);
  await crawls.run({ sources: [{ url: registry.url, concurrency: 2 }] });
  assert.ok(most <= 2, `${most} at once`);
});

describe('tags that need not be asked about in every run', () => {
  const everyHours = 6;
  const rules = [{ tags: ['**', '!latest'], everyHours }];

  async function useManyTags(t: TestContext) {
    const { registry, store, settings } = await useNames(t, ['team/app']);
    for (let number = 0; number < 60; number++) putSmallImage(store, 'team/app', `1.${number}.0`);
    putSmallImage(store, 'team/app', 'latest');
    const crawls = await useCrawls(t);
    const run = async () => {
      const result = await crawls.run({ ...settings, revalidate: rules });
      return { ...result, asked: result.requests[0]?.byKind.manifest ?? 0 };
    };
    return { registry, store, crawls, run, tags: 62 };
  }

  it('are each asked about once in their hours, and those that move in every run', async (t) => {
    const { run, tags } = await useManyTags(t);
    assert.equal((await run()).asked, tags);
    const hours = [await run(), await run(), await run(), await run(), await run(), await run()];
    const asked = hours.reduce((sum, hour) => sum + hour.asked, 0);
    assert.equal(asked, tags - 1 + hours.length, 'all but latest once, latest six times');
    for (const hour of hours) assert.ok(hour.asked < tags / 3, `${hour.asked} of ${tags}`);
    assert.ok(hours.every(({ hasChanged, findings }) => !hasChanged && findings.length === 0));
  });

  it('are missed by no addition and no removal', async (t) => {
    const { store, run, crawls } = await useManyTags(t);
    await run();
    putSmallImage(store, 'team/app', '2.0.0');
    store.deleteTag(parseRepositoryName('team/app'), parseTag('1.7.0'));
    await run();
    assert.equal((await crawls.read('team/app'))?.tags.get(parseTag('1.7.0'))?.state, 'stale');
    await run();
    const tags = (await crawls.read('team/app'))?.tags;
    assert.deepEqual([tags?.has(parseTag('2.0.0')), tags?.has(parseTag('1.7.0'))], [true, false]);
  });

  it('that moved all the same are found, and it is not said to be later than it may have been', async (t) => {
    const { store, run, crawls } = await useManyTags(t);
    for (let at = 0; at < everyHours + 1; at++) await run();
    const tag = parseTag('1.3.0');
    putSmallImage(store, 'team/app', '1.3.0', '2026-08-17T00:00:00Z');
    const movedAt = hour(everyHours);
    let moved = null;
    for (let at = 0; at < everyHours && !moved; at++) {
      await run();
      moved = (await crawls.read('team/app'))?.tags.get(tag)?.moved;
    }
    assert.ok(moved, 'it was found within its hours');
    assert.ok(moved.notBefore !== null && moved.notBefore <= movedAt && movedAt <= moved.notAfter);
    assert.ok(moved.notBefore >= hour(0));
  });

  it('are asked about at once where their repository could not be read', async (t) => {
    const { registry, run, tags } = await useManyTags(t);
    await run();
    registry.script({ path: /tags\/list/, times: 5, respond: { status: 500 } });
    assert.equal((await run()).asked, 0);
    const back = await run();
    assert.equal(back.asked, tags);
    assert.equal(back.counts.repositories.stale, 0);
  });

  it('are withheld at once when what is asked of them is refused', async (t) => {
    const { registry, run, store } = await useManyTags(t);
    putSmallImage(store, 'open', '1.0');
    await run();
    registry.script({ path: /team\/app\/manifests/, times: 'always', respond: { status: 403 } });
    assert.deepEqual((await run()).withheldNames, ['team/app']);
  });
});
