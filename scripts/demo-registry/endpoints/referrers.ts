/**
 * `GET /v2/<name>/referrers/<digest>`: what was pushed about a manifest.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
import { isDigest } from '../../../src/oci/digest.ts';
import { decodeManifest } from '../../../src/oci/manifest.schema.ts';
import { mediaTypes } from '../../../src/oci/media-type.ts';
import type { RepositoryName } from '../../../src/oci/reference.ts';
import { type Answer, createJsonAnswer } from '../server/answer.ts';
import type { StoredManifest } from '../store/registry-store.ts';
import { createErrorAnswer, type EndpointContext } from './endpoint.ts';
import type { DigestText } from './route.ts';

/** An unknown subject has no referrers, which is no error: they may be pushed before it. */
export function answerReferrers(
  { request, store }: EndpointContext,
  name: RepositoryName,
  subject: DigestText,
): Answer {
  if (!isDigest(subject)) return createErrorAnswer('DIGEST_INVALID', {});
  const artifactType = request.query.get('artifactType');
  const manifests = [...(store.repository(name)?.manifests.values() ?? [])]
    .map((manifest) => toReferrer(manifest, subject))
    .filter((referrer) => referrer !== null)
    .filter((referrer) => artifactType === null || referrer.artifactType === artifactType);
  return createJsonAnswer(
    200,
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
    {
      'Content-Type': mediaTypes.ociIndex,
      ...(artifactType === null ? {} : { 'OCI-Filters-Applied': 'artifactType' }),
    },
  );
}

function toReferrer({ digest, mediaType, bytes }: StoredManifest, subject: string) {
  const manifest = decodeManifest(bytes, mediaType);
  if (manifest.subject?.digest !== subject) return null;
  const artifactType = manifest.artifactType ?? (manifest.shape === 'manifest' ? manifest.config.mediaType : undefined);
  return { mediaType, digest, size: bytes.byteLength, artifactType, annotations: manifest.annotations };
}
