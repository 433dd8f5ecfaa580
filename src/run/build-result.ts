/** What a build is told besides its settings, and what it says of itself. */
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { BuildAhead } from './build-ahead.ts';
import type { BlobCounts } from './read-integrity.ts';
import type { RunContext } from './refresh.ts';
import type { SideProcess } from './work-process.ts';

export interface BuildContext extends Pick<RunContext, 'cancel' | 'progress' | 'log'> {
  readonly side: SideProcess;
  readonly ahead: Pick<BuildAhead, 'take'>;
  /** The index that was committed in this run, so that it need not be read; null where none was. */
  readonly index: SnapshotIndex | null;
  /** Called when a process beside the run, where there is one, has its work: what is done now delays nobody. */
  readonly onBegun?: () => void;
}

export interface BuildResult {
  /** `stamped`: nothing had changed, so only the hour's files were replaced. */
  readonly kind: 'published' | 'stamped';
  readonly release: string;
  /** Pages that were rendered. */
  readonly pages: number;
  /** Files that were linked from the release before. */
  readonly linkedFiles: number;
  /** Files that were looked at to be checked; the others were checked in the release before. */
  readonly checkedFiles: number;
  readonly compressedFiles: number;
  /** Whether the snapshot says that it is whole and current. */
  readonly complete: boolean;
  /** What is known of blobs; null where they were never audited. */
  readonly blobs: BlobCounts | null;
  /** How long each step took. Some go on side by side: their sum may be more than the whole. */
  readonly durationsMs: Readonly<Record<string, number>>;
}
