/**
 * From a socket to bounded bytes: time-outs over the whole answer, bodies that fail instead of being cut, and redirects that
 * never carry credentials to another origin. One request, one answer: trying again is for `retry.ts`.
 */
import { Agent, type Dispatcher } from 'undici';
import { guardedLookup } from './forbidden-address.ts';
import { forbiddenRedirect, type RedirectRules } from './redirect.ts';
import { RegistryError } from './registry-error.ts';
import { toTransportError } from './transport-error.ts';

export interface TransportRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** More than this is an error, not a shorter answer. */
  readonly maxBytes: number;
  /** From the request to the last byte, redirects included. */
  readonly timeoutMs: number;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the values joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
  /** Where the answer came from in the end. */
  readonly url: URL;
}

export interface Transport {
  /** Throws a `RegistryError` for everything but an answer; any status is an answer. */
  send(request: TransportRequest, signal: AbortSignal): Promise<TransportResponse>;
  /** Bytes of bodies read so far. */
  readonly receivedBytes: number;
  close(): Promise<void>;
}

export interface TransportOptions extends RedirectRules {
  readonly userAgent: string;
  /** The most connections to one origin. */
  readonly connections: number;
}

const mostRedirects = 5;
const connectTimeoutMs = 10_000;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** Creates the transport of one source. Call `close` when the run is done. */
export function createTransport(options: TransportOptions): Transport {
  const common = { connections: options.connections, headersTimeout: 0, bodyTimeout: 0, pipelining: 1 };
  const own = new Agent({ ...common, connect: { timeout: connectTimeoutMs } });
  const elsewhere = new Agent({ ...common, connect: { timeout: connectTimeoutMs, lookup: guardedLookup } });
  let receivedBytes = 0;

  async function exchange(request: TransportRequest, url: URL, agent: Agent, abort: AbortSignal) {
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { 'user-agent': options.userAgent, 'accept-encoding': 'identity', ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
      reset: false,
      signal: abort,
    });
    const bytes = await readBounded(response, request);
    receivedBytes += bytes.length;
    return { status: response.statusCode, headers: toHeaderMap(response.headers), bytes, url };
  }

  async function follow(request: TransportRequest, abort: AbortSignal): Promise<TransportResponse> {
    let current = request;
    for (let hops = 0; ; hops++) {
      const { url } = current;
      const agent = url.origin === request.url.origin ? own : elsewhere;
      const response = await exchange(current, url, agent, abort);
      const location = response.headers.get('location');
      if (!redirectStatuses.has(response.status) || location === undefined) return response;
      if (hops === mostRedirects) throw refused(current, `more than ${mostRedirects} redirects`);
      current = redirect(current, location, response.status);
    }
  }

  function redirect(request: TransportRequest, location: string, status: number): TransportRequest {
    if (!URL.canParse(location, request.url)) throw refused(request, 'redirected to something that is no address');
    const target = new URL(location, request.url);
    const problem = forbiddenRedirect(request.url, target, options);
    if (problem !== null) throw refused(request, problem);
    const { authorization: _, ...others } = request.headers ?? {};
    const headers = target.origin === request.url.origin ? (request.headers ?? {}) : others;
    if (request.method !== 'POST' || status === 307 || status === 308) return { ...request, url: target, headers };
    const { body: __, ...bodiless } = request;
    return { ...bodiless, method: 'GET', url: target, headers };
  }

  return {
    async send(request, signal) {
      signal.throwIfAborted();
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(timedOut(request)), request.timeoutMs);
      const cancel = () => controller.abort(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        return await follow(request, controller.signal);
      } catch (cause) {
        if (controller.signal.aborted) throw controller.signal.reason;
        throw toTransportError(cause, request);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      }
    },
    get receivedBytes() {
      return receivedBytes;
    },
    async close() {
      await Promise.all([own.destroy(), elsewhere.destroy()]);
    },
  };
}

async function readBounded(response: Dispatcher.ResponseData, request: TransportRequest): Promise<Uint8Array> {
  const tooLarge = () =>
    new RegistryError('BODY_TOO_LARGE', `the answer has more than ${request.maxBytes} bytes`, {
      method: request.method,
      url: request.url,
      status: response.statusCode,
    });
  const declared = Number(response.headers['content-length'] ?? 0);
  if (request.method !== 'HEAD' && declared > request.maxBytes) {
    response.body.on('error', () => undefined).destroy();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > request.maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, length);
}

function toHeaderMap(headers: Dispatcher.ResponseData['headers']): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

function refused({ method, url }: TransportRequest, problem: string): RegistryError {
  return new RegistryError('REDIRECT_REFUSED', problem, { method, url });
}

function timedOut({ method, url, timeoutMs }: TransportRequest): RegistryError {
  return new RegistryError('TIMED_OUT', `no complete answer within ${timeoutMs / 1000} s`, { method, url });
}
