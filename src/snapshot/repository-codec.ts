/** `Repository` <-> the bytes of its file. Equal repositories have equal bytes, whatever order their maps were filled in. */
import type { ConfigFacts, Facts, Referrer, Repository, TagRecord } from '../catalogue/model.ts';
import type { ChildDescriptor, Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { parseDigest } from '../oci/digest.ts';
import type { HistoryEntry } from '../oci/image-config.ts';
import type { Platform } from '../oci/platform.ts';
import { parseRepositoryName, parseTag } from '../oci/reference.ts';
import { decodeEvent, encodeEvent } from './event-rows.ts';
import { createTable, rowAt } from './place-table.ts';
import { type RepositoryFileInput, repositoryFileSchema, repositorySchemaVersion } from './repository.schema.ts';
import { encodeStableJson } from './stable-json.ts';

type PlatformPlaces = [number, number, number | null, number | null];

/** Encodes a repository as the text of its file. */
export function encodeRepository(repository: Repository): string {
  const tables = createTables();
  const tags = sortedEntries(repository.tags).map(([tag, record]) => ({ tag, ...encodeTagRecord(record, tables) }));
  const manifests = Object.fromEntries(
    sortedEntries(repository.manifests).map(([digest, facts]) => [digest, encodeFacts(facts, tables)]),
  );
  const configs = Object.fromEntries(
    sortedEntries(repository.configs).map(([digest, config]) => [digest, encodeConfig(config, tables)]),
  );
  const referrers = Object.fromEntries(
    sortedEntries(repository.referrers).map(([subject, list]) => [
      subject,
      list.map((referrer) => encodeReferrer(referrer, tables)),
    ]),
  );
  const file: RepositoryFileInput = {
    schemaVersion: repositorySchemaVersion,
    name: repository.name,
    source: repository.source,
    state: repository.state,
    firstSeenAt: repository.firstSeenAt,
    staleSince: repository.staleSince,
    missedRuns: repository.missedRuns,
    digests: tables.digests.rows,
    texts: tables.texts.rows,
    descriptors: tables.descriptors.rows,
    steps: tables.steps.rows,
    tags,
    manifests,
    configs,
    ...(repository.referrers.size === 0 ? {} : { referrers }),
    ...(repository.archives.length === 0
      ? {}
      : { archives: repository.archives.map(({ year, file, events }) => ({ year, file, events })) }),
    events: repository.events.map((event) => encodeEvent(event, tables.digests.place)),
  };
  return encodeStableJson(file);
}

/** Decodes the parsed JSON of a repository's file, whoever wrote it. Throws a `ZodError` or `TypeError` when it is not one. */
export function decodeRepository(value: unknown): Repository {
  return toRepository(repositoryFileSchema.parse(value));
}

/**
 * The same, in half the time, for what is known to be as this program wrote it: the digest of the bytes is the one that the
 * index names. Only what becomes a part of addresses is held against its grammar once more. Throws a `TypeError`.
 */
export function decodeProvenRepository(value: unknown): Repository {
  const file = value as RepositoryFileInput;
  if (file?.schemaVersion !== repositorySchemaVersion)
    throw new TypeError(`it has no schema version ${repositorySchemaVersion}`);
  parseRepositoryName(file.name);
  for (const digest of file.digests) parseDigest(digest);
  for (const { tag } of file.tags) parseTag(tag);
  return toRepository(file);
}

function toRepository(file: RepositoryFileInput): Repository {
  return {
    name: file.name,
    source: file.source,
    state: file.state,
    firstSeenAt: file.firstSeenAt,
    staleSince: file.staleSince,
    missedRuns: file.missedRuns,
    tags: new Map(file.tags.map((record) => [record.tag, decodeTagRecord(record, file)])),
    manifests: new Map(
      Object.entries(file.manifests).map(([digest, facts]) => [parseDigest(digest), decodeFacts(facts, file)]),
    ),
    configs: new Map(
      Object.entries(file.configs).map(([digest, config]) => [parseDigest(digest), decodeConfig(config, file)]),
    ),
    referrers: new Map(
      Object.entries(file.referrers ?? {}).map(([subject, list]) => [
        parseDigest(subject),
        list.map((referrer) => decodeReferrer(referrer, file)),
      ]),
    ),
    events: file.events.map((event) => decodeEvent(event, (place) => rowAt(file.digests, place))),
    archives: file.archives ?? [],
  };
}

type Step = [string | null, number | null, number | null, 0 | 1];

function createTables() {
  return {
    digests: createTable<Digest>((digest) => digest),
    texts: createTable<string>((text) => text),
    descriptors: createTable<[number, number, number]>((descriptor) => descriptor.join()),
    steps: createTable<Step>((step) => JSON.stringify(step)),
  };
}

type Tables = ReturnType<typeof createTables>;

function encodeTagRecord(record: TagRecord, { digests }: Tables): Omit<RepositoryFileInput['tags'][number], 'tag'> {
  return {
    digest: record.digest === null ? null : digests.place(record.digest),
    ...(record.state === 'current' ? {} : { state: record.state }),
    firstSeenAt: record.firstSeenAt,
    ...(record.moved === null ? {} : { moved: record.moved }),
    ...(record.observedAt === null ? {} : { observedAt: record.observedAt }),
    ...(record.missedRuns === 0 ? {} : { missedRuns: record.missedRuns }),
  };
}

function decodeTagRecord(record: RepositoryFileInput['tags'][number], { digests }: RepositoryFileInput): TagRecord {
  const { digest, state = 'current', firstSeenAt, moved = null, observedAt = null, missedRuns = 0 } = record;
  return { digest: digest === null ? null : rowAt(digests, digest), state, firstSeenAt, moved, observedAt, missedRuns };
}

function encodeFacts(facts: Facts, tables: Tables): RepositoryFileInput['manifests'][string] {
  const common = {
    mediaType: tables.texts.place(facts.mediaType),
    sizeBytes: facts.sizeBytes,
    ...(facts.artifactType === null ? {} : { artifactType: tables.texts.place(facts.artifactType) }),
    ...(facts.subject === null ? {} : { subject: tables.digests.place(facts.subject) }),
    ...encodeTexts('annotations', facts.annotations, tables),
  };
  switch (facts.shape) {
    case 'manifest':
      return {
        shape: 'manifest',
        ...common,
        config: placeDescriptor(facts.config, tables),
        layers: facts.layers.map((layer) => placeDescriptor(layer, tables)),
      };
    case 'index':
      return { shape: 'index', ...common, children: facts.children.map((child) => encodeChild(child, tables)) };
    case 'opaque':
      return { shape: 'opaque', ...common, problem: facts.problem };
  }
}

function decodeFacts(facts: RepositoryFileInput['manifests'][string], file: RepositoryFileInput): Facts {
  const common = {
    mediaType: rowAt(file.texts, facts.mediaType),
    sizeBytes: facts.sizeBytes,
    artifactType: facts.artifactType === undefined ? null : rowAt(file.texts, facts.artifactType),
    subject: facts.subject === undefined ? null : rowAt(file.digests, facts.subject),
    annotations: decodeTexts(facts.annotations, file),
  };
  switch (facts.shape) {
    case 'manifest':
      return {
        shape: 'manifest',
        ...common,
        config: readDescriptor(facts.config, file),
        layers: facts.layers.map((layer) => readDescriptor(layer, file)),
      };
    case 'index':
      return {
        shape: 'index',
        ...common,
        children: facts.children.map((child) => ({
          ...readDescriptor(child.descriptor, file),
          platform: decodePlatform(child.platform, file),
          artifactType: child.artifactType === undefined ? null : rowAt(file.texts, child.artifactType),
          annotations: decodeTexts(child.annotations, file),
        })),
      };
    case 'opaque':
      return { shape: 'opaque', ...common, problem: facts.problem };
  }
}

function encodeChild(child: ChildDescriptor, tables: Tables) {
  return {
    descriptor: placeDescriptor(child, tables),
    ...encodePlatform(child.platform, tables),
    ...(child.artifactType === null ? {} : { artifactType: tables.texts.place(child.artifactType) }),
    ...encodeTexts('annotations', child.annotations, tables),
  };
}

function encodeConfig(config: ConfigFacts, tables: Tables): RepositoryFileInput['configs'][string] {
  if ('problem' in config) return { type: 'problem', problem: config.problem };
  if ('chart' in config) return { type: 'chart', chart: placeTexts(config.chart, tables) };
  const { texts } = tables;
  const list = (key: string, values: readonly string[] | null) =>
    values === null ? {} : { [key]: values.map((value) => texts.place(value)) };
  const nonEmpty = (key: string, values: readonly string[]) => (values.length === 0 ? {} : list(key, values));
  const single = (key: string, value: string | null) => (value === null ? {} : { [key]: texts.place(value) });
  return {
    type: 'image',
    ...(config.withheld ? { withheld: true } : {}),
    ...(config.createdAt === null ? {} : { createdAt: config.createdAt }),
    ...encodePlatform(config.platform, tables),
    ...single('author', config.author),
    ...single('user', config.user),
    ...single('workingDir', config.workingDir),
    ...list('entrypoint', config.entrypoint),
    ...list('command', config.command),
    ...nonEmpty('environment', config.environment),
    ...nonEmpty('exposedPorts', config.exposedPorts),
    ...nonEmpty('volumes', config.volumes),
    ...single('stopSignal', config.stopSignal),
    ...encodeTexts('labels', config.labels, tables),
    ...(config.history.length === 0 ? {} : { history: config.history.map((entry) => placeStep(entry, tables)) }),
    ...(config.diffIds.length === 0 ? {} : { diffIds: config.diffIds.map((digest) => tables.digests.place(digest)) }),
  };
}

function decodeConfig(config: RepositoryFileInput['configs'][string], file: RepositoryFileInput): ConfigFacts {
  if (config.type === 'problem') return { problem: config.problem };
  if (config.type === 'chart') return { chart: decodeTexts(config.chart, file) };
  const texts = (places: readonly number[] | undefined) => places?.map((place) => rowAt(file.texts, place));
  const text = (place: number | undefined) => (place === undefined ? null : rowAt(file.texts, place));
  return {
    withheld: config.withheld === true,
    createdAt: config.createdAt ?? null,
    platform: decodePlatform(config.platform, file),
    author: text(config.author),
    user: text(config.user),
    workingDir: text(config.workingDir),
    entrypoint: texts(config.entrypoint) ?? null,
    command: texts(config.command) ?? null,
    environment: texts(config.environment) ?? [],
    exposedPorts: texts(config.exposedPorts) ?? [],
    volumes: texts(config.volumes) ?? [],
    stopSignal: text(config.stopSignal),
    labels: decodeTexts(config.labels, file),
    history: (config.history ?? []).map((place) => readStep(place, file)),
    diffIds: (config.diffIds ?? []).map((place) => rowAt(file.digests, place)),
  };
}

function encodeReferrer(
  referrer: Referrer,
  tables: Tables,
): NonNullable<RepositoryFileInput['referrers']>[string][number] {
  return {
    descriptor: placeDescriptor(referrer, tables),
    ...(referrer.artifactType === null ? {} : { artifactType: tables.texts.place(referrer.artifactType) }),
    ...encodeTexts('annotations', referrer.annotations, tables),
    firstSeenAt: referrer.firstSeenAt,
  };
}

function decodeReferrer(
  { descriptor, artifactType, annotations, firstSeenAt }: NonNullable<RepositoryFileInput['referrers']>[string][number],
  file: RepositoryFileInput,
): Referrer {
  return {
    ...readDescriptor(descriptor, file),
    artifactType: artifactType === undefined ? null : rowAt(file.texts, artifactType),
    annotations: decodeTexts(annotations, file),
    firstSeenAt,
  };
}

function placeDescriptor({ digest, mediaType, sizeBytes }: Descriptor, tables: Tables): number {
  return tables.descriptors.place([tables.digests.place(digest), tables.texts.place(mediaType), sizeBytes]);
}

function readDescriptor(place: number, file: RepositoryFileInput): Descriptor {
  const [digest, mediaType, sizeBytes] = rowAt(file.descriptors, place);
  return { mediaType: rowAt(file.texts, mediaType), digest: rowAt(file.digests, digest), sizeBytes };
}

function placeStep({ createdAt, createdBy, comment, emptyLayer }: HistoryEntry, { texts, steps }: Tables): number {
  return steps.place([
    createdAt,
    createdBy === null ? null : texts.place(createdBy),
    comment === null ? null : texts.place(comment),
    emptyLayer ? 1 : 0,
  ]);
}

function readStep(place: number, file: RepositoryFileInput): HistoryEntry {
  const [createdAt, createdBy, comment, emptyLayer] = rowAt(file.steps, place);
  return {
    createdAt,
    createdBy: createdBy === null ? null : rowAt(file.texts, createdBy),
    comment: comment === null ? null : rowAt(file.texts, comment),
    emptyLayer: emptyLayer === 1,
  };
}

function encodePlatform(platform: Platform | null, { texts }: Tables): { platform?: PlatformPlaces } {
  if (platform === null) return {};
  const { os, architecture, variant, osVersion } = platform;
  return {
    platform: [
      texts.place(os),
      texts.place(architecture),
      variant === null ? null : texts.place(variant),
      osVersion === null ? null : texts.place(osVersion),
    ],
  };
}

function decodePlatform(platform: PlatformPlaces | undefined, { texts }: RepositoryFileInput): Platform | null {
  if (platform === undefined) return null;
  const [os, architecture, variant, osVersion] = platform;
  return {
    os: rowAt(texts, os),
    architecture: rowAt(texts, architecture),
    variant: variant === null ? null : rowAt(texts, variant),
    osVersion: osVersion === null ? null : rowAt(texts, osVersion),
  };
}

function encodeTexts(key: 'annotations' | 'labels', texts: Readonly<Record<string, string>>, tables: Tables) {
  return Object.keys(texts).length === 0 ? {} : { [key]: placeTexts(texts, tables) };
}

function placeTexts(texts: Readonly<Record<string, string>>, tables: Tables): [number, number][] {
  const entries = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.map(([key, text]) => [tables.texts.place(key), tables.texts.place(text)]);
}

function decodeTexts(places: readonly (readonly [number, number])[] | undefined, { texts }: RepositoryFileInput) {
  return Object.fromEntries((places ?? []).map(([key, place]) => [rowAt(texts, key), rowAt(texts, place)]));
}

function sortedEntries<Key extends string, Value>(map: ReadonlyMap<Key, Value>): readonly (readonly [Key, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
