/**
 * The exit codes, which timers, alerts and scripts rely on. Those from 64 on are BSD's.
 *
 * @see https://man.freebsd.org/cgi/man.cgi?query=sysexits
 */
import type { HeldBackRemovals } from '../catalogue/model.ts';
import type { Finding } from '../catalogue/observation.ts';
import { AddressError } from '../publish/address-error.ts';
import { ForeignFileError } from '../publish/foreign-file-error.ts';
import { CredentialsError } from '../registry/credentials-error.ts';
import { SettingsError } from '../settings/settings-error.ts';
import { SnapshotError } from '../snapshot/snapshot-error.ts';
import { ProcessError } from './process-error.ts';
import type { RunCounts } from './run-counts.ts';
import { RunError } from './run-error.ts';
import type { ListingState } from './source-verdicts.ts';

export const exitCodes = {
  /** Done; the site is complete and current. */
  complete: 0,
  /** Published, but something is stale, settling, or did not match its digest. */
  incomplete: 3,
  wrongUsage: 64,
  /** Published, but removals were held back. */
  removalsHeldBack: 65,
  noSourceAnswered: 69,
  /** A defect of ours. */
  defect: 70,
  cannotWrite: 74,
  /** Another run holds the lock. */
  locked: 75,
  credentialsRefused: 77,
  wrongSettings: 78,
} as const;

/** The exit code of a run that crawled. */
export function toCrawlExitCode({ counts, findings, listings, heldBack }: CrawlOutcome): number {
  if (heldBack.repositories + heldBack.tags > 0) return exitCodes.removalsHeldBack;
  const { stale, unread } = counts.repositories;
  const isIncomplete =
    stale + unread + counts.tags.stale + counts.tags.settling > 0 ||
    listings.some(({ outcome }) => outcome !== 'complete') ||
    findings.some(({ code }) => code === 'digest-mismatch');
  return isIncomplete ? exitCodes.incomplete : exitCodes.complete;
}

export interface CrawlOutcome {
  readonly counts: RunCounts;
  readonly findings: readonly Finding[];
  readonly listings: readonly Pick<ListingState, 'outcome'>[];
  readonly heldBack: HeldBackRemovals;
}

/** The exit code that says what kind of failure this is. What we did not foresee is a defect. */
export function toExitCode(error: unknown): number {
  if (error instanceof SettingsError || error instanceof CredentialsError) return exitCodes.wrongSettings;
  if (error instanceof SnapshotError) {
    return error.code === 'SNAPSHOT_NEWER' ? exitCodes.wrongSettings : exitCodes.cannotWrite;
  }
  if (error instanceof RunError) return runErrorCodes[error.code];
  if (error instanceof ForeignFileError) return exitCodes.cannotWrite;
  if (error instanceof AddressError) return exitCodes.wrongUsage;
  if (error instanceof ProcessError && findWriteError(error.output) !== null) return exitCodes.cannotWrite;
  return isWriteError(error) ? exitCodes.cannotWrite : exitCodes.defect;
}

const runErrorCodes = {
  NO_SOURCE_ANSWERED: exitCodes.noSourceAnswered,
  ALL_SOURCES_REFUSED: exitCodes.credentialsRefused,
  LOCKED: exitCodes.locked,
  CANNOT_WRITE: exitCodes.cannotWrite,
  CANCELLED: exitCodes.locked,
  SITE_INVALID: exitCodes.defect,
  NO_SNAPSHOT: exitCodes.wrongUsage,
  NO_SHARD: exitCodes.noSourceAnswered,
  SHARDS_DIFFER: exitCodes.wrongUsage,
  ALREADY_MERGED: exitCodes.wrongUsage,
} as const;

const writeErrors = new Set([
  'ENOSPC',
  'EROFS',
  'EACCES',
  'EPERM',
  'EDQUOT',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
  'EEXIST',
  'ELOOP',
  'ENAMETOOLONG',
  'EFBIG',
  'EMLINK',
  'EBUSY',
  'ESTALE',
]);

function isWriteError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return writeErrors.has((error as NodeJS.ErrnoException).code ?? '') || isWriteError(error.cause);
}

/** The line of what another process printed that says that it could not write, in Node's words or in those of the system, or null. */
export function findWriteError(output: string): string | null {
  const texts = [
    'No space left on device',
    'Read-only file system',
    'Disk quota exceeded',
    'File too large',
    'Input/output error',
    ...[...writeErrors].map((code) => `${code}:`),
  ];
  const line = output.split('\n').find((one) => texts.some((text) => one.includes(text)));
  return line?.trim() ?? null;
}
