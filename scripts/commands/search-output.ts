/** An answer of the search as text for a terminal, and as JSON for programs. */
import { styleText } from 'node:util';
import { formatSize, formatTotal } from '../../src/search/format-facts.ts';
import type { Span } from '../../src/search/name-text.ts';
import { type Answer, figuresOf, type SearchResult } from '../../src/search/search-result.ts';
import { toVisibleText } from '../../src/view/visible-text.ts';

/** The results as an array, best first, as indented JSON. */
export function encodeResults({ results }: Answer, publicHost: string): string {
  return `${JSON.stringify(
    results.map((result) => toJson(result, publicHost)),
    null,
    2,
  )}\n`;
}

function toJson(result: SearchResult, publicHost: string) {
  const { name, tag, digest, why, record } = result;
  const toReference = (of: string | null) => (of === null ? null : `${publicHost}/${name}:${of}`);
  return {
    name,
    tag,
    digest,
    reference: toReference(tag ?? record.recommendedTag) ?? `${publicHost}/${name}`,
    why,
    recommended:
      record.recommendedTag === null
        ? null
        : { tag: record.recommendedTag, reference: toReference(record.recommendedTag) },
    description: record.description,
    state: record.state,
    kinds: record.kinds,
    tagCount: record.tagCount,
    ...figuresOf(result),
    platforms: record.platforms,
    bases: record.bases,
  };
}

/** A line for each result: the name, its recommended tag, date, size and platforms, and why it was found. */
export function describeAnswer({ results }: Answer, stream: NodeJS.WriteStream): string {
  const rows = results.map((result) => ({ result, cells: toCells(result) }));
  const widths = rows.reduce<readonly number[]>(
    (widest, { cells }) => cells.map((cell, at) => Math.max(cell.length, widest[at] ?? 0)),
    [],
  );
  return rows.map(({ result, cells }) => `${describeRow(result, cells, widths, stream)}\n`).join('');
}

const [nameColumn, whyColumn] = [0, 4];

function toCells(result: SearchResult): readonly string[] {
  const { name, tag, why, record } = result;
  const { recommendedTag, state } = record;
  const { createdOn, compressedSizeBytes } = figuresOf(result);
  const reason = why.code === 'description' ? `${why.text}: ${toVisibleText(record.description ?? '')}` : why.text;
  return [
    tag === null ? name : `${name}:${tag}`,
    tag === null ? (recommendedTag ?? '-') : '',
    createdOn ?? '-',
    compressedSizeBytes === null ? '-' : formatSize(compressedSizeBytes).replace('\u00a0', ' '),
    state === 'current' ? reason : `${state} · ${reason}`,
  ];
}

function describeRow(
  { matches, tagMatches, name }: SearchResult,
  cells: readonly string[],
  widths: readonly number[],
  stream: NodeJS.WriteStream,
): string {
  const style = (format: 'bold' | 'dim', text: string) => styleText(format, text, { stream });
  const tagSpans = tagMatches.map(([start, end]): Span => [start + name.length + 1, end + name.length + 1]);
  return cells
    .map((cell, at) => {
      const padding = at === whyColumn ? '' : ' '.repeat((widths[at] ?? 0) - cell.length);
      if (at === nameColumn) return mark(cell, [...matches, ...tagSpans], (text) => style('bold', text)) + padding;
      return at === whyColumn ? style('dim', cell) : cell + padding;
    })
    .filter((_, at) => (widths[at] ?? 0) > 0)
    .join('  ')
    .trimEnd();
}

function mark(text: string, spans: readonly Span[], style: (text: string) => string): string {
  let marked = '';
  let written = 0;
  for (const [start, end] of spans) {
    marked += text.slice(written, start) + style(text.slice(start, end));
    written = end;
  }
  return marked + text.slice(written);
}

/** How many there are, how the query was understood, and what is nearest: all that is no result. */
export function describeRemarks(answer: Answer): string {
  const { results, total, notice, suggestions } = answer;
  const shown = results.length < total ? `, the first ${results.length}` : '';
  const lines = [`${formatTotal(answer)}${shown}`];
  if (notice !== null) lines.push(notice);
  if (suggestions.length > 0) lines.push(`nearest: ${suggestions.map(({ text }) => text).join(', ')}`);
  return `${lines.map(toVisibleText).join('\n')}\n`;
}
