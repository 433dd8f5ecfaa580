/** Lets so many requests of one source through at once. Waiting for a retry holds no place here. */

export interface Gate {
  /** Runs `task` when there is a place. Rejects with the signal's reason if it is aborted while waiting. */
  pass<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createGate(concurrency: number): Gate {
  const waiting = new Set<() => void>();
  let underWay = 0;

  async function takePlace(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (underWay < concurrency) {
      underWay++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        waiting.delete(admit);
        reject(signal.reason);
      };
      const admit = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      waiting.add(admit);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  function leavePlace(): void {
    const [next] = waiting;
    if (next === undefined) {
      underWay--;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async pass(task, signal) {
      await takePlace(signal);
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
