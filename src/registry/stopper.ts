/** What cuts a request short: its time-out, or the end of the run. */
import { RegistryError } from './registry-error.ts';
import type { TransportRequest } from './transport.ts';

export interface Stopper {
  /** Why the request is stopped, or null while it is not. */
  readonly reason: unknown;
  /** Who is told; the latest one alone, for a request has one exchange at a time. Told at once when it is stopped already. */
  onStop(stop: (reason: unknown) => void): void;
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
  const timer = setTimeout(() => stop(timedOut(request)), request.timeoutMs);
  const cancel = () => stop(signal.reason);
  signal.addEventListener('abort', cancel, { once: true });
  return {
    get reason() {
      return reason;
    },
    onStop(next) {
      tell = next;
      if (reason !== null) next(reason);
    },
    release() {
      tell = null;
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}

function timedOut({ method, url, timeoutMs }: TransportRequest): RegistryError {
  return new RegistryError('TIMED_OUT', `no complete answer within ${timeoutMs / 1000} s`, { method, url });
}
