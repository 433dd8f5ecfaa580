/**
 * Leaves a source alone that fails again and again, so that a dying registry is not finished off and a run ends in time.
 *
 * After so many failed attempts in a row the source is suspected: nothing is asked but one request now and then, after
 * waits that grow. Its success ends the suspicion; when several in a row have failed, the source is left alone for good.
 */
import { pause } from './gate.ts';

export interface CircuitBreakerOptions {
  readonly failuresToSuspect: number;
  /** The wait before the first of the requests that find out; each further one is twice as long. */
  readonly firstWaitMs: number;
}

/** What became of an attempt: `unclear` says nothing about the source. */
export type AttemptOutcome = 'answered' | 'failed' | 'unclear';

export interface CircuitBreaker {
  /**
   * Waits while the source is suspected. Resolves to the function that must be told what became of the attempt, or to null
   * when nothing is to be asked any more. Rejects with the signal's reason.
   */
  admit(signal: AbortSignal): Promise<((outcome: AttemptOutcome, retryAfterMs?: number | null) => void) | null>;
}

const mostProbes = 5;

export function createCircuitBreaker({ failuresToSuspect, firstWaitMs }: CircuitBreakerOptions): CircuitBreaker {
  let failures = 0;
  let failedProbes = 0;
  let askedWaitMs = 0;
  let probe: PromiseWithResolvers<void> | null = null;

  const isOpen = () => failedProbes >= mostProbes;

  function settle(outcome: AttemptOutcome, retryAfterMs: number | null = null): void {
    if (isOpen() || outcome === 'unclear') return;
    if (outcome === 'failed') {
      failures++;
      askedWaitMs = retryAfterMs ?? 0;
      return;
    }
    failures = 0;
    failedProbes = 0;
  }

  function endProbe(): void {
    probe?.resolve();
    probe = null;
  }

  return {
    async admit(signal) {
      while (!isOpen() && failures >= failuresToSuspect) {
        if (probe !== null) {
          await probe.promise;
          continue;
        }
        probe = Promise.withResolvers();
        try {
          await pause(Math.max(firstWaitMs * 2 ** failedProbes, askedWaitMs), signal);
        } catch (error) {
          endProbe();
          throw error;
        }
        return (outcome, retryAfterMs) => {
          if (outcome === 'failed') failedProbes++;
          settle(outcome, retryAfterMs);
          endProbe();
        };
      }
      return isOpen() ? null : settle;
    },
  };
}
