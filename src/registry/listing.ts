/**
 * Following a listing from page to page. It ends: a loop, a page that repeats because a cache dropped the query, and pages
 * without end are all told apart from a list that is simply long.
 */
import type { z } from 'astro/zod';
import { decodeWith, parseJson } from '../oci/json.ts';
import { parseNextLink, resolveNextLink } from './link-header.ts';
import { onAbort } from './on-abort.ts';
import { isLastWord, isRefusal, isTransient, RegistryError } from './registry-error.ts';
import type { SourceRequest, SourceRequests } from './source-requests.ts';
import type { TransportResponse } from './transport.ts';

/** What was odd about a listing. `incomplete` ones mean that names may be missing. */
export type ListingFinding =
  | { readonly code: 'listing-loop'; readonly incomplete: true }
  | { readonly code: 'listing-repeats'; readonly incomplete: true }
  | { readonly code: 'listing-link-unreadable'; readonly incomplete: true }
  | { readonly code: 'listing-page-refused'; readonly incomplete: false }
  | { readonly code: 'listing-unlinked'; readonly incomplete: false }
  | { readonly code: 'listing-end-unread'; readonly incomplete: false }
  | { readonly code: 'listing-reanchored'; readonly incomplete: false };

/** One page: its entries as they came, not yet held against any grammar. */
export interface ListingPage {
  /** What no page before it had. */
  readonly entries: readonly unknown[];
  /** How many entries were on it, or on a page before it, already. */
  readonly repeated: number;
  readonly findings: readonly ListingFinding[];
}

export interface Listing extends Pick<SourceRequest<unknown>, 'kind' | 'scope' | 'timeoutMs'> {
  /** For all pages together; `timeoutMs` is for each. */
  readonly wholeTimeoutMs: number;
  readonly requests: SourceRequests;
  readonly base: URL;
  readonly firstPage: URL;
  readonly toEntries: (document: unknown) => readonly unknown[];
}

/** 20,000 of the longest tags are 3 MB, 10,000 of the longest names as much; several pages may be under way at once. */
const largestPage = 16 * 1024 * 1024;
/** No name of a repository or tag is longer. A longer text is handed on, and neither remembered nor progress. */
const longestName = 255;
/** Registries that filter by rights may send a few empty pages; so many without a new entry get nowhere. */
const mostBarrenPages = 10;
/** More names than any registry has: whoever sends more makes them up. */
const mostEntries = 2_000_000;

/** Yields the pages of a listing. Throws a `RegistryError` when a page cannot be had; what was yielded before stays true. */
export async function* listPages(listing: Listing, signal: AbortSignal): AsyncGenerator<ListingPage> {
  const timeOut = createTimeOut(listing.wholeTimeoutMs, signal);
  const visited = new Set<string>();
  const seen = new Set<string>();
  const told = new Set<ListingFinding['code']>();
  let barrenPages = 0;
  let refusedSize = Number.POSITIVE_INFINITY;
  let next: URL | null = listing.firstPage;
  /** Whether the registry names next pages at all; and whether this one is of our own making, for it named none. */
  let isLinked = false;
  let isGuess = false;
  try {
    while (next !== null) {
      const at: URL = sizeOf(next) < refusedSize ? next : withoutSize(next);
      visited.add(next.href).add(at.href);
      const findings: ListingFinding[] = [];
      const page: FetchedPage | GuessedEnd = await fetchPage(listing, at, timeOut.signal).catch((error) => {
        // After one guess that was right there are such pages, and this one is missing.
        const end = isGuess && !told.has('listing-unlinked') ? toGuessedEnd(error) : null;
        if (end !== null) return end;
        throw timeOut.isOver && !signal.aborted ? tookTooLong(listing, at, error) : error;
      });
      if (page === 'end') return;
      if (page === 'unread') {
        yield { entries: [], repeated: 0, findings: [{ code: 'listing-end-unread', incomplete: false }] };
        return;
      }
      if (page.refusedSize) {
        refusedSize = sizeOf(at);
        findings.push({ code: 'listing-page-refused', incomplete: false });
      }
      const before = seen.size;
      const entries = page.entries.filter((entry) => !isName(entry) || seen.size < seen.add(entry).size);
      if (isGuess && seen.size === before) return;
      if (isGuess) findings.push({ code: 'listing-unlinked', incomplete: false });
      barrenPages = seen.size === before ? barrenPages + 1 : 0;
      isLinked ||= page.link !== undefined;
      isGuess = !isLinked;
      next = isLinked ? followLink(page, listing, visited, findings) : guessNextPage(page, at, visited);
      if (next !== null && (barrenPages >= mostBarrenPages || seen.size > mostEntries)) {
        findings.push({ code: 'listing-repeats', incomplete: true });
        next = null;
      }
      const repeated = page.entries.length - entries.length;
      yield { entries, repeated, findings: findings.filter(({ code }) => told.size < told.add(code).size) };
    }
  } finally {
    timeOut.release();
  }
}

