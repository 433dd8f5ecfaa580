/**
 * Following a listing from page to page. It ends: a loop, a page that repeats because a cache dropped the query, and pages
 * without end are all told apart from a list that is simply long.
 */
import type { z } from 'astro/zod';
import { decodeWith, parseJson } from '../oci/json.ts';
import { parseNextLink, resolveNextLink } from './link-header.ts';
import { looksLikeHtml } from './looks-like-html.ts';
import { RegistryError } from './registry-error.ts';
import type { SourceRequest, SourceRequests } from './source-requests.ts';
import type { TransportResponse } from './transport.ts';

/** What was odd about a listing. `incomplete` ones mean that names may be missing. */
export type ListingFinding =
  | { readonly code: 'listing-loop'; readonly incomplete: true }
  | { readonly code: 'listing-repeats'; readonly incomplete: true }
  | { readonly code: 'listing-link-unreadable'; readonly incomplete: true }
  | { readonly code: 'listing-page-refused'; readonly incomplete: false }
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
  /** Where to begin when the registry refuses the page size of `firstPage`; null where that names none. */
  readonly firstPageWithoutSize: URL | null;
  readonly toEntries: (document: unknown) => readonly unknown[];
}

const largestPage = 64 * 1024 * 1024;
/** Registries that filter by rights may send a few empty pages; so many without a new entry get nowhere. */
const mostBarrenPages = 10;
/** More names than any registry has: whoever sends more makes them up. */
const mostEntries = 2_000_000;

/** Yields the pages of a listing. Throws a `RegistryError` when a page cannot be had; what was yielded before stays true. */
export async function* listPages(listing: Listing, signal: AbortSignal): AsyncGenerator<ListingPage> {
  const timeOut = AbortSignal.timeout(listing.wholeTimeoutMs);
  const either = AbortSignal.any([signal, timeOut]);
  const visited = new Set<string>();
  const seen = new Set<unknown>();
  const told = new Set<ListingFinding['code']>();
  let barrenPages = 0;
  let next: URL | null = listing.firstPage;
  while (next !== null) {
    const at: URL = next;
    visited.add(at.href);
    const findings: ListingFinding[] = [];
    const page: FetchedPage = await fetchPage(listing, at, findings, either).catch((error) => {
      throw timeOut.aborted && !signal.aborted ? tookTooLong(listing, at, error) : error;
    });
    const entries = page.entries.filter((entry) => seen.size < seen.add(entry).size);
    barrenPages = entries.length === 0 ? barrenPages + 1 : 0;
    next = followLink(page, listing, visited, findings);
    if (next !== null && (barrenPages >= mostBarrenPages || seen.size > mostEntries)) {
      findings.push({ code: 'listing-repeats', incomplete: true });
      next = null;
    }
    const repeated = page.entries.length - entries.length;
    yield { entries, repeated, findings: findings.filter(({ code }) => told.size < told.add(code).size) };
  }
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
}

async function fetchPage(
  listing: Listing,
  url: URL,
  findings: ListingFinding[],
  signal: AbortSignal,
): Promise<FetchedPage> {
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
    const { firstPageWithoutSize } = listing;
    if (firstPageWithoutSize === null || url !== listing.firstPage || !refusesPageSize(error)) throw error;
    findings.push({ code: 'listing-page-refused', incomplete: false });
    return requests.send(request(firstPageWithoutSize), signal);
  }
}

function readPage(response: TransportResponse, url: URL, toEntries: Listing['toEntries']): FetchedPage {
  if (looksLikeHtml(response))
    throw new RegistryError('NOT_A_REGISTRY', 'answered with a web page', { method: 'GET', url });
  const document = parseJson(response.bytes, 'the listing');
  return { entries: toEntries(document), link: response.headers.get('link'), url };
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

function refusesPageSize(error: unknown): boolean {
  return error instanceof RegistryError && (error.status === 400 || error.registryCode === 'UNSUPPORTED');
}

/** Reads a listing's document with its schema, and takes its list. */
export function createEntryReader<S extends z.ZodType>(schema: S, pick: (value: z.output<S>) => readonly unknown[]) {
  return (document: unknown) => pick(decodeWith(schema, document, 'the listing'));
}
