/** How long the steps of a run take. */

export interface Stopwatch {
  /** Whole milliseconds by step, of the steps that have ended. */
  readonly durationsMs: Readonly<Record<string, number>>;
  /** Runs a step and notes its time, also when it fails. */
  measure<T>(step: string, task: () => Promise<T>): Promise<T>;
}

export function createStopwatch(): Stopwatch {
  const durationsMs: Record<string, number> = {};
  return {
    durationsMs,
    async measure(step, task) {
      const startedAtMs = performance.now();
      try {
        return await task();
      } finally {
        durationsMs[step] = Math.round(performance.now() - startedAtMs);
      }
    },
  };
}
