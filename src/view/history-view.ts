/** What an image's page remembers: what its tags pointed to and when, and the tags that are gone. */
import type { Instant, Interval, Repository } from '../catalogue/model.ts';
import { listTagHistories, type TagHistory, type TagSpan } from '../catalogue/tag-history.ts';
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import { historyJsonAddress } from './addresses.ts';
import { formatInterval } from './format-interval.ts';
import { formatCounted } from './format-size.ts';
import { type Site, toHref, toManifestHref } from './site.ts';

/** Of a tag that moves every night this is half a year; what is older, `history.json` has. */
const mostSpans = 180;
/** Of tags that are gone so many are named, the latest first. */
const mostRemovedTags = 200;

/** A time in which a tag pointed at one digest. */
export interface SpanRow {
  /** Null where the tag was not there. */
  readonly digest: Digest | null;
  readonly isGone: boolean;
  /** Null where the manifest has no page. */
  readonly href: string | null;
  readonly began: Interval;
  /** Null while it goes on. */
  readonly ended: Interval | null;
  /** Tags that pointed there at some time and never at anything else: what it was called. */
  readonly versions: readonly Tag[];
}

/** A tag that pointed to more than one thing, or was gone for a while. */
export interface TagHistoryView {
  readonly tag: Tag;
  /** `moved 3 times, last between 13:07 and 14:07 UTC on 2026-11-20`. */
  readonly summary: string;
  /** Newest first. */
  readonly rows: readonly SpanRow[];
  /** Older rows that are left out. */
  readonly omitted: number;
}

/** A tag that is gone. */
export interface RemovedTagRow {
  readonly tag: Tag;
  /** What it last pointed to; null where it was never readable. */
  readonly digest: Digest | null;
  readonly firstSeenAt: Instant;
  readonly removed: Interval;
}

export interface RemovedTags {
  /** The latest first. */
  readonly removed: readonly RemovedTagRow[];
  readonly removedCount: number;
  /** All of it, for programs. */
  readonly jsonHref: string;
}

export interface HistoryView extends RemovedTags {
  /** By tag: of those that are there, the ones with more to tell than their first sight. */
  readonly tags: ReadonlyMap<Tag, TagHistoryView>;
}

/** Tells the history of a repository that was read whole. `manifestPages` are the digests that have pages. */
export function toHistoryView(repository: Repository, manifestPages: ReadonlySet<Digest>, site: Site): HistoryView {
  const histories = listTagHistories(repository);
  const versions = listVersions(histories);
  const { name, tags } = repository;
  const toRow = (tag: Tag, span: Omit<SpanRow, 'href' | 'versions'>): SpanRow => ({
    ...span,
    href: span.digest !== null && manifestPages.has(span.digest) ? toManifestHref(site, name, span.digest) : null,
    versions: span.digest === null ? [] : (versions.get(span.digest) ?? []).filter((version) => version !== tag),
  });
  const told = histories.filter(({ tag, spans }) => tags.has(tag) && spans.length > 1);
  const removed = histories.flatMap((history): readonly RemovedTagRow[] => {
    const last = history.spans.at(-1);
    if (tags.has(history.tag) || last === undefined || last.ended === null) return [];
    return [{ tag: history.tag, digest: last.digest, firstSeenAt: history.firstSeenAt, removed: last.ended }];
  });
  removed.sort((a, b) =>
    a.removed.notAfter < b.removed.notAfter ? 1 : a.removed.notAfter > b.removed.notAfter ? -1 : 0,
  );
  return {
    tags: new Map(
      told.map((history): [Tag, TagHistoryView] => {
        const rows = listRows(history.spans).map((span) => toRow(history.tag, span));
        const shown = rows.toReversed().slice(0, mostSpans);
        const summary = summarise(history);
        return [history.tag, { tag: history.tag, summary, rows: shown, omitted: rows.length - shown.length }];
      }),
    ),
    removed: removed.slice(0, mostRemovedTags),
    removedCount: removed.length,
    jsonHref: toHref(site, historyJsonAddress(name)),
  };
}

/** The spans, and between them the times in which the tag was gone. */
function listRows(spans: readonly TagSpan[]): readonly Omit<SpanRow, 'href' | 'versions'>[] {
  return spans.flatMap((span, at) => {
    const row = { ...span, isGone: false };
    const next = spans[at + 1];
    if (next === undefined || span.ended === null || span.ended.notAfter === next.began.notAfter) return [row];
    return [row, { digest: null, isGone: true, began: span.ended, ended: next.began }];
  });
}

function summarise({ moveCount, spans }: TagHistory): string {
  const returns = spans.filter(({ ended }, at) => {
    const next = spans[at + 1];
    return next !== undefined && ended !== null && ended.notAfter !== next.began.notAfter;
  }).length;
  const words = [
    ...(moveCount > 0 ? [`moved ${formatCounted(moveCount, 'time')}`] : []),
    ...(returns > 0 ? [`returned ${formatCounted(returns, 'time')}`] : []),
  ];
  const last = spans.at(-1)?.began;
  return `${words.join(', ')}, last ${last === undefined ? '' : formatInterval(last)}`;
}

/** Of each digest the tags that never pointed to anything else, at most three. */
function listVersions(histories: readonly TagHistory[]): ReadonlyMap<Digest, readonly Tag[]> {
  const versions = new Map<Digest, Tag[]>();
  for (const { tag, spans } of histories) {
    const digests = new Set(spans.flatMap(({ digest }) => digest ?? []));
    const [digest] = digests;
    if (digest === undefined || digests.size > 1) continue;
    const known = versions.get(digest);
    if (known === undefined) versions.set(digest, [tag]);
    else if (known.length < 3) known.push(tag);
  }
  return versions;
}
