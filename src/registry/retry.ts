/** Trying again: the one place that does. */
import pRetry from 'p-retry';
import { pause } from './gate.ts';
import { isTransient, RegistryError } from './registry-error.ts';

export interface RetryOptions {
  /** Attempts after the first. */
  readonly retries: number;
  /** The first wait; each further one is twice as long, with jitter up to twice, and at most `longestWaitMs`. */
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** Called before each wait. */
  readonly onRetry?: (error: RegistryError, waitMs: number) => void;
  readonly signal: AbortSignal;
}

/** A server that asks for a longer pause than this is left alone until the next run. */
const longestRetryAfterMs = 120_000;
/** Bytes that do not fit are most often a cut transfer and seldom a corrupt store: twice more tells which. */
const mostRetriesOfBadBytes = 2;

/**
 * Runs `attempt` until it succeeds, fails for good, or has no attempts left; rejects with its last error. A server's
 * `Retry-After` and the growing wait are one wait: the longer of the two.
 */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, firstWaitMs = 250, longestWaitMs = 8_000, onRetry, signal } = options;
  return pRetry(attempt, {
    retries,
    minTimeout: firstWaitMs,
    maxTimeout: longestWaitMs,
    factor: 2,
    randomize: true,
    signal,
    shouldRetry: ({ error, attemptNumber }) => mayRetry(error, attemptNumber),
    onFailedAttempt: async ({ error, attemptNumber, retriesLeft, retryDelay }) => {
      if (!(error instanceof RegistryError) || retriesLeft === 0 || !mayRetry(error, attemptNumber)) return;
      const waitMs = Math.max(retryDelay, error.retryAfterMs ?? 0);
      onRetry?.(error, waitMs);
      await pause(waitMs - retryDelay, signal);
    },
  });
}

function mayRetry(error: unknown, attemptNumber: number): boolean {
  if (!(error instanceof RegistryError) || !isTransient(error)) return false;
  if ((error.retryAfterMs ?? 0) > longestRetryAfterMs) return false;
  return !isBadBytes(error) || attemptNumber <= mostRetriesOfBadBytes;
}

function isBadBytes({ code }: RegistryError): boolean {
  return code === 'INVALID_DOCUMENT' || code === 'DIGEST_MISMATCH' || code === 'NOT_A_REGISTRY';
}
