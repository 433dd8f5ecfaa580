/**
 * Summaries and extents <-> the text of the file that keeps them: a first line that says what they were made with, then a
 * line for each repository (its file's digest, its summary, its extent, its newest events, with tabs between), then the digest of all that.
 */
import type { CatalogueEvent } from '../catalogue/model.ts';
import { computeDigest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { Measured } from './catalogue-totals.ts';
import type { RepositoryExtent } from './repository-extent.ts';
import type { RepositorySummary } from './repository-summary.ts';

/** One repository, summed up from the file of that digest. */
export interface MeasuredFile extends Measured {
  readonly file: string;
  /** What happened to it lately, oldest first: its part in the pages of changes. */
  readonly recentEvents: readonly CatalogueEvent[];
}

/** Encodes `repositories` in their order. `fingerprint` stands for everything else that they were made from. */
export function encodeSummaries(fingerprint: string, repositories: Iterable<MeasuredFile>): string {
  const lines = [JSON.stringify({ fingerprint })];
  for (const { file, summary, extent, recentEvents } of repositories) {
    lines.push([file, ...[summary, extent, recentEvents].map((part) => JSON.stringify(part))].join('\t'));
  }
  const text = `${lines.join('\n')}\n`;
  return `${text}${computeDigest(text)}\n`;
}

/** Decodes all of it. Null when it was made with another fingerprint; a `TypeError` when the bytes are not those written. */
export function decodeSummaries(fingerprint: string, text: string): readonly MeasuredFile[] | null {
  const [head = '', ...lines] = readLines(text);
  if ((JSON.parse(head) as { fingerprint?: unknown }).fingerprint !== fingerprint) return null;
  return lines.map((line) => {
    const [file = '', summary = '', extent = '', recentEvents = ''] = line.split('\t');
    return {
      file,
      summary: JSON.parse(summary) as RepositorySummary,
      extent: JSON.parse(extent) as RepositoryExtent,
      recentEvents: JSON.parse(recentEvents) as readonly CatalogueEvent[],
    };
  });
}

/** Decodes the summaries alone. Throws a `TypeError` when the bytes are not those that were written. */
export function decodeSummariesOnly(text: string): readonly RepositorySummary[] {
  return readLines(text)
    .slice(1)
    .map((line) => JSON.parse(line.split('\t', 2)[1] ?? '') as RepositorySummary);
}

/** Decodes the extents alone. Throws a `TypeError` when the bytes are not those that were written. */
export function decodeExtentsOnly(text: string): readonly RepositoryExtent[] {
  return readLines(text)
    .slice(1)
    .map((line) => JSON.parse(line.split('\t')[2] ?? '') as RepositoryExtent);
}

/** Decodes what happened lately alone. Throws a `TypeError` when the bytes are not those that were written. */
export function decodeRecentEvents(
  text: string,
): readonly { readonly name: RepositoryName; readonly events: readonly CatalogueEvent[] }[] {
  return readLines(text)
    .slice(1)
    .flatMap((line) => {
      const [, summary = '', , recentEvents = ''] = line.split('\t');
      if (recentEvents === '[]') return [];
      const { name } = JSON.parse(summary) as RepositorySummary;
      return [{ name, events: JSON.parse(recentEvents) as readonly CatalogueEvent[] }];
    });
}

function readLines(text: string): readonly string[] {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  if (computeDigest(text.slice(0, end)) !== text.slice(end, -1)) {
    throw new TypeError('the summaries are not those that were written');
  }
  return text.slice(0, end - 1).split('\n');
}
