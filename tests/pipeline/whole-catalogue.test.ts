/**
 * Lineage, storage and clean-up of a real registry, through the whole program. Numbers are held against a count that reads
 * every manifest over HTTP, and against the bytes on the registry's disk before and after it collects its garbage.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  encodeArtifact,
  encodeImage,
  encodeIndex,
  type ImageInput,
  type PushableContent,
} from '../../scripts/demo-registry/image/encode-content.ts';
import { createLayer } from '../../scripts/demo-registry/image/layer.ts';
import type { CleanupJson } from '../../src/api/cleanup-json.schema.ts';
import type { LineageJson } from '../../src/api/lineage-json.schema.ts';
import type { RepositoryStorageJson, StorageJson } from '../../src/api/storage-json.schema.ts';
import { parseRepositoryName, parseTag } from '../../src/oci/reference.ts';
import { listFiles } from '../../src/publish/list-files.ts';
import { type DockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { createPusher } from '../support/pusher.ts';
import { findTool, requireTool } from '../support/require-tool.ts';
import { runProgram, useFolder } from '../support/run-program.ts';

const architectures = ['amd64', 'arm64'];
const baseName = 'org.opencontainers.image.base.name';
const baseDigest = 'org.opencontainers.image.base.digest';

interface Recipe {
  /** Layers by their seeds, base first, each with the step that made it; what begins with `ENV` makes none. */
  readonly layers: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly created?: string;
  readonly architectures?: readonly string[];
  readonly foreign?: string;
}

/** Different bytes for each layer, so that a sum that errs by one of them is another sum. */
function toBytes(seed: string): number {
  return 2000 + [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60_000, 7);
}

function bake({ layers, annotations, created = '2026-10-01T00:00:00Z', foreign, ...recipe }: Recipe): PushableContent {
  const isSetting = (step: string) => step.startsWith('ENV');
  const build = (architecture: string) => {
    const own = layers.filter((step) => !isSetting(step));
    const stored = own.map((seed) => ({ layer: createLayer(`${seed} ${architecture}`, toBytes(seed)) }));
    const elsewhere = { urls: ['https://elsewhere.example/layer'], mediaType: foreignType };
    const input: ImageInput = {
      platform: { os: 'linux', architecture },
      created,
      layers: foreign ? [...stored, { layer: createLayer(foreign, 5000), ...elsewhere }] : stored,
      history: layers.map((step) => ({ created, created_by: step, ...(isSetting(step) ? { empty_layer: true } : {}) })),
      ...(annotations === undefined ? {} : { annotations }),
    };
    return encodeImage(input);
  };
  const wanted = recipe.architectures ?? ['amd64'];
  if (wanted.length === 1) return build(wanted[0] ?? '');
  return encodeIndex({
    children: wanted.map((architecture) => ({ content: build(architecture), platform: { os: 'linux', architecture } })),
  });
}

const foreignType = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip';

