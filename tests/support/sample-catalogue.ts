/**
 * A catalogue with one of everything that a page must be able to show, without a registry: the same values each time. Names
 * say what each repository is there for.
 */
import type {
  CatalogueEvent,
  CatalogueSummary,
  ConfigFacts,
  ConfigProblem,
  Facts,
  ImageConfigFacts,
  IndexFacts,
  Instant,
  ManifestFacts,
  Repository,
  TagRecord,
} from '../../src/catalogue/model.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { computeDigest, type Digest } from '../../src/oci/digest.ts';
import type { HistoryEntry } from '../../src/oci/image-config.ts';
import { mediaTypes } from '../../src/oci/media-type.ts';
import type { Platform } from '../../src/oci/platform.ts';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.ts';
import type { IndexEntry } from '../../src/snapshot/index.schema.ts';
import { createSnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { createChild, createConfig, createDescriptor, toPlatform } from './catalogue-values.ts';

export const sampleHost = 'registry.example.org';

/** The time of the newest run. */
export const sampleCheckedAt = '2026-11-20T14:07:31Z';

export const sampleSummary: CatalogueSummary = {
  checkedAt: sampleCheckedAt,
  changedAt: '2026-11-20T13:07:12Z',
  beganAt: '2025-01-02T03:04:05Z',
  registry: sampleHost,
  runs: 16_500,
  sources: [{ name: 'main', outcome: 'complete', completeAt: sampleCheckedAt }],
  withheldRepositories: 3,
  unreadRepositories: 1,
  heldBackRemovals: { repositories: 0, tags: 0 },
};

/** Every special case once. Sorted by name. */
export function listSampleRepositories(): readonly Repository[] {
  return [
    createNodeImage(),
    createFolderOfImages('releng/java/jdk21', ['21.0.9-1', '21.0.8-2', '21.0.8-1']),
    createFolderOfImages('releng', ['1.0']),
    createFolderOfImages('releng/tags', ['2.0', 'latest']),
    ...['404', 'robots.txt', 'v2/thing', 'foo/index.html', 'foo'].map((name) => createFolderOfImages(name, ['1'])),
    createDebian(),
    createChart(),
    createPolicy(),
    createEmpty(),
    createStale(),
    createIll(),
    createSigned(),
    createBig(),
    createHostile(),
    createEveryPlatform(),
    createFolderOfImages(`deep/${'long-name-'.repeat(24)}end`, ['1.0.0']),
    createRemoved(),
    assemble('services/unread', [], { state: 'unread' }),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A catalogue of plain images, to weigh pages with: names in namespaces, two platforms, versions with rebuilds. */
export function listPlainRepositories(count: number, tagCount: number): readonly Repository[] {
  const words = [
    'ingest',
    'gateway',
    'mailer',
    'thumbor',
    'kafka',
    'citoid',
    'proton',
    'wdqs',
    'tegola',
    'lyra',
    'push',
  ];
  const spaces = ['releng', 'services', 'base', 'ml/models', 'data/pipelines', ''];
  return Array.from({ length: count }, (_, at) => {
    const space = spaces[at % spaces.length] ?? '';
    const word = `${words[at % words.length]}-${words[(at * 7 + 3) % words.length]}${at}`;
    const seed = `plain ${at}`;
    const tags = Array.from({ length: tagCount }, (_, tagAt) => {
      const build = createMultiPlatform(
        `${seed} ${tagAt}`,
        ['amd64', 'arm64'],
        dayAfter('2026-11-18', -3 * tagAt - (at % 40)),
      );
      return { tag: `${1 + (at % 5)}.${tagCount - tagAt}.0-${pseudoRandom(seed, 9) + 1}`, build };
    });
    return assemble(space === '' ? word : `${space}/${word}`, tags);
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes a snapshot below `stateDir`. */
export async function writeSampleSnapshot(
  stateDir: string,
  repositories: readonly Repository[] = listSampleRepositories(),
  summary: CatalogueSummary = sampleSummary,
): Promise<void> {
  const store = createSnapshotStore(stateDir);
  const entries: IndexEntry[] = [];
  for (const repository of repositories) entries.push(await store.writeRepository(repository));
  await store.commit({ ...summary, repositories: entries });
}

/** What a tag points at, with all the facts beneath it. */
interface Build {
  readonly digest: Digest;
  /** The day on which it was built. */
  readonly day: string;
  readonly manifests: readonly (readonly [Digest, Facts])[];
  readonly configs: readonly (readonly [Digest, ConfigFacts])[];
}

interface TaggedBuild {
  readonly tag: string;
  readonly build: Build | null;
  readonly record?: Partial<TagRecord>;
}

/** The first run found what is older than it; what was built later was seen at the next hour. */
const firstRunAt: Instant = '2026-01-05T10:07:00Z';

function createNodeImage(): Repository {
  const annotations = {
    'org.opencontainers.image.description': 'Node.js 24 with npm, for running and building JavaScript services.',
    'org.opencontainers.image.source': 'https://git.example.org/releng/images/node24',
    'org.opencontainers.image.documentation': 'https://docs.example.org/images/node24',
    'org.opencontainers.image.licenses': 'MIT AND Apache-2.0',
    'org.opencontainers.image.vendor': 'Example Foundation',
    'org.opencontainers.image.base.name': `${sampleHost}/debian:13`,
  };
  const build = (version: string, day: string) =>
    createMultiPlatform(`node ${version}`, ['amd64', 'arm64'], day, { annotations, isAttested: true });
  const newest = build('24.18.0-s1-20261116', '2026-11-16');
  const older = build('24.18.0-s1-20261109', '2026-11-09');
  return assemble(
    'releng/node24',
    [
      { tag: '24.18.0-s1-20261116', build: newest },
      { tag: '24.18.0-s1', build: newest },
      { tag: '24.18', build: newest },
      {
        tag: '24',
        build: newest,
        record: { moved: { notBefore: '2026-11-16T12:07:00Z', notAfter: '2026-11-16T13:07:00Z' } },
      },
      {
        tag: 'latest',
        build: newest,
        record: { moved: { notBefore: '2026-11-16T12:07:00Z', notAfter: '2026-11-16T13:07:00Z' } },
      },
      { tag: '24.18.0-s1-20261109', build: older },
      { tag: '24.18.0-s1-20261102', build: build('24.18.0-s1-20261102', '2026-11-02') },
      { tag: '24.17.1', build: build('24.17.1', '2026-10-02') },
      { tag: '24.17.0', build: build('24.17.0', '2026-09-11') },
      { tag: '24.17.0-rc1', build: build('24.17.0-rc1', '2026-09-01') },
      { tag: 'main', build: build('main', '2026-11-19') },
    ],
    {
      events: [
        createEvent('moved', 'latest', older.digest, newest.digest, '2026-11-16T12:07:00Z', '2026-11-16T13:07:00Z'),
        createEvent('moved', '24', older.digest, newest.digest, '2026-11-16T12:07:00Z', '2026-11-16T13:07:00Z'),
      ],
    },
  );
}

function createFolderOfImages(name: string, tags: readonly string[]): Repository {
  return assemble(
    name,
    tags.map((tag, at) => ({ tag, build: createImage(`${name} ${tag}`, 'amd64', dayAfter('2026-08-16', -at * 7)) })),
  );
}

/** Docker's own media types, and a date that says nothing. */
function createDebian(): Repository {
  return assemble('debian', [
    { tag: '13', build: createImage('debian 13', 'amd64', '1970-01-01', { isDocker: true, layerCount: 1 }) },
    { tag: '12', build: createImage('debian 12', 'amd64', '1970-01-01', { isDocker: true, layerCount: 1 }) },
  ]);
}

function createChart(): Repository {
  const chart = (version: string) =>
    createArtifact(`chart ${version}`, {
      config: mediaTypes.helmConfig,
      layer: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      annotations: {
        'org.opencontainers.image.title': 'web',
        'org.opencontainers.image.created': '2026-06-30T09:00:00+02:00',
      },
      chart: {
        apiVersion: 'v2',
        name: 'web',
        version,
        appVersion: '7.4',
        description: 'A chart for plain web services',
      },
    });
  return assemble('charts/web', [
    { tag: '2.0.0_build.5', build: chart('2.0.0+build.5') },
    { tag: '1.9.0', build: chart('1.9.0') },
  ]);
}

function createPolicy(): Repository {
  const build = createArtifact('policy', {
    artifactType: 'application/vnd.example.policy.bundle.v1',
    config: mediaTypes.ociEmpty,
    layer: 'application/vnd.example.policy.rego.v1',
  });
  return assemble('policies/admission', [{ tag: '0.3.0', build }]);
}

function createEmpty(): Repository {
  return assemble('scratch/empty', []);
}

function createStale(): Repository {
  const build = createImage('stale', 'amd64', '2026-02-03');
  return assemble(
    'services/asleep',
    [
      { tag: '3.2.1', build, record: { observedAt: '2026-11-18T02:07:00Z' } },
      { tag: '3.2.0', build: createImage('stale 2', 'amd64', '2026-01-03'), record: { state: 'stale', missedRuns: 1 } },
    ],
    { staleSince: '2026-11-18T02:07:00Z' },
  );
}

/** What could not be read: a tag without content, a broken manifest, Docker schema 1, an index with a missing child. */
function createIll(): Repository {
  const schema1 = createOpaque('schema 1', mediaTypes.dockerSchema1Signed, null);
  const broken = createOpaque(
    'broken',
    mediaTypes.ociManifest,
    'the manifest is not valid: at layers.0.size: expected number',
  );
  const whole = createMultiPlatform('ill', ['amd64', 'arm64'], '2026-05-05');
  const [index] = whole.manifests.find(([digest]) => digest === whole.digest) ?? [];
  const missing = whole.manifests.findLast(([digest]) => digest !== index)?.[0];
  return assemble('services/ill', [
    { tag: '4.0.0', build: null, record: { state: 'settling', missedRuns: 2 } },
    { tag: '3.0.0', build: { ...whole, manifests: whole.manifests.filter(([digest]) => digest !== missing) } },
    { tag: '2.0.0', build: broken },
    { tag: '1.0.0', build: schema1 },
    {
      tag: '0.9.0',
      build: createImage('no config', 'amd64', '2026-03-03', { configProblem: 'redirect-refused' }),
    },
  ]);
}

function createSigned(): Repository {
  const image = createImage('signed', 'amd64', '2026-10-10');
  const signature = createArtifact('signature', {
    config: mediaTypes.ociConfig,
    layer: 'application/vnd.dev.cosign.simplesigning.v1+json',
  });
  const bill = createArtifact('sbom', {
    artifactType: 'application/spdx+json',
    config: mediaTypes.ociEmpty,
    layer: 'application/spdx+json',
    subject: image.digest,
  });
  const tag = image.digest.replace(':', '-');
  return assemble('services/signed', [
    { tag: '5.0.0', build: image },
    { tag: `${tag}.sig`, build: signature },
    { tag, build: bill },
  ]);
}

/** More rows than one page holds. */
function createBig(): Repository {
  const tags = Array.from({ length: 600 }, (_, at) => ({
    tag: `1.${600 - at}.0`,
    build: createImage(`big ${at}`, 'amd64', dayAfter('2026-11-01', -at), { layerCount: 2 }),
  }));
  return assemble('big/many-tags', tags);
}

function createHostile(): Repository {
  const labels = {
    'org.opencontainers.image.description': 'Evil \u202etxt.exe\u202c <script>alert("description")</script>',
    'org.opencontainers.image.source': 'javascript:alert(1)',
    'org.opencontainers.image.url': 'https://user:password@phish.example/',
    '<img src=x onerror=alert(2)>': '"><script>alert(3)</script>',
    ...JSON.parse('{"__proto__": "polluted", "constructor": "polluted"}'),
    long: 'x'.repeat(5000),
    bell: 'a\u0007b\u0000c',
  };
  const history: readonly HistoryEntry[] = [
    {
      createdAt: '2026-01-01T00:00:00Z',
      createdBy: '/bin/sh -c echo "</pre><script>alert(4)</script>" && true',
      comment: '<b>bold</b>',
      emptyLayer: false,
    },
  ];
  const build = createImage('hostile', 'amd64', '2026-04-01', { labels, history, layerCount: 1 });
  return assemble('hostile/labels', [
    { tag: '__proto__', build },
    { tag: '1.0.0', build: createImage('hostile 2', 'amd64', '2026-04-02', { labels, history, layerCount: 1 }) },
    { tag: `v${'9'.repeat(126)}`, build: createImage('hostile 3', 'amd64', '2026-03-01', { labels }) },
  ]);
}

function createEveryPlatform(): Repository {
  const architectures = ['amd64', 'arm64', 'arm/v7', 'arm/v6', '386', 'ppc64le', 's390x', 'riscv64', 'windows'];
  return assemble('tools/everywhere', [
    { tag: '1.2.3', build: createMultiPlatform('everywhere', architectures, '2026-07-07') },
    { tag: '1.2.2', build: createMultiPlatform('everywhere 2', architectures.slice(0, 3), '2026-07-01') },
  ]);
}

function createRemoved(): Repository {
  const build = createImage('removed', 'amd64', '2025-07-07');
  return assemble('services/removed', [{ tag: '1.0.0', build }], {
    state: 'removed',
    events: [createEvent('removed', null, null, null, '2026-09-01T12:07:00Z', '2026-09-01T13:07:00Z')],
  });
}

function assemble(name: string, tags: readonly TaggedBuild[], over: Partial<Repository> = {}): Repository {
  const manifests = new Map<Digest, Facts>();
  const configs = new Map<Digest, ConfigFacts>();
  const records = new Map<Tag, TagRecord>();
  for (const { tag, build, record } of tags) {
    for (const [digest, facts] of build?.manifests ?? []) manifests.set(digest, facts);
    for (const [digest, config] of build?.configs ?? []) configs.set(digest, config);
    records.set(parseTag(tag), {
      digest: build?.digest ?? null,
      state: 'current',
      firstSeenAt: toFirstSight(build),
      moved: null,
      observedAt: null,
      missedRuns: 0,
      ...record,
    });
  }
  const parsed: RepositoryName = parseRepositoryName(name);
  const firstSeenAt = [...records.values()].map((record) => record.firstSeenAt).sort()[0] ?? firstRunAt;
  const head = { name: parsed, source: 'main', state: 'listed', firstSeenAt, staleSince: null, missedRuns: 0 } as const;
  return { ...head, tags: records, manifests, configs, referrers: new Map(), events: [], archives: [], ...over };
}

function toFirstSight(build: Build | null): Instant {
  const hourAfter = build === null ? sampleSummary.changedAt : `${build.day}T14:07:00Z`;
  return hourAfter > firstRunAt ? hourAfter : firstRunAt;
}

function createEvent(
  type: CatalogueEvent['type'],
  tag: string | null,
  from: Digest | null,
  to: Digest | null,
  notBefore: Instant,
  notAfter: Instant,
): CatalogueEvent {
  const seen = { ordinal: 0, run: 16_000, firstSeenAt: null };
  return { type, tag: tag === null ? null : parseTag(tag), from, to, notBefore, notAfter, ...seen };
}

interface ImageOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly history?: readonly HistoryEntry[];
  readonly layerCount?: number;
  readonly isDocker?: boolean;
  readonly isAttested?: boolean;
  readonly configProblem?: ConfigProblem['problem'];
}

function createImage(seed: string, architecture: string, day: string, options: ImageOptions = {}): Build {
  const { isDocker = false, layerCount = 4 } = options;
  const layerType = isDocker ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip;
  const layers = Array.from({ length: layerCount }, (_, at) => {
    // The lowest layers are the same whatever stands on them, as with a base image.
    const layerSeed = at < 2 ? `base ${architecture} ${at}` : `${seed} ${architecture} ${at}`;
    return createDescriptor(layerSeed, layerType, 1000 + pseudoRandom(layerSeed, 90_000_000));
  });
  const configType = isDocker ? mediaTypes.dockerConfig : mediaTypes.ociConfig;
  const config = createDescriptor(`${seed} ${architecture} config`, configType, 4321);
  const facts: ManifestFacts = {
    shape: 'manifest',
    mediaType: isDocker ? mediaTypes.dockerManifest : mediaTypes.ociManifest,
    sizeBytes: 1234,
    artifactType: null,
    subject: null,
    annotations: options.annotations ?? {},
    config,
    layers,
  };
  const digest = computeDigest(`${seed} ${architecture} manifest`);
  const content: ConfigFacts =
    options.configProblem === undefined
      ? createSampleConfig(architecture, day, layers, options)
      : { problem: options.configProblem };
  return { digest, day, manifests: [[digest, facts]], configs: [[config.digest, content]] };
}

function createSampleConfig(
  architecture: string,
  day: string,
  layers: readonly Descriptor[],
  { labels = {}, history }: ImageOptions,
): ImageConfigFacts {
  return createConfig({
    createdAt: `${day}T13:07:42.123456789Z`,
    platform: toSamplePlatform(architecture),
    user: '900',
    workingDir: '/srv/app',
    entrypoint: ['/usr/bin/tini', '--'],
    command: ['node', 'server.js', '--port', '8080'],
    environment: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'NODE_ENV=production'],
    exposedPorts: ['8080/tcp'],
    volumes: ['/srv/data'],
    stopSignal: 'SIGTERM',
    labels,
    history: history ?? [
      ...layers.map((_, at) => ({
        createdAt: `${day}T13:00:00Z`,
        createdBy:
          at === 0
            ? '/bin/sh -c #(nop) ADD file:6d1f2c in / '
            : `RUN /bin/sh -c apt-get update && apt-get install -y part${at} && rm -rf /var/lib/apt/lists # buildkit`,
        comment: at === 0 ? null : 'buildkit.dockerfile.v0',
        emptyLayer: false,
      })),
      { createdAt: `${day}T13:07:42Z`, createdBy: 'CMD ["node" "server.js"]', comment: null, emptyLayer: true },
    ],
    diffIds: layers.map(({ digest }) => computeDigest(`${digest} unpacked`)),
  });
}

function createMultiPlatform(
  seed: string,
  architectures: readonly string[],
  day: string,
  options: ImageOptions = {},
): Build {
  const builds = architectures.map((architecture) => ({
    architecture,
    build: createImage(seed, architecture, day, options),
  }));
  const children = builds.map(({ architecture, build }) =>
    createChild(build.digest, { platform: toSamplePlatform(architecture) }),
  );
  const attestations = options.isAttested
    ? builds.map(({ architecture, build }) => {
        const digest = computeDigest(`${seed} ${architecture} attestation`);
        const annotations = {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': build.digest,
        };
        const unknown = toPlatform('unknown/unknown');
        return createChild(digest, { platform: unknown, annotations });
      })
    : [];
  const index: IndexFacts = {
    shape: 'index',
    mediaType: mediaTypes.ociIndex,
    sizeBytes: 2345,
    artifactType: null,
    subject: null,
    annotations: options.annotations ?? {},
    children: [...children, ...attestations],
  };
  const digest = computeDigest(`${seed} index`);
  return {
    digest,
    day,
    manifests: [[digest, index], ...builds.flatMap(({ build }) => build.manifests)],
    configs: builds.flatMap(({ build }) => build.configs),
  };
}

/** Artifacts have no config that says when they were built. */
const artifactDay = '2026-07-01';

interface ArtifactOptions {
  readonly artifactType?: string;
  readonly config: string;
  readonly layer: string;
  readonly subject?: Digest;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly chart?: Readonly<Record<string, string>>;
}

function createArtifact(
  seed: string,
  { artifactType, config, layer, subject, annotations, chart }: ArtifactOptions,
): Build {
  const facts: ManifestFacts = {
    shape: 'manifest',
    mediaType: mediaTypes.ociManifest,
    sizeBytes: 777,
    artifactType: artifactType ?? null,
    subject: subject ?? null,
    annotations: annotations ?? {},
    config: createDescriptor(`${seed} config`, config, 2),
    layers: [createDescriptor(`${seed} layer`, layer, 5000 + pseudoRandom(seed, 50_000))],
  };
  const digest = computeDigest(`${seed} manifest`);
  const configs = chart === undefined ? [] : [[facts.config.digest, { chart }] as const];
  return { digest, day: artifactDay, manifests: [[digest, facts]], configs };
}

function createOpaque(seed: string, mediaType: string, problem: string | null): Build {
  const digest = computeDigest(`${seed} manifest`);
  const base = { mediaType, sizeBytes: 999, artifactType: null, subject: null, annotations: {} };
  return { digest, day: artifactDay, manifests: [[digest, { shape: 'opaque', ...base, problem }]], configs: [] };
}

function toSamplePlatform(architecture: string): Platform {
  return architecture === 'windows'
    ? toPlatform('windows/amd64', '10.0.20348.2762')
    : toPlatform(`linux/${architecture}`);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A number below `limit` that is always the same for a seed. */
function pseudoRandom(seed: string, limit: number): number {
  return Number.parseInt(computeDigest(`random ${seed}`).slice(7, 20), 16) % limit;
}
