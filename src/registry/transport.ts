/**
 * From a socket to bounded bytes: time-outs over the whole answer, bodies that fail instead of being cut, and redirects that
 * never carry credentials to another origin. One request, one answer: trying again is for `retry.ts`.
 */
import { Agent } from 'undici';
import { decodeBody } from './decode-body.ts';
import { exchange } from './exchange.ts';
import { guardedLookup } from './forbidden-address.ts';
import { forbiddenRedirect, type RedirectRules } from './redirect.ts';
import { RegistryError } from './registry-error.ts';
import { createStopper, type Stopper } from './stopper.ts';
import { toTransportError } from './transport-error.ts';

export interface TransportRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string;
  /** More than this is an error, not a shorter answer. */
  readonly maxBytes: number;
  /** From the request to the last byte, redirects included. */
  readonly timeoutMs: number;
  /** From one sign of life to the next: for bodies so long that the whole may take an hour. No such limit by default. */
  readonly stallTimeoutMs?: number | undefined;
  /**
   * Takes the body of a success piece by piece, as it comes; then `bytes` is empty and none of it is kept. Nothing more is
   * read of the socket while it works. What it throws ends the request.
   */
  readonly receive?: ((chunk: Uint8Array) => void) | undefined;
}

export interface ResponseHeaders {
  /** The value of a header, whose name is in lower case; of a repeated one the values joined by `, `. */
  get(name: string): string | undefined;
}

export interface TransportResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** As they were before anything compressed them on their way. */
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
  /** Its host is trusted to be where it is; every other name is looked up with care. */
  readonly registry: URL;
  readonly userAgent: string;
  /** The most connections to one origin. */
  readonly connections: number;
}

const mostRedirects = 5;
const connectTimeoutMs = 10_000;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/** Creates the transport of one source. Call `close` when the run is done. */
export function createTransport(options: TransportOptions): Transport {
  const { registry, userAgent, connections } = options;
  const common = { connections, headersTimeout: 0, bodyTimeout: 0, pipelining: 1, allowH2: false };
  const own = new Agent({ ...common, connect: { timeout: connectTimeoutMs } });
  const elsewhere = new Agent({ ...common, connect: { timeout: connectTimeoutMs, lookup: guardedLookup } });
  let receivedBytes = 0;

  const always = { 'user-agent': userAgent, 'accept-encoding': 'identity' };

  async function follow(request: TransportRequest, stopper: Stopper): Promise<TransportResponse> {
    let current = request;
    for (let hops = 0; ; hops++) {
      const { url } = current;
      const agent = url.hostname === registry.hostname ? own : elsewhere;
      const headers = { ...always, ...current.headers };
      const response = await exchange(agent, counted(current), url, headers, stopper);
      receivedBytes += response.bytes.length;
      const location = response.headers.get('location');
      if (!redirectStatuses.has(response.status) || location === undefined) return decodeBody(response, current);
      if (hops === mostRedirects) throw refused(current, `more than ${mostRedirects} redirects`);
      current = redirect(current, location, response.status);
    }
  }

  /** What is passed on is counted on its way: a transfer that breaks was one all the same. */
  function counted(request: TransportRequest): TransportRequest {
    const { receive } = request;
    if (receive === undefined) return request;
    return {
      ...request,
      receive: (chunk) => {
        receivedBytes += chunk.length;
        receive(chunk);
      },
    };
  }

  function redirect(request: TransportRequest, location: string, status: number): TransportRequest {
    if (!URL.canParse(location, request.url.href)) throw refused(request, 'redirected to something that is no address');
    const target = new URL(location, request.url);
    const problem = forbiddenRedirect(request.url, target, options);
    if (problem !== null) throw refused(request, problem);
    const { authorization: _, ...others } = request.headers ?? {};
    const headers = target.origin === request.url.origin ? (request.headers ?? {}) : others;
    if (request.body === undefined) return { ...request, url: target, headers };
    const { body: __, ...bodiless } = request;
    const keepsBody = status === 307 || status === 308;
    if (!keepsBody) return { ...bodiless, method: 'GET', url: target, headers };
    if (target.origin !== request.url.origin) throw refused(request, `asked to send its form to ${target.host}`);
    return { ...request, url: target };
  }

  return {
    async send(request, signal) {
      signal.throwIfAborted();
      const stopper = createStopper(request, signal);
      try {
        return await follow(request, stopper);
      } catch (cause) {
        throw stopper.reason ?? toTransportError(cause, request);
      } finally {
        stopper.release();
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

function refused({ method, url }: TransportRequest, problem: string): RegistryError {
  return new RegistryError('REDIRECT_REFUSED', problem, { method, url });
}
