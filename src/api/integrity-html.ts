/** What the audit of blobs knows, on the status page. Nothing is called verified without the days between which it was read. */
import type { BlobAudit } from '../catalogue/blob-audit.ts';
import { imageAddress } from '../view/addresses.ts';
import { formatDay } from '../view/format-date.ts';
import { formatCount, formatCounted, formatSize } from '../view/format-size.ts';
import type { FaultFigure, IntegrityView } from '../view/integrity-view.ts';
import { type Site, toHref } from '../view/site.ts';
import { escapeHtml } from './escape-html.ts';

/** Of each, more than this are counted. */
const mostPlaces = 10;
const mostTags = 5;

/** A paragraph for each way of auditing, and a table of what is not sound. Empty where there was no audit. */
export function formatIntegrity(view: IntegrityView | null, site: Site): string {
  if (view === null) return '';
  const { bytes, sizes, faults } = view;
  const lines = [
    ...(bytes === null ? [] : [formatAudit(bytes, 'verified')]),
    ...(sizes === null ? [] : [formatAudit(sizes, 'of the right length by HEAD')]),
  ];
  const counts = (['corrupt', 'missing', 'misstated'] as const).flatMap((kind) => {
    const count = faults.filter((fault) => fault.kind === kind).length;
    return count === 0 ? [] : [`${formatCount(count)} ${kind}`];
  });
  const verdict =
    counts.length === 0
      ? '<p>Nothing is known to be at fault.</p>'
      : `<p class="state bad">Not sound: ${counts.join(', ')}.</p>`;
  return `<h2>Content</h2>${lines.map((line) => `<p>${line}</p>`).join('')}${verdict}${formatFaults(view, site)}`;
}

function formatAudit(audit: BlobAudit, done: string): string {
  const { namedBlobs, namedSizeBytes, soundBlobs, soundSizeBytes, unreadBlobs, foreignBlobs } = audit;
  const { oldestCheckedAt, newestCheckedAt } = audit;
  const figures = `${formatCount(soundBlobs)} of ${formatCounted(namedBlobs, 'layer or config', 'layers and configs')} (${formatSize(soundSizeBytes)} of ${formatSize(namedSizeBytes)})`;
  const isOnce = oldestCheckedAt?.slice(0, 10) === newestCheckedAt?.slice(0, 10);
  const when =
    oldestCheckedAt === null || newestCheckedAt === null
      ? ' so far'
      : isOnce
        ? ` on ${formatTime(newestCheckedAt)}`
        : ` between ${formatTime(oldestCheckedAt)} and ${formatTime(newestCheckedAt)}`;
  const unread = unreadBlobs === 0 ? '' : `; ${formatCount(unreadBlobs)} could not be read`;
  const foreign = foreignBlobs === 0 ? '' : `; ${formatCounted(foreignBlobs, 'layer')} kept elsewhere, not read`;
  return `${figures} ${done}${when}${unread}${foreign}.`;
}

function formatFaults({ faults, hasMore }: IntegrityView, site: Site): string {
  if (faults.length === 0) return '';
  const rows = faults.map((fault) => {
    return `<tr><th scope="row"><code class="digest">${fault.digest}</code></th><td>${fault.kind}${fault.isElsewhere ? ' here, and there for another image' : ''}</td><td>${formatTime(fault.foundAt)}</td><td>${formatPlaces(fault, site)}</td></tr>`;
  });
  const more = hasMore ? '<p>More images are concerned than are named here.</p>' : '';
  return `<table class="list"><caption>Content that is not sound</caption><thead><tr><th scope="col">Layer or config</th><th scope="col">What</th><th scope="col">Found</th><th scope="col">Affected</th></tr></thead><tbody>${rows.join('')}</tbody></table>${more}`;
}

function formatPlaces({ places }: FaultFigure, site: Site): string {
  const shown = places.slice(0, mostPlaces).map(({ name, tags }) => {
    const href = toHref(site, imageAddress(name));
    const words = tags
      .slice(0, mostTags)
      .map((tag, at) => `<a href="${href}">${escapeHtml(at === 0 ? `${name}:${tag}` : `:${tag}`)}</a>`);
    return words.join(', ') + (tags.length > mostTags ? ` and ${formatCount(tags.length - mostTags)} more` : '');
  });
  return (
    shown.join('; ') +
    (places.length > mostPlaces ? `; and ${formatCounted(places.length - mostPlaces, 'more image')}` : '')
  );
}

function formatTime(at: string): string {
  return `<time datetime="${at}">${formatDay(at)}</time>`;
}
