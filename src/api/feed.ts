/**
 * Atom feeds of what happened. Entries and feeds are known by ids that follow from what happened and from the registry's name
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
import { type Change, newestTimeOf } from '../view/changes-view.ts';
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

/** The registry's feed: one document, or several where more happened than one should hold. None without `siteUrl`. */
export function listFeedFiles(changes: readonly Change[], origin: FeedOrigin, site: Site): readonly OutputFile[] {
  const picked = pickFeedChanges(changes);
  const pageCount = Math.max(1, Math.ceil(picked.length / mostEntries));
  const updatedAt = newestTimeOf(picked) ?? origin.beganAt;
  return Array.from({ length: pageCount }, (_, at) => {
    const shown = picked.slice(at * mostEntries, (at + 1) * mostEntries);
    const pages = pageCount === 1 ? [] : toPageLinks(at + 1, pageCount, site);
    const { title } = site.settings;
    const about = { name: null, title, alternate: fixedAddresses.changes, updatedAt, pages };
    return encodeFeed(feedAddress(at + 1), about, shown, origin, site);
  }).flatMap((file) => file ?? []);
}

/** The feed of one image. Null without `siteUrl`. `changes` are its own, the newest first. */
export function encodeImageFeed(
  name: RepositoryName,
  changes: readonly Change[],
  origin: FeedOrigin,
  site: Site,
): OutputFile | null {
  const picked = pickFeedChanges(changes).slice(0, mostEntries);
  const updatedAt = newestTimeOf(picked) ?? origin.beganAt;
  const title = `${name} · ${site.settings.title}`;
  const about = { name, title, alternate: imageAddress(name), updatedAt, pages: [] };
  return encodeFeed(imageFeedAddress(name), about, picked, origin, site);
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
  changes: readonly Change[],
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
    ...changes.map((change) => toEntry(change, origin, site)),
  ]);
  return { path: address, text: encodeXml(feed) };
}

function toEntry(change: Change, { registry }: FeedOrigin, site: Site): XmlElement {
  return element('entry', {}, [
    element('id', {}, toUrn([registry, toEventId(change.name, change)])),
    element('title', {}, toChangeTitle(change)),
    element('updated', {}, change.notAfter),
    element('link', {
      rel: 'alternate',
      type: 'text/html',
      href: toAbsoluteHref(site, imageAddress(change.name)) ?? '',
    }),
    element('category', { term: change.type }),
    element('summary', {}, toChangeSentence(change)),
  ]);
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
