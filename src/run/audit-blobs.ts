/** The work of one verification: which blob is asked for when, and what becomes of each answer. */
import { toLackMark } from '../catalogue/blob-faults.ts';
import { toInstant } from '../catalogue/dates.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { type BlobCheck, noteOutcome, noteUnread } from '../integrity/blob-check.ts';
import { type InventoryBlob, plannedSizeBytes, toBlobKey } from '../integrity/blob-inventory.ts';
import { createByteBudget } from '../integrity/byte-budget.ts';
import { type CheckMode, checkBlob } from '../integrity/check-blob.ts';
import type { IntegrityJournal } from '../integrity/integrity-store.ts';
import { listBlobFaults } from '../integrity/sum-up-checks.ts';
import { addBytes, sumBytes } from '../oci/byte-count.ts';
import { isRefusal } from '../registry/registry-error.ts';
import type { RunContext } from './refresh.ts';
import type { BlobReport, VerifyOptions, VerifyResult } from './verify-result.ts';

/** Layers of one source under way at once: long transfers, each of which keeps a disk of the registry busy. */
const mostBlobsAtOnce = 4;
/** A source that refuses so many without giving one is not asked for the others. */
const mostRefusals = 10;

export interface AuditInput {
  readonly cycle: number;
  readonly pending: readonly InventoryBlob[];
  /** Every result goes here too. */
  readonly checks: Map<string, BlobCheck>;
  readonly sources: readonly CrawlSource[];
  readonly journal: IntegrityJournal;
  readonly options: VerifyOptions;
  readonly context: RunContext;
}

export interface SourceFailures {
  refused: number;
  failed: number;
  answered: number;
  /** It failed so often that it is left alone. */
  isSilent: boolean;
  first: Error | null;
}

