/**
 * `/v2/<name>/blobs/uploads/`: pushing a blob in one request, in chunks, or by mounting it from another repository.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
import { computeDigest, type Digest, digestAlgorithm, isDigest } from '../../../src/oci/digest.ts';
import { isRepositoryName, type RepositoryName } from '../../../src/oci/reference.ts';
import { type Answer, createAnswer } from '../server/answer.ts';
import { createBlob } from '../store/blob.ts';
import { createErrorAnswer, createMethodAnswer, type EndpointContext } from './endpoint.ts';
import type { UploadSession } from './upload-sessions.ts';

/** `POST`: mounts a blob where it can, else begins an upload. */
export function answerUploadStart(context: EndpointContext, name: RepositoryName): Answer {
  const { request, store, uploads, origin } = context;
  const digest = request.query.get('mount');
  const from = request.query.get('from');
  const blob = isDigest(digest) && isRepositoryName(from) ? store.repository(from)?.blobs.get(digest) : undefined;
  if (blob) {
    store.putBlob(name, blob);
    return createBlobAnswer(origin, name, blob.digest);
  }
  return createSessionAnswer(202, origin, name, uploads.start());
}

/** A session that has begun: `GET` asks how far it is, `PATCH` adds to it, `PUT` ends it, `DELETE` gives it up. */
export function answerUpload(context: EndpointContext, name: RepositoryName, id: string): Answer {
  const { request, uploads, origin } = context;
  const session = uploads.find(id);
  if (!session) return createErrorAnswer('BLOB_UPLOAD_UNKNOWN', {});
  switch (request.method) {
    case 'GET':
      return createSessionAnswer(204, origin, name, session);
    case 'PATCH':
      return createSessionAnswer(202, origin, name, uploads.append(id, request.body));
    case 'PUT':
      return endUpload(context, name, session);
    case 'DELETE':
      uploads.end(id);
      return createAnswer(204, { 'Docker-Upload-UUID': id });
    default:
      return createMethodAnswer(['DELETE', 'GET', 'PATCH', 'PUT']);
  }
}

function endUpload({ request, store, uploads, origin }: EndpointContext, name: RepositoryName, session: UploadSession) {
  const digest = request.query.get('digest');
  if (!isDigest(digest)) return createErrorAnswer('DIGEST_INVALID', 'digest parsing failed');
  uploads.end(session.id);
  const bytes = Buffer.concat([...session.chunks, request.body]);
  if (computeDigest(bytes, digestAlgorithm(digest)) !== digest) return createErrorAnswer('DIGEST_INVALID');
  store.putBlob(name, { ...createBlob(bytes), digest });
  return createBlobAnswer(origin, name, digest);
}

function createSessionAnswer(status: number, origin: string, name: RepositoryName, session: UploadSession): Answer {
  return createAnswer(status, {
    'Docker-Upload-UUID': session.id,
    Location: `${origin}/v2/${name}/blobs/uploads/${session.id}?_state=demo`,
    Range: `0-${Math.max(0, session.sizeBytes - 1)}`,
  });
}

function createBlobAnswer(origin: string, name: RepositoryName, digest: Digest): Answer {
  return createAnswer(201, { 'Docker-Content-Digest': digest, Location: `${origin}/v2/${name}/blobs/${digest}` });
}
