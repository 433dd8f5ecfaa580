/**
 * Leaves a source alone that fails again and again, so that a dying registry is not finished off and a run ends in time.
 *
 * After so many failed attempts in a row the source is suspected, and nothing else is asked until it is cleared. What it
 * answered before is asked again: an answer says that the source lives, and that what fails is ill by itself, be it half
 * of the repositories. Where nothing was answered yet, one request now and then finds out. The waits between grow, and when
 * several in a row have failed, the source is left alone for good.
 */
import { pause } from './gate.ts';

export interface CircuitBreakerOptions {
  readonly failuresToSuspect: number;
  /** The wait before the first of the requests that find out; each further one is twice as long. */
  readonly firstWaitMs: number;
  /** Who asks for a longer wait than this while it fails is left alone at once: no run has that patience. */
  readonly longestWaitMs: number;
}

/** What an attempt says about the source: `unclear` says nothing. */
export interface Attempt {
  readonly outcome: 'answered' | 'failed' | 'unclear';
  /** What the source asked to be waited for, if it did. */
  readonly retryAfterMs: number | null;
  /** Asks the same once more, where there was an answer that a live source gives again. */
  readonly askAgain: ((signal: AbortSignal) => Promise<Attempt>) | null;
}

export interface CircuitBreaker {
  /**
   * Waits while the source is suspected. Resolves to the function that must be told what became of the attempt, or to null
   * when nothing is to be asked any more. Rejects with the signal's reason.
   */
  admit(signal: AbortSignal): Promise<((attempt: Attempt) => void) | null>;
}

const mostProbes = 5;

export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { failuresToSuspect, firstWaitMs, longestWaitMs } = options;
  let failures = 0;
  let failedProbes = 0;
  let askedWaitMs = 0;
  let askAgain: Attempt['askAgain'] = null;
  let probe: PromiseWithResolvers<void> | null = null;

  const isOpen = () => failedProbes >= mostProbes;

  function settle(attempt: Attempt): void {
    if (isOpen() || attempt.outcome === 'unclear') return;
    if (attempt.outcome === 'failed') {
      failures++;
      askedWaitMs = attempt.retryAfterMs ?? 0;
      return;
    }
    failures = 0;
    failedProbes = 0;
    askAgain = attempt.askAgain ?? askAgain;
  }

  function settleProbe(attempt: Attempt): void {
    if (attempt.outcome === 'failed') failedProbes++;
    settle(attempt);
    probe?.resolve();
    probe = null;
  }

  /** One question costs a source little: only after it has failed are there waits. */
  function waitBeforeProbeMs(): number {
    const ownWaitMs = askAgain !== null && failedProbes === 0 ? 0 : firstWaitMs * 2 ** failedProbes;
    return Math.max(ownWaitMs, askedWaitMs);
  }

  return {
    async admit(signal) {
      while (!isOpen() && failures >= failuresToSuspect) {
        if (askedWaitMs > longestWaitMs) {
          failedProbes = mostProbes;
          break;
        }
        if (probe !== null) {
          await probe.promise;
          continue;
        }
        probe = Promise.withResolvers();
        const giveUp = (error: unknown): never => {
          settleProbe(unclear);
          throw error;
        };
        await pause(waitBeforeProbeMs(), signal).catch(giveUp);
        if (askAgain === null) return settleProbe;
        settleProbe(await askAgain(signal).catch(giveUp));
      }
      return isOpen() ? null : settle;
    },
  };
}

const unclear: Attempt = { outcome: 'unclear', retryAfterMs: null, askAgain: null };
