/** Small values of the catalogue, made from seeds: the same seed is the same content. */
import type {
  CatalogueEvent,
  ConfigFacts,
  Facts,
  ImageConfigFacts,
  IndexFacts,
  Instant,
  ManifestFacts,
  Repository,
  TagRecord,
} from '../../src/catalogue/model.ts';
import type { RepositoryObservation, TagObservation } from '../../src/catalogue/observation.ts';
import type { ReconcilePolicy } from '../../src/catalogue/reconcile-policy.ts';
import type { ChildDescriptor, Descriptor } from '../../src/oci/descriptor.ts';
import { computeDigest, type Digest } from '../../src/oci/digest.ts';
import { mediaTypes } from '../../src/oci/media-type.ts';
import type { Platform } from '../../src/oci/platform.ts';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.ts';

/** A time of the tests: so many hours after they begin. */
export function hour(hours: number): Instant {
  return `${new Date(Date.UTC(2026, 2, 1, hours, 7)).toISOString().slice(0, 19)}Z`;
}

/** Content, and the facts of all that is beneath it. */
export interface Content {
  readonly digest: Digest;
  readonly manifests: ReadonlyMap<Digest, Facts>;
  readonly configs: ReadonlyMap<Digest, ConfigFacts>;
}

export interface ImageOptions {
  readonly createdAt?: string | null;
  readonly platform?: Platform | null;
  /** Seeds and sizes of the layers. */
  readonly layers?: readonly (readonly [string, number])[];
  readonly layerType?: string;
  readonly config?: Partial<ImageConfigFacts>;
  readonly facts?: Partial<ManifestFacts>;
}

/** An image for one platform. */
export function createImage(seed: string, options: ImageOptions = {}): Content {
  const { createdAt = null, platform = toPlatform('linux/amd64'), layerType = mediaTypes.ociLayerGzip } = options;
  const { layers = [[`${seed} layer`, 1000] as const] } = options;
  const config = createDescriptor(`${seed} config`, mediaTypes.ociConfig, 10);
  const facts: ManifestFacts = {
    shape: 'manifest',
    mediaType: mediaTypes.ociManifest,
    sizeBytes: 500,
    artifactType: null,
    subject: null,
    annotations: {},
    config,
    layers: layers.map(([layer, sizeBytes]) => createDescriptor(layer, layerType, sizeBytes)),
    ...options.facts,
  };
  const digest = computeDigest(`${seed} manifest`);
  const content = createConfig({ createdAt, platform, ...options.config });
  return { digest, manifests: new Map([[digest, facts]]), configs: new Map([[facts.config.digest, content]]) };
}

/** An artifact: a manifest whose config is no image's. */
export function createArtifact(seed: string, facts: Partial<ManifestFacts> & { readonly config: Descriptor }): Content {
  return { ...createImage(seed, { facts }), configs: new Map() };
}

/** An index of `children`, each with what the index says of it. */
export function createIndex(
  seed: string,
  children: readonly (readonly [Content, Partial<ChildDescriptor>])[],
  facts: Partial<IndexFacts> = {},
): Content {
  const digest = computeDigest(`${seed} index`);
  const index: IndexFacts = {
    shape: 'index',
    mediaType: mediaTypes.ociIndex,
    sizeBytes: 700,
    artifactType: null,
    subject: null,
    annotations: {},
    children: children.map(([child, over]) => createChild(child.digest, over)),
    ...facts,
  };
  const contents = children.map(([child]) => child);
  return {
    digest,
    manifests: new Map([[digest, index], ...contents.flatMap(({ manifests }) => [...manifests])]),
    configs: new Map(contents.flatMap(({ configs }) => [...configs])),
  };
}

/** Content that could not be read, or is of a type that we do not know. */
export function createOpaque(seed: string, mediaType: string, problem: string | null = null): Content {
  const digest = computeDigest(`${seed} manifest`);
  const common = { mediaType, sizeBytes: 9, artifactType: null, subject: null, annotations: {} };
  return { digest, manifests: new Map([[digest, { shape: 'opaque', ...common, problem }]]), configs: new Map() };
}

/** Content that a registry names and does not have. */
export function createMissing(seed: string): Content {
  return { digest: computeDigest(`${seed} manifest`), manifests: new Map(), configs: new Map() };
}

export function createConfig(over: Partial<ImageConfigFacts> = {}): ImageConfigFacts {
  return {
    withheld: false,
    createdAt: null,
    platform: null,
    author: null,
    user: null,
    workingDir: null,
    entrypoint: null,
    command: null,
    environment: [],
    exposedPorts: [],
    volumes: [],
    stopSignal: null,
    labels: {},
    history: [],
    diffIds: [],
    ...over,
  };
}

