/** The audit of blobs, against real registries whose stores are spoiled, proxies that spoil answers, and redirects. */
import assert from 'node:assert/strict';
import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { encodeImage, encodeManifest, putContent } from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../scripts/demo-registry/image/layer.ts';
import { createAnswer } from '../../scripts/demo-registry/server/answer.ts';
import { readBlob } from '../../scripts/demo-registry/store/blob.ts';
import { createRegistryStore } from '../../scripts/demo-registry/store/registry-store.ts';
import { type Digest, digestHex } from '../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import type { EventLog } from '../../src/run/event-log.ts';
import { silentProgress } from '../../src/run/progress.ts';
import { readIntegrity } from '../../src/run/read-integrity.ts';
import type { BlobReport, VerifyOptions, VerifyResult } from '../../src/run/verify-result.ts';
import { runVerify } from '../../src/run/verify-run.ts';
import { decodeSettings } from '../../src/settings/settings.ts';
import { toLayerKey } from '../../src/view/repository-extent.ts';
import type { MeasuredFile } from '../../src/view/summary-lines.ts';
import { createPusher } from '../support/pusher.ts';
import { runProgram, startProgram, useFolder } from '../support/run-program.ts';
import { createSmallStore, putSmallImage } from '../support/small-registry.ts';
import { type Crawls, useCrawls } from '../support/use-crawl.ts';
import { useDemoRegistry, useDockerRegistry, useFaultProxy, useScriptedServer } from '../support/use-server.ts';

interface VerifyOver extends Partial<VerifyOptions> {
  readonly cancel?: AbortSignal;
  readonly clock?: () => Date;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Verifies what was crawled. */
function verify(crawls: Crawls, settings: object, over: VerifyOver = {}): Promise<VerifyResult> {
  const { cancel = new AbortController().signal, environment = {}, clock = () => new Date(), ...options } = over;
  return runVerify(
    decodeSettings({ stateDir: crawls.stateDir, ...settings }, crawls.stateDir),
    { mode: 'bytes', firstWaitMs: 1, ...options },
    { environment, clock, log: { write: () => undefined }, progress: silentProgress, cancel },
  );
}

const describeReports = ({ reports }: VerifyResult) =>
  reports.map(({ outcome, blob, tags }) => `${outcome} ${blob.digest} ${tags.join(' ')}`).sort();

const base = createLayer('base', 200_000);

/** An image on a base of some 200 kB, with a small layer of its own. */
function encodeApp(name: string, version: string) {
  return encodeImage({
    created: '2026-02-01T00:00:00Z',
    layers: [{ layer: base }, { layer: createLayer(`${name} ${version}`, 9000) }],
  });
}

const image = encodeApp('app', '1.0');
const layer = base.blob;
const ownLayer = createLayer('app 1.0', 9000).blob;

/** docker-registry with three images on one base, crawled. */
async function useCrawledRegistry(t: TestContext) {
  const registry = await useDockerRegistry(t);
  if (registry === null) return null;
  const pusher = createPusher(registry.url);
  for (const name of ['app', 'tools/lint']) {
    await pusher.pushContent(parseRepositoryName(name), encodeApp(name, '1.0'), [parseTag('1.0'), parseTag('latest')]);
  }
  await pusher.pushContent(parseRepositoryName('tools/lint'), encodeApp('tools/lint', '1.1'), [parseTag('1.1')]);
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url }] };
  await crawls.run(settings);
  /** A process that remembers nothing of the store: what the old one has cached hides what is spoiled. */
  const restart = async () => {
    const restarted = await useDockerRegistry(t, { storageDir: registry.storageDir });
    return { sources: [{ url: restarted?.url }] };
  };
  return { registry, crawls, settings, restart, fileOf: (digest: Digest) => toBlobFile(registry.storageDir, digest) };
}

