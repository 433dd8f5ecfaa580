/** Trying again: the one place that does. */
import pRetry from 'p-retry';
import { pause } from './gate.ts';
import { isTransient, RegistryError, type RegistryErrorCode } from './registry-error.ts';

export interface RetryOptions {
  /** Attempts after the first. */
  readonly retries: number;
  /** The first wait; each further one is twice as long, with jitter up to twice, and at most `longestWaitMs`. */
  readonly firstWaitMs: number;
  /** 8 s by default. */
  readonly longestWaitMs?: number;
  /** Called before each wait. */
  readonly onRetry?: (error: RegistryError, waitMs: number) => void;
  readonly signal: AbortSignal;
}

/** A server that asks for a longer pause than this is left alone until the next run. */
export const longestRetryAfterMs = 120_000;

/**
 * How often one request is retried after a failure of one sort, where that is less often than `retries`. Bytes that do not
 * fit are most often a cut transfer and seldom a corrupt store: twice more tells which. A time-out has cost time enough.
 */
const mostRetriesAfter: Partial<Record<RegistryErrorCode, number>> = {
  INVALID_DOCUMENT: 2,
  DIGEST_MISMATCH: 2,
  NOT_A_REGISTRY: 2,
  TIMED_OUT: 2,
};

/**
 * Runs `attempt` until it succeeds, fails for good, or has no attempts left; rejects with its last error. A server's
 * `Retry-After` and the growing wait are one wait: the longer of the two, with the jitter of the second.
 */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, firstWaitMs, longestWaitMs = 8_000, onRetry, signal } = options;
  const failures = new Map<RegistryErrorCode, number>();
  signal.throwIfAborted();
  let first: Promise<T> | null = attempt();
  try {
    return await first;
  } catch {
    // What nearly every request does not need begins only here, and with the same failure.
  }
  const next = () => {
    const begun = first ?? attempt();
    first = null;
    return begun;
  };
  return pRetry(next, {
    retries,
    minTimeout: firstWaitMs,
    maxTimeout: longestWaitMs,
    factor: 2,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => mayRetry(error, failures),
    onFailedAttempt: async ({ error, retriesLeft, retryDelay }) => {
      if (!(error instanceof RegistryError)) return;
      failures.set(error.code, (failures.get(error.code) ?? 0) + 1);
      if (retriesLeft === 0 || !mayRetry(error, failures)) return;
      const askedMs = error.retryAfterMs ?? 0;
      const waitMs = askedMs > 0 ? Math.max(retryDelay, askedMs + Math.random() * firstWaitMs) : retryDelay;
      onRetry?.(error, waitMs);
      await pause(waitMs - retryDelay, signal);
    },
  });
}

function mayRetry(error: unknown, failures: ReadonlyMap<RegistryErrorCode, number>): boolean {
  if (!(error instanceof RegistryError) || !isTransient(error)) return false;
  if ((error.retryAfterMs ?? 0) > longestRetryAfterMs) return false;
  return (failures.get(error.code) ?? 0) <= (mostRetriesAfter[error.code] ?? Number.POSITIVE_INFINITY);
}
