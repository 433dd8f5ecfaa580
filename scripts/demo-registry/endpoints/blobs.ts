/**
 * `/v2/<name>/blobs/<digest>`: whole, or a range of bytes.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-blobs
 */
import { isDigest } from '../../../src/oci/digest.ts';
import type { RepositoryName } from '../../../src/oci/reference.ts';
import { type Answer, createAnswer } from '../server/answer.ts';
import type { StoredBlob } from '../store/blob.ts';
import { createErrorAnswer, type EndpointContext, isKnownToClient } from './endpoint.ts';
import type { DigestText } from './route.ts';

export function answerBlob({ request, store }: EndpointContext, name: RepositoryName, digest: DigestText): Answer {
  if (!isDigest(digest)) return createErrorAnswer('DIGEST_INVALID', {});
  if (request.method === 'DELETE') {
    return store.deleteBlob(name, digest) ? createAnswer(202) : createErrorAnswer('BLOB_UNKNOWN');
  }
  const blob = store.repository(name)?.blobs.get(digest);
  if (!blob) return createErrorAnswer('BLOB_UNKNOWN', digest);

  const headers = {
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'max-age=31536000',
    'Docker-Content-Digest': digest,
    ETag: `"${digest}"`,
  };
  if (isKnownToClient(request, digest)) return createAnswer(304, headers);
  const type = { 'Content-Type': 'application/octet-stream' };
  const range = parseRange(request.headers.range, blob.sizeBytes);
  if (range === 'unsatisfiable') return createAnswer(416, { ...headers, 'Content-Range': `bytes */${blob.sizeBytes}` });
  if (range === null) return createAnswer(200, { ...headers, ...type }, streamBlob(blob, 0, blob.sizeBytes));
  const { start, end } = range;
  const contentRange = { 'Content-Range': `bytes ${start}-${end - 1}/${blob.sizeBytes}` };
  return createAnswer(206, { ...headers, ...contentRange, ...type }, streamBlob(blob, start, end));
}

function streamBlob(blob: StoredBlob, start: number, end: number): Answer['body'] {
  return { sizeBytes: end - start, chunks: () => blob.read(start, end) };
}

/** One range as [start, end). Null, which means the whole blob, for several ranges or another unit: a server may ignore them. */
function parseRange(
  header: string | undefined,
  sizeBytes: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? sizeBytes : Math.min(sizeBytes, Number(to) + 1);
  return start < end ? { start, end } : 'unsatisfiable';
}
