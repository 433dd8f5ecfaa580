/**
 * `/v2/<name>/manifests/<reference>`: manifests by tag and by digest.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
 */
import { DecodeError } from '../../../src/oci/decode-error.ts';
import { computeDigest, type Digest, digestAlgorithm, isDigest } from '../../../src/oci/digest.ts';
import { decodeManifest } from '../../../src/oci/manifest.schema.ts';
import type { Manifest } from '../../../src/oci/manifest.ts';
import { isForeignLayerType, mediaTypes, parseMediaType } from '../../../src/oci/media-type.ts';
import { isTag, type RepositoryName, type Tag } from '../../../src/oci/reference.ts';
import { type Answer, createAnswer } from '../server/answer.ts';
import type { ReceivedRequest } from '../server/received-request.ts';
import type { StoredManifest, StoredRepository } from '../store/registry-store.ts';
import { createErrorAnswer, type EndpointContext, isKnownToClient } from './endpoint.ts';
import type { DigestText } from './route.ts';

export function answerManifest(context: EndpointContext, name: RepositoryName, reference: Tag | DigestText): Answer {
  if (!isTag(reference) && !isDigest(reference)) return createErrorAnswer('DIGEST_INVALID', {});
  if (context.request.method === 'PUT') return putManifest(context, name, reference);
  if (context.request.method === 'DELETE') return deleteManifest(context, name, reference);
  return getManifest(context, name, reference);
}

function getManifest(
  { request, store, dialect }: EndpointContext,
  name: RepositoryName,
  reference: Tag | Digest,
): Answer {
  const repository = store.repository(name);
  const digest = isDigest(reference) ? reference : repository?.tags.get(reference);
  const manifest = digest && repository?.manifests.get(digest);
  if (!repository || !manifest) {
    return createErrorAnswer(
      'MANIFEST_UNKNOWN',
      isTag(reference) ? { Tag: reference } : { Name: name, Revision: reference },
    );
  }
  if (isKnownToClient(request, manifest.digest)) return createAnswer(304);

  if (dialect.hidesUnacceptedOci && !accepts(request, manifest.mediaType)) {
    const what = ociNouns[manifest.mediaType];
    const problem = `OCI ${what?.[0]} found, but accept header does not support OCI ${what?.[1]}`;
    if (what) return createErrorAnswer('MANIFEST_UNKNOWN', undefined, problem);
  }
  if (dialect.resolvesUnacceptedLists && isTag(reference) && !accepts(request, manifest.mediaType)) {
    return toManifestAnswer(resolveList(repository, manifest) ?? manifest);
  }
  return toManifestAnswer(manifest);
}

const ociNouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  [mediaTypes.ociManifest]: ['manifest', 'manifests'],
  [mediaTypes.ociIndex]: ['index', 'indexes'],
};

/** Like docker-registry, a wildcard is not taken for a media type. */
function accepts(request: ReceivedRequest, mediaType: string): boolean {
  return (request.headers.accept ?? '').split(',').some((range) => parseMediaType(range) === mediaType);
}

/** The linux/amd64 child of a Docker list, for clients of a time before there were lists. */
function resolveList(repository: StoredRepository, manifest: StoredManifest): StoredManifest | undefined {
  if (manifest.mediaType !== mediaTypes.dockerList) return undefined;
  const list = decodeManifest(manifest.bytes, manifest.mediaType);
  const children = list.shape === 'index' ? list.children : [];
  const child = children.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
  return child && repository.manifests.get(child.digest);
}

function toManifestAnswer({ mediaType, digest, bytes }: StoredManifest): Answer {
  return createAnswer(200, { 'Content-Type': mediaType, 'Docker-Content-Digest': digest, ETag: `"${digest}"` }, bytes);
}

function putManifest(context: EndpointContext, name: RepositoryName, reference: Tag | Digest): Answer {
  const { request, store, dialect, origin } = context;
  const contentType = parseMediaType(request.headers['content-type'] ?? '');
  const manifest = decodeOrNull(request.body, contentType);
  if (!manifest || manifest.shape === 'opaque' || (contentType !== '' && manifest.mediaType !== contentType)) {
    return createErrorAnswer('MANIFEST_INVALID', {});
  }
  const digest = computeDigest(request.body, isDigest(reference) ? digestAlgorithm(reference) : 'sha256');
  if (isDigest(reference) && reference !== digest) return createErrorAnswer('DIGEST_INVALID');

  const missing = findMissing(store.repository(name), manifest);
  if (missing) return createErrorAnswer('MANIFEST_BLOB_UNKNOWN', missing);

  store.putManifest(name, { digest, mediaType: manifest.mediaType, bytes: request.body });
  if (isTag(reference)) store.putTag(name, reference, digest);
  const isReferrer = dialect.hasReferrersApi && manifest.subject !== null;
  return createAnswer(201, {
    'Docker-Content-Digest': digest,
    Location: `${origin}/v2/${name}/manifests/${digest}`,
    ...(isReferrer ? { 'OCI-Subject': manifest.subject.digest } : {}),
  });
}

function decodeOrNull(bytes: Uint8Array, contentType: string): Manifest | null {
  try {
    return decodeManifest(bytes, contentType);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/** The first thing that the manifest names and the repository does not hold. A subject may come later, or never. */
function findMissing(repository: StoredRepository | undefined, manifest: Manifest): Digest | undefined {
  if (manifest.shape === 'index') {
    return manifest.children.find(({ digest }) => !repository?.manifests.has(digest))?.digest;
  }
  if (manifest.shape === 'opaque') return undefined;
  const needed = [manifest.config, ...manifest.layers.filter((layer) => !isForeignLayerType(layer.mediaType))];
  return needed.find(({ digest }) => !repository?.blobs.has(digest))?.digest;
}

function deleteManifest({ store, dialect }: EndpointContext, name: RepositoryName, reference: Tag | Digest): Answer {
  if (isDigest(reference)) {
    return store.deleteManifest(name, reference) ? createAnswer(202) : createErrorAnswer('MANIFEST_UNKNOWN');
  }
  if (!dialect.deletesTags) return createErrorAnswer('DIGEST_INVALID');
  return store.deleteTag(name, reference) ? createAnswer(202) : createErrorAnswer('MANIFEST_UNKNOWN');
}
