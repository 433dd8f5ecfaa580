/** A proxy before a registry that spoils a part of all answers: errors, cut connections, half bodies, pauses. */

import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { drawFraction, drawOne } from '../../scripts/demo-registry/catalogue/seeded.ts';

/**
 * `error-500`, `error-503` and `error-429` answer so (the latter two with `Retry-After`); `cut` closes the connection before
 * the answer, `cut-body` in the middle of it; `truncate` sends half a body as if it were the whole; `delay` waits a little.
 */
export type FaultKind = 'error-500' | 'error-503' | 'error-429' | 'cut' | 'cut-body' | 'truncate' | 'delay';

export const faultKinds = [
  'error-500',
  'error-503',
  'error-429',
  'cut',
  'cut-body',
  'truncate',
  'delay',
] as const satisfies readonly FaultKind[];

export interface FaultProxyOptions {
  /** The same seed spoils the same attempts of the same requests, in whatever order they come. */
  readonly seed: string;
  /** The part of all requests that is spoiled, from 0 to 1. */
  readonly rate: number;
  /** Default: all of them. */
  readonly kinds?: readonly [FaultKind, ...FaultKind[]];
  /** What `Retry-After` says; default 0. */
  readonly retryAfterSeconds?: number;
  /** How long `delay` waits; default 20. */
  readonly delayMs?: number;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly method: string;
  readonly target: string;
}

export interface FaultProxy {
  /** Starts on a free loopback port; resolves to its address. */
  listen(): Promise<string>;
  /** What was spoiled so far. */
  readonly faults: readonly Fault[];
  /** How many requests came so far. */
  readonly requestCount: number;
  /** Of these, the ones that asked for a body. */
  readonly getCount: number;
  /** From now on nothing is spoiled any more. */
  heal(): void;
  close(): Promise<void>;
}

export function createFaultProxy(targetUrl: string, options: FaultProxyOptions): FaultProxy {
  const { seed, rate, kinds = faultKinds, retryAfterSeconds = 0, delayMs = 20 } = options;
  const agent = new Agent({ keepAlive: true });
  const attempts = new Map<string, number>();
  const faults: Fault[] = [];
  let requestCount = 0;
  let getCount = 0;
  let isHealed = false;

  const pickFault = (method: string, target: string): FaultKind | null => {
    const attempt = (attempts.get(`${method} ${target}`) ?? 0) + 1;
    attempts.set(`${method} ${target}`, attempt);
    const keys = [seed, method, target, attempt];
    if (isHealed || drawFraction('spoil', ...keys) >= rate) return null;
    const kind = drawOne(kinds, 'kind', ...keys);
    faults.push({ kind, method, target });
    return kind;
  };

  const server = createServer((incoming, response) => {
    requestCount += 1;
    if (incoming.method === 'GET') getCount += 1;
    const kind = pickFault(incoming.method ?? 'GET', incoming.url ?? '/');
    answer(incoming, response, kind).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 75_000;

  const answer = async (incoming: IncomingMessage, response: ServerResponse, kind: FaultKind | null): Promise<void> => {
    if (kind === 'cut') {
      incoming.socket.destroy();
      return;
    }
    if (kind === 'error-500' || kind === 'error-503' || kind === 'error-429') {
      incoming.resume();
      const retryAfter = kind === 'error-500' ? {} : { 'Retry-After': retryAfterSeconds };
      response.writeHead(Number(kind.slice('error-'.length)), { 'Content-Type': 'text/plain', ...retryAfter });
      response.end('This answer was spoiled by the fault proxy.\n');
      return;
    }
    if (kind === 'delay') await pause(delayMs);
    const upstream = await forward(incoming, targetUrl, agent);
    if (kind === 'cut-body' || kind === 'truncate') await sendHalf(upstream, response, kind);
    else {
      response.writeHead(upstream.statusCode ?? 502, upstream.rawHeaders);
      await pipeline(upstream, response);
    }
  };

  return {
    listen: async () => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    faults,
    get requestCount() {
      return requestCount;
    },
    get getCount() {
      return getCount;
    },
    heal: () => {
      isHealed = true;
    },
    close: async () => {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Keeps the `Host` that the client wrote, so that addresses in the answer lead through the proxy again. */
async function forward(incoming: IncomingMessage, targetUrl: string, agent: Agent): Promise<IncomingMessage> {
  const outgoing = request(new URL(incoming.url ?? '/', targetUrl), {
    agent,
    method: incoming.method ?? 'GET',
    headers: incoming.headers,
  });
  // A client that goes away takes its request along; what fails on the way is heard of through the response.
  pipeline(incoming, outgoing).catch(() => {});
  const [upstream] = (await once(outgoing, 'response')) as [IncomingMessage];
  return upstream;
}

async function sendHalf(
  upstream: IncomingMessage,
  response: ServerResponse,
  kind: 'cut-body' | 'truncate',
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of upstream) chunks.push(chunk as Uint8Array);
  const body = Buffer.concat(chunks);
  const half = body.subarray(0, Math.floor(body.byteLength / 2));
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = upstream.headers;
  if (body.byteLength === 0) {
    response.destroy();
    return;
  }
  const claimedBytes = kind === 'truncate' ? half.byteLength : body.byteLength;
  response.writeHead(upstream.statusCode ?? 502, { ...headers, 'Content-Length': claimedBytes });
  if (kind === 'truncate') response.end(half);
  else response.write(half, () => response.socket?.destroySoon());
}
