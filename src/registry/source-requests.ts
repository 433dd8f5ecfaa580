/**
 * One source's way to ask: the gates, authentication, the circuit breaker and the retry around the transport, so that the
 * operations above say only what they want and how they read it.
 */
import { DecodeError } from '../oci/decode-error.ts';
import { parseJson } from '../oci/json.ts';
import type { Authenticator, Scope } from './authenticator.ts';
import type { Attempt, CircuitBreaker } from './circuit-breaker.ts';
import type { Gate } from './gate.ts';
import { looksLikeHtml } from './looks-like-html.ts';
import { othersSent } from './others-sent.ts';
import { RegistryError, type RegistryErrorCode } from './registry-error.ts';
import type { RequestCounts, RequestKind } from './request-counts.ts';
import { withRetry } from './retry.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Transport, TransportResponse } from './transport.ts';
import { errorsSchema } from './wire.schema.ts';

export interface SourceRequest<T> {
  readonly kind: Exclude<RequestKind, 'token'>;
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly scope: Scope;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly stallTimeoutMs?: number;
  /** Gives what takes the body of a success piece by piece: a new one for each attempt. Then `read` gets no bytes. */
  readonly startReceiving?: () => (chunk: Uint8Array) => void;
  /** Statuses besides 200 that `read` understands; every other one is an error. */
  readonly expected?: readonly number[];
  /** Reads the answer. What it throws as a `DecodeError` or `RegistryError` counts as a failed attempt. */
  readonly read: (response: TransportResponse) => T;
}

export interface SourceRequests {
  send<T>(request: SourceRequest<T>, signal: AbortSignal): Promise<T>;
  readonly counts: RequestCounts;
}

export interface SourceRequestsOptions {
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly gate: Gate;
  readonly breaker: CircuitBreaker;
  readonly retries: number;
  /** The wait before the first retry. */
  readonly firstWaitMs: number;
  readonly clock: () => number;
  readonly onRetry?: ((error: RegistryError, waitMs: number) => void) | undefined;
}

/** An answer, and whom to tell what it says about the source. */
interface Answer {
  readonly response: TransportResponse;
  readonly tell: (attempt: Attempt) => void;
}

export function createSourceRequests(options: SourceRequestsOptions): SourceRequests {
  const { transport, authenticator, gate, breaker, retries, firstWaitMs, clock, onRetry } = options;
  const byKind: Record<Exclude<RequestKind, 'token'>, number> = {
    api: 0,
    catalog: 0,
    tags: 0,
    manifest: 0,
    'manifest-head': 0,
    config: 0,
    blob: 0,
    'blob-head': 0,
    referrers: 0,
  };
  let unchanged = 0;
  let retried = 0;
  let rateLimited = 0;

  async function sendOnce<T>(request: SourceRequest<T>, authorization: string | null, signal: AbortSignal) {
    const { kind, method, url, headers, maxBytes, timeoutMs, stallTimeoutMs, startReceiving } = request;
    byKind[kind]++;
    const sent = authorization === null ? headers : { ...headers, authorization };
    const response = await transport.send(
      { method, url, headers: sent, maxBytes, timeoutMs, stallTimeoutMs, receive: startReceiving?.() },
      signal,
    );
    if (response.status === 304) unchanged++;
    if (response.status === 429) rateLimited++;
    return response;
  }

  /** Throws where the answer is a refusal, or anything else that `read` does not understand. */
  async function sendAuthorized<T>(request: SourceRequest<T>, signal: AbortSignal): Promise<TransportResponse> {
    const header = await authenticator.authorize(request.scope, signal);
    let response = await sendOnce(request, header, signal);
    if (response.status === 401 && isFromSource(response, request)) {
      const better = await authenticator.answer(response, request.scope, header, signal);
      if (better !== null) response = await sendOnce(request, better, signal);
    }
    throwIfRefused(request, response, clock);
    return response;
  }

  /** What a refusal, or no answer, says about the source is told before its place at the gate is free: who takes that is to know. */
  async function ask<T>(request: SourceRequest<T>, signal: AbortSignal): Promise<Answer> {
    const tell = await breaker.admit(signal);
    if (tell === null) throw failure('CIRCUIT_OPEN', 'not asked: this source keeps failing', request);
    try {
      return { response: await sendAuthorized(request, signal), tell };
    } catch (cause) {
      throw tellFailure(tell, cause, request, signal);
    }
  }

  async function attempt<T>(request: SourceRequest<T>, signal: AbortSignal): Promise<T> {
    const { response, tell } = await gate.pass(() => ask(request, signal), signal);
    // Its place is free by now: what is made of an answer keeps nobody from asking.
    if (response.bytes.length > 0) await othersSent();
    try {
      const value = request.read(response);
      tell({ outcome: 'answered', retryAfterMs: null, askAgain: isCheap(request) ? askAgain : null });
      return value;
    } catch (cause) {
      throw tellFailure(tell, cause, request, signal);
    }

    async function askAgain(later: AbortSignal): Promise<Attempt> {
      try {
        request.read(await sendAuthorized(request, later));
        return { outcome: 'answered', retryAfterMs: null, askAgain };
      } catch (cause) {
        const error = toError(cause, request, later);
        // Nothing that a source did: to ask once more would go on for ever, and nobody would hear of it.
        if (!(error instanceof RegistryError)) throw error;
        return judge(error);
      }
    }
  }

  return {
    async send(request, signal) {
      try {
        return await withRetry(() => attempt(request, signal), {
          retries,
          firstWaitMs,
          signal,
          onRetry: (error, waitMs) => {
            retried++;
            onRetry?.(error, waitMs);
          },
        });
      } catch (cause) {
        throw toError(cause, request, signal);
      }
    },
    get counts() {
      return {
        byKind: { ...byKind, token: authenticator.tokenRequests },
        unchanged,
        retries: retried,
        rateLimited,
        receivedBytes: transport.receivedBytes,
      };
    },
  };
}

