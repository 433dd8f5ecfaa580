/**
 * What changed, by day, the newest first. Days are those of UTC; their order is that of the runs that saw what happened, so a
 * clock that once ran ahead does not stand above all news.
 */
import type { CatalogueEvent, EventType, Instant, Interval, Repository } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { changesAddress } from './addresses.ts';
import { formatDay } from './format-date.ts';
import type { Link } from './listing-view.ts';
import { type Site, toHref, toImageHref } from './site.ts';

/** So many days on which something happened are told of; what is older, the images themselves know. */
export const mostChangeDays = 31;
/** How many events a page of a day holds. */
export const mostChangesOnPage = 500;
/** How many stand on the first page; of its newest day as many as fit, of others only whole days. */
const mostNewestChanges = 200;

/** An event, and the repository that it happened to. */
export interface Change extends CatalogueEvent {
  readonly name: RepositoryName;
}

export interface ChangeDay {
  /** `2026-11-20`. */
  readonly day: string;
  /** Newest first. */
  readonly changes: readonly Change[];
}

/** What a repository contributes: its events of the newest days on which something happened to it, oldest first. */
export function pickRecentEvents({ events }: Pick<Repository, 'events'>): readonly CatalogueEvent[] {
  const days = new Set<string>();
  let from = events.length;
  for (const { notAfter } of events.toReversed()) {
    days.add(formatDay(notAfter));
    if (days.size > mostChangeDays) break;
    from--;
  }
  return events.slice(from);
}

/** Whether those of `events` are not all that `pickRecentEvents` would pick from the whole history. */
export function needsEarlierEvents({ events, archives }: Pick<Repository, 'events' | 'archives'>): boolean {
  return archives.length > 0 && pickRecentEvents({ events }).length === events.length;
}

/** All changes of the newest days, from what each repository contributes. */
export function listChangeDays(
  repositories: Iterable<{ readonly name: RepositoryName; readonly events: readonly CatalogueEvent[] }>,
): readonly ChangeDay[] {
  const changes = [...repositories].flatMap(({ name, events }) => events.map((event): Change => ({ ...event, name })));
  const byDay = Map.groupBy(changes.sort(compareChanges), ({ notAfter }) => formatDay(notAfter));
  return [...byDay].slice(0, mostChangeDays).map(([day, members]) => ({ day, changes: members }));
}

