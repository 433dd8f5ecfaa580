/**
 * Atom feeds of what happened, and of content that an audit found at fault for as long as it is. Entries and feeds are known by ids that follow from what happened and from the registry's name
 * when its catalogue began: another host, base path or address of the site changes none of them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4287
 */
import { createHash } from 'node:crypto';
import { toEventId } from '../catalogue/events.ts';
import type { Instant } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { feedAddress, fixedAddresses, imageAddress, imageFeedAddress } from '../view/addresses.ts';
import { toChangeSentence, toChangeTitle } from '../view/change-text.ts';
import type { Change } from '../view/changes-view.ts';
import { type FoundFault, toFaultSentence, toFaultTitle } from '../view/fault-text.ts';
import { type Site, toAbsoluteHref } from '../view/site.ts';
import type { OutputFile } from './output-file.ts';
import { element, encodeXml, type XmlElement } from './xml.ts';

/** Whatever these many newest runs saw is in a feed, so that a reader who comes as often as we do, or half a day late, sees all. */
const runsInFeed = 48;
/** And at least so many entries, if so much happened. */
const fewestEntries = 100;
/** More than these go on in a further document, which readers find that follow RFC 5005. */
const mostEntries = 2000;

/** What feeds say of themselves. */
export interface FeedOrigin {
  /** The registry's name when its catalogue began. */
  readonly registry: string;
  /** When it began: how old a feed is in which nothing stands yet. */
  readonly beganAt: Instant;
}

/** The part of all changes that a feed holds; `changes` are the newest first, and so is what comes of them. */
export function pickFeedChanges(changes: readonly Change[]): readonly Change[] {
  const newest = changes[0]?.run ?? 0;
  const count = changes.findIndex(({ run }) => run === 0 || run <= newest - runsInFeed);
  return changes.slice(0, Math.max(fewestEntries, count < 0 ? changes.length : count));
}

/** A change, or a fault. */
interface Entry {
  readonly updatedAt: Instant;
  readonly element: XmlElement;
}

/**
 * The registry's feed: one document, or several where more happened than one should hold. None without `siteUrl`. `faults`
 * are those of the whole registry, the newest first.
 */
export function listFeedFiles(
  changes: readonly Change[],
  origin: FeedOrigin,
  site: Site,
  faults: readonly FoundFault[] = [],
): readonly OutputFile[] {
  const entries = toEntries(pickFeedChanges(changes), null, faults, origin, site);
  const pageCount = Math.max(1, Math.ceil(entries.length / mostEntries));
  return Array.from({ length: pageCount }, (_, at) => {
    const shown = entries.slice(at * mostEntries, (at + 1) * mostEntries);
    const pages = pageCount === 1 ? [] : toPageLinks(at + 1, pageCount, site);
    const { title } = site.settings;
    const updatedAt = newestOf(entries) ?? origin.beganAt;
    const about = { name: null, title, alternate: fixedAddresses.changes, updatedAt, pages };
    return encodeFeed(feedAddress(at + 1), about, shown, origin, site);
  }).flatMap((file) => file ?? []);
}

/** The feed of one image. Null without `siteUrl`. `changes` and `faults` are its own, the newest first. */
export function encodeImageFeed(
  name: RepositoryName,
  changes: readonly Change[],
  origin: FeedOrigin,
  site: Site,
  faults: readonly FoundFault[] = [],
): OutputFile | null {
  const entries = toEntries(pickFeedChanges(changes), name, faults, origin, site).slice(0, mostEntries);
  const updatedAt = newestOf(entries) ?? origin.beganAt;
  const title = `${name} · ${site.settings.title}`;
  const about = { name, title, alternate: imageAddress(name), updatedAt, pages: [] };
  return encodeFeed(imageFeedAddress(name), about, entries, origin, site);
}

interface About {
  readonly name: RepositoryName | null;
  readonly title: string;
  /** Where people read the same. */
  readonly alternate: string;
  readonly updatedAt: Instant;
  readonly pages: readonly XmlElement[];
}