/** Bases of every week, production images on some of them, services on those; and everything that is not as it should be. */
function listWorld(host: string): readonly (readonly [string, readonly string[], PushableContent])[] {
  const days = ['20260801', '20260808', '20260815', '20260822'];
  const base = (day: string) =>
    bake({ layers: [`debian ${day}`], architectures, created: `${day.slice(0, 4)}-08-01T00:00:00Z` });
  const node = (day: string, version: string) => [`debian ${day}`, `node ${version}`, `ENV NODE=${version}`];
  const production = (day: string, version: string) => bake({ layers: node(day, version), architectures });
  const service = (day: string, version: string, app: string) =>
    bake({ layers: [...node(day, version), app], architectures });
  const old = base('20260801');
  const child = base('20260822').children[0];
  assert.ok(child);
  const signed = base('20260808');
  const signature = encodeArtifact({
    files: [{ mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', content: 'a signature' }],
  });
  return [
    ...days.map((day) => ['bookworm', [day], base(day)] as const),
    ['bookworm', ['latest'], base('20260822')],
    ['bookworm', [signed.manifest.digest.replace(':', '-').concat('.sig')], signature],
    ['production/node', ['24.1.0'], production('20260801', '24.1.0')],
    ['production/node', ['24.2.0', '24.2', 'latest'], production('20260815', '24.2.0')],
    ['services/web', ['1.0'], service('20260801', '24.1.0', 'web 1.0')],
    ['services/web', ['1.1'], service('20260815', '24.2.0', 'web 1.1')],
    ['services/late', ['1.0', 'stable'], service('20260801', '24.1.0', 'late 1.0')],
    [
      'services/squashed',
      ['1.0'],
      bake({
        layers: ['everything'],
        annotations: { [baseName]: `${host}/bookworm:20260801`, [baseDigest]: old.manifest.digest },
      }),
    ],
    [
      'services/rebased',
      ['1.0'],
      bake({
        layers: ['debian 20260822', 'rebased'],
        annotations: { [baseName]: `${host}/bookworm:20260801`, [baseDigest]: old.manifest.digest },
      }),
    ],
    [
      'services/annotated',
      ['1.0'],
      bake({
        layers: ['debian 20260808', 'annotated'],
        annotations: { [baseName]: `${host}/bookworm:20260808`, [baseDigest]: signed.manifest.digest },
      }),
    ],
    [
      'services/outside',
      ['1.0'],
      bake({ layers: ['outside'], annotations: { [baseName]: 'docker.io/library/alpine:3.20' } }),
    ],
    [
      'services/mixed',
      ['1.0'],
      encodeIndex({
        children: [
          { content: bake({ layers: ['debian 20260801', 'mixed'] }), platform: { os: 'linux', architecture: 'amd64' } },
          {
            content: bake({ layers: ['debian 20260822', 'mixed'], architectures: ['arm64'] }),
            platform: { os: 'linux', architecture: 'arm64' },
          },
        ],
      }),
    ],
    ['tools/platform', ['20260822'], base('20260822')],
    ['tools/platform', ['amd64-only'], child],
    ['tools/foreign', ['1'], bake({ layers: ['foreign own'], foreign: 'foreign layer' })],
  ];
}

/** Every content that some tags of a registry lead to, read manifest by manifest. */
class Count {
  private readonly manifests = new Map<string, { readonly bytes: number; readonly document: Document }>();
  readonly tags = new Map<string, string>();
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  async read(): Promise<this> {
    const { repositories } = (await this.fetchJson('/v2/_catalog?n=1000')) as { repositories: string[] };
    for (const name of repositories) {
      const { tags } = (await this.fetchJson(`/v2/${name}/tags/list`)) as { tags: string[] | null };
      for (const tag of tags ?? []) this.tags.set(`${name}:${tag}`, await this.readManifest(name, tag));
    }
    return this;
  }

  async readManifest(name: string, reference: string): Promise<string> {
    const response = await fetch(`${this.url}/v2/${name}/manifests/${reference}`, { headers: { Accept: accept } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const digest = response.headers.get('docker-content-digest') ?? '';
    assert.equal(response.status, 200, `${name} ${reference}`);
    const document = JSON.parse(bytes.toString()) as Document;
    this.manifests.set(digest, { bytes: bytes.length, document });
    for (const child of document.manifests ?? []) await this.readManifest(name, child.digest);
    return digest;
  }

  /** The contents of a digest, with their bytes. */
  contentsOf(digest: string): ReadonlyMap<string, number> {
    const manifest = this.manifests.get(digest);
    assert.ok(manifest);
    const { document, bytes } = manifest;
    const held = [...(document.config ? [document.config] : []), ...(document.layers ?? [])];
    return new Map([
      [digest, bytes] as const,
      ...held.filter(({ urls }) => urls === undefined).map((each) => [each.digest, each.size] as const),
      ...(document.manifests ?? []).flatMap((child) => [...this.contentsOf(child.digest)]),
    ]);
  }

  /** `storedBytes` and `uniqueBytes` of the tags that are meant. */
  hold(isMeant: (reference: string) => boolean) {
    const of = (wanted: boolean) =>
      new Map(
        [...this.tags]
          .filter(([reference]) => isMeant(reference) === wanted)
          .flatMap(([, digest]) => [...this.contentsOf(digest)]),
      );
    const own = of(true);
    const rest = of(false);
    const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, size) => total + size, 0);
    return {
      storedBytes: sum(own.values()),
      uniqueBytes: sum([...own].filter(([digest]) => !rest.has(digest)).map(([, size]) => size)),
    };
  }

  private async fetchJson(path: string): Promise<unknown> {
    return (await fetch(this.url + path)).json();
  }
}

interface Described {
  readonly digest: string;
  readonly size: number;
  readonly urls?: readonly string[];
}

interface Document {
  readonly config?: Described;
  readonly layers?: readonly Described[];
  readonly manifests?: readonly Described[];
}

const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** The bytes of all contents on the registry's disk. */
function measureBlobs(storageDir: string): number {
  const root = join(storageDir, 'docker/registry/v2/blobs');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'data')
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function collectGarbage({ configFile }: DockerRegistry): void {
  const program = findTool('docker-registry');
  assert.ok(program);
  const { status, stderr } = spawnSync(program, ['garbage-collect', configFile], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** The registry with the world in it, a site made of it, and what its JSON says. */
async function useWorld(t: TestContext) {
  const registry = await startDockerRegistry();
  assert.ok(registry);
  t.after(() => registry.close());
  const host = new URL(registry.url).host;
  const pusher = createPusher(registry.url);
  const world = listWorld(host);
  for (const [name, tags, content] of world) {
    await pusher.pushContent(parseRepositoryName(name), content, tags.map(parseTag));
  }
  const folder = await useFolder(t);
  const siteDir = join(folder, 'site');
  const settings = join(folder, 'settings.yaml');
  const cleanup = [{ beyondNewest: 1, protect: ['stable'] }];
  await writeFile(settings, JSON.stringify({ sources: [{ url: registry.url }], siteDir, cleanup }));
  const refresh = () => runProgram(['refresh', '--config', settings]);
  const read = (file: string) => readFile(join(siteDir, 'current', file), 'utf8');
  const readJson = async <Json>(file: string) => JSON.parse(await read(`-/api/v1/${file}.json`)) as Json;
  const search = (text: string) => runProgram(['search', text, '--json', '--config', settings]);
  return { registry, host, pusher, world, siteDir, refresh, search, read, readJson };
}

test('storage is what a count over all manifests says, and a clean-up frees on disk what the plan says', async (t) => {
  if (!requireTool(t, 'docker-registry', 'skopeo')) return;
  const { registry, host, refresh, read, readJson } = await useWorld(t);
  const run = await refresh();
  assert.equal(run.exitCode, 0, run.stderr);
  const count = await new Count(registry.url).read();
  assert.ok(count.tags.size > 15);

  const storage = await readJson<StorageJson>('storage');
  const { storedBytes, uniqueBytes } = storage.registry;
  assert.equal(storage.isExact, true);
  assert.deepEqual(
    { storedBytes, uniqueBytes },
    count.hold(() => true),
  );
  assert.equal(storage.registry.tagCount, count.tags.size);
  assert.equal(storedBytes, measureBlobs(registry.storageDir), 'the registry keeps nothing else');
  assert.equal(storage.registry.foreignBytes, createLayer('foreign layer', 5000).blob.sizeBytes);
  const namespaces = storage.namespaces.map(({ path }) => path);
  assert.deepEqual(namespaces, ['production', 'services', 'tools']);
  for (const each of storage.namespaces) {
    assert.deepEqual(
      pickSums(each),
      count.hold((reference) => reference.startsWith(`${each.path}/`)),
      each.path,
    );
  }
  assert.ok(storage.images.length >= 10);
  for (const each of storage.images) {
    assert.deepEqual(
      pickSums(each),
      count.hold((reference) => reference.startsWith(`${each.name}:`)),
      each.name,
    );
    const own = await readJson<RepositoryStorageJson>(`repositories/${each.name}/-/storage`);
    for (const { tags, ...sums } of own.digests) {
      const references = new Set(tags.map((tag) => `${each.name}:${tag}`));
      assert.deepEqual(
        pickSums(sums),
        count.hold((reference) => references.has(reference)),
        [...references].join(),
      );
    }
  }
  const page = await read('-/storage/index.html');
  const largest = storage.images.toSorted((a, b) => b.storedBytes - a.storedBytes).slice(0, 3);
  for (const { name } of largest) assert.ok(page.indexOf(`>${name}</a>`) < page.indexOf('</figure>'), name);

  const plan = await readJson<CleanupJson>('cleanup');
  const going = plan.images.flatMap(({ name, digests }) =>
    digests.flatMap(({ tags }) => tags.map((tag) => `${name}:${tag}`)),
  );
  const signatureOf = going.find((reference) => reference.endsWith('.sig'));
  assert.deepEqual(going.toSorted(), [
    ...['bookworm:20260801', 'bookworm:20260808', 'bookworm:20260815', signatureOf],
    ...['production/node:24.1.0', 'services/web:1.0'],
  ]);
  assert.equal(plan.freedBytes, count.hold((reference) => going.includes(reference)).uniqueBytes);
  assert.ok((await read('-/cleanup/index.html')).includes('production/node'));
  assert.equal((await read('-/cleanup/cleanup.csv')).trimEnd().split('\r\n').length, 1 + going.length);

  collectGarbage(registry);
  const beforeBytes = measureBlobs(registry.storageDir);
  assert.equal(beforeBytes, storedBytes);
  const lines = await read('-/cleanup/skopeo.txt');
  assert.ok(lines.includes(host));
  const shell = spawnSync('sh', ['-euc', `skopeo() { command skopeo "$@" --tls-verify=false; }\n${lines}`], {
    encoding: 'utf8',
  });
  assert.equal(shell.status, 0, shell.stderr);
  collectGarbage(registry);
  assert.equal(beforeBytes - measureBlobs(registry.storageDir), plan.freedBytes);
});

test('every image stands on what it was built on, or on nothing known', async (t) => {
  if (!requireTool(t, 'docker-registry')) return;
  const { host, pusher, siteDir, refresh, search, read, readJson } = await useWorld(t);
  const first = await refresh();
  assert.equal(first.exitCode, 0, first.stderr);
  const lineage = await readJson<LineageJson>('lineage');
  const found = lineage.images.map(({ name, tag, bases, beneath, outside, denied, further }) =>
    [
      `${name}:${tag}`,
      ...[...bases, ...beneath].map(
        (base) => `on ${base.name}:${base.tag}${base.platforms ? ` (${base.platforms})` : ''} ${base.behind}`,
      ),
      ...further.map((base) => `then ${base.name}:${base.tag} ${base.behind}`),
      ...outside.map(({ text }) => `outside ${text}`),
      ...denied.map(({ text }) => `denied ${text}`),
    ].join(' '),
  );
  assert.deepEqual(found, [
    'bookworm:20260822',
    'production/node:24.2.0 on bookworm:20260815 1',
    'services/annotated:1.0 on bookworm:20260808 2',
    'services/late:1.0 on production/node:24.1.0 1 then bookworm:20260801 3',
    'services/mixed:1.0 on bookworm:20260801 (linux/amd64) 3 on bookworm:20260822 (linux/arm64) 0',
    'services/outside:1.0 outside docker.io/library/alpine:3.20',
    `services/rebased:1.0 on bookworm:20260822 0 denied ${host}/bookworm:20260801`,
    `services/squashed:1.0 denied ${host}/bookworm:20260801`,
    'services/web:1.1 on production/node:24.2.0 0 then bookworm:20260815 1',
  ]);

  const bookworm = lineage.bases.find(({ name }) => name === 'bookworm');
  const versions = bookworm?.versions.map(({ tag }) => tag) ?? [];
  const olderThan = (tag: string) => bookworm?.versions.slice(versions.indexOf(tag) + 1) ?? [];
  const still = olderThan('20260808').flatMap(({ images }) => images.map(({ name, tags }) => `${name}:${tags[0]}`));
  assert.deepEqual(still, ['production/node:24.1.0', 'services/late:1.0', 'services/mixed:1.0', 'services/web:1.0']);
  const page = await read('-/lineage/index.html');
  for (const name of ['services/late', 'services/mixed']) assert.ok(page.includes(`>${name}</a>`), name);
  assert.match(await read('services/late/tags/index.html'), /3\srebuilds behind/);

  // The terminal knows what the pages know: `services/late` says nowhere but in its layers what it is built on.
  for (const [text, expected] of [
    ['late is:outdated', ['services/late']],
    ['late base:bookworm', ['services/late']],
    ['squashed is:outdated', []],
  ] as const) {
    const results = JSON.parse((await search(text)).stdout) as readonly { readonly name: string }[];
    assert.deepEqual(
      results.map(({ name }) => name),
      expected,
      text,
    );
  }

  const files = await listFiles(join(siteDir, 'current'));
  const texts = new Map(files.map((file) => [file, readFileSync(join(siteDir, 'current', file))]));
  const newer = bake({ layers: ['debian 20260829'], architectures });
  await pusher.pushContent(parseRepositoryName('bookworm'), newer, [parseTag('20260829')]);
  const second = await refresh();
  assert.equal(second.exitCode, 0, second.stderr);
  const own = /^(?:bookworm|production|services|tools)\/.*\/index\.html$/;
  const changed = [...texts].filter(
    ([file, bytes]) => own.test(file) && !readFileSync(join(siteDir, 'current', file)).equals(bytes),
  );
  const named = [...texts.keys()].filter(
    (file) => own.test(file) && readFileSync(join(siteDir, 'current', file), 'utf8').includes('20260829'),
  );
  assert.deepEqual(
    changed.map(([file]) => file),
    named,
    'the pages that name the new base, and no others',
  );
  assert.ok(named.includes('services/late/tags/index.html') && !named.includes('tools/foreign/tags/index.html'));
  assert.equal(await third(refresh), 'site unchanged');
});

async function third(refresh: () => ReturnType<typeof runProgram>): Promise<string> {
  const { stdout } = await refresh();
  return /site unchanged/.exec(stdout)?.[0] ?? stdout;
}

function pickSums({ storedBytes, uniqueBytes }: { readonly storedBytes: number; readonly uniqueBytes: number }) {
  return { storedBytes, uniqueBytes };
}
