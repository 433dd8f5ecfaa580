/** What may not be read or shown stands in no file, whichever shards are missing and whatever they left. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { DemoRegistry } from '../../scripts/demo-registry/demo-registry.ts';
import { encodeImage, putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { toShardNumber } from '../../src/crawl/shard.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { useDemoRegistry } from '../support/use-server.ts';
import { type Catalogue, readAll, useCatalogues } from '../support/use-shards.ts';

const secret = ['vault/keys', 'vault/k2', 'vault/k3', 'vault/k4'].find(
  (name) => toShardNumber(name, 2) !== toShardNumber('web/about', 2),
);

/** From now on nobody may read what lies in the vault. */
function closeVault(registry: DemoRegistry): void {
  const isClosed = (request: { readonly path: string }) => request.path.startsWith('/v2/vault/');
  const headers = { 'WWW-Authenticate': 'Basic realm="vault"' };
  registry.script({ path: isClosed, times: 'always', respond: { status: 401, headers } });
}

/** The files, by their names, that hold what the vault has. */
async function findSecret(folder: string): Promise<readonly string[]> {
  const files = Object.entries(await readAll(folder));
  assert.ok(files.length > 0);
  return files.filter((file) => file.some((text) => /vault(?:\/|%2F)k/i.test(text))).map(([name]) => name);
}

/** A registry with a vault, and catalogues of it. */
async function useVault(t: Parameters<typeof useDemoRegistry>[0]) {
  assert.ok(secret !== undefined);
  const registry = await useDemoRegistry(t, { store: createSmallStore(9) });
  const { store, url } = registry;
  /** An image, of the other shard, whose label and history name what is in the vault. */
  const mention = (tag: string) => {
    const text = `registry.example/${secret}:1.0`;
    const config = { Labels: { 'org.opencontainers.image.base.name': text, about: `built on ${text}` } };
    const image = encodeImage({ config, layers: [], history: [{ created_by: `COPY --from=${text} /x /x` }] });
    putContent(store, parseRepositoryName('web/about'), image, [parseTag(tag)]);
  };
  mention('1.0');
  putSmallImage(store, secret, '1.0');
  const of = await useCatalogues(t, { sources: [{ url }], siteUrl: 'https://images.example.org/' });
  return { registry, mention, of, open: toShardNumber('web/about', 2), owner: toShardNumber(secret, 2) };
}

describe('a shard that is missing and that alone knows what may not be read', () => {
  const nowhere = async (catalogue: Catalogue) => {
    assert.deepEqual(await findSecret(catalogue.stateDir), []);
    assert.deepEqual(await findSecret(catalogue.siteDir), []);
  };

  it('changes nothing of what is hidden, however often it is missing', async (t) => {
    const { registry, mention, of, open } = await useVault(t);
    closeVault(registry);
    const catalogue = of('one');
    await catalogue.crawlInShards(2, 0);
    await catalogue.build(0);
    const before = await catalogue.index();
    assert.equal(before.withheldRepositories, 1);
    for (const at of [1, 2, 3]) {
      if (at === 3) mention('2.0');
      await catalogue.shard(open, 2, at);
      assert.equal((await catalogue.merge(at)).exitCode, 3);
      await catalogue.build(at);
      await nowhere(catalogue);
      const { withheldRepositories, hiddenNames, hiddenNamesChanged } = await catalogue.index();
      assert.deepEqual([withheldRepositories, hiddenNames, hiddenNamesChanged], [1, before.hiddenNames, undefined]);
    }
    await catalogue.crawlInShards(2, 4);
    await catalogue.build(4);
    await nowhere(catalogue);
  });

  it('hides it in a first run too', async (t) => {
    const { registry, of, open } = await useVault(t);
    closeVault(registry);
    const catalogue = of('one');
    await catalogue.shard(open, 2, 0);
    await catalogue.merge(0);
    await catalogue.build(0);
    await nowhere(catalogue);
    await catalogue.crawlInShards(2, 1);
    await catalogue.build(1);
    await nowhere(catalogue);
    assert.equal((await catalogue.index()).withheldRepositories, 1);
  });

  it('hides it where the shard is there and its list is not', async (t) => {
    const { registry, mention, of, open, owner } = await useVault(t);
    closeVault(registry);
    const catalogue = of('one');
    await catalogue.crawlInShards(2, 0);
    mention('2.0');
    await catalogue.shard(open, 2, 1);
    registry.script({
      path: '/v2/_catalog',
      times: 1,
      respond: {
        body: '{"repositories":["base"]}',
        status: 200,
        headers: { Link: '</v2/_catalog?last=base>; rel="next"' },
      },
    });
    registry.script({ path: '/v2/_catalog', times: 'always', respond: { status: 500 } });
    await catalogue.shard(owner, 2, 1, {
      sources: [{ url: registry.url, retries: 0 }],
      publicHost: new URL(registry.url).host,
    });
    assert.equal((await catalogue.merge(1)).exitCode, 3);
    await catalogue.build(1);
    await nowhere(catalogue);
    assert.equal((await catalogue.index()).withheldRepositories, 1);
  });

  it('hides it where the backend that refuses it is down, and another has some of it, as one crawl does', async (t) => {
    const { registry, mention } = await useVault(t);
    const other = await useDemoRegistry(t, { store: createSmallStore(0) });
    for (const one of [registry, other]) putSmallImage(one.store, secret ?? '', '1.0', '2020-01-01T00:00:00Z');
    closeVault(other);
    const sources = Object.entries({ registry, other }).map(([name, { url }]) => ({ name, url, retries: 0 }));
    const several = await useCatalogues(t, { sources });
    const [single, catalogue] = [several('single'), several('several')];
    await single.crawl(0);
    await catalogue.crawlInShards(2, 0);
    assert.equal((await catalogue.index()).withheldRepositories, 1);
    mention('2.0');
    other.script({ path: '/v2/_catalog', times: 3, respond: { status: 500 } });
    await single.crawl(1);
    for (const number of [1, 2]) await catalogue.shard(number, 2, 1);
    assert.deepEqual(await findSecret(catalogue.stateDir), [], 'nor in what shards leave');
    assert.equal((await catalogue.merge(1)).exitCode, 3);
    assert.deepEqual(await findSecret(catalogue.stateDir), []);
    assert.equal((await catalogue.index()).withheldRepositories, 1);
    assert.deepEqual(await catalogue.snapshot(), await single.snapshot());
  });

  it('shows what may be read once that is known', async (t) => {
    const { of, open } = await useVault(t);
    const catalogue = of('one');
    await catalogue.shard(open, 2, 0);
    await catalogue.merge(0);
    assert.deepEqual(await findSecret(join(catalogue.stateDir, 'snapshot')), [], 'it might be closed');
    for (const at of [1, 2]) await catalogue.crawlInShards(2, at);
    assert.match(JSON.stringify(await catalogue.snapshot()), /registry\.example\/vault\/k/);
    assert.equal((await catalogue.index()).withheldRepositories, 0);
  });
});