interface TimeOut {
  /** Aborted when the time is over, or with the signal that it goes with. */
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  release(): void;
}

/** Unlike `AbortSignal.any` and `timeout` it leaves nothing behind: a run makes one for each repository. */
function createTimeOut(timeoutMs: number, outer: AbortSignal): TimeOut {
  const controller = new AbortController();
  const cancel = () => controller.abort(outer.reason);
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort();
  }, timeoutMs);
  if (outer.aborted) cancel();
  const stopListening = onAbort(outer, cancel);
  return {
    signal: controller.signal,
    get isOver() {
      return isOver;
    },
    release() {
      clearTimeout(timer);
      stopListening();
    },
  };
}

function tookTooLong({ wholeTimeoutMs }: Listing, url: URL, cause: unknown): RegistryError {
  const problem = `the list was not complete within ${wholeTimeoutMs / 1000} s`;
  return new RegistryError('TIMED_OUT', problem, { method: 'GET', url, cause });
}

interface FetchedPage {
  readonly entries: readonly unknown[];
  /** The `Link` header. */
  readonly link: string | undefined;
  readonly url: URL;
  /** It could be had only without the page size that was asked for. */
  readonly refusedSize: boolean;
}

async function fetchPage(listing: Listing, url: URL, signal: AbortSignal): Promise<FetchedPage> {
  const { requests, kind, scope, timeoutMs, toEntries } = listing;
  const request = (at: URL): SourceRequest<FetchedPage> => ({
    kind,
    method: 'GET',
    url: at,
    scope,
    maxBytes: largestPage,
    timeoutMs,
    headers: { accept: 'application/json' },
    read: (response) => readPage(response, at, toEntries),
  });
  try {
    return await requests.send(request(url), signal);
  } catch (error) {
    if (!url.searchParams.has('n') || !refusesPageSize(error)) throw error;
    return { ...(await requests.send(request(withoutSize(url)), signal)), refusedSize: true };
  }
}

/** Any page may have a size that is too much: the link to it can name one that the registry itself refuses. */
function withoutSize(url: URL): URL {
  const bare = new URL(url);
  bare.searchParams.delete('n');
  return bare;
}

/** The page size that an address asks for; none at all is less than any. */
function sizeOf({ searchParams }: URL): number {
  return Number(searchParams.get('n') ?? 0);
}

function isName(entry: unknown): entry is string {
  return typeof entry === 'string' && entry.length <= longestName;
}

function readPage(response: TransportResponse, url: URL, toEntries: Listing['toEntries']): FetchedPage {
  const document = parseJson(response.bytes, 'the listing');
  return { entries: toEntries(document), link: response.headers.get('link'), url, refusedSize: false };
}

function followLink(
  page: FetchedPage,
  { base, firstPage }: Listing,
  visited: ReadonlySet<string>,
  findings: ListingFinding[],
): URL | null {
  const target = parseNextLink(page.link);
  if (target === null) return null;
  const next = target === 'unreadable' ? null : resolveNextLink(target.uri, page.url, firstPage, base);
  if (next === null) {
    findings.push({ code: 'listing-link-unreadable', incomplete: true });
    return null;
  }
  if (next.reanchored) findings.push({ code: 'listing-reanchored', incomplete: false });
  if (visited.has(next.url.href)) {
    findings.push({ code: 'listing-loop', incomplete: true });
    return null;
  }
  return next.url;
}

/**
 * The page after one that is full, where the registry names none: some never do, and proxies drop the header. Null where the
 * page had room for more, and where it holds more than was asked for, as a whole list does.
 */
function guessNextPage({ entries, refusedSize }: FetchedPage, at: URL, visited: ReadonlySet<string>): URL | null {
  const [size, last] = [sizeOf(at), entries.at(-1)];
  if (refusedSize || size === 0 || entries.length !== size || !isName(last)) return null;
  const url = new URL(at);
  url.searchParams.set('last', last);
  return visited.has(url.href) ? null : url;
}

/** What comes after a full page, where that is no page: nothing; or something that cannot be read, and is hardly names. */
type GuessedEnd = 'end' | 'unread';

/** What the answer to the first guess says of the list, or null where it leaves open whether there are more names. */
function toGuessedEnd(error: unknown): GuessedEnd | null {
  if (isLastWord(error)) return isRefusal(error) ? null : 'end';
  if (!(error instanceof RegistryError)) return null;
  const isUnreadable = error.code === 'INVALID_DOCUMENT' || (error.code === 'NOT_A_REGISTRY' && error.status === 200);
  return isUnreadable && isTransient(error) ? 'unread' : null;
}

function refusesPageSize(error: unknown): boolean {
  return error instanceof RegistryError && (error.status === 400 || error.registryCode === 'UNSUPPORTED');
}

/** Reads a listing's document with its schema, and takes its list. */
export function createEntryReader<S extends z.ZodType>(schema: S, pick: (value: z.output<S>) => readonly unknown[]) {
  return (document: unknown) => pick(decodeWith(schema, document, 'the listing'));
}
