/** What a run sees of one repository, whatever its registry does. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext, test } from 'node:test';
import type { DemoRegistry } from '../../../scripts/demo-registry/demo-registry.ts';
import {
  encodeArtifact,
  encodeImage,
  encodeIndex,
  encodeManifest,
  type PushableContent,
  putContent,
} from '../../../scripts/demo-registry/image/encode-content.ts';
import type { Repository } from '../../../src/catalogue/model.ts';
import type { RepositoryObservation } from '../../../src/catalogue/observation.ts';
import { reconcile } from '../../../src/catalogue/reconcile.ts';
import type { ReconcilePolicy } from '../../../src/catalogue/reconcile-policy.ts';
import type { CrawlSource } from '../../../src/crawl/crawl-source.ts';
import { observeRepository } from '../../../src/crawl/observe-repository.ts';
import type { Standing } from '../../../src/crawl/plan-crawl.ts';
import { createRevalidation } from '../../../src/crawl/revalidation.ts';
import { computeDigest } from '../../../src/oci/digest.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import { parseTag } from '../../../src/oci/reference.ts';
import type { RegistryOptions } from '../../../src/registry/open-registry.ts';
import { createPolicy, hour } from '../../support/catalogue-values.ts';
import { encodeSmallImage } from '../../support/small-registry.ts';
import { app, never, useClient, user } from '../../support/use-client.ts';
import { describeFindings } from '../../support/use-crawl.ts';
import { useDemoRegistry, useScriptedServer } from '../../support/use-server.ts';

interface World {
  readonly registry: DemoRegistry;
  put(content: PushableContent, ...tags: readonly string[]): void;
  observe(known?: Repository | null, options?: Looking): Promise<RepositoryObservation>;
}

interface Looking {
  readonly standing?: Standing;
  readonly client?: Partial<RegistryOptions>;
  readonly source?: Partial<CrawlSource>;
  readonly isTagShown?: (tag: string) => boolean;
  readonly publishEnvironment?: boolean;
}

/** No rule: every tag is asked about in every run. */
const askAll = createRevalidation({ rules: [], lastRunAt: hour(0), now: hour(1) });

async function useWorld(t: TestContext): Promise<World> {
  const registry = await useDemoRegistry(t);
  return {
    registry,
    put: (content, ...tags) => putContent(registry.store, app, content, tags.map(parseTag)),
    async observe(known = null, { standing = 'listed', client, source, isTagShown, publishEnvironment = false } = {}) {
      const one: CrawlSource = {
        name: 'main',
        client: useClient(t, registry.url, client),
        serves: () => true,
        fixedNames: null,
        concurrency: 8,
        followRedirects: true,
        ...source,
      };
      const assignment = { name: app, source: one, standing, fallback: null, askedFirst: one };
      return observeRepository(
        assignment,
        { outline: null, read: async () => known },
        {
          isTagShown: isTagShown ?? (() => true),
          publishEnvironment,
          revalidation: askAll,
          signal: never,
        },
      );
    },
  };
}

/** The repository that comes of an observation. */
function toRepository(
  observation: RepositoryObservation,
  known: Repository | null = null,
  policy?: Partial<ReconcilePolicy>,
) {
  const { next } = reconcile(known, observation, createPolicy(1, policy), hour(1));
  return next ?? assert.fail('nothing came of it');
}

const image = (seed: string) => encodeSmallImage('team/app', seed);
const tagsOf = ({ tags }: RepositoryObservation) => Object.fromEntries([...tags].sort(([a], [b]) => (a < b ? -1 : 1)));
const points = (content: PushableContent, missing = 0) => ({
  outcome: 'points',
  digest: content.manifest.digest,
  missing,
});
const shapes = ({ manifests }: RepositoryObservation) =>
  [...manifests.values()]
    .map(({ shape, mediaType }) => `${shape} ${mediaType.replace(/^application\/vnd\./, '')}`)
    .sort();