export function createDescriptor(seed: string, mediaType: string, sizeBytes: number): Descriptor {
  return { digest: computeDigest(seed), mediaType, sizeBytes };
}

export function createChild(digest: Digest, over: Partial<ChildDescriptor> = {}): ChildDescriptor {
  const common = { platform: null, artifactType: null, annotations: {} };
  return { digest, mediaType: mediaTypes.ociManifest, sizeBytes: 500, ...common, ...over };
}

/** `linux/arm/v7` as a platform. */
export function toPlatform(text: string, osVersion: string | null = null): Platform {
  const [os = '', architecture = '', variant = null] = text.split('/');
  return { os, architecture, variant, osVersion };
}

export function createTagRecord(digest: Digest | null, over: Partial<TagRecord> = {}): TagRecord {
  return { digest, state: 'current', firstSeenAt: hour(0), moved: null, observedAt: null, missedRuns: 0, ...over };
}

/** A repository whose tags point at `contents`. */
export function createRepository(
  contents: Readonly<Record<string, Content>> = {},
  over: Partial<Repository> = {},
): Repository {
  const entries = Object.entries(contents);
  return {
    name: repositoryName,
    source: 'main',
    state: 'listed',
    firstSeenAt: hour(0),
    staleSince: null,
    missedRuns: 0,
    tags: new Map(entries.map(([tag, { digest }]) => [parseTag(tag), createTagRecord(digest)])),
    manifests: new Map(entries.flatMap(([, { manifests }]) => [...manifests])),
    configs: new Map(entries.flatMap(([, { configs }]) => [...configs])),
    referrers: new Map(),
    events: [],
    archives: [],
    ...over,
  };
}

export const repositoryName: RepositoryName = parseRepositoryName('releng/node24');

/** `repository` with its tags' records changed. */
export function changeTags(repository: Repository, changes: Readonly<Record<string, Partial<TagRecord>>>): Repository {
  const tags = new Map(repository.tags);
  for (const [tag, change] of Object.entries(changes)) {
    tags.set(parseTag(tag), { ...createTagRecord(null), ...tags.get(parseTag(tag)), ...change });
  }
  return { ...repository, tags };
}

/** What a run saw: the listing, and for each tag its content or what was answered instead. */
export function observe(
  tags: Readonly<Record<string, Content | TagObservation>> = {},
  over: Partial<RepositoryObservation> = {},
): RepositoryObservation {
  const entries = Object.entries(tags);
  const contents = entries.flatMap(([, answer]) => ('outcome' in answer ? [] : [answer]));
  return {
    name: repositoryName,
    source: 'main',
    listing: { outcome: 'tags', failure: null },
    tags: new Map(
      entries.map(([tag, answer]): [Tag, TagObservation] => [
        parseTag(tag),
        'outcome' in answer ? answer : { outcome: 'points', digest: answer.digest, missing: 0 },
      ]),
    ),
    manifests: new Map(contents.flatMap(({ manifests }) => [...manifests])),
    configs: new Map(contents.flatMap(({ configs }) => [...configs])),
    readWithCredentials: false,
    lastAskedAt: new Map(),
    findings: [],
    ...over,
  };
}

export const absent: TagObservation = { outcome: 'absent' };
export const dangling: TagObservation = { outcome: 'dangling' };
export const failed: TagObservation = { outcome: 'failed', failure: { code: 'TIMED_OUT', message: 'no answer' } };

/** The policy of a run at `hours`, an hour after the last one. */
export function createPolicy(hours: number, over: Partial<ReconcilePolicy> = {}): ReconcilePolicy {
  const before = hours > 0 ? hour(hours - 1) : null;
  return {
    run: hours + 1,
    lastRun: hours,
    confirmRuns: 2,
    lastRunAt: before,
    lastListedAt: before,
    mayHaveHiddenTags: () => false,
    isTagShown: () => true,
    publishEnvironment: false,
    ...over,
  };
}

/** An event as text, its identity left out: `moved 1.0 D1 -> D2 (12:07 to 13:07)`. */
export function describeEvent({ type, tag, from, to, notBefore, notAfter }: CatalogueEvent): string {
  const name = (digest: Digest | null) => (digest === null ? '-' : digest.slice(7, 13));
  return `${type} ${tag ?? '(all)'} ${name(from)} -> ${name(to)} (${notBefore?.slice(11, 16) ?? '?'} to ${notAfter.slice(11, 16)})`;
}
