/** Lets so many requests of one source through at once. Waiting for a retry holds no place here. */

export interface Gate {
  /** Runs `task` when there is a place. Rejects with the signal's reason if it is aborted while waiting. */
  pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createGate(concurrency: number): Gate {
  const waiting = new Set<Waiting>();
  /** One listener for all that wait with the same signal: there may be hundreds, and each is heard in turn. */
  const listeners = new Map<AbortSignal, { waiting: number; readonly listen: () => void }>();
  let underWay = 0;

  function watch(signal: AbortSignal): void {
    const listener = listeners.get(signal);
    if (listener !== undefined) {
      listener.waiting++;
      return;
    }
    const listen = () => {
      listeners.delete(signal);
      for (const one of waiting) {
        if (one.signal !== signal) continue;
        waiting.delete(one);
        one.reject(signal.reason);
      }
    };
    listeners.set(signal, { waiting: 1, listen });
    signal.addEventListener('abort', listen, { once: true });
  }

  function unwatch(signal: AbortSignal): void {
    const listener = listeners.get(signal);
    if (listener === undefined || --listener.waiting > 0) return;
    listeners.delete(signal);
    signal.removeEventListener('abort', listener.listen);
  }

  function leavePlace(): void {
    const [next] = waiting;
    if (next === undefined) {
      underWay--;
      return;
    }
    waiting.delete(next);
    unwatch(next.signal);
    next.admit();
  }

  return {
    async pass(task, signal) {
      signal.throwIfAborted();
      if (underWay < concurrency) underWay++;
      else {
        await new Promise<void>((admit, reject) => {
          waiting.add({ admit, reject, signal });
          watch(signal);
        });
      }
      try {
        return await task();
      } finally {
        leavePlace();
      }
    },
  };
}

interface Waiting {
  readonly admit: () => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', abort, { once: true });
  });
}
