/** What a run learns of signatures and the like from the referrers API, and what it makes of its silence. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ociDistribution11 } from '../../../scripts/demo-registry/dialect.ts';
import { encodeArtifact, putContent } from '../../../scripts/demo-registry/image/encode-content.ts';
import { createRegistryStore, type RegistryStore } from '../../../scripts/demo-registry/store/registry-store.ts';
import { turns } from '../../../src/crawl/spread.ts';
import type { Digest } from '../../../src/oci/digest.ts';
import { parseRepositoryName, parseTag } from '../../../src/oci/reference.ts';
import { hour } from '../../support/catalogue-values.ts';
import { encodeSmallImage, putSmallImage } from '../../support/small-registry.ts';
import { describeFindings, useCrawls } from '../../support/use-crawl.ts';
import { useDemoRegistry } from '../../support/use-server.ts';

const name = parseRepositoryName('web/app');

/** `2.0`, which is recommended, and ten older tags. */
function createStore(): RegistryStore {
  const store = createRegistryStore();
  for (let minor = 0; minor < 10; minor++) putSmallImage(store, name, `1.${minor}`, `2026-07-0${minor}T00:00:00Z`);
  putSmallImage(store, name, '2.0', '2026-08-01T00:00:00Z');
  return store;
}

function digestOf(store: RegistryStore, tag: string): Digest {
  const digest = store.repository(name)?.tags.get(parseTag(tag));
  assert.ok(digest);
  return digest;
}

/** Pushes something about `tag`, without a tag of its own. */
function attach(store: RegistryStore, tag: string, artifactType: string, text = 'x'): Digest {
  const digest = digestOf(store, tag);
  const manifest = store.repository(name)?.manifests.get(digest);
  assert.ok(manifest);
  const content = encodeArtifact({
    artifactType,
    files: [{ mediaType: artifactType, content: `${text} ${digest}` }],
    annotations: { 'org.opencontainers.image.created': '2026-08-02T00:00:00Z', note: 'for team/secret:1 only' },
    subject: { mediaType: manifest.mediaType, digest, size: manifest.bytes.byteLength },
  });
  putContent(store, name, content, []);
  return content.manifest.digest;
}

async function useWorld(t: TestContext) {
  const store = createStore();
  const registry = await useDemoRegistry(t, { store, dialect: ociDistribution11 });
  const crawls = await useCrawls(t);
  const settings = { sources: [{ url: registry.url }] };
  let answered = 0;
  /** The digests that were asked about since this was last called. */
  const asked = () => {
    const paths = registry.requests.slice(answered).map(({ path }) => path);
    answered = registry.requests.length;
    return paths.flatMap((path) => path.split('/referrers/')[1] ?? []);
  };
  const known = async (tag: string) => (await crawls.read(name))?.referrers.get(digestOf(store, tag)) ?? [];
  return { store, registry, crawls, settings, asked, known };
}

const sbom = 'application/spdx+json';

test('asks about the recommended digest each hour, and about every other once in a day', async (t) => {
  const { store, crawls, settings, asked } = await useWorld(t);
  const recommended = digestOf(store, '2.0');
  const seen = new Map<string, number>();
  for (let run = 0; run < turns; run++) {
    const result = await crawls.run(settings);
    const subjects = asked();
    assert.equal(subjects.filter((digest) => digest === recommended).length, 1);
    assert.equal(result.requests[0]?.byKind.referrers, subjects.length);
    for (const digest of subjects) seen.set(digest, (seen.get(digest) ?? 0) + 1);
  }
  assert.equal(seen.size, 11);
  seen.delete(recommended);
  assert.deepEqual(
    [...seen.values()],
    Array.from({ length: 10 }, () => 1),
  );
});

test('what is learned is kept, and to learn the same again changes no byte', async (t) => {
  const { store, crawls, settings, known } = await useWorld(t);
  await crawls.run(settings);
  assert.deepEqual(await known('2.0'), []);
  const digest = attach(store, '2.0', sbom);
  const second = await crawls.run(settings);
  assert.equal(second.hasChanged, true);
  const [referrer] = await known('2.0');
  assert.deepEqual([referrer?.digest, referrer?.artifactType, referrer?.firstSeenAt], [digest, sbom, hour(1)]);
  assert.deepEqual(referrer?.annotations, { 'org.opencontainers.image.created': '2026-08-02T00:00:00Z' });

  const before = await crawls.bytes();
  const third = await crawls.run(settings);
  assert.equal(third.hasChanged, false);
  const files = (bytes: string) => bytes.split('\n').filter((line) => /"(?:firstSeenAt|schemaVersion)"/.test(line));
  assert.deepEqual(files(await crawls.bytes()), files(before));

  const signature = attach(store, '2.0', 'application/vnd.dev.sigstore.bundle.v0.3+json');
  await crawls.run(settings);
  assert.deepEqual((await known('2.0')).map((one) => one.digest).sort(), [digest, signature].sort());
  assert.equal((await known('2.0')).find((one) => one.digest === digest)?.firstSeenAt, hour(1));
});

