/** Reads blobs as a stream: what came is hashed and counted on its way, and not kept. Whether it is right is not judged here. */
import { createHash, type Hash } from 'node:crypto';
import { type Digest, digestAlgorithm, parseDigest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { contentEncodingOf } from './decode-body.ts';
import { blobUrl } from './endpoints.ts';
import { looksLikeHtml } from './looks-like-html.ts';
import { RegistryError } from './registry-error.ts';
import type { SourceRequests } from './source-requests.ts';
import type { TransportResponse } from './transport.ts';

/** What was transferred in the place of a blob. */
export interface ReadBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface BlobReader {
  /**
   * Reads a blob to its end. Throws a `RegistryError`: `BODY_TOO_LARGE` where there is more than `maxBytes`, `NOT_FOUND` where
   * there is none.
   */
  read(name: RepositoryName, digest: Digest, maxBytes: number, signal: AbortSignal): Promise<ReadBlob>;
  /**
   * The length that HEAD announces; null where it announces none. One that is not `said` must be that of a blob, and not of a web
   * page. Throws like `read`.
   */
  headSize(name: RepositoryName, digest: Digest, said: readonly number[], signal: AbortSignal): Promise<number | null>;
}

export interface BlobReaderOptions {
  readonly requests: SourceRequests;
  readonly base: URL;
  /** Of a HEAD; of a blob, how long nothing may come. */
  readonly timeoutMs: number;
}

/** So much of what came is held: a web page shows what it is, whatever its headers say. */
const beginningBytes = 200;
/** A transfer that is slower than this, all in all, is given up: one byte a second would be a sign of life too. */
const slowestBytesPerMs = 16;
/** What a timer can wait. */
const longestTimeoutMs = 2 ** 31 - 1;

export function createBlobReader({ requests, base, timeoutMs }: BlobReaderOptions): BlobReader {
  return {
    read(name, digest, maxBytes, signal) {
      const url = blobUrl(base, name, digest);
      let hash: Hash = createHash(digestAlgorithm(digest));
      let sizeBytes = 0;
      let beginning: Uint8Array = new Uint8Array();
      return requests.send<ReadBlob>(
        {
          kind: 'blob',
          method: 'GET',
          url,
          scope: `repository:${name}:pull`,
          maxBytes,
          timeoutMs: Math.min(longestTimeoutMs, timeoutMs + Math.ceil(maxBytes / slowestBytesPerMs)),
          stallTimeoutMs: timeoutMs,
          startReceiving: () => {
            hash = createHash(digestAlgorithm(digest));
            sizeBytes = 0;
            beginning = new Uint8Array();
            return (chunk) => {
              hash.update(chunk);
              if (beginning.length < beginningBytes) {
                beginning = Buffer.concat([beginning, chunk.subarray(0, beginningBytes - beginning.length)]);
              }
              sizeBytes += chunk.length;
            };
          },
          read: (response) => {
            const found = parseDigest(`${digestAlgorithm(digest)}:${hash.digest('hex')}`);
            if (found !== digest) throwIfNoBlob({ ...response, bytes: beginning }, { method: 'GET', url });
            return { digest: found, sizeBytes };
          },
        },
        signal,
      );
    },

    headSize(name, digest, said, signal) {
      const url = blobUrl(base, name, digest);
      return requests.send(
        {
          kind: 'blob-head',
          method: 'HEAD',
          url,
          scope: `repository:${name}:pull`,
          maxBytes: 0,
          timeoutMs,
          read: (response) => {
            const length = response.headers.get('content-length') ?? '';
            const sizeBytes = /^\d{1,15}$/.test(length) ? Number(length) : null;
            if (sizeBytes !== null && !said.includes(sizeBytes)) throwIfNoBlob(response, { method: 'HEAD', url });
            return sizeBytes;
          },
        },
        signal,
      );
    },
  };
}

/** Of an answer that is not what a blob should be: throws where it is something else, and nothing that the registry keeps. */
function throwIfNoBlob(
  response: TransportResponse,
  request: { readonly method: 'GET' | 'HEAD'; readonly url: URL },
): void {
  if (looksLikeHtml(response)) throw new RegistryError('NOT_A_REGISTRY', 'answered with a web page', request);
  if (contentEncodingOf(response) === null) return;
  const problem = 'was compressed on its way, which was not asked for: its own bytes did not come';
  throw new RegistryError('INVALID_DOCUMENT', problem, request);
}