test('reads every tag, and each digest once', async (t) => {
  const { registry, put, observe } = await useWorld(t);
  const [one, two] = [image('1'), image('2')];
  put(one, '1', '1.0', 'old');
  put(two, '2', 'latest');
  const observation = await observe();
  assert.deepEqual(observation.listing, { outcome: 'tags', failure: null });
  assert.deepEqual(tagsOf(observation), {
    '1': points(one),
    '1.0': points(one),
    '2': points(two),
    latest: points(two),
    old: points(one),
  });
  assert.equal(observation.manifests.size, 2);
  assert.equal(observation.configs.size, 2);
  assert.deepEqual(observation.findings, []);
  const blobs = registry.requests.filter(({ path }) => path.includes('/blobs/'));
  assert.equal(blobs.length, 2, 'one request for each config, and none for a layer');
  assert.equal(registry.requests.length, 1 + 5 + 2);
});

test('asks nothing again that is known', async (t) => {
  const { registry, put, observe } = await useWorld(t);
  put(encodeIndex({ children: [{ content: image('1') }, { content: image('2') }] }), '1', 'latest');
  const known = toRepository(await observe());
  const before = registry.requests.length;
  const second = await observe(known);
  assert.deepEqual(
    registry.requests.slice(before).map(({ method, status }) => `${method} ${status}`),
    ['GET 200', 'GET 304', 'GET 304'],
  );
  assert.equal(second.manifests.size + second.configs.size, 0);
  assert.equal(toRepository(second, known), known);
});

