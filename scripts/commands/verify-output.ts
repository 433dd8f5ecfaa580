/** What a verification found, as text for people and as JSON for programs. */
import type { BlobReport, VerifyResult } from '../../src/run/verify-result.ts';
import { formatCount, formatCounted, formatSize } from '../../src/view/format-size.ts';

/** More of one kind than this are counted, not listed. */
const mostListed = 100;

const ends: Readonly<Record<VerifyResult['end'], string>> = {
  'cycle-complete': 'the cycle is complete',
  'max-bytes': '--max-bytes was reached',
  'max-duration': '--max-duration was reached',
  stopped: 'it was stopped',
  'sources-failed': 'a source gave no answer any more',
};

/** A line for each blob that is not sound, and a closing line. */
export function describeVerification(result: VerifyResult, isQuiet: boolean): string {
  const { reports, mode } = result;
  const faults = reports.filter(({ outcome }) => outcome !== 'unread');
  const unread = reports.filter(({ outcome }) => outcome === 'unread');
  const lines = [...listSome(faults), ...(isQuiet ? [] : listSome(unread))];
  const { named, checkedBlobs, checkedSizeBytes, finishedAt, startedAt } = result;
  const checked = mode === 'bytes' ? 'verified' : 'of the right length';
  const figures = [
    `${formatCount(checkedBlobs)} of ${formatCounted(named.blobs, 'blob')} checked (${formatSize(checkedSizeBytes)} of ${formatSize(named.sizeBytes)})`,
    ...(['corrupt', 'missing', 'misstated', 'unread'] as const).flatMap((outcome) => {
      const count = reports.filter((report) => report.outcome === outcome).length;
      return count === 0 ? [] : [`${formatCount(count)} ${outcome === 'unread' ? 'not readable' : outcome}`];
    }),
    ...(faults.length === 0 && checkedBlobs > 0 ? [`all ${checked}`] : []),
    ...(named.foreignBlobs === 0 ? [] : [`${formatCounted(named.foreignBlobs, 'foreign layer')} not read`]),
    `${((finishedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s`,
    ends[result.end],
  ];
  lines.push(figures.join(', '), ...describeRest(result));
  // Pages keep figures together with spaces that do not break; whoever looks for words in a log types plain ones.
  return `${lines.join('\n')}\n`.replaceAll('\u00a0', ' ');
}

/** What this cycle has not had, and how long a whole one takes at this pace. */
function describeRest(result: VerifyResult): readonly string[] {
  const { leftBlobs, leftSizeBytes, oversizedBlobs, knownFaults, named } = result;
  const lines: string[] = [];
  const runs = countRunsPerCycle(result);
  if (leftBlobs > 0) {
    const pace = runs === null ? '' : `; a full cycle takes some ${formatCounted(runs, 'run')} like this one`;
    lines.push(
      `left for the next run: ${formatCounted(leftBlobs, 'blob')}, ${formatSize(leftSizeBytes)} of ${formatSize(named.sizeBytes)}${pace}`,
    );
  }
  if (oversizedBlobs > 0) {
    lines.push(
      `${formatCounted(oversizedBlobs, 'blob')} larger than --max-bytes: no run reads them until it is raised`,
    );
  }
  if (knownFaults > 0) {
    lines.push(`${formatCounted(knownFaults, 'blob')} that earlier runs found at fault, not checked again by this one`);
  }
  return lines;
}

/** Null where this run says nothing about it. */
function countRunsPerCycle({ named, checkedBlobs, checkedSizeBytes, leftBlobs, mode }: VerifyResult): number | null {
  if (leftBlobs === 0 || checkedBlobs === 0) return null;
  if (mode === 'sizes' || checkedSizeBytes === 0) return Math.ceil(named.blobs / checkedBlobs);
  return Math.ceil(named.sizeBytes / checkedSizeBytes);
}

function listSome(reports: readonly BlobReport[]): readonly string[] {
  const lines = reports.slice(0, mostListed).map(({ blob, outcome, text, tags }) => {
    return `${outcome === 'unread' ? 'not readable' : outcome}: ${describePlaces(blob, tags)} ${blob.digest}: ${text}`;
  });
  return reports.length <= mostListed ? lines : [...lines, `… and ${reports.length - mostListed} more`];
}

function describePlaces({ holders }: BlobReport['blob'], tags: BlobReport['tags']): string {
  const [first, ...others] = tags.length > 0 ? tags : holders.map(({ name }) => name);
  return others.length === 0 ? `${first}` : `${first} (and ${others.length} more)`;
}

/** The same for programs; fields are only added. */
export function encodeVerification(result: VerifyResult): string {
  const { startedAt, finishedAt, reports, mode, end, cycle, named, ...counts } = result;
  const value = {
    schemaVersion: 1,
    ...{ mode, end, cycle },
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    named,
    ...counts,
    runsPerCycle: countRunsPerCycle(result),
    findings: reports.map(({ blob, outcome, text, tags }) => ({
      outcome,
      source: blob.source,
      digest: blob.digest,
      repositories: blob.holders.map(({ name }) => name),
      tags,
      text,
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