/** The newest run's first; of one run by the latest time, then by name. */
function compareChanges(a: Change, b: Change): number {
  if (a.run !== b.run) return b.run - a.run;
  if (a.notAfter !== b.notAfter) return a.notAfter < b.notAfter ? 1 : -1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** One tag's part in what happened; `tag` is null for the image as a whole. */
export interface ChangedTag {
  readonly tag: Tag | null;
  readonly from: Digest | null;
  readonly to: Digest | null;
}

/** What happened to one image between the same two looks. */
export interface ChangeRow extends Interval {
  readonly name: RepositoryName;
  readonly href: string;
  readonly parts: readonly { readonly type: EventType; readonly tags: readonly ChangedTag[] }[];
}

export interface DayView {
  readonly day: string;
  readonly rows: readonly ChangeRow[];
  readonly changeCount: number;
  /** Where all of it stands; null where it does here. */
  readonly href: string | null;
}

/** A day of the list of days. */
export interface DayLink extends Link {
  readonly counts: Readonly<Record<EventType, number>>;
}

export interface ChangesView {
  /** The day that the page is about; null on the first page, which is about the newest ones. */
  readonly day: string | null;
  readonly page: number;
  readonly days: readonly DayView[];
  /** The days of the first page that do not stand there wholly; empty on others. */
  readonly otherDays: readonly DayLink[];
  /** Empty where the day has one page. */
  readonly pages: readonly (Link & { readonly isCurrent: boolean })[];
  readonly newer: Link | null;
  readonly older: Link | null;
}

/** Where changes stand: the first page, then each day's. */
export interface ChangesPlace {
  readonly day: string | null;
  readonly page: number;
}

/** All pages of changes. The first is there also where nothing happened yet. */
export function listChangesPlaces(days: readonly ChangeDay[]): readonly ChangesPlace[] {
  const places = days.flatMap(({ day, changes }) =>
    Array.from({ length: countPages(changes) }, (_, at): ChangesPlace => ({ day, page: at + 1 })),
  );
  return [{ day: null, page: 1 }, ...places];
}

/** Everything that a page of changes shows. Throws a `TypeError` for a day on which nothing happened. */
export function toChangesView({ day, page }: ChangesPlace, days: readonly ChangeDay[], site: Site): ChangesView {
  if (day === null) return toNewestView(days, site);
  const at = days.findIndex((one) => one.day === day);
  const { changes = [] } = days[at] ?? {};
  if (changes.length === 0) throw new TypeError(`nothing happened on ${day}`);
  const shown = changes.slice((page - 1) * mostChangesOnPage, page * mostChangesOnPage);
  const count = countPages(changes);
  const toLink = (other: ChangeDay | undefined) => (other === undefined ? null : toDayLink(other, site));
  return {
    ...{ day, page },
    days: [{ day, rows: toChangeRows(shown, site), changeCount: changes.length, href: null }],
    otherDays: [],
    pages:
      count === 1
        ? []
        : Array.from({ length: count }, (_, index) => ({
            text: String(index + 1),
            href: toHref(site, changesAddress(day, index + 1)),
            isCurrent: index + 1 === page,
          })),
    newer: toLink(days[at - 1]),
    older: toLink(days[at + 1]),
  };
}

/** What happened lately to one image, in a line. */
export interface LatestChange {
  readonly name: RepositoryName;
  readonly href: string;
  /** The latest time at which it had happened. */
  readonly notAfter: Instant;
  /** The first tags of each kind of event, and how many more there are; no tag where it happened to the image as a whole. */
  readonly parts: readonly { readonly type: EventType; readonly tags: readonly Tag[]; readonly moreTags: number }[];
}

/** How many tags of one kind a line names. */
const mostTagsInLine = 2;

/** The newest changes, at most `most` lines of them: for a page that has more to show. */
export function toLatestChanges(days: readonly ChangeDay[], most: number, site: Site): readonly LatestChange[] {
  const latest: LatestChange[] = [];
  for (const { changes } of days) {
    for (const { name, href, notAfter, parts } of toChangeRows(changes, site)) {
      if (latest.length === most) return latest;
      latest.push({ name, href, notAfter, parts: parts.map(toLatestPart) });
    }
  }
  return latest;
}

function toLatestPart({ type, tags }: ChangeRow['parts'][number]): LatestChange['parts'][number] {
  const named = tags.flatMap(({ tag }) => tag ?? []);
  return { type, tags: named.slice(0, mostTagsInLine), moreTags: Math.max(0, named.length - mostTagsInLine) };
}

function toNewestView(days: readonly ChangeDay[], site: Site): ChangesView {
  const shown: DayView[] = [];
  let room = mostNewestChanges;
  for (const { day, changes } of days) {
    if (shown.length > 0 && changes.length > room) break;
    const isWhole = changes.length <= room;
    const rows = toChangeRows(changes.slice(0, room), site);
    shown.push({ day, rows, changeCount: changes.length, href: isWhole ? null : toHref(site, changesAddress(day)) });
    room -= changes.length;
  }
  const whole = new Set(shown.filter(({ href }) => href === null).map(({ day }) => day));
  const otherDays = days.filter(({ day }) => !whole.has(day)).map((day) => toCountedLink(day, site));
  return { day: null, page: 1, days: shown, otherDays, pages: [], newer: null, older: null };
}

function toChangeRows(changes: readonly Change[], site: Site): readonly ChangeRow[] {
  const byLook = Map.groupBy(changes, ({ name, run, notBefore, notAfter }) =>
    [name, run, notBefore, notAfter].join(' '),
  );
  return [...byLook.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { name, notBefore, notAfter } = first;
    const parts = [...Map.groupBy(members, (change) => `${change.type} ${change.tag === null}`).values()].flatMap(
      (alike) => {
        const type = alike[0]?.type;
        return type === undefined ? [] : [{ type, tags: alike.map(({ tag, from, to }) => ({ tag, from, to })) }];
      },
    );
    return [{ name, href: toImageHref(site, name), notBefore, notAfter, parts }];
  });
}

function toCountedLink(day: ChangeDay, site: Site): DayLink {
  const counts = { added: 0, moved: 0, removed: 0, returned: 0 };
  for (const { type } of day.changes) counts[type]++;
  return { ...toDayLink(day, site), counts };
}

function toDayLink({ day }: ChangeDay, site: Site): Link {
  return { text: day, href: toHref(site, changesAddress(day)) };
}

function countPages(changes: readonly Change[]): number {
  return Math.ceil(changes.length / mostChangesOnPage);
}

/** The latest time at which any of it had happened; null where nothing did. */
export function newestTimeOf(changes: Iterable<Interval>): Instant | null {
  let newest: Instant | null = null;
  for (const { notAfter } of changes) if (newest === null || notAfter > newest) newest = notAfter;
  return newest;
}