/** Prepares the audit of what is pending. */
export function createAudit({ cycle, pending, checks, sources, journal, options, context }: AuditInput) {
  const { mode, maxBytes = Number.POSITIVE_INFINITY, maxDurationMs } = options;
  const { clock, log, progress, cancel } = context;
  const reports: BlobReport[] = [];
  const unread: { blob: InventoryBlob; failures: SourceFailures }[] = [];
  const failures = new Map<string, SourceFailures>();
  const counts = { checkedBlobs: 0, checkedSizeBytes: 0, goneBlobs: 0, done: 0 };
  const received = () => sources.reduce((sum, { client }) => sum + client.counts.receivedBytes, 0);
  const budget = createByteBudget(mode === 'bytes' ? maxBytes : Number.POSITIVE_INFINITY, received);
  const timeIsUp = maxDurationMs === undefined ? null : AbortSignal.timeout(Math.ceil(maxDurationMs));
  const signal = timeIsUp === null ? cancel : AbortSignal.any([cancel, timeIsUp]);
  const startedAtMs = performance.now();

  async function keep(check: BlobCheck): Promise<void> {
    checks.set(toBlobKey(check), check);
    await journal.append(check);
  }

  async function verify(blob: InventoryBlob, source: CrawlSource, failed: SourceFailures): Promise<void> {
    const beganAtMs = performance.now();
    const result = await checkBlob(blob, mode, source.client, signal);
    const before = checks.get(toBlobKey(blob));
    const now = toInstant(clock());
    progress.show(mode === 'bytes' ? 'Verifying blobs' : 'Comparing lengths', ++counts.done, pending.length);
    if (result.outcome === 'gone') {
      counts.goneBlobs++;
      budget.release(blob);
      return;
    }
    if (result.outcome === 'unread') {
      const { error } = result;
      budget.release(blob);
      if (error.code === 'CANCELLED') {
        // A blob that takes longer than a run lets the others pass, instead of being in their way in each run.
        const isTooLong =
          timeIsUp?.aborted && maxDurationMs !== undefined && beganAtMs - startedAtMs < maxDurationMs / 2;
        if (isTooLong) await keep(noteUnread(blob, before, now, cycle));
        return;
      }
      failed.first ??= error;
      if (isRefusal(error)) failed.refused++;
      else failed.failed++;
      // Whatever is asked next fails in the same way, and says nothing about a blob.
      if (error.code === 'CIRCUIT_OPEN' || error.code === 'NO_CREDENTIALS') failed.isSilent = true;
      else unread.push({ blob, failures: failed });
      reports.push({ blob, outcome: 'unread', text: error.message, tags: [] });
      return;
    }
    failed.answered++;
    const { outcome, sizeBytes, missingFrom } = result;
    counts.checkedBlobs++;
    counts.checkedSizeBytes = addBytes(counts.checkedSizeBytes, sizeBytes ?? 0);
    const lackMarks = missingFrom.map((name) => toLackMark(blob.source, name, blob.digest));
    const check = noteOutcome(blob, before, { outcome, sizeBytes, lackMarks }, now, cycle);
    await keep(check);
    for (const name of missingFrom) {
      reports.push({
        blob: { ...blob, holders: blob.holders.filter((one) => one.name === name) },
        outcome: 'missing',
        lackedBy: name,
        text: 'not found through this repository, though another one has it',
        tags: [],
      });
    }
    if (outcome === 'sound') return;
    const text = describeFault(check, blob, mode);
    reports.push({ blob, outcome, text, tags: [] });
    log.write('warning', `blob-${outcome}`, `${blob.holders[0]?.name}: ${blob.digest}: ${text}`, {
      digest: blob.digest,
    });
  }

  const hasGivenUp = ({ isSilent, refused, answered }: SourceFailures) =>
    isSilent || (answered === 0 && refused >= mostRefusals);

  return {
    failures,
    async run(): Promise<void> {
      await Promise.all(
        sources.map((source) => {
          const own: SourceFailures = { refused: 0, failed: 0, answered: 0, isSilent: false, first: null };
          failures.set(source.name, own);
          const queue = pending.filter((blob) => blob.source === source.name);
          return forEachConcurrently(queue, Math.min(mostBlobsAtOnce, source.concurrency), async (blob) => {
            if (signal.aborted || hasGivenUp(own) || !budget.reserve(blob)) return;
            await verify(blob, source, own);
          });
        }),
      );
      // Not before: what fails while a source is going down says nothing about the blob.
      const now = toInstant(clock());
      for (const { blob, failures: own } of unread) {
        if (!hasGivenUp(own) && own.answered > 0) await keep(noteUnread(blob, checks.get(toBlobKey(blob)), now, cycle));
      }
    },
    /** Whether everything was had that a run of this budget can have: the next one begins anew. */
    isCycleOver(): boolean {
      const answers = [...failures.values()].some(({ answered }) => answered > 0) || pending.length === 0;
      return answers && !signal.aborted && budget.postponed === budget.oversized;
    },
    finish(known: Pick<VerifyResult, 'mode' | 'startedAt' | 'named'>, kept: AuditInput['checks']): VerifyResult {
      const found = reports.filter(({ outcome }) => outcome !== 'unread');
      const foundKeys = new Set(found.map(({ blob }) => toBlobKey(blob)));
      const faults = listBlobFaults(kept, new Map());
      const left = pending.filter((blob) => (checks.get(toBlobKey(blob))?.cycle ?? 0) < cycle);
      const { done: _, ...counted } = counts;
      return {
        ...known,
        ...counted,
        ...{ cycle, reports },
        isSound: found.length === 0,
        knownFaults: faults.filter((fault) => !foundKeys.has(toBlobKey(fault))).length,
        finishedAt: clock(),
        receivedBytes: received(),
        end: pickEnd(),
        leftBlobs: left.length,
        leftSizeBytes: sumBytes(left, plannedSizeBytes),
        oversizedBlobs: budget.oversized,
      };
    },
  };

  function pickEnd(): VerifyResult['end'] {
    if (cancel.aborted) return 'stopped';
    if (timeIsUp?.aborted && counts.done < pending.length) return 'max-duration';
    if ([...failures.values()].some(hasGivenUp)) return 'sources-failed';
    return budget.postponed > budget.oversized ? 'max-bytes' : 'cycle-complete';
  }
}

function describeFault({ outcome, sizeBytes }: BlobCheck, { sizesBytes }: InventoryBlob, mode: CheckMode): string {
  const said = sizesBytes.join(' or ');
  if (outcome === 'missing') return 'the registry does not have it';
  if (outcome === 'misstated') return `it has ${sizeBytes} bytes, and a manifest says ${said}`;
  if (sizeBytes !== null && !sizesBytes.includes(sizeBytes)) return `it has ${sizeBytes} bytes instead of ${said}`;
  return mode === 'bytes' ? 'its bytes do not have this digest' : 'its length is wrong';
}
