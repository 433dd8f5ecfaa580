/** `Repository` <-> the bytes of its file. Equal repositories have equal bytes, whatever order their maps were filled in. */
import type { Referrer, Repository, TagRecord } from '../catalogue/model.ts';
import { parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, parseTag } from '../oci/reference.ts';
import { decodeConfig, encodeConfig } from './config-codec.ts';
import { decodeEvent, encodeEvent } from './event-rows.ts';
import { decodeFacts, encodeFacts } from './facts-codec.ts';
import {
  createTables,
  decodeTexts,
  placeAnyTexts,
  placeDescriptor,
  placeText,
  readDescriptor,
  type Tables,
} from './file-tables.ts';
import { rowAt } from './place-table.ts';
import { type RepositoryFileInput, repositoryFileSchema, repositorySchemaVersion } from './repository.schema.ts';
import { encodeStableJson } from './stable-json.ts';

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
    referrers: repository.referrers.size === 0 ? undefined : referrers,
    archives:
      repository.archives.length === 0
        ? undefined
        : repository.archives.map(({ year, file, events }) => ({ year, file, events })),
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

function encodeTagRecord(record: TagRecord, { digests }: Tables): Omit<RepositoryFileInput['tags'][number], 'tag'> {
  return {
    digest: record.digest === null ? null : digests.place(record.digest),
    state: record.state === 'current' ? undefined : record.state,
    firstSeenAt: record.firstSeenAt,
    moved: record.moved ?? undefined,
    observedAt: record.observedAt ?? undefined,
    missedRuns: record.missedRuns === 0 ? undefined : record.missedRuns,
  };
}

function decodeTagRecord(record: RepositoryFileInput['tags'][number], { digests }: RepositoryFileInput): TagRecord {
  const { digest, state = 'current', firstSeenAt, moved = null, observedAt = null, missedRuns = 0 } = record;
  return { digest: digest === null ? null : rowAt(digests, digest), state, firstSeenAt, moved, observedAt, missedRuns };
}

function encodeReferrer(
  referrer: Referrer,
  tables: Tables,
): NonNullable<RepositoryFileInput['referrers']>[string][number] {
  return {
    descriptor: placeDescriptor(referrer, tables),
    artifactType: placeText(referrer.artifactType, tables),
    annotations: placeAnyTexts(referrer.annotations, tables),
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

function sortedEntries<Key extends string, Value>(map: ReadonlyMap<Key, Value>): readonly (readonly [Key, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
