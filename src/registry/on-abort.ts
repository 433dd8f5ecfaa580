/**
 * Hears of a signal's end. All who wait for the same signal share one listener of it: a run's signal has hundreds who wait, and
 * comes and goes with each request, and its own list is gone through from end to end each time.
 */

interface Listeners {
  readonly told: Set<() => void>;
  readonly listen: () => void;
}

const listenersOf = new WeakMap<AbortSignal, Listeners>();

/** Calls `tell` once when the signal is aborted, which it must not be yet. Call what it returns when nobody waits any more. */
export function onAbort(signal: AbortSignal, tell: () => void): () => void {
  const { told, listen } = listenersOf.get(signal) ?? startListening(signal);
  // Whoever waits twice is told twice.
  const entry = () => tell();
  told.add(entry);
  return () => {
    if (!told.delete(entry) || told.size > 0) return;
    listenersOf.delete(signal);
    signal.removeEventListener('abort', listen);
  };
}

function startListening(signal: AbortSignal): Listeners {
  const told = new Set<() => void>();
  const listen = () => {
    listenersOf.delete(signal);
    for (const tell of told) {
      told.delete(tell);
      tell();
    }
  };
  const listeners = { told, listen };
  listenersOf.set(signal, listeners);
  signal.addEventListener('abort', listen, { once: true });
  return listeners;
}
