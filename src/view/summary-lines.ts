/**
 * Summaries and extents <-> the text of the file that keeps them: a first line that says what they were made with and what they come
 * to, then a line for each repository (its file's digest, its summary, its extent, its newest events, with tabs between), then the digest of all that.
 */
import type { CatalogueEvent } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { CatalogueTotals, Measured } from './catalogue-totals.ts';
import type { RepositoryExtent } from './repository-extent.ts';
import type { RepositorySummary } from './repository-summary.ts';
import { findSeal, sealBytes } from './sealed-bytes.ts';

/** One repository, summed up from the file of that digest. */
export interface MeasuredFile extends Measured {
  readonly file: string;
  /** What happened to it lately, oldest first: its part in the pages of changes. */
  readonly recentEvents: readonly CatalogueEvent[];
}

/** A repository with the bytes of its line, which are those of the file that it was read from. */
export interface SummaryLine {
  readonly measured: MeasuredFile;
  readonly line: Buffer;
}

/** Encodes one repository's line. */
export function encodeSummaryLine({ file, summary, extent, recentEvents }: MeasuredFile): Buffer {
  const columns = [file, ...[summary, extent, recentEvents].map((part) => JSON.stringify(part))];
  return Buffer.from(`${columns.join('\t')}\n`);
}

/** What is said of all of them together. */
export interface SummariesHead {
  /** Stands for everything that they were made from besides their files. */
  readonly fingerprint: string;
  readonly totals: CatalogueTotals;
}

export interface DecodedSummaries {
  readonly totals: CatalogueTotals;
  /** Decoded one by one, as they are taken; once. */
  readonly repositories: Generator<SummaryLine, undefined>;
}

/** The file of the repositories of these lines, in their order; in pieces, for it may be long. */
export function joinSummaryLines(
  { fingerprint, totals }: SummariesHead,
  lines: Iterable<Buffer>,
): Generator<Buffer, undefined> {
  return sealBytes([Buffer.from(`${JSON.stringify({ fingerprint, totals })}\n`), ...lines]);
}

/** Decodes it. Null when it was made with another fingerprint; a `TypeError` when the bytes are not those written. */
export function decodeSummaries(fingerprint: string, bytes: Buffer): DecodedSummaries | null {
  const end = endOf(bytes);
  const head = JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(lineFeed))) as SummariesHead;
  if (head.fingerprint !== fingerprint) return null;
  const read = ([file = '', summary = '', extent = '', recentEvents = '']: readonly string[], line: Buffer) => ({
    line,
    measured: {
      file,
      summary: JSON.parse(summary) as RepositorySummary,
      extent: JSON.parse(extent) as RepositoryExtent,
      recentEvents: JSON.parse(recentEvents) as readonly CatalogueEvent[],
    },
  });
  return { totals: head.totals, repositories: readRepositories(bytes, end, [0, 1, 2, 3], read) };
}

/** Decodes the summaries alone. Throws a `TypeError` when the bytes are not those that were written. */
export function decodeSummariesOnly(bytes: Buffer): readonly RepositorySummary[] {
  return [...readRepositories(bytes, endOf(bytes), [1], ([summary = '']) => JSON.parse(summary) as RepositorySummary)];
}

/** Decodes the extents alone. Throws a `TypeError` when the bytes are not those that were written. */
export function decodeExtentsOnly(bytes: Buffer): readonly RepositoryExtent[] {
  return [...readRepositories(bytes, endOf(bytes), [2], ([extent = '']) => JSON.parse(extent) as RepositoryExtent)];
}

/** Decodes what happened lately alone. Throws a `TypeError` when the bytes are not those that were written. */
export function decodeRecentEvents(
  bytes: Buffer,
): readonly { readonly name: RepositoryName; readonly events: readonly CatalogueEvent[] }[] {
  const told = readRepositories(bytes, endOf(bytes), [1, 3], ([summary = '', recentEvents = '']) => {
    if (recentEvents === '[]') return null;
    const { name } = JSON.parse(summary) as RepositorySummary;
    return { name, events: JSON.parse(recentEvents) as readonly CatalogueEvent[] };
  });
  return [...told].filter((each) => each !== null);
}

const lineFeed = 0x0a;
const tab = 0x09;

/** Where the repositories' lines end. */
function endOf(bytes: Buffer): number {
  const end = findSeal(bytes);
  if (end === null) throw new TypeError('the summaries are not those that were written');
  return end;
}

/** Reads some columns of each repository's line. They are texts of their own: parts of one text would keep all of it. */
function* readRepositories<Value>(
  bytes: Buffer,
  end: number,
  columns: readonly number[],
  read: (texts: readonly string[], line: Buffer) => Value,
): Generator<Value, undefined> {
  let from = bytes.indexOf(lineFeed) + 1;
  while (from < end) {
    const lineEnd = bytes.indexOf(lineFeed, from);
    const line = bytes.subarray(from, lineEnd + 1);
    const texts: string[] = [];
    for (let column = 0; from <= lineEnd; column++) {
      const next = bytes.indexOf(tab, from);
      const columnEnd = next === -1 || next > lineEnd ? lineEnd : next;
      if (columns.includes(column)) texts.push(bytes.toString('utf8', from, columnEnd));
      from = columnEnd + 1;
    }
    yield read(texts, line);
  }
}