function throwIfRefused<T>(request: SourceRequest<T>, response: TransportResponse, clock: () => number): void {
  const { method, url } = request;
  const { status } = response;
  if (status === 200 && isDocument(request) && looksLikeHtml(response))
    throw new RegistryError('NOT_A_REGISTRY', 'answered with a web page', { method, url, status });
  if (status === 200 || request.expected?.includes(status)) return;
  const registryCode = registryCodeOf(response);
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), clock());
  const details = { method, url, status, retryAfterMs, registryCode };
  const said = registryCode === null ? `${status}` : `${status} ${registryCode}`;
  if (isFromSource(response, request)) throw new RegistryError(codeOfStatus(status), `answered ${said}`, details);
  // What another host refuses says nothing about the rights of our credentials here.
  const code = status === 401 || status === 403 ? 'UNEXPECTED_STATUS' : codeOfStatus(status);
  throw new RegistryError(code, `redirected to ${response.url.host}, which answered ${said}`, details);
}

/** Whether the host that was asked answered itself, and did not redirect to another. */
function isFromSource<T>(response: TransportResponse, request: SourceRequest<T>): boolean {
  return response.url.origin === request.url.origin;
}

function codeOfStatus(status: number): RegistryErrorCode {
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 408 || status === 425) return 'TIMED_OUT';
  // 501 says that it is not done, and never will be.
  return status >= 500 && status !== 501 ? 'SERVER_FAILED' : 'UNEXPECTED_STATUS';
}

/** The first error code of the body, where the body is the specification's and the code looks like one. */
function registryCodeOf({ bytes }: TransportResponse): string | null {
  if (bytes.length === 0 || bytes.length > 65_536) return null;
  try {
    const code = errorsSchema.parse(parseJson(bytes, 'the error')).errors[0]?.code ?? '';
    return /^[A-Z_]{1,60}$/.test(code) ? code : null;
  } catch {
    return null;
  }
}

/** A `RegistryError` of whatever the source, its answer or the end of a run is the cause of; any other cause as it is. */
function toError<T>(cause: unknown, request: SourceRequest<T>, signal: AbortSignal): unknown {
  if (signal.aborted) return failure('CANCELLED', 'the run was stopped or reached its deadline', request, cause);
  if (cause instanceof DecodeError) return failure('INVALID_DOCUMENT', cause.message, request, cause);
  return cause;
}

function tellFailure<T>(tell: Answer['tell'], cause: unknown, request: SourceRequest<T>, signal: AbortSignal): unknown {
  const error = toError(cause, request, signal);
  tell(judge(error));
  return error;
}

function failure<T>(code: RegistryErrorCode, problem: string, { method, url }: SourceRequest<T>, cause?: unknown) {
  return new RegistryError(code, problem, { method, url, cause });
}

/** A page of the catalog can take a registry a minute, a layer more, and `/v2/` is answered by one whose store is gone. */
function isCheap<T>({ kind }: SourceRequest<T>): boolean {
  return kind !== 'catalog' && kind !== 'api' && kind !== 'blob';
}

/** Asked for what only a registry can answer. A blob may be anything, and not to speak of referrers is a registry's right. */
function isDocument<T>({ kind }: SourceRequest<T>): boolean {
  return kind === 'api' || kind === 'catalog' || kind === 'tags' || kind === 'manifest';
}

/** What a failed attempt says about the source. A refusal, a 404, even nonsense is an answer; the end of a run is none. */
function judge(error: unknown): Attempt {
  if (!(error instanceof RegistryError) || error.code === 'CANCELLED')
    return { outcome: 'unclear', retryAfterMs: null, askAgain: null };
  const outcome = sourceFailures.has(error.code) ? 'failed' : 'answered';
  return { outcome, retryAfterMs: error.retryAfterMs, askAgain: null };
}

/** Failures of the source as a whole, rather than of what was asked for. */
const sourceFailures = new Set<RegistryErrorCode>([
  'UNREACHABLE',
  'TLS_FAILED',
  'TIMED_OUT',
  'CONNECTION_LOST',
  'RATE_LIMITED',
  'SERVER_FAILED',
  'NOT_A_REGISTRY',
]);
