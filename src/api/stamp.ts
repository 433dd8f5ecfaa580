/**
 * The hour's mark. Astro leaves two places empty, between comments: the freshness line of the homepage, and the body of the
 * status page. What goes there is written here, so that an hour in which nothing changed replaces three files and builds
 * nothing.
 */

import type { Instant, SourceState } from '../catalogue/model.ts';
import { fixedAddresses, imageAddress, toOutputFile } from '../view/addresses.ts';
import type { IncompleteRepository } from '../view/catalogue-totals.ts';
import { formatDay, formatMinute } from '../view/format-date.ts';
import { formatCount, formatCounted, formatExactBytes, formatSize } from '../view/format-size.ts';
import { type Site, toHref } from '../view/site.ts';
import type { StatusView } from '../view/status-view.ts';
import { escapeHtml } from './escape-html.ts';
import { formatIntegrity } from './integrity-html.ts';
import type { OutputFile } from './output-file.ts';
import { encodeStatusJson } from './status-json.ts';

/** The places that the pages keep free. */
export const stampMarks = { freshness: 'freshness', status: 'status' } as const;

/** The three files that carry the hour. `readPage` gives a page of the built site, stamped before or not. */
export async function* listStampedFiles(
  readPage: (path: string) => Promise<string>,
  status: StatusView,
  site: Site,
): AsyncGenerator<OutputFile> {
  const home = toOutputFile(fixedAddresses.home);
  yield { path: home, text: fillMark(await readPage(home), stampMarks.freshness, formatFreshness(status, site)) };
  const page = toOutputFile(fixedAddresses.status);
  yield { path: page, text: fillMark(await readPage(page), stampMarks.status, formatStatus(status, site)) };
  yield encodeStatusJson(status);
}

/** Replaces what stands between `<!--mark-->` and `<!--/mark-->`. Throws a `TypeError` unless the page has just one such place. */
export function fillMark(html: string, mark: string, content: string): string {
  const open = `<!--${mark}-->`;
  const close = `<!--/${mark}-->`;
  const from = html.indexOf(open);
  const to = html.indexOf(close, from);
  if (from < 0 || to < 0 || html.indexOf(open, from + 1) >= 0)
    throw new TypeError(`the page has no single place ${open}`);
  return html.slice(0, from + open.length) + content + html.slice(to);
}

/** The homepage's line: whole or not, how many, and as of when. */
export function formatFreshness(status: StatusView, site: Site): string {
  const href = toHref(site, fixedAddresses.status);
  const { currentRepositories, listedRepositories } = status;
  const word = status.complete ? 'Complete' : 'Incomplete';
  const kind = status.complete ? 'good' : 'bad';
  const figures = `${formatCount(currentRepositories)} of ${formatCounted(listedRepositories, 'image')}`;
  const asOf = `checked ${formatTime(status.checkedAt)}`;
  return `<p class="freshness"><a class="state ${kind}" href="${href}">${word}</a> ${figures} read, ${formatUnreadTags(status)}${asOf}</p>`;
}

/** What keeps a catalogue whose images were all read from being whole. */
function formatUnreadTags({ totals }: StatusView): string {
  const tags = totals.incompleteRepositories
    .filter(({ staleSince }) => staleSince === null)
    .reduce((sum, { staleTags, settlingTags }) => sum + staleTags + settlingTags, 0);
  return tags === 0 ? '' : `${formatCounted(tags, 'tag')} of them not, `;
}

/** The status page, below its heading. */
export function formatStatus(status: StatusView, site: Site): string {
  const verdict = status.complete
    ? '<p class="state good">Status: complete</p>'
    : '<p class="state bad">Status: incomplete</p>';
  const parts = [formatFigures(status), formatReasons(status, site), formatIntegrity(status.integrity, site)];
  return [verdict, ...parts, formatSources(status.sources)].join('\n');
}

function formatFigures(status: StatusView): string {
  const { totals, withheldRepositories } = status;
  const rows: readonly (readonly [string, string])[] = [
    ['Checked', formatTime(status.checkedAt)],
    ['Newest change', formatTime(status.changedAt)],
    ['Watched since', formatTime(status.beganAt)],
    ['Images read', `${formatCount(status.currentRepositories)} of ${formatCount(status.listedRepositories)}`],
    ['Images without tags', formatCount(totals.emptyRepositories)],
    ['Images that may not be read', formatCount(withheldRepositories)],
    ['Tags', formatCount(totals.tags)],
    ['Manifests', formatCount(totals.manifests)],
    [
      'Distinct layers, compressed',
      `${totals.isSizeLeast ? 'at least ' : ''}${formatSize(totals.uniqueCompressedSizeBytes)} (${formatExactBytes(totals.uniqueCompressedSizeBytes)})`,
    ],
  ];
  return `<dl class="facts">${rows.map(([term, text]) => `<div><dt>${term}</dt><dd>${text}</dd></div>`).join('')}</dl>`;
}

function formatReasons(status: StatusView, site: Site): string {
  const { unreadRepositories, heldBackRemovals, totals } = status;
  const reasons: string[] = [];
  if (unreadRepositories > 0) {
    reasons.push(`${formatCounted(unreadRepositories, 'image')} could not be read yet and cannot be shown.`);
  }
  if (heldBackRemovals.repositories > 0 || heldBackRemovals.tags > 0) {
    const images = formatCounted(heldBackRemovals.repositories, 'image');
    const tags = formatCounted(heldBackRemovals.tags, 'tag');
    reasons.push(`${images} and ${tags} seem to be gone. That is too many to believe, so they still stand here.`);
  }
  const list = reasons.map((reason) => `<p>${reason}</p>`).join('');
  const { incompleteRepositories } = totals;
  if (incompleteRepositories.length === 0) return list;
  const rows = incompleteRepositories.map((repository) => formatIncomplete(repository, site)).join('');
  return `${list}<table class="list"><caption>Not current: what stands on these pages is what was last seen</caption><thead><tr><th scope="col">Image</th><th scope="col">Since</th><th scope="col">Affected</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function formatIncomplete({ name, staleSince, staleTags, settlingTags }: IncompleteRepository, site: Site): string {
  const affected =
    staleSince !== null
      ? 'the whole image'
      : [
          ...(staleTags > 0 ? [formatCounted(staleTags, 'stale tag')] : []),
          ...(settlingTags > 0 ? [formatCounted(settlingTags, 'tag')].map((text) => `${text} not readable yet`) : []),
        ].join(', ');
  const since = staleSince === null ? '' : `<time datetime="${staleSince}">${formatDay(staleSince)}</time>`;
  const href = toHref(site, imageAddress(name));
  return `<tr><th scope="row"><a href="${href}">${escapeHtml(name)}</a></th><td>${since}</td><td>${affected}</td></tr>`;
}

function formatSources(sources: readonly SourceState[]): string {
  const rows = sources.map(({ name, outcome, completeAt }) => {
    const last = completeAt === null ? 'never' : formatTime(completeAt);
    return `<tr><th scope="row">${escapeHtml(name)}</th><td>${outcomes[outcome]}</td><td>${last}</td></tr>`;
  });
  return `<table class="list"><caption>Sources</caption><thead><tr><th scope="col">Name</th><th scope="col">Newest listing</th><th scope="col">Last complete</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const outcomes: Readonly<Record<SourceState['outcome'], string>> = {
  complete: 'complete',
  incomplete: 'broke off',
  failed: 'no answer',
  refused: 'credentials refused',
};

function formatTime(at: Instant): string {
  return `<time datetime="${at}">${formatMinute(at)}\u00a0UTC</time>`;
}
