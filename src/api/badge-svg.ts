/** `/<name>/-/badge.svg`: the recommended tag, its size and its platforms, for a README. */
import { badgeAddress } from '../view/addresses.ts';
import { formatSizeRange } from '../view/format-size.ts';
import type { RepositorySummary } from '../view/repository-summary.ts';
import type { Site } from '../view/site.ts';
import { toVisibleText } from '../view/visible-text.ts';
import { escapeHtml } from './escape-html.ts';
import type { OutputFile } from './output-file.ts';
import { measureText } from './text-width.ts';

const height = 20;
const padding = 6;
/** Longer words are cut: a badge stands in a line of text. */
const longestLabel = 40;
const longestWord = 60;
const mostPlatforms = 4;

/** Grounds on which white text has a contrast of at least 4.5 to 1. */
const colours = { label: '#444c56', good: '#176b33', quiet: '#5b6570', bad: '#9a3412' } as const;

/** Writes the badge of anything that has pages: what cannot be pulled says so. */
export function encodeBadge(summary: RepositorySummary, site: Site): OutputFile {
  const { name } = summary;
  const label = shorten(name.slice(name.lastIndexOf('/') + 1), longestLabel);
  const { text, colour } = describe(summary, site);
  return { path: badgeAddress(name), text: drawBadge(label, text, colours[colour]) };
}

function describe(
  summary: RepositorySummary,
  site: Site,
): { readonly text: string; readonly colour: keyof typeof colours } {
  const { recommended, platforms, artifactSizeBytes, state, staleSince, name } = summary;
  if (state === 'removed') return { text: 'removed', colour: 'bad' };
  if (recommended === null) return { text: 'nothing to pull', colour: 'quiet' };
  const sizes =
    artifactSizeBytes === null ? platforms.flatMap((each) => each.compressedSizeBytes ?? []) : [artifactSizeBytes];
  const text = [shorten(recommended.tag, longestWord), formatSizeRange(sizes), formatPlatforms(summary)]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
  if (staleSince !== null) return { text: `${text} · stale`, colour: 'bad' };
  if (site.notesOf(name).deprecatedSince !== undefined) return { text: `${text} · deprecated`, colour: 'bad' };
  return { text, colour: 'good' };
}

/** `amd64, arm64`: Linux goes without saying. */
function formatPlatforms({ platforms }: RepositorySummary): string {
  const names = platforms.flatMap(({ platform }) => platform?.replace(/^linux\//, '') ?? []);
  const shown = names.slice(0, mostPlatforms).map((name) => shorten(name, longestWord));
  return names.length > shown.length ? `${shown.join(', ')} +${names.length - shown.length}` : shown.join(', ');
}

function drawBadge(label: string, text: string, colour: string): string {
  const [first, second] = [measureText(label) + 2 * padding, measureText(text) + 2 * padding];
  const title = escapeHtml(`${label}: ${text}`);
  const word = (content: string, x: number, width: number) =>
    `<text x="${x + padding}" y="14" textLength="${width - 2 * padding}">${escapeHtml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${first + second}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${first + second}" height="${height}" rx="3" fill="${colours.label}"/>`,
    `<path d="M${first} 0h${second - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H${first}z" fill="${colour}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">',
    word(label, 0, first),
    word(text, first, second),
    '</g></svg>\n',
  ].join('');
}

function shorten(text: string, longest: number): string {
  const shown = [...toVisibleText(text)];
  return shown.length > longest ? `${shown.slice(0, longest - 1).join('')}…` : shown.join('');
}
