/** Lets so many requests of one source through at once. Waiting for a retry holds no place here. */
import { onAbort } from './on-abort.ts';

export interface Gate {
  /** Runs `task` when there is a place. Rejects with the signal's reason if it is aborted while waiting. */
  pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createGate(concurrency: number): Gate {
  /** Those who wait for a place, each as what admits it. */
  const waiting = new Set<() => void>();
  let underWay = 0;

  function waitForPlace(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = () => {
        stopListening();
        resolve();
      };
      const stopListening = onAbort(signal, () => {
        waiting.delete(admit);
        reject(signal.reason);
      });
      waiting.add(admit);
    });
  }

  function leavePlace(): void {
    const [admitNext] = waiting;
    if (admitNext === undefined) {
      underWay--;
      return;
    }
    waiting.delete(admitNext);
    admitNext();
  }

  return {
    async pass(task, signal) {
      signal.throwIfAborted();
      if (underWay < concurrency) underWay++;
      else await waitForPlace(signal);
      try {
        return await task();
      } finally {
        leavePlace();
      }
    },
  };
}

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, delayMs);
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
