/** What the audit of blobs knows, for a build: an audit that cannot be read is no reason not to publish. */
import type { BlobAudit } from '../catalogue/blob-audit.ts';
import type { BlobFault, BlobFaultKind } from '../catalogue/blob-faults.ts';
import { toInstant } from '../catalogue/dates.ts';
import type { Instant } from '../catalogue/model.ts';
import { readChecks } from '../integrity/blob-check.ts';
import { createIntegrityStore } from '../integrity/integrity-store.ts';
import { listBlobFaults, sumUpChecks } from '../integrity/sum-up-checks.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { type IntegrityView, pickExtentFaults, toIntegrityView } from '../view/integrity-view.ts';
import type { MeasuredFile } from '../view/summary-lines.ts';
import type { EventLog } from './event-log.ts';
import { locateFaults } from './locate-faults.ts';

export interface KnownIntegrity {
  readonly bytes: BlobAudit | null;
  readonly sizes: BlobAudit | null;
  /** Of blobs that something shown may name. */
  readonly faults: readonly BlobFault[];
  /** The repositories that may have a part in them. */
  readonly concerned: readonly MeasuredFile[];
}

/** More faults than this are not shown one by one: the registry as a whole is in question. */
const mostFaults = 1000;
/** So many images are looked into to name tags on the status page, in every hour. */
const mostLocated = 200;

/** Reads what is known, as it is to be read now, and keeps of it what concerns these repositories. */
export async function readIntegrity(
  stateDir: string,
  repositories: readonly MeasuredFile[],
  log: EventLog,
  clock = () => new Date(),
): Promise<KnownIntegrity> {
  const kept = await readKept(stateDir, log, clock);
  if (kept === null) return { bytes: null, sizes: null, faults: [], concerned: [] };
  const { bytes, sizes } = kept;
  const known = listBlobFaults(bytes.checks, sizes.checks);
  const shown = new Set<BlobFault>();
  const concerned = repositories.filter(({ summary, extent }) => {
    if (summary.state !== 'listed') return false;
    const own = pickExtentFaults(summary.name, extent, known);
    for (const fault of own) shown.add(fault);
    return own.length > 0;
  });
  const faults = known.filter((fault) => shown.has(fault)).slice(0, mostFaults);
  return { bytes: sumUpChecks(bytes), sizes: sumUpChecks(sizes), faults, concerned };
}

/** Null where a newer program wrote it, or the system does not give it: `verify` by hand leaves files that only root may read. */
async function readKept(stateDir: string, log: EventLog, clock: () => Date) {
  const store = createIntegrityStore(stateDir, (path) => {
    log.write('warning', 'integrity-damaged', `${path} is damaged: what it knew is lost until verify has read it anew`);
  });
  try {
    const [bytes, sizes] = [await store.read('bytes'), await store.read('sizes')];
    const now = toInstant(clock());
    return {
      bytes: { ...bytes, checks: readChecks(bytes.checks, now) },
      sizes: { ...sizes, checks: readChecks(sizes.checks, now) },
    };
  } catch (error) {
    const isOfSystem = error instanceof Error && 'syscall' in error;
    if (!(error instanceof SnapshotError) && !isOfSystem) throw error;
    log.write('warning', 'integrity-unreadable', `${error.message}; the pages say nothing of it`);
    return null;
  }
}

/** What the status page says of it. */
export async function describeIntegrity(
  { bytes, sizes, faults, concerned }: KnownIntegrity,
  store: SnapshotStore,
): Promise<IntegrityView | null> {
  const entries = concerned.slice(0, mostLocated).map(({ summary: { name }, file }) => ({ name, file }));
  const hasMore = concerned.length > mostLocated || faults.length === mostFaults;
  return toIntegrityView({ bytes, sizes, hasMore }, await locateFaults(store, entries, faults));
}

/** What is known of blobs, in numbers. */
export interface BlobCounts {
  readonly named: number;
  readonly verified: number;
  readonly unread: number;
  readonly corrupt: number;
  readonly missing: number;
  readonly misstated: number;
  /** Of what is verified; null where nothing is. */
  readonly oldestVerifiedAt: Instant | null;
}

/** Counts for the report and the metrics. */
export function countBlobs(view: IntegrityView | null): BlobCounts | null {
  if (view === null) return null;
  const { bytes, sizes, faults } = view;
  const count = (kind: BlobFaultKind) => faults.filter((fault) => fault.kind === kind).length;
  return {
    named: (bytes ?? sizes)?.namedBlobs ?? 0,
    verified: bytes?.soundBlobs ?? 0,
    unread: (bytes ?? sizes)?.unreadBlobs ?? 0,
    corrupt: count('corrupt'),
    missing: count('missing'),
    misstated: count('misstated'),
    oldestVerifiedAt: bytes?.oldestCheckedAt ?? null,
  };
}