function toBlobFile(storageDir: string, digest: Digest): string {
  const hex = digestHex(digest);
  return join(storageDir, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
}

/** Flips one bit in the middle: the same length, the same headers. */
async function flipByte(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, size >> 1);
    byte.writeUInt8(byte.readUInt8() ^ 1);
    await handle.write(byte, 0, 1, size >> 1);
  } finally {
    await handle.close();
  }
}

describe('docker-registry', () => {
  it('finds nothing wrong where nothing is, and reads each blob once', async (t) => {
    const world = await useCrawledRegistry(t);
    if (world === null) return;
    const proxy = await useFaultProxy(t, world.registry.url, { seed: 'none', rate: 0 });
    const result = await verify(world.crawls, { sources: [{ url: proxy.url }] });
    // Three images: their configs, one layer of each, and the base that they share.
    assert.deepEqual([result.named.blobs, result.checkedBlobs, result.end], [7, 7, 'cycle-complete']);
    assert.equal(proxy.getCount, 7);
    assert.equal(proxy.requestCount, 8, 'and the base is looked for in the other image that names it');
    assert.deepEqual(result.reports, []);
    assert.ok(result.isSound);
    assert.equal(result.checkedSizeBytes, result.named.sizeBytes);
    assert.equal(result.receivedBytes, result.named.sizeBytes);
  });

  it('finds a flipped bit, names the tags that it concerns, and no other', async (t) => {
    const world = await useCrawledRegistry(t);
    if (world === null) return;
    await flipByte(world.fileOf(ownLayer.digest));
    const sizes = await verify(world.crawls, world.settings, { mode: 'sizes' });
    assert.ok(sizes.isSound, 'a HEAD cannot see it');
    const result = await verify(world.crawls, world.settings);
    assert.deepEqual(describeReports(result), [`corrupt ${ownLayer.digest} app:1.0 app:latest`]);
    assert.equal(result.isSound, false);
    await flipByte(world.fileOf(layer.digest));
    const next = await verify(world.crawls, world.settings);
    assert.deepEqual(
      describeReports(next),
      [
        `corrupt ${layer.digest} app:1.0 app:latest tools/lint:1.0 tools/lint:1.1 tools/lint:latest`,
        `corrupt ${ownLayer.digest} app:1.0 app:latest`,
      ].sort(),
    );
    // Mended, and believed at once.
    await flipByte(world.fileOf(layer.digest));
    await flipByte(world.fileOf(ownLayer.digest));
    assert.ok((await verify(world.crawls, world.settings)).isSound);
  });

  it('finds it within one full cycle of a small budget, and reads nothing twice before', async (t) => {
    const world = await useCrawledRegistry(t);
    if (world === null) return;
    await flipByte(world.fileOf(ownLayer.digest));
    const proxy = await useFaultProxy(t, world.registry.url, { seed: 'none', rate: 0 });
    const settings = { sources: [{ url: proxy.url }] };
    const maxBytes = 200_000;
    const found: string[] = [];
    let checked = 0;
    for (let run = 1; ; run++) {
      assert.ok(run < 10, 'it comes to an end');
      const result = await verify(world.crawls, settings, { maxBytes });
      assert.ok(result.receivedBytes <= maxBytes + ownLayer.sizeBytes, `${result.receivedBytes} within the budget`);
      checked += result.checkedBlobs;
      found.push(...describeReports(result));
      if (result.end === 'cycle-complete') break;
      assert.equal(result.end, 'max-bytes');
      assert.ok(result.leftBlobs > 0);
    }
    assert.deepEqual(found, [`corrupt ${ownLayer.digest} app:1.0 app:latest`]);
    assert.equal(checked, 7);
    assert.equal(proxy.getCount, 8, 'each once, and the corrupt one a second time');
  });

  it('tells what is missing, cut short, or larger than the whole budget', async (t) => {
    const world = await useCrawledRegistry(t);
    if (world === null) return;
    await rm(world.fileOf(ownLayer.digest));
    const cached = await verify(world.crawls, world.settings, { maxBytes: 50_000 });
    assert.deepEqual(
      cached.reports.map(({ outcome }) => outcome),
      ['unread'],
      'it still says that it has it, and breaks off',
    );
    const settings = await world.restart();
    const result = await verify(world.crawls, settings, { maxBytes: 50_000 });
    assert.deepEqual(describeReports(result), [`missing ${ownLayer.digest} app:1.0 app:latest`]);
    assert.deepEqual([result.oversizedBlobs, result.leftBlobs, result.end], [1, 1, 'cycle-complete']);
    const sizes = await verify(world.crawls, settings, { mode: 'sizes' });
    assert.deepEqual(describeReports(sizes), [`missing ${ownLayer.digest} app:1.0 app:latest`]);
    await truncate(world.fileOf(layer.digest), 5000);
    const after = await world.restart();
    for (const mode of ['sizes', 'bytes'] as const) {
      const cut = await verify(world.crawls, after, { mode });
      const report: BlobReport | undefined = cut.reports.find(({ blob }) => blob.digest === layer.digest);
      assert.equal(report?.outcome, 'corrupt', `${mode}: ${report?.text}`);
      assert.match(report?.text ?? '', /it has 5000 bytes instead of/);
    }
  });

  it('says nothing of what is gone with the manifest that named it', async (t) => {
    const world = await useCrawledRegistry(t);
    if (world === null) return;
    await rm(world.fileOf(ownLayer.digest));
    await createPusher(world.registry.url).deleteManifest(parseRepositoryName('app'), image.manifest.digest);
    const settings = await world.restart();
    const result = await verify(world.crawls, settings);
    assert.deepEqual(result.reports, []);
    assert.ok(result.goneBlobs > 0);
    // The next crawl sees that it is gone, and then nothing is kept of its blobs.
    await world.crawls.run(settings, { confirmRuns: 1, acceptRemovals: true });
    await verify(world.crawls, settings);
    assert.doesNotMatch(
      await readFile(join(world.crawls.stateDir, 'integrity/bytes.json'), 'utf8'),
      new RegExp(ownLayer.digest),
    );
  });
});