describe('content', () => {
  it('an index of indexes, with and without platforms, in both families', async (t) => {
    const { put, observe } = await useWorld(t);
    const docker = encodeImage({ family: 'docker', layers: [] });
    const inner = encodeIndex({ children: [{ content: image('1') }, { content: docker }] });
    const outer = encodeIndex({
      family: 'docker',
      children: [{ content: inner }, { content: image('2'), platform: { os: 'linux', architecture: 'arm64' } }],
    });
    put(outer, 'latest');
    const observation = await observe();
    assert.deepEqual(tagsOf(observation), { latest: points(outer) });
    assert.deepEqual(shapes(observation), [
      'index docker.distribution.manifest.list.v2+json',
      'index oci.image.index.v1+json',
      'manifest docker.distribution.manifest.v2+json',
      'manifest oci.image.manifest.v1+json',
      'manifest oci.image.manifest.v1+json',
    ]);
    assert.equal(observation.configs.size, 3);
  });

  it('an index that nests without end is followed so deep and no deeper', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    let content: PushableContent = image('1');
    for (let depth = 0; depth < 20; depth++) content = encodeIndex({ children: [{ content }] });
    put(content, 'latest');
    const observation = await observe();
    assert.deepEqual(tagsOf(observation), { latest: points(content) });
    assert.equal(observation.manifests.size, 5);
    assert.ok(registry.requests.length < 10);
  });

  it('a child that is not there is counted', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const [one, two] = [image('1'), image('2')];
    const index = encodeIndex({ children: [{ content: one }, { content: two }] });
    put(index, 'latest');
    registry.store.deleteManifest(app, two.manifest.digest);
    const observation = await observe();
    assert.deepEqual(tagsOf(observation), { latest: points(index, 1) });
    assert.equal(observation.manifests.size, 2);
  });

  it('a config that is not there is counted', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const content = image('1');
    put(content, 'latest');
    registry.store.deleteBlob(app, content.blobs[0]?.digest ?? assert.fail());
    assert.deepEqual(tagsOf(await observe()), { latest: points(content, 1) });
  });

  it('attestations are read and their configs are not', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const attestation = encodeImage({ platform: { os: 'unknown', architecture: 'unknown' }, layers: [] });
    const children = [
      { content: image('1'), platform: { os: 'linux', architecture: 'amd64' } },
      { content: attestation, platform: { os: 'unknown', architecture: 'unknown' } },
    ];
    put(encodeIndex({ children }), 'latest');
    const observation = await observe();
    assert.equal(observation.manifests.size, 3);
    assert.equal(registry.requests.filter(({ path }) => path.includes('/blobs/')).length, 1);
  });

  it('an artifact needs no config, and a chart has one', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(encodeArtifact({ artifactType: 'application/x', files: [] }), 'artifact');
    const config = { mediaType: mediaTypes.helmConfig, content: '{"name":"web","version":"1.0.0"}' };
    put(encodeArtifact({ config, files: [] }), 'chart');
    const observation = await observe();
    assert.deepEqual([...observation.configs.values()], [{ chart: { name: 'web', version: '1.0.0' } }]);
    assert.equal(registry.requests.filter(({ path }) => path.includes('/blobs/')).length, 1);
  });

  const documents: readonly (readonly [name: string, contentType: string, document: unknown, shape: string])[] = [
    [
      'schema 1',
      mediaTypes.dockerSchema1,
      { schemaVersion: 1, name: 'team/app', fsLayers: [] },
      'opaque docker.distribution.manifest.v1+json',
    ],
    ['a media type yet unknown', 'application/vnd.future.v9+json', { schemaVersion: 9 }, 'opaque future.v9+json'],
    [
      'a Content-Type with parameters, in capitals',
      'Application/vnd.oci.image.index.v1+JSON; charset=utf-8',
      { schemaVersion: 2, manifests: [] },
      'index oci.image.index.v1+json',
    ],
    ['no media type anywhere', '', { schemaVersion: 2, manifests: [] }, 'index oci.image.index.v1+json'],
    [
      'a Content-Type that says nothing',
      'text/plain',
      { schemaVersion: 2, manifests: [] },
      'index oci.image.index.v1+json',
    ],
  ];
  for (const [name, contentType, document, shape] of documents) {
    it(name, async (t) => {
      const { registry, observe } = await useWorld(t);
      const { digest, bytes } = encodeManifest('application/json', document);
      registry.script(
        { path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags: ['latest'] } } },
        {
          path: '/v2/team/app/manifests/latest',
          respond: {
            headers: { 'Docker-Content-Digest': digest, ...(contentType ? { 'Content-Type': contentType } : {}) },
            body: bytes,
          },
        },
      );
      const observation = await observe();
      assert.deepEqual(shapes(observation), [shape]);
      assert.deepEqual(describeFindings(observation.findings), []);
    });
  }

  for (const [name, body] of Object.entries({
    'no JSON': 'just text',
    'a list': '[]',
    'an index without children': JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex }),
    'of millions of values': `{"schemaVersion":2,"manifests":[${'{},'.repeat(600_000)}{}]}`,
    'nested ten thousand deep': `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  })) {
    it(`a manifest that is ${name} is kept as what it is, with a finding`, async (t) => {
      const { registry, observe } = await useWorld(t);
      const bytes = Buffer.from(body);
      const headers = { 'Docker-Content-Digest': computeDigest(bytes), 'Content-Type': mediaTypes.ociIndex };
      registry.script(
        { path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags: ['a', 'b'] } } },
        { path: /\/manifests\/[ab]$/, times: 2, respond: { headers, body: bytes } },
      );
      const observation = await observe();
      assert.deepEqual(shapes(observation), ['opaque oci.image.index.v1+json']);
      assert.deepEqual(describeFindings(observation.findings), ['manifest-invalid team/app']);
    });
  }
});

describe('trouble with one tag', () => {
  const troubles = {
    'of the wrong digest': {
      respond: { alter: (answer: object) => ({ ...answer, body: Buffer.from('{}') }) },
      code: 'DIGEST_MISMATCH',
      times: 3,
    },
    'that the server fails to give': { respond: { status: 500 }, code: 'SERVER_FAILED', times: 5 },
    'that is refused': { respond: { status: 403 }, code: 'FORBIDDEN', times: 1 },
    'of 200 MB': {
      respond: { headers: { 'Content-Length': String(200 * 1_048_576) }, body: 'x' },
      code: 'BODY_TOO_LARGE',
      times: 1,
    },
  };
  for (const [name, { respond, code, times }] of Object.entries(troubles)) {
    it(`${name} is that tag's alone`, async (t) => {
      const { registry, put, observe } = await useWorld(t);
      const [one, two] = [image('1'), image('2')];
      put(one, '1');
      put(two, '2');
      registry.script({ path: '/v2/team/app/manifests/2', times, respond: respond as never });
      const { tags } = await observe();
      assert.deepEqual(tags.get(parseTag('1')), points(one));
      const failed = tags.get(parseTag('2'));
      assert.equal(failed?.outcome === 'failed' && failed.failure.code, code);
    });
  }

  it('whose config has other bytes is named, and the rest of it stands', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const content = image('1');
    put(content, '1');
    registry.script({ path: /\/blobs\//, times: 3, respond: { body: '{}' } });
    const observation = await observe();
    assert.deepEqual(tagsOf(observation), { '1': points(content) });
    assert.deepEqual(describeFindings(observation.findings), ['digest-mismatch team/app']);
    assert.match(observation.findings[0]?.text ?? '', new RegExp(`config ${content.blobs[0]?.digest}`));
    assert.equal(observation.configs.size, 0);
  });

  const tooLarge = { headers: { 'Content-Length': '50000000' }, body: 'x' };
  for (const [what, path] of [
    ['config', /\/blobs\//],
    ['child', /\/manifests\/sha256:/],
  ] as const) {
    it(`whose ${what} is answered once with 50 MB has failed, and is read when that is over`, async (t) => {
      const { registry, put, observe } = await useWorld(t);
      const index = encodeIndex({ children: [{ content: image('1') }] });
      put(index, '1');
      registry.script({ path, respond: tooLarge });
      const first = await observe();
      assert.equal(first.tags.get(parseTag('1'))?.outcome, 'failed');
      assert.deepEqual([...first.configs.values()], []);
      const second = await observe(toRepository(first));
      assert.deepEqual(tagsOf(second), { '1': points(index) });
      assert.equal(second.configs.size, 1);
    });
  }

  it('whose config was believed to be too large, which its descriptor does not say, is read after all', async (t) => {
    const { put, observe } = await useWorld(t);
    const content = image('1');
    put(content, '1');
    const config = content.blobs[0]?.digest ?? assert.fail();
    const sound = toRepository(await observe());
    const known: Repository = { ...sound, configs: new Map([[config, { problem: 'too-large' }]]) };
    assert.deepEqual(toRepository(await observe(known), known).configs, sound.configs);
  });

  it('whose config is too large by its own descriptor keeps the rest, and it is not asked for', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const config = { mediaType: mediaTypes.ociConfig, content: `{"os":"${' '.repeat(9_000_000)}"}` };
    const content = encodeArtifact({ config, files: [] });
    put(content, '1');
    const first = await observe();
    assert.deepEqual(tagsOf(first), { '1': points(content) });
    assert.deepEqual([...first.configs.values()], [{ problem: 'too-large' }]);
    assert.deepEqual(describeFindings(first.findings), ['config-unreadable team/app']);
    const known = toRepository(first);
    assert.equal(toRepository(await observe(known), known), known);
    assert.ok(registry.requests.every(({ path }) => !path.includes('/blobs/')));
  });

  it('whose config needs a token that the service does not give is not taken for one that is broken', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1');
    const realm = `Bearer realm="${registry.url}/token"`;
    registry.script(
      { path: /\/blobs\//, respond: { status: 401, headers: { 'WWW-Authenticate': realm } } },
      { path: /^\/token/, times: 'always', respond: { body: '{}' } },
    );
    const { tags, configs } = await observe();
    assert.equal(tags.get(parseTag('1'))?.outcome, 'failed');
    assert.equal(configs.size, 0);
  });

  it('whose children are not there is asked for each of them once, however often they are named', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const [ghost, other] = [image('ghost'), image('other')];
    const many = encodeIndex({ children: Array(400).fill({ content: ghost }) });
    const few = encodeIndex({ children: [{ content: ghost }, { content: other }] });
    put(many, 'many');
    put(few, 'few', 'again');
    registry.store.deleteManifest(app, ghost.manifest.digest);
    const observation = await observe();
    assert.deepEqual(tagsOf(observation), { again: points(few, 1), few: points(few, 1), many: points(many, 1) });
    const asked = registry.requests.filter(({ path }) => path.includes(ghost.manifest.digest));
    assert.equal(asked.length, 1);
  });

  it('whose child fails has failed, and what else was read is kept', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const [one, two] = [image('1'), image('2')];
    put(encodeIndex({ children: [{ content: one }, { content: two }] }), 'latest');
    registry.script({ path: `/v2/team/app/manifests/${one.manifest.digest}`, times: 5, respond: { status: 502 } });
    const observation = await observe();
    assert.equal(observation.tags.get(parseTag('latest'))?.outcome, 'failed');
    assert.ok(observation.manifests.has(two.manifest.digest));
    assert.equal(observation.configs.size, 1);
  });

  it('that is listed and not there is dangling', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1');
    registry.script({ path: '/v2/team/app/manifests/1', respond: { status: 404 } });
    assert.deepEqual(tagsOf(await observe()), { '1': { outcome: 'dangling' } });
  });
});

