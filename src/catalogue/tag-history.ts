/**
 * What each tag pointed to, and when, worked out from what happened. A tag that was there from the beginning has no event of
 * its coming; what it pointed to then is what its first event says that it left.
 */
import type { Digest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import type { CatalogueEvent, Instant, Interval, Repository } from './model.ts';

/** A time in which a tag pointed at one digest. */
export interface TagSpan {
  /** Null where it could not be read in all that time. */
  readonly digest: Digest | null;
  readonly began: Interval;
  /** Null while it goes on. */
  readonly ended: Interval | null;
}

export interface TagHistory {
  readonly tag: Tag;
  readonly firstSeenAt: Instant;
  /** Oldest first, at least one. Between two of them the tag was gone, unless one began when the other ended. */
  readonly spans: readonly TagSpan[];
  /** How often it came to point at something else while it was there. */
  readonly moveCount: number;
}

interface OpenSpan {
  digest: Digest | null;
  began: Interval;
  ended: Interval | null;
  /** It ended because the whole repository went. */
  wentWithAll: boolean;
  /** The run in which the whole repository returned, if that is how it began: what else that run saw is part of the return. */
  readonly returnedIn: number | null;
}

interface Telling {
  readonly tag: Tag;
  readonly firstSeenAt: Instant;
  readonly spans: OpenSpan[];
  moveCount: number;
}

/**
 * The histories of all tags that are or were, sorted by tag. Throws a `TypeError` for a repository of whose history a part
 * was not read.
 */
export function listTagHistories(repository: Repository): readonly TagHistory[] {
  if (repository.archives.length > 0) throw new TypeError(`not all of the history of ${repository.name} was read`);
  const tellings = beginTellings(repository);
  for (const event of repository.events) {
    if (event.tag === null) tellRepository(tellings.values(), event);
    else tellTag(tellings.get(event.tag), event);
  }
  for (const [tag, { digest }] of repository.tags) {
    const last = tellings.get(tag)?.spans.at(-1);
    if (last !== undefined) last.digest ??= digest;
  }
  return [...tellings.values()]
    .sort((a, b) => (a.tag < b.tag ? -1 : 1))
    .map(({ tag, firstSeenAt, moveCount, spans }) => ({
      ...{ tag, firstSeenAt, moveCount },
      spans: spans.map(({ digest, began, ended }) => ({ digest, began, ended })),
    }));
}

function beginTellings({ tags, events, firstSeenAt }: Repository): ReadonlyMap<Tag, Telling> {
  const firsts = new Map<Tag, CatalogueEvent>();
  const noted = new Map<Tag, Instant>();
  for (const event of events) {
    if (event.tag === null) continue;
    if (!firsts.has(event.tag)) firsts.set(event.tag, event);
    if (event.firstSeenAt !== null && !noted.has(event.tag)) noted.set(event.tag, event.firstSeenAt);
  }
  const all = new Set([...tags.keys(), ...firsts.keys()]);
  return new Map(
    [...all].map((tag): [Tag, Telling] => {
      const first = firsts.get(tag);
      const seenAt = noted.get(tag) ?? tags.get(tag)?.firstSeenAt ?? firstSeenAt;
      const isPlausible = first === undefined || seenAt <= first.notAfter;
      if (first?.type === 'added') {
        return [tag, { tag, firstSeenAt: isPlausible ? seenAt : first.notAfter, spans: [], moveCount: 0 }];
      }
      const began = { notBefore: null, notAfter: isPlausible ? seenAt : firstSeenAt };
      const digest = first === undefined ? (tags.get(tag)?.digest ?? null) : first.from;
      const span = { digest, began, ended: null, wentWithAll: false, returnedIn: null };
      return [tag, { tag, firstSeenAt: began.notAfter, spans: [span], moveCount: 0 }];
    }),
  );
}

/** The whole repository goes, with all that was there, or returns with it. */
function tellRepository(tellings: Iterable<Telling>, event: CatalogueEvent): void {
  const at = toInterval(event);
  for (const { spans } of tellings) {
    const last = spans.at(-1);
    if (last === undefined) continue;
    if (event.type === 'removed' && last.ended === null) {
      last.ended = at;
      last.wentWithAll = true;
    } else if (event.type === 'returned' && last.wentWithAll) {
      spans.push({ digest: last.digest, began: at, ended: null, wentWithAll: false, returnedIn: event.run });
    }
  }
}

function tellTag(telling: Telling | undefined, event: CatalogueEvent): void {
  if (telling === undefined) return;
  const { type, from, to, run } = event;
  const { spans } = telling;
  const at = toInterval(event);
  const last = spans.at(-1);
  const open = last?.ended === null ? last : undefined;
  const isReturn = open !== undefined && open.returnedIn === run;
  if (open !== undefined && !isReturn) open.digest ??= from;
  if (type === 'removed') {
    if (isReturn) takeBackReturn(spans);
    else if (open !== undefined) open.ended = at;
    return;
  }
  if (isReturn) {
    open.digest = to;
    return;
  }
  if (open !== undefined) open.ended = at;
  if (type === 'moved') telling.moveCount++;
  spans.push({ digest: to, began: at, ended: null, wentWithAll: false, returnedIn: null });
}

/** The tag did not return with the whole, and so no later return of the whole is one of the tag. */
function takeBackReturn(spans: OpenSpan[]): void {
  spans.pop();
  const last = spans.at(-1);
  if (last !== undefined) last.wentWithAll = false;
}

function toInterval({ notBefore, notAfter }: Interval): Interval {
  return { notBefore, notAfter };
}
