/** One repository -> its `repository.json`. */
import { type Attachment, listAttachments } from '../catalogue/attachments.ts';
import { pickBuildDate } from '../catalogue/dates.ts';
import { imageConfigOf, isAttestationChild, listLeaves } from '../catalogue/facts.ts';
import { listFirstSights } from '../catalogue/first-sights.ts';
import { artifactTypeOf, pickKindOfFacts } from '../catalogue/kinds.ts';
import type { Facts, Instant, Repository } from '../catalogue/model.ts';
import { listPlatforms, toCompressedSize } from '../catalogue/sizes.ts';
import type { Digest } from '../oci/digest.ts';
import { repositoryJsonAddress } from '../view/addresses.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import { toRecommendedJson } from './catalogue-json.ts';
import { encodeJson } from './encode-json.ts';
import { toEventJson } from './event-json.ts';
import type { OutputFile } from './output-file.ts';
import type { RepositoryJson } from './repository-json.schema.ts';

/** Writes a repository. `summary` is its own. */
export function encodeRepositoryJson(repository: Repository, summary: RepositorySummary): OutputFile {
  const { name, staleSince, tags, events } = repository;
  const attachments = listAttachments(repository);
  const json: RepositoryJson = {
    schemaVersion: apiVersion,
    name,
    recommended: toRecommendedJson(summary),
    staleSince,
    tags: sortByKey(tags).map(([tag, { digest, state, firstSeenAt, moved }]) => ({
      ...{ tag, digest, state, firstSeenAt },
      moved: moved === null || digest === null ? null : { notBefore: moved.notBefore, notAfter: moved.notAfter },
    })),
    manifests: Object.fromEntries(
      sortByKey(listFirstSights(repository)).flatMap(([digest, seenAt]) => {
        const facts = repository.manifests.get(digest);
        return facts === undefined
          ? []
          : [[digest, toManifestJson(digest, facts, repository, seenAt, attachments.get(digest) ?? [])]];
      }),
    ),
    events: events.map((event) => toEventJson(name, event)),
  };
  return { path: repositoryJsonAddress(name), text: encodeJson(json) };
}

function toManifestJson(
  digest: Digest,
  facts: Facts,
  repository: Repository,
  seenAt: Instant,
  attachments: readonly Attachment[],
): RepositoryJson['manifests'][string] {
  return {
    mediaType: facts.mediaType,
    kind: pickKindOfFacts(facts),
    artifactType: artifactTypeOf(facts),
    createdAt: pickBuildDate(digest, repository, seenAt),
    subject: facts.subject,
    compressedSizeBytes: toCompressedSize(facts),
    platforms: listPlatforms(digest, repository, seenAt).map(({ platform, ...figures }) => ({
      os: platform?.os ?? 'unknown',
      architecture: platform?.architecture ?? 'unknown',
      variant: platform?.variant ?? null,
      osVersion: platform?.osVersion ?? null,
      digest: figures.digest,
      compressedSizeBytes: figures.compressedSizeBytes,
      createdAt: figures.createdAt,
    })),
    attachments: attachments.map(({ digest: attached, kind, artifactType, mediaType, createdAt, tag }) => ({
      ...{ digest: attached, kind, artifactType, mediaType, createdAt, tag },
    })),
    annotations: sortTexts(Object.entries(facts.annotations)),
    labels: sortTexts(listLabels(digest, repository)),
  };
}

/** The labels of a config, or those that all platforms of an index have with the same value. */
function listLabels(digest: Digest, repository: Repository): readonly (readonly [string, string])[] {
  const labels = listLeaves(digest, repository)
    .filter(({ child }) => child === null || !isAttestationChild(child))
    .map(({ facts }) => (facts === null ? null : imageConfigOf(facts, repository))?.labels ?? {});
  const [first = {}, ...others] = labels;
  return Object.entries(first).filter(([key, text]) =>
    others.every((other) => Object.hasOwn(other, key) && other[key] === text),
  );
}

function sortTexts(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(sortByKey(entries));
}

function sortByKey<Key extends string, Value>(entries: Iterable<readonly [Key, Value]>): (readonly [Key, Value])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