describe('what shards left', () => {
  const over = { exclude: ['vault/**'] };
  const dead = { sources: [{ url: 'http://127.0.0.1:1', retries: 0 }] };
  const rows: readonly (readonly [
    what: string,
    leave: (catalogue: Catalogue) => Promise<unknown>,
    hide: (catalogue: Catalogue, close: () => void) => Promise<unknown>,
  ])[] = [
    [
      'is merged, and a crawl may not read the vault',
      (catalogue) => catalogue.crawlInShards(2, 0),
      async (catalogue, close) => {
        close();
        return catalogue.crawl(1);
      },
    ],
    [
      'is not merged, and a crawl may not read the vault',
      (catalogue) => leaveBoth(catalogue, 0),
      async (catalogue, close) => {
        close();
        return catalogue.crawl(1);
      },
    ],
    [
      'is the first that there is, and a crawl excludes the vault',
      (catalogue) => leaveBoth(catalogue, 0),
      (catalogue) => catalogue.crawl(1, over),
    ],
    [
      'is the first that there is, and a crawl that fails excludes the vault',
      (catalogue) => leaveBoth(catalogue, 0),
      (catalogue) => assert.rejects(catalogue.crawl(1, { ...over, ...dead }), { code: 'NO_SOURCE_ANSWERED' }),
    ],
    [
      'has a name that the snapshot never had, and a merge excludes it',
      async (catalogue) => {
        await catalogue.crawl(0, { exclude: ['vault/**'] });
        await catalogue.crawl(1, { exclude: ['vault/**', 'none/**'] });
        await leaveBoth(catalogue, 2);
      },
      (catalogue) => assert.rejects(catalogue.merge(3, { over }), { code: 'NO_SHARD' }),
    ],
  ];
  for (const [what, leave, hide] of rows) {
    it(`goes where it ${what}`, async (t) => {
      const { registry, of } = await useVault(t);
      const catalogue = of('one');
      await leave(catalogue);
      assert.notDeepEqual(await findSecret(catalogue.stateDir), [], 'nothing is hidden yet');
      await hide(catalogue, () => closeVault(registry));
      assert.deepEqual(await findSecret(catalogue.stateDir), []);
    });
  }

  it('goes, and is no broken snapshot, where names are hidden while a shard is at work', async (t) => {
    const { registry, of, owner } = await useVault(t);
    const catalogue = of('one');
    await catalogue.crawl(0);
    putSmallImage(registry.store, secret ?? '', '2.0');
    const [isAsked, isHidden] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const isCatalog = ({ path }: { readonly path: string }) => {
      if (path !== '/v2/_catalog') return false;
      isAsked.resolve();
      return true;
    };
    registry.script({ path: isCatalog, times: 1, respond: { after: isHidden.promise } });
    const slow = catalogue.shard(owner, 2, 1);
    await isAsked.promise;
    await assert.rejects(catalogue.merge(1, { over }), { code: 'NO_SHARD' });
    isHidden.resolve();
    await assert.rejects(slow, { code: 'LOCKED', message: /replaced the snapshot/ });
    assert.deepEqual(await findSecret(catalogue.stateDir), []);
  });
});

/** Both of two shards, not merged. */
async function leaveBoth(catalogue: Catalogue, at: number): Promise<void> {
  for (const number of [1, 2]) await catalogue.shard(number, 2, at);
}
