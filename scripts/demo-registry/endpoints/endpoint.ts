/** What every endpoint is given, and the answers that they share. */

import type { Dialect } from '../dialect.ts';
import { type Answer, createAnswer, createJsonAnswer } from '../server/answer.ts';
import type { ReceivedRequest } from '../server/received-request.ts';
import type { RegistryStore } from '../store/registry-store.ts';
import type { UploadSessions } from './upload-sessions.ts';

export interface EndpointContext {
  readonly request: ReceivedRequest;
  readonly store: RegistryStore;
  readonly uploads: UploadSessions;
  readonly dialect: Dialect;
  /** Scheme and host as the client wrote them, for `Location` headers. */
  readonly origin: string;
}

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
const registryErrors = {
  BLOB_UNKNOWN: [404, 'blob unknown to registry'],
  BLOB_UPLOAD_INVALID: [404, 'blob upload invalid'],
  BLOB_UPLOAD_UNKNOWN: [404, 'blob upload unknown to registry'],
  DIGEST_INVALID: [400, 'provided digest did not match uploaded content'],
  MANIFEST_BLOB_UNKNOWN: [400, 'blob unknown to registry'],
  MANIFEST_INVALID: [400, 'manifest invalid'],
  MANIFEST_UNKNOWN: [404, 'manifest unknown'],
  NAME_UNKNOWN: [404, 'repository name not known to registry'],
  PAGINATION_NUMBER_INVALID: [400, 'invalid number of results requested'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export function createErrorAnswer(code: keyof typeof registryErrors, detail?: unknown, message?: string): Answer {
  const [status, usualMessage] = registryErrors[code];
  const error = { code, message: message ?? usualMessage, ...(detail === undefined ? {} : { detail }) };
  return createJsonAnswer(status, { errors: [error] });
}

/** For a path outside the API. */
export function createNoRouteAnswer(): Answer {
  return createAnswer(404, { 'Content-Type': 'text/plain; charset=utf-8' }, '404 page not found\n');
}

export function createMethodAnswer(allowed: readonly string[]): Answer {
  const headers = { Allow: [...allowed].sort().join(', '), 'Content-Type': 'text/plain; charset=utf-8' };
  return createAnswer(405, headers, 'Method not allowed\n');
}

/** Whether `If-None-Match` names this digest. Like docker-registry, only a bare value counts: no list, no weak one. */
export function isKnownToClient(request: ReceivedRequest, digest: string): boolean {
  const known = request.headers['if-none-match'];
  return known === digest || known === `"${digest}"`;
}

/** The link to the page after `last`, relative to the host. */
export function formatNextLink(path: string, last: string, pageSize: number): string {
  return `<${path}?last=${encodeURIComponent(last)}&n=${pageSize}>; rel="next"`;
}