describe('a fifth of all answers spoiled', () => {
  for (const seed of ['one', 'two', 'three', 'four', 'five']) {
    it(`never makes anything corrupt or missing, with seed ${seed}`, async (t) => {
      const registry = await useDemoRegistry(t, { store: createSmallStore(20), recordsRequests: false });
      const crawls = await useCrawls(t);
      await crawls.run({ sources: [{ name: 'main', url: registry.url }] });
      const proxy = await useFaultProxy(t, registry.url, { seed, rate: 0.2, delayMs: 1 });
      const settings = { sources: [{ name: 'main', url: proxy.url }] };
      for (const mode of ['bytes', 'sizes', 'bytes'] as const) {
        const result = await verify(crawls, settings, { mode });
        assert.deepEqual(
          result.reports.filter(({ outcome }) => outcome !== 'unread'),
          [],
        );
        assert.ok(result.checkedBlobs > 40);
      }
      assert.ok(proxy.faults.length > proxy.requestCount * 0.15, 'the proxy did its work');
    });
  }

  it('nor where every body is cut as if it were whole', async (t) => {
    const registry = await useDemoRegistry(t, { store: createSmallStore(), recordsRequests: false });
    const crawls = await useCrawls(t);
    await crawls.run({ sources: [{ name: 'main', url: registry.url }] });
    const proxy = await useFaultProxy(t, registry.url, { seed: 'cut', rate: 1, kinds: ['truncate'] });
    await assert.rejects(verify(crawls, { sources: [{ name: 'main', url: proxy.url, retries: 0 }] }), {
      code: 'NO_SOURCE_ANSWERED',
    });
    const state = JSON.parse(await readFile(join(crawls.stateDir, 'integrity/bytes.json'), 'utf8'));
    assert.deepEqual(state.checks, []);
  });
});

