/** Leaves a source alone that fails again and again, so that a dying registry is not finished off and a run ends in time. */

export interface CircuitBreaker {
  readonly isOpen: boolean;
  recordSuccess(): void;
  recordFailure(): void;
}

/** Opens, for good, after so many failures in a row. A failure is a request that failed for good, its retries included. */
export function createCircuitBreaker(mostFailuresInARow: number): CircuitBreaker {
  let failures = 0;
  return {
    get isOpen() {
      return failures >= mostFailuresInARow;
    },
    recordSuccess() {
      if (failures < mostFailuresInARow) failures = 0;
    },
    recordFailure() {
      failures++;
    },
  };
}