test('what is listed no longer goes when it is gone, and stays while it is there', async (t) => {
  const { store, registry, crawls, settings, known } = await useWorld(t);
  const digest = attach(store, '2.0', sbom);
  await crawls.run(settings);
  registry.script({
    path: `/v2/${name}/referrers/${digestOf(store, '2.0')}`,
    respond: { json: { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] } },
  });
  const silent = await crawls.run(settings);
  assert.equal(silent.hasChanged, false);
  assert.equal((await known('2.0')).length, 1);

  store.deleteManifest(name, digest);
  const gone = await crawls.run(settings);
  assert.equal(gone.hasChanged, true);
  assert.equal((await crawls.read(name))?.referrers.size, 0);
});

test('a failure keeps what was known, says so, and costs no tag its place', async (t) => {
  const { store, registry, crawls, settings, known } = await useWorld(t);
  attach(store, '2.0', sbom);
  await crawls.run(settings);
  registry.script({ path: /\/referrers\//, times: 'always', respond: { status: 502 } });
  const failed = await crawls.run(settings);
  assert.deepEqual(describeFindings(failed.findings), [`referrers-unread ${name}`]);
  assert.match(failed.findings[0]?.text ?? '', /^what is about 1 of its digests could not be asked: GET .*502/);
  assert.equal(failed.counts.repositories.stale, 0);
  assert.equal(failed.hasChanged, false);
  assert.equal((await known('2.0')).length, 1);
});

test('goes with what it is about', async (t) => {
  const { store, crawls, settings } = await useWorld(t);
  attach(store, '2.0', sbom);
  await crawls.run(settings);
  const rebuild = async (day: string) => {
    putContent(store, name, encodeSmallImage(name, 'rebuilt', `2026-08-${day}T00:00:00Z`), [parseTag('2.0')]);
    await crawls.run(settings);
    return (await crawls.read(name))?.referrers.size;
  };
  assert.equal(await rebuild('03'), 1, 'what a tag pointed at just before is known for one move more');
  assert.equal(await rebuild('04'), 0);
});

test('tags that settings hide hide the lists that they stand for', async (t) => {
  const { store, crawls, settings, asked } = await useWorld(t);
  attach(store, '2.0', sbom);
  const hidden = { ...settings, excludeTags: ['sha256-*'] };
  await crawls.run(hidden);
  assert.deepEqual(asked(), []);
  assert.equal((await crawls.read(name))?.referrers.size, 0);
  await crawls.run(settings);
  assert.equal((await crawls.read(name))?.referrers.size, 1);
  await crawls.run(hidden);
  assert.equal((await crawls.read(name))?.referrers.size, 0);
});

test('nor is anything asked or kept about a tag that they hide', async (t) => {
  const { store, crawls, settings, asked } = await useWorld(t);
  attach(store, '2.0', sbom);
  await crawls.run(settings);
  assert.ok(asked().includes(digestOf(store, '2.0')));
  await crawls.run({ ...settings, excludeTags: ['2.*'] });
  assert.ok(!asked().includes(digestOf(store, '2.0')));
  assert.equal((await crawls.read(name))?.referrers.size, 0);
});

test('no hidden name stands in what is kept of them', async (t) => {
  const { store, crawls, settings, known } = await useWorld(t);
  const digest = digestOf(store, '2.0');
  const manifest = store.repository(name)?.manifests.get(digest);
  const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const content = encodeArtifact({
    artifactType: bundle,
    files: [{ mediaType: bundle, content: 'x' }],
    annotations: { 'dev.sigstore.bundle.predicateType': 'https://registry.example.org/team/secret' },
    subject: { mediaType: manifest?.mediaType ?? '', digest, size: manifest?.bytes.byteLength ?? 0 },
  });
  putContent(store, name, content, []);
  await crawls.run({ ...settings, exclude: ['team/secret'] });
  assert.equal((await known('2.0')).length, 1);
  assert.ok(!(await crawls.bytes()).includes('team/secret'));
  await crawls.run(settings);
  assert.ok((await crawls.bytes()).includes('team/secret'), 'what is hidden no longer is read anew');
  await crawls.run({ ...settings, exclude: ['team/secret'] });
  assert.ok(!(await crawls.bytes()).includes('team/secret'));
});