/** The demo registry's requests for blobs, by digest. */
function countReads(requests: readonly { method: string; target: string }[]): ReadonlyMap<string, number> {
  const reads = new Map<string, number>();
  for (const { method, target } of requests) {
    const digest = /\/blobs\/(sha256:[0-9a-f]+)/.exec(target)?.[1];
    if (method === 'GET' && digest !== undefined) reads.set(digest, (reads.get(digest) ?? 0) + 1);
  }
  return reads;
}

describe('a run that ends early', () => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    it(`by ${signal} keeps what it has checked, and the next one reads the rest`, async (t) => {
      const registry = await useDemoRegistry(t, { store: createSmallStore(20) });
      const crawls = await useCrawls(t);
      const settings = { stateDir: crawls.stateDir, sources: [{ name: 'main', url: registry.url, concurrency: 2 }] };
      await crawls.run(settings);
      const crawled = registry.requests.length;
      const config = join(crawls.stateDir, 'settings.json');
      await writeFile(config, JSON.stringify(settings));
      const running = startProgram(['verify', '--config', config, '--json']);
      const reached = Promise.withResolvers<void>();
      let asked = 0;
      // From the thirteenth on nothing is answered any more.
      registry.script({
        path: ({ target }) => target.includes('/blobs/') && ++asked > 12,
        times: 'always',
        respond: {
          stall: 'before-headers',
          alter: (answer) => {
            reached.resolve();
            return answer;
          },
        },
      });
      await reached.promise;
      const second = await runProgram(['verify', '--config', config]);
      assert.equal(second.exitCode, 75, second.stderr);
      running.child.kill(signal);
      const ended = await running.result;
      const journal = await readFile(join(crawls.stateDir, 'integrity/bytes.journal'), 'utf8').catch(() => '');
      if (signal === 'SIGTERM') {
        assert.equal(ended.exitCode, 0, ended.stderr);
        const { end, checkedBlobs } = JSON.parse(ended.stdout);
        assert.deepEqual([end, checkedBlobs >= 11], ['stopped', true]);
        assert.equal(journal, '', 'it is one file again');
      } else {
        assert.ok(journal.split('\n').length > 11);
        await writeFile(join(crawls.stateDir, 'integrity/bytes.journal'), `${journal}["main","sha2`);
      }
      const before = countReads(registry.requests.slice(crawled));
      const done = [...before.keys()].slice(0, 11);
      registry.script();
      const plain = await useDemoRegistry(t, { store: createSmallStore(20) });
      const resumed = await verify(crawls, { ...settings, sources: [{ name: 'main', url: plain.url }] });
      assert.equal(resumed.end, 'cycle-complete');
      const after = countReads(plain.requests);
      assert.deepEqual(
        done.filter((digest) => after.has(digest)),
        [],
        'nothing is read twice',
      );
      // The twelfth may have come, and not have been written down.
      const kept = resumed.named.blobs - after.size;
      assert.ok(kept === 11 || kept === 12, `${kept} were kept`);
      assert.ok([...after.values()].every((count) => count === 1));
      const next = await verify(crawls, { ...settings, sources: [{ name: 'main', url: plain.url }] });
      assert.equal(next.checkedBlobs, next.named.blobs, 'then a new cycle begins');
    });
  }

  it('by its duration, in the middle of a layer', async (t) => {
    const registry = await useDemoRegistry(t, { store: createSmallStore() });
    const crawls = await useCrawls(t);
    const settings = { sources: [{ url: registry.url }] };
    await crawls.run(settings);
    registry.script({ path: /\/blobs\//, times: 'always', respond: { stall: { afterBytes: 10 } } });
    const result = await verify(crawls, settings, { maxDurationMs: 100 });
    assert.deepEqual([result.end, result.checkedBlobs, result.reports.length], ['max-duration', 0, 0]);
  });
});

