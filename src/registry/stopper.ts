/** What cuts a request short: its time-outs, or the end of the run. */
import { onAbort } from './on-abort.ts';
import { RegistryError } from './registry-error.ts';
import type { TransportRequest } from './transport.ts';

export interface Stopper {
  /** Why the request is stopped, or null while it is not. */
  readonly reason: unknown;
  /** Who is told; the latest one alone, for a request has one exchange at a time. Told at once when it is stopped already. */
  onStop(stop: (reason: unknown) => void): void;
  /** Something came: the wait for the next sign of life begins anew. */
  noteLife(): void;
  release(): void;
}

/** Begins to count. Call `release` when the request is over. */
export function createStopper(request: TransportRequest, signal: AbortSignal): Stopper {
  let reason: unknown = null;
  let tell: ((reason: unknown) => void) | null = null;
  const stop = (why: unknown) => {
    reason ??= why;
    tell?.(reason);
  };
  const { timeoutMs, stallTimeoutMs } = request;
  const timer = setTimeout(() => stop(timedOut(request, `no complete answer within ${timeoutMs / 1000} s`)), timeoutMs);
  const stalled =
    stallTimeoutMs === undefined
      ? null
      : setTimeout(() => stop(timedOut(request, `nothing came for ${stallTimeoutMs / 1000} s`)), stallTimeoutMs);
  const stopListening = onAbort(signal, () => stop(signal.reason));
  return {
    get reason() {
      return reason;
    },
    onStop(next) {
      tell = next;
      if (reason !== null) next(reason);
    },
    noteLife: () => stalled?.refresh(),
    release() {
      tell = null;
      clearTimeout(timer);
      if (stalled !== null) clearTimeout(stalled);
      stopListening();
    },
  };
}

function timedOut({ method, url }: TransportRequest, problem: string): RegistryError {
  return new RegistryError('TIMED_OUT', problem, { method, url });
}