describe('the list of tags', () => {
  it('of a repository without any', async (t) => {
    const { registry, observe } = await useWorld(t);
    for (const respond of [
      { json: { name: 'team/app', tags: null } },
      { json: { name: 'team/app', tags: [] } },
      { status: 404 },
    ]) {
      registry.script({ path: '/v2/team/app/tags/list', respond });
      assert.deepEqual((await observe()).listing, { outcome: 'empty' });
    }
  });

  const standings: readonly (readonly [standing: Standing, outcome: string, findings: readonly string[]])[] = [
    ['listed', 'empty', []],
    ['omitted', 'absent', []],
    ['unheard', 'absent', []],
    ['named', 'absent', ['listed-name-absent team/app']],
  ];
  for (const [standing, outcome, findings] of standings) {
    it(`404 of a repository that is ${standing} says ${outcome}`, async (t) => {
      const { registry, observe } = await useWorld(t);
      registry.script({ path: '/v2/team/app/tags/list', respond: { status: 404 } });
      const observation = await observe(null, { standing });
      assert.deepEqual(observation.listing, { outcome });
      assert.deepEqual(describeFindings(observation.findings), findings);
    });
  }

  it('says of a repository that the catalog omits that it is there', async (t) => {
    const { put, observe } = await useWorld(t);
    put(image('1'), '1');
    assert.deepEqual(describeFindings((await observe(null, { standing: 'omitted' })).findings), [
      'catalog-omits team/app',
    ]);
    assert.deepEqual((await observe(null, { standing: 'unheard' })).findings, []);
    assert.deepEqual((await observe(null, { standing: 'named' })).findings, []);
  });

  it('leaves out what is no tag or may not be shown, and reads neither', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1', 'secret-1');
    const longest = 'x'.repeat(128);
    put(image('1'), longest);
    const tags = ['1', '1', 'secret-1', '-bad', '', 7, 'a/b', longest, `${longest}x`, '__proto__'];
    put(image('2'), '__proto__');
    registry.script({ path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags } } });
    const observation = await observe(null, { isTagShown: (tag) => !tag.startsWith('secret-') });
    assert.deepEqual([...observation.tags.keys()].sort(), ['1', '__proto__', longest]);
    const findings = describeFindings(observation.findings);
    assert.deepEqual(findings, ['duplicate-name team/app', ...Array(5).fill('invalid-tag team/app')]);
    assert.doesNotMatch(JSON.stringify(observation.findings), /secret/);
    assert.ok(registry.requests.every(({ path }) => !path.includes('secret')));
  });

  it('that breaks off leaves what it had, and asks for the known rest', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1', '2');
    const known = toRepository(await observe());
    registry.script(
      {
        path: '/v2/team/app/tags/list',
        respond: {
          json: { name: 'team/app', tags: ['1'] },
          headers: { Link: '</v2/team/app/tags/list?last=1>; rel="next"' },
        },
      },
      { path: '/v2/team/app/tags/list?last=1', times: 5, respond: { status: 500 } },
    );
    const observation = await observe(known);
    assert.equal(observation.listing.outcome === 'tags' && observation.listing.failure?.code, 'SERVER_FAILED');
    assert.equal(observation.tags.get(parseTag('2'))?.outcome, 'points');
    assert.deepEqual(describeFindings(observation.findings), ['tags-list-omits team/app:2']);
  });

  it('that omits a known tag does not make it gone: it is asked for by HEAD', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1', 'hidden', 'gone', 'ill');
    const known = toRepository(await observe());
    registry.store.deleteTag(app, parseTag('gone'));
    registry.script(
      { path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags: ['1'] } } },
      { method: 'HEAD', path: '/v2/team/app/manifests/ill', times: 5, respond: { status: 500 } },
    );
    const before = registry.requests.length;
    const observation = await observe(known);
    const outcomes = Object.entries(tagsOf(observation)).map(([tag, { outcome }]) => `${tag} ${outcome}`);
    assert.deepEqual(outcomes, ['1 points', 'gone absent', 'hidden points', 'ill failed']);
    assert.deepEqual(describeFindings(observation.findings), ['tags-list-omits team/app:hidden']);
    const heads = registry.requests.slice(before).filter(({ method }) => method === 'HEAD');
    assert.equal(heads.length, 1 + 1 + 5);
  });

  it('that is null for a repository with tags makes each be asked for', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1', '2');
    const known = toRepository(await observe());
    registry.store.deleteManifest(app, image('1').manifest.digest);
    const observation = await observe(known);
    assert.deepEqual(observation.listing, { outcome: 'empty' });
    assert.deepEqual(tagsOf(observation), { '1': { outcome: 'absent' }, '2': { outcome: 'absent' } });
  });
});