test('a layer is read over a redirect, without the credentials', async (t) => {
  const store = createSmallStore();
  const registry = await useDemoRegistry(t, { store });
  const crawls = await useCrawls(t);
  const settings = {
    sources: [{ url: registry.url, credentials: { usernameVariable: 'NAME', passwordVariable: 'WORD' } }],
  };
  const environment = { NAME: 'reader', WORD: 'hunter2-secret' };
  await crawls.run(settings, {}, environment);
  const cdn = await useScriptedServer(t);
  cdn.script({
    path: /^\/cdn\//,
    times: 'always',
    respond: {
      status: 200,
      alter: (_, { target }) => {
        const digest = /sha256:[0-9a-f]{64}/.exec(target)?.[0] as Digest;
        const blob = store.repositories().flatMap(({ blobs }) => blobs.get(digest) ?? [])[0];
        return createAnswer(blob ? 200 : 404, {}, blob && readBlob(blob));
      },
    },
  });
  registry.script({
    path: /\/blobs\//,
    times: 'always',
    respond: {
      status: 307,
      alter: (answer, { target }) => ({
        ...answer,
        headers: { Location: `${cdn.url.replace('127.0.0.1', 'localhost')}/cdn${target}?signature=s3cret` },
      }),
    },
  });
  const result = await verify(crawls, settings, { environment });
  assert.ok(result.isSound);
  assert.equal(result.checkedBlobs, result.named.blobs);
  assert.equal(cdn.requests.filter(({ method }) => method === 'GET').length, result.named.blobs);
  assert.ok(cdn.requests.every(({ headers }) => headers.authorization === undefined));
  const refused = await verify(
    crawls,
    { sources: [{ ...settings.sources[0], followRedirects: false }] },
    { environment },
  ).catch((error) => error.code);
  assert.equal(refused, 'NO_SOURCE_ANSWERED');
});

test('of a source whose credential helper fails nothing is asked, and the other is audited', async (t) => {
  const own = createRegistryStore();
  for (let number = 0; number < 30; number++) putSmallImage(own, `closed/${number}`, '1.0');
  const [closed, other] = [
    await useDemoRegistry(t, { store: own }),
    await useDemoRegistry(t, { store: createSmallStore() }),
  ];
  const sources = [
    { name: 'closed', url: closed.url, concurrency: 2 },
    { name: 'other', url: other.url },
  ];
  const crawls = await useCrawls(t);
  await crawls.run({ sources });
  const folder = await useFolder(t);
  await writeFile(join(folder, 'docker-credential-ours'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const credHelpers = { [new URL(closed.url).host]: 'ours' };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ credHelpers }));
  const environment = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH']}` };
  const result = await verify(crawls, { sources }, { environment });
  assert.equal(result.end, 'sources-failed');
  assert.ok(result.checkedBlobs > 0 && result.checkedBlobs < result.named.blobs);
  const unread = result.reports.filter(({ outcome }) => outcome === 'unread');
  assert.ok(unread.length >= 1 && unread.length <= 2, `${unread.length} blobs were asked for in vain`);
  assert.match(unread[0]?.text ?? '', /docker-credential-ours failed/);
});

