/** How far the blobs of a registry were audited, in one way of doing so. */
import type { Instant } from './model.ts';

export interface BlobAudit {
  /** What manifests name that a registry must hold, each blob once for each source, when a run last counted. */
  readonly namedBlobs: number;
  readonly namedSizeBytes: number;
  /** Layers that it need not hold, and that are not read. */
  readonly foreignBlobs: number;
  readonly soundBlobs: number;
  readonly soundSizeBytes: number;
  /** The oldest and the newest check of what is sound; null where nothing is. */
  readonly oldestCheckedAt: Instant | null;
  readonly newestCheckedAt: Instant | null;
  /** Those whose newest attempt told nothing. */
  readonly unreadBlobs: number;
}
