/** What the checks of a registry say together: how much is verified, from when to when, and what is not sound. */
import type { BlobAudit } from '../catalogue/blob-audit.ts';
import type { BlobFault } from '../catalogue/blob-faults.ts';
import { sumBytes } from '../oci/byte-count.ts';
import type { BlobCheck } from './blob-check.ts';
import type { IntegrityState } from './integrity-store.ts';

/** Sums the checks of one mode up. Null where nothing was ever begun. */
export function sumUpChecks({ cycle, named, checks }: IntegrityState): BlobAudit | null {
  if (cycle === 0) return null;
  const all = [...checks.values()];
  const sound = all.filter(({ outcome }) => outcome === 'sound');
  const times = sound.flatMap(({ checkedAt }) => checkedAt ?? []).sort();
  return {
    namedBlobs: named.blobs,
    namedSizeBytes: named.sizeBytes,
    foreignBlobs: named.foreignBlobs,
    soundBlobs: sound.length,
    soundSizeBytes: sumBytes(sound, ({ sizeBytes }) => sizeBytes ?? 0),
    oldestCheckedAt: times[0] ?? null,
    newestCheckedAt: times.at(-1) ?? null,
    unreadBlobs: all.filter(({ unreadSince }) => unreadSince !== null).length,
  };
}

/**
 * The faults that both modes together know, sorted. The newer check of a blob decides, and of two without a date the one that
 * found something, but for one thing: a length that is right proves nothing about bytes that were read and were wrong.
 */
export function listBlobFaults(bytes: IntegrityState['checks'], sizes: IntegrityState['checks']): readonly BlobFault[] {
  const keys = [...new Set([...bytes.keys(), ...sizes.keys()])].sort();
  return keys.flatMap((key) => {
    const check = pickDecisive(bytes.get(key), sizes.get(key));
    return check === undefined ? [] : toFaults(check);
  });
}

function pickDecisive(read: BlobCheck | undefined, asked: BlobCheck | undefined): BlobCheck | undefined {
  if (read === undefined || asked === undefined) return read ?? asked;
  if (read.outcome === null || asked.outcome === null) return asked.outcome === null ? read : asked;
  if (asked.outcome === 'sound' && read.outcome === 'corrupt') return read;
  if (asked.checkedAt === null && read.checkedAt === null) return read.outcome === 'sound' ? asked : read;
  return (asked.checkedAt ?? '') > (read.checkedAt ?? '') ? asked : read;
}

function toFaults({ source, digest, outcome, sizeBytes, foundAt, lacks }: BlobCheck): readonly BlobFault[] {
  const lacking = lacks.map(([lackedBy, since]): BlobFault => {
    return { source, digest, kind: 'missing', sizeBytes, foundAt: since, lackedBy };
  });
  if (outcome === null || outcome === 'sound' || foundAt === null) return lacking;
  return [{ source, digest, kind: outcome, sizeBytes, foundAt, lackedBy: null }, ...lacking];
}