describe('what the credentials may not read', () => {
  for (const status of [401, 403]) {
    it(`is withheld: ${status} for the list`, async (t) => {
      const { registry, observe } = await useWorld(t);
      registry.script({ path: '/v2/team/app/tags/list', respond: { status } });
      assert.deepEqual((await observe()).listing, { outcome: 'withheld' });
    });

    it(`is withheld: ${status} for each of its manifests, and nothing of it is told`, async (t) => {
      const { registry, put, observe } = await useWorld(t);
      put(image('1'), '1', '2');
      registry.script(
        { path: '/v2/team/app/tags/list', respond: { json: { name: 'team/app', tags: ['1', '2', '-bad'] } } },
        { path: /\/manifests\//, times: 2, respond: { status } },
      );
      const observation = await observe();
      assert.deepEqual(observation.listing, { outcome: 'withheld' });
      assert.equal(observation.tags.size + observation.findings.length, 0);
    });
  }

  it('is not what a blob store refuses', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    const cdn = await useScriptedServer(t);
    put(image('1'), '1');
    registry.script({ path: /\/blobs\//, respond: { status: 307, headers: { Location: `${cdn.url}/blob` } } });
    cdn.script({ path: '/blob', respond: { status: 403, body: 'expired' } });
    const observation = await observe();
    assert.deepEqual(observation.listing, { outcome: 'tags', failure: null });
    const tag = observation.tags.get(parseTag('1'));
    assert.equal(tag?.outcome === 'failed' && tag.failure.code, 'UNEXPECTED_STATUS');
  });
});

describe('redirects of blobs', () => {
  async function useRedirects(t: TestContext, times: number) {
    const world = await useWorld(t);
    const cdn = await useScriptedServer(t);
    const content = image('1');
    world.put(content, '1');
    const { bytes } = { bytes: Buffer.concat([...(content.blobs[0]?.read(0, 1e6) ?? [])]) };
    world.registry.script({
      path: /\/blobs\//,
      times,
      respond: { status: 307, headers: { Location: `${cdn.url}/blob?s=1` } },
    });
    return { ...world, cdn, content, bytes };
  }

  it('are followed', async (t) => {
    const { cdn, observe, bytes } = await useRedirects(t, 1);
    cdn.script({ path: '/blob', respond: { body: bytes } });
    assert.equal((await observe()).configs.size, 1);
  });

  it('that settings forbid leave the date unknown, not the tag', async (t) => {
    const { observe, content, cdn, bytes } = await useRedirects(t, 2);
    const strict = { client: { followRedirects: false }, source: { followRedirects: false } };
    const observation = await observe(null, strict);
    assert.deepEqual(tagsOf(observation), { '1': points(content) });
    assert.deepEqual([...observation.configs.values()], [{ problem: 'redirect-refused' }]);
    assert.deepEqual(describeFindings(observation.findings), ['config-unreadable team/app']);

    const known = toRepository(observation);
    const second = await observe(known, strict);
    assert.equal(second.configs.size, 0, 'it is not asked for again');
    assert.equal(toRepository(second, known), known);

    cdn.script({ path: '/blob', respond: { body: bytes } });
    const allowed = toRepository(await observe(known), known);
    const [config] = allowed.configs.values();
    assert.ok(config && 'labels' in config, 'until settings allow it');
  });
});

describe('images read with credentials', () => {
  const challenge = { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="r"' } };
  const isAnonymous = ({ headers }: { headers: { authorization?: string | undefined } }) =>
    headers.authorization === undefined;

  it('are told from those that everyone may read', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1');
    assert.equal((await observe(null, { client: { credentials: user } })).readWithCredentials, false);
    registry.script({ path: isAnonymous, times: 'always', respond: challenge });
    assert.equal((await observe(null, { client: { credentials: user } })).readWithCredentials, true);
  });

  it('have their environment read again when settings publish it, or when everyone may read them', async (t) => {
    const { registry, put, observe } = await useWorld(t);
    put(image('1'), '1');
    registry.script({ path: isAnonymous, times: 9, respond: challenge });
    const options = { client: { credentials: user } };
    const known = toRepository(await observe(null, options));
    const [withheld] = known.configs.values();
    assert.deepEqual(withheld && 'environment' in withheld && withheld.environment, ['PATH', 'VERSION']);

    const same = await observe(known, options);
    assert.equal(same.configs.size, 0);

    const published = toRepository(await observe(known, { ...options, publishEnvironment: true }), known, {
      publishEnvironment: true,
    });
    const [config] = published.configs.values();
    assert.deepEqual(config && 'environment' in config && config.environment, ['PATH=/usr/bin', 'VERSION=1']);

    const spent = registry.requests.filter(({ status }) => status === 401).length;
    assert.ok(spent <= 9);
    while (registry.requests.filter(({ status }) => status === 401).length < 9) await fetch(`${registry.url}/v2/`);
    const open = toRepository(await observe(known, options), known);
    const [opened] = open.configs.values();
    assert.deepEqual(opened && 'environment' in opened && opened.environment, ['PATH=/usr/bin', 'VERSION=1']);
  });
});

test('a repository of 20,000 tags is read in sane time and memory, and costs one request a tag', async (t) => {
  const registry = await useDemoRegistry(t, { recordsRequests: false });
  const content = image('1');
  const tags = Array.from({ length: 20_000 }, (_, at) => parseTag(`build-${at}`));
  putContent(registry.store, app, content, tags);
  const client = useClient(t, registry.url);
  const source: CrawlSource = {
    name: 'main',
    client,
    serves: () => true,
    fixedNames: null,
    concurrency: 8,
    followRedirects: true,
  };
  const before = process.memoryUsage().heapUsed;
  const observation = await observeRepository(
    { name: app, source, standing: 'listed', fallback: null, askedFirst: source },
    { outline: null, read: async () => null },
    {
      isTagShown: () => true,
      publishEnvironment: false,
      revalidation: askAll,
      signal: never,
    },
  );
  assert.equal(observation.tags.size, 20_000);
  assert.equal(observation.manifests.size, 1);
  assert.deepEqual({ ...client.counts.byKind }, { ...client.counts.byKind, tags: 1, manifest: 20_000, config: 1 });
  assert.ok(process.memoryUsage().heapUsed - before < 200_000_000);
});
