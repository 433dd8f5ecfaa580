/** Keeps what a run transfers within bounds. What does not fit is left for another run, and what is smaller goes on. */
import { type InventoryBlob, plannedSizeBytes } from './blob-inventory.ts';

export interface ByteBudget {
  /** Sets aside what a blob will cost, if there is so much left. */
  reserve(blob: InventoryBlob): boolean;
  /** Takes back what was set aside for a blob that could not be read. */
  release(blob: InventoryBlob): void;
  /** Blobs that did not fit. */
  readonly postponed: number;
  /** Of these, the ones that are larger than the whole budget, which no run of it will read. */
  readonly oversized: number;
}

/**
 * `transferredBytes` tells what came so far. What is read a second time counts as well, so that a blob under way may go beyond
 * the budget, and the next one is not begun.
 */
export function createByteBudget(maxBytes: number, transferredBytes: () => number): ByteBudget {
  let reservedBytes = 0;
  let postponed = 0;
  let oversized = 0;
  return {
    reserve(blob) {
      const sizeBytes = plannedSizeBytes(blob);
      if (Math.max(reservedBytes, transferredBytes()) + sizeBytes <= maxBytes) {
        reservedBytes += sizeBytes;
        return true;
      }
      postponed++;
      if (sizeBytes > maxBytes) oversized++;
      return false;
    },
    release(blob) {
      reservedBytes -= plannedSizeBytes(blob);
    },
    get postponed() {
      return postponed;
    },
    get oversized() {
      return oversized;
    },
  };
}