describe('one blob, several claims', () => {
  const wrong = (sizeBytes: number) => {
    const document = JSON.parse(Buffer.from(image.manifest.bytes).toString());
    document.layers[0].size = sizeBytes;
    return { ...image, manifest: encodeManifest(image.manifest.mediaType, document) };
  };

  for (const [what, claim] of [
    ['less', 100],
    ['more', 5_000_000_000],
  ] as const) {
    it(`a manifest that says ${what} than there is spoils no other image, and is found`, async (t) => {
      const store = createSmallStore();
      putContent(store, parseRepositoryName('app'), image, [parseTag('1.0')]);
      putContent(store, parseRepositoryName('evil'), wrong(claim), [parseTag('1.0')]);
      const registry = await useDemoRegistry(t, { store });
      const crawls = await useCrawls(t);
      await crawls.run({ sources: [{ url: registry.url }] });
      const result = await verify(crawls, { sources: [{ url: registry.url }] }, { maxBytes: 1_000_000 });
      assert.deepEqual(describeReports(result), [`misstated ${layer.digest} evil:1.0`]);
      const sizes = await verify(crawls, { sources: [{ url: registry.url }] }, { mode: 'sizes' });
      assert.deepEqual(describeReports(sizes), [`misstated ${layer.digest} evil:1.0`]);
    });
  }

  for (const lacking of ['app', 'copy'])
    it(`what ${lacking} lacks is read through another, and said`, async (t) => {
      const store = createSmallStore();
      for (const name of ['app', 'copy']) putContent(store, parseRepositoryName(name), image, [parseTag('1.0')]);
      const registry = await useDemoRegistry(t, { store });
      const crawls = await useCrawls(t);
      await crawls.run({ sources: [{ url: registry.url }] });
      store.deleteBlob(parseRepositoryName(lacking), ownLayer.digest);
      const result = await verify(crawls, { sources: [{ url: registry.url }] });
      assert.deepEqual(
        result.reports.map(({ outcome, blob, tags }) => [outcome, blob.holders.map(({ name }) => name), tags]),
        [['missing', [lacking], [`${lacking}:1.0`]]],
      );
      assert.equal(result.checkedBlobs, result.named.blobs);
      const kept = await readFile(join(crawls.stateDir, 'integrity/bytes.json'), 'utf8');
      assert.doesNotMatch(kept, /app|copy/, 'no name is kept');
      const { checks } = JSON.parse(kept);
      assert.equal(checks.filter((row: readonly unknown[]) => row.length === 9).length, 1);

      const sizes = await verify(crawls, { sources: [{ url: registry.url }] }, { mode: 'sizes' });
      assert.deepEqual(
        sizes.reports.map(({ tags }) => tags),
        [[`${lacking}:1.0`]],
      );
      putContent(store, parseRepositoryName(lacking), image, [parseTag('1.0')]);
      const mended = await verify(crawls, { sources: [{ url: registry.url }] });
      assert.ok(mended.isSound && mended.knownFaults === 0, 'what was pushed again is no fault any more');
    });

  for (const mode of ['bytes', 'sizes'] as const)
    it(`a web page in the place of a layer is a failure to read it, by ${mode}`, async (t) => {
      const store = createSmallStore();
      putContent(store, parseRepositoryName('app'), image, [parseTag('1.0')]);
      const registry = await useDemoRegistry(t, { store });
      const crawls = await useCrawls(t);
      await crawls.run({ sources: [{ url: registry.url }] });
      registry.script({
        path: ({ target }) => target.includes(`/blobs/${layer.digest}`),
        times: 'always',
        respond: { headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Maintenance</title>' },
      });
      const result = await verify(crawls, { sources: [{ url: registry.url }] }, { mode });
      assert.deepEqual(
        result.reports.map(({ outcome }) => outcome),
        ['unread'],
      );
      assert.ok(result.isSound);
    });
});

test('half a layer, as if it were whole, is no corrupt layer while HEAD announces all of it', async (t) => {
  const store = createSmallStore();
  putContent(store, parseRepositoryName('app'), image, [parseTag('1.0')]);
  const registry = await useDemoRegistry(t, { store });
  const crawls = await useCrawls(t);
  await crawls.run({ sources: [{ url: registry.url }] });
  const half = readBlob(layer).subarray(0, layer.sizeBytes / 2);
  registry.script({ method: 'GET', path: new RegExp(`/blobs/${layer.digest}$`), times: 2, respond: { body: half } });
  const result = await verify(crawls, { sources: [{ url: registry.url }] });
  assert.deepEqual(describeReports(result), [`unread ${layer.digest} `]);
  const state = JSON.parse(await readFile(join(crawls.stateDir, 'integrity/bytes.json'), 'utf8'));
  const row = state.checks.find((one: readonly unknown[]) => one[1] === layer.digest);
  assert.equal(row[4], null, 'it has no outcome');
});

describe('a clock that is wrong', () => {
  const right = () => new Date('2026-11-22T10:00:00Z');
  const ahead = () => new Date('2099-01-01T00:00:00Z');
  const boot = () => new Date('1970-01-01T00:00:30Z');

  async function useAudited(t: TestContext) {
    const store = createSmallStore();
    putContent(store, parseRepositoryName('app'), image, [parseTag('1.0')]);
    const registry = await useDemoRegistry(t, { store });
    const crawls = await useCrawls(t);
    const settings = { sources: [{ url: registry.url }] };
    await crawls.run(settings);
    const readChecksOf = async (mode: string) =>
      JSON.parse(await readFile(join(crawls.stateDir, `integrity/${mode}.json`), 'utf8')).checks;
    return { store, crawls, settings, readChecksOf };
  }

  it('changes no date of what it did not check: it may be the one that is wrong', async (t) => {
    const { crawls, settings, readChecksOf } = await useAudited(t);
    await verify(crawls, settings, { clock: right });
    const before = await readChecksOf('bytes');
    const { checkedBlobs } = await verify(crawls, settings, { maxBytes: 1, clock: boot });
    assert.equal(checkedBlobs, 0);
    assert.deepEqual(await readChecksOf('bytes'), before);
  });

  it('hides no fault that the other mode finds once it is right, nor does a later run that reads nothing', async (t) => {
    const { store, crawls, settings, readChecksOf } = await useAudited(t);
    const extent = { layerKeys: [toLayerKey(ownLayer.digest)], configKeys: [] };
    const app = { summary: { name: 'app', state: 'listed' }, extent } as unknown as MeasuredFile;
    const log = { write: () => undefined } as unknown as EventLog;
    const readFaults = async () => {
      const { faults } = await readIntegrity(crawls.stateDir, [app], log, right);
      return faults.map(({ kind, digest, foundAt }) => [kind, digest, foundAt]);
    };
    await verify(crawls, settings, { clock: ahead });
    assert.deepEqual(await readFaults(), []);
    store.deleteBlob(parseRepositoryName('app'), ownLayer.digest);
    await verify(crawls, settings, { mode: 'sizes', clock: right });
    const expected = [['missing', ownLayer.digest, '2026-11-22T10:00:00Z']];
    assert.deepEqual(await readFaults(), expected);
    const { checkedBlobs } = await verify(crawls, settings, { maxBytes: 1, clock: right });
    assert.equal(checkedBlobs, 0);
    assert.deepEqual(await readFaults(), expected);
    const whole = await verify(crawls, settings, { clock: right });
    assert.ok(whole.checkedBlobs > 0);
    assert.doesNotMatch(JSON.stringify(await readChecksOf('bytes')), /2099/);
  });
});

test('no name stands in what is kept, and what is hidden is forgotten', async (t) => {
  const registry = await useDemoRegistry(t, { store: createSmallStore() });
  const crawls = await useCrawls(t);
  const sources = [{ url: registry.url }];
  await crawls.run({ sources });
  await verify(crawls, { sources });
  const file = join(crawls.stateDir, 'integrity/bytes.json');
  const all = await readFile(file, 'utf8');
  assert.doesNotMatch(all, /web|front|base/);
  const result = await verify(crawls, { sources, exclude: ['web/**'] });
  const left = await readFile(file, 'utf8');
  assert.ok(JSON.parse(left).checks.length < JSON.parse(all).checks.length);
  assert.equal(JSON.parse(left).checks.length, result.named.blobs);
});
