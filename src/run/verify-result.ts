/** What a verification is told, and what it tells. */
import type { InventoryBlob } from '../integrity/blob-inventory.ts';
import type { CheckMode, CheckResult } from '../integrity/check-blob.ts';
import type { NamedTotals } from '../integrity/integrity-state.schema.ts';
import type { RepositoryName } from '../oci/reference.ts';

export interface VerifyOptions {
  readonly mode: CheckMode;
  /** How much a run may transfer; no bound where it is absent. */
  readonly maxBytes?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  /** The wait before the first retry, where it is not the usual one. */
  readonly firstWaitMs?: number;
}

/** A blob whose check told something worth saying. */
export interface BlobReport {
  readonly blob: InventoryBlob;
  readonly outcome: Exclude<CheckResult['outcome'], 'sound' | 'gone'>;
  /** What was found, or why nothing was. */
  readonly text: string;
  /** The tags of which a pull would fail, as `name:tag`. */
  readonly tags: readonly string[];
  /** Where another repository has it: the one that does not. */
  readonly lackedBy?: RepositoryName;
}

export interface VerifyResult {
  readonly mode: CheckMode;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Why it ended: everything has been had in this cycle, a bound was reached, it was told to, or no source answers any more. */
  readonly end: 'cycle-complete' | 'max-bytes' | 'max-duration' | 'stopped' | 'sources-failed';
  readonly cycle: number;
  readonly named: NamedTotals;
  /** Checked in this run, with a result. */
  readonly checkedBlobs: number;
  readonly checkedSizeBytes: number;
  readonly receivedBytes: number;
  /** What this cycle has not had yet. */
  readonly leftBlobs: number;
  readonly leftSizeBytes: number;
  /** Larger than `maxBytes`: no run of this budget reads them. */
  readonly oversizedBlobs: number;
  readonly goneBlobs: number;
  readonly reports: readonly BlobReport[];
  /** Whether nothing that was checked in this run is at fault. */
  readonly isSound: boolean;
  /** Blobs that earlier runs found at fault, and that this one did not check again. */
  readonly knownFaults: number;
}
