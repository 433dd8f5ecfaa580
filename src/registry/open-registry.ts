/** Puts a client together for one source. */
import { createAuthenticator } from './authenticator.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { Credentials } from './credentials.ts';
import { createGate } from './gate.ts';
import { paceTransport } from './pacing.ts';
import { createRegistryClient, type RegistryClient } from './registry-client.ts';
import type { RegistryError } from './registry-error.ts';
import { longestRetryAfterMs } from './retry.ts';
import { createSourceRequests } from './source-requests.ts';
import { createTransport } from './transport.ts';

export interface RegistryOptions {
  /** Without `/v2/`. */
  readonly url: string;
  readonly userAgent: string;
  readonly credentials: Credentials;
  readonly concurrency: number;
  readonly requestsPerSecond?: number | undefined;
  readonly pageSize: number;
  readonly timeoutMs: number;
  readonly listingTimeoutMs: number;
  readonly retries: number;
  /** The wait before the first retry; 250 by default. */
  readonly firstWaitMs?: number | undefined;
  readonly followRedirects: boolean;
  readonly redirectHosts?: readonly string[] | undefined;
  readonly tokenHosts?: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onRetry?: ((error: RegistryError, waitMs: number) => void) | undefined;
}

/** Opens a client. Nothing is asked yet; `close` frees its connections. */
export function openRegistry(options: RegistryOptions): RegistryClient {
  const { concurrency, requestsPerSecond, credentials, tokenHosts, timeoutMs, clock, firstWaitMs = 250 } = options;
  const base = new URL(options.url);
  const transport = paceTransport(
    createTransport({
      registry: base,
      userAgent: options.userAgent,
      connections: concurrency,
      followRedirects: options.followRedirects,
      redirectHosts: options.redirectHosts,
    }),
    requestsPerSecond,
  );
  const authenticator = createAuthenticator({ registry: base, credentials, transport, tokenHosts, timeoutMs, clock });
  const requests = createSourceRequests({
    transport,
    authenticator,
    gate: createGate(concurrency),
    // More than are under way at once: one bad moment fails them all, and is no broken source.
    breaker: createCircuitBreaker({
      failuresToSuspect: 2 * concurrency + 8,
      firstWaitMs: 2 * firstWaitMs,
      longestWaitMs: longestRetryAfterMs,
    }),
    retries: options.retries,
    firstWaitMs,
    clock,
    onRetry: options.onRetry,
  });
  return createRegistryClient({
    base,
    requests,
    pageSize: options.pageSize,
    timeoutMs,
    listingTimeoutMs: options.listingTimeoutMs,
    authenticator,
    close: () => transport.close(),
  });
}