function encodeFeed(
  address: string,
  { name, title, alternate, updatedAt, pages }: About,
  entries: readonly Entry[],
  origin: FeedOrigin,
  site: Site,
): OutputFile | null {
  const self = toAbsoluteHref(site, address);
  const html = toAbsoluteHref(site, alternate);
  if (self === null || html === null) return null;
  const feed = element('feed', { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'en' }, [
    element('id', {}, toUrn([origin.registry, 'feed', name])),
    element('title', {}, title),
    element('updated', {}, updatedAt),
    element('author', {}, [element('name', {}, site.settings.title.trim() || origin.registry)]),
    element('link', { rel: 'self', type: 'application/atom+xml', href: self }),
    element('link', { rel: 'alternate', type: 'text/html', href: html }),
    ...pages,
    ...entries.map((entry) => entry.element),
  ]);
  return { path: address, text: encodeXml(feed) };
}

/** Changes keep their order, which is that of the runs; a fault stands before the first change that is older. */
function toEntries(
  changes: readonly Change[],
  about: RepositoryName | null,
  faults: readonly FoundFault[],
  origin: FeedOrigin,
  site: Site,
): readonly Entry[] {
  const entries: Entry[] = [];
  const found = faults.map((fault) => toFaultEntry(fault, about, origin, site));
  let next = 0;
  for (const change of changes) {
    for (; next < found.length; next++) {
      const entry = found[next];
      if (entry === undefined || entry.updatedAt < change.notAfter) break;
      entries.push(entry);
    }
    entries.push(toChangeEntry(change, origin, site));
  }
  return [...entries, ...found.slice(next)];
}

function toChangeEntry(change: Change, { registry }: FeedOrigin, site: Site): Entry {
  const id = [registry, toEventId(change.name, change)];
  const texts = { title: toChangeTitle(change), summary: toChangeSentence(change), category: change.type };
  return toEntry(id, change.notAfter, texts, imageAddress(change.name), site);
}

/** Its id names no time: what is found again after it was mended is the same entry, with a newer date. */
function toFaultEntry(fault: FoundFault, about: RepositoryName | null, { registry }: FeedOrigin, site: Site): Entry {
  const { digest, kind, foundAt, places } = fault;
  const [first] = places;
  const texts = { title: toFaultTitle(fault), summary: toFaultSentence(fault), category: kind };
  const address = first !== undefined && places.length === 1 ? imageAddress(first.name) : fixedAddresses.status;
  return toEntry([registry, 'fault', about, digest, kind], foundAt, texts, address, site);
}

function toEntry(
  id: readonly (string | null)[],
  updatedAt: Instant,
  { title, summary, category }: { readonly title: string; readonly summary: string; readonly category: string },
  address: string,
  site: Site,
): Entry {
  const href = toAbsoluteHref(site, address) ?? '';
  const parts = [
    element('id', {}, toUrn(id)),
    element('title', {}, title),
    element('updated', {}, updatedAt),
    element('link', { rel: 'alternate', type: 'text/html', href }),
    element('category', { term: category }),
    element('summary', {}, summary),
  ];
  return { updatedAt, element: element('entry', {}, parts) };
}

function newestOf(entries: readonly Entry[]): Instant | null {
  return entries.reduce<Instant | null>((newest, { updatedAt }) => {
    return newest === null || updatedAt > newest ? updatedAt : newest;
  }, null);
}

/** @see https://www.rfc-editor.org/rfc/rfc5005#section-3 */
function toPageLinks(page: number, pageCount: number, site: Site): readonly XmlElement[] {
  const link = (rel: string, to: number) =>
    element('link', { rel, type: 'application/atom+xml', href: toAbsoluteHref(site, feedAddress(to)) ?? '' });
  return [
    link('first', 1),
    ...(page > 1 ? [link('previous', page - 1)] : []),
    ...(page < pageCount ? [link('next', page + 1)] : []),
    link('last', pageCount),
  ];
}

/**
 * A UUID of version 8 made of names: the first bits of their SHA-256.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.8
 */
function toUrn(names: readonly (string | null)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`];
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`;
}
