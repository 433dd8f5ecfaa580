/**
 * Asking for the referrers of a digest. Many registries have no such API; which one that is, its first answer tells, and then
 * it is asked no more.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers
 */
import { DecodeError } from '../oci/decode-error.ts';
import type { ChildDescriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import { parseJson } from '../oci/json.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { decodeReferrers, type ReferrersPage } from '../oci/referrers.schema.ts';
import type { Scope } from './authenticator.ts';
import { parseNextLink, resolveNextLink } from './link-header.ts';
import type { SourceRequests } from './source-requests.ts';
import type { TransportResponse } from './transport.ts';

/** What is about a digest, as the registry lists it. */
export interface ListedReferrers {
  /** Each digest once, in the registry's order. */
  readonly referrers: readonly ChildDescriptor[];
  /** False where there may be more: then what is not listed need not be gone. */
  readonly complete: boolean;
}

export interface ReferrersReader {
  /** Null where the registry does not speak the API. Throws a `RegistryError` when it does and could not answer. */
  read(url: URL, scope: Scope, signal: AbortSignal): Promise<ListedReferrers | null>;
  /** Whether it is known that every further answer is null. */
  readonly isGivenUp: boolean;
}

export interface ReferrersReaderOptions {
  readonly requests: SourceRequests;
  readonly base: URL;
  readonly timeoutMs: number;
}

/** The specification asks registries to keep an index below 4 MiB. */
const largestPage = 4 * 1024 * 1024;
const mostPages = 20;
/** Nobody signs one image more often; whoever lists more makes them up. */
const mostReferrers = 500;
/** After so many failures in a row the API is left alone, before its failures are taken for the whole registry's. */
const failuresToGiveUp = 3;

/** Creates the reader of one source. It remembers for as long as it lives whether the source speaks the API. */
export function createReferrersReader({ requests, base, timeoutMs }: ReferrersReaderOptions): ReferrersReader {
  /** The first question: until it is answered no other is asked. */
  let firstAnswer: Promise<void> | null = null;
  let isSpoken = true;
  let failures = 0;

  const fetchPage = (url: URL, scope: Scope, signal: AbortSignal) =>
    requests.send<Answer>(
      {
        kind: 'referrers',
        method: 'GET',
        url,
        scope,
        headers: { accept: mediaTypes.ociIndex },
        maxBytes: largestPage,
        timeoutMs,
        expected: notSpoken,
        read: readPage,
      },
      signal,
    );

  async function readPages(firstPage: URL, scope: Scope, signal: AbortSignal) {
    const found = new Map<Digest, ChildDescriptor>();
    const visited = new Set<string>();
    let complete = true;
    let next: URL | null = firstPage;
    while (next !== null) {
      visited.add(next.href);
      const page: Answer = await fetchPage(next, scope, signal);
      if (page === 'not-spoken') return visited.size === 1 ? null : { referrers: [...found.values()], complete: false };
      for (const referrer of page.referrers) if (!found.has(referrer.digest)) found.set(referrer.digest, referrer);
      complete &&= page.invalid === 0 && !page.isFiltered;
      const after: URL | 'lost' | null = followLink(page.link, next, firstPage, base);
      const isEnough = visited.size >= mostPages || found.size >= mostReferrers;
      const isLost: boolean = after === 'lost' || (after !== null && (isEnough || visited.has(after.href)));
      complete &&= !isLost;
      next = isLost || after === 'lost' ? null : after;
    }
    const referrers = [...found.values()];
    return { referrers: referrers.slice(0, mostReferrers), complete: complete && referrers.length <= mostReferrers };
  }

  async function ask(url: URL, scope: Scope, signal: AbortSignal) {
    try {
      const listed = await readPages(url, scope, signal);
      failures = 0;
      return listed;
    } catch (error) {
      failures++;
      throw error;
    }
  }

  const isGivenUp = () => !isSpoken || failures >= failuresToGiveUp;

  return {
    async read(url, scope, signal) {
      if (firstAnswer === null) {
        const first = ask(url, scope, signal);
        firstAnswer = first.then(
          (listed) => {
            isSpoken = listed !== null;
          },
          () => {
            isSpoken = false;
          },
        );
        return first;
      }
      await firstAnswer;
      return isGivenUp() ? null : ask(url, scope, signal);
    },
    get isGivenUp() {
      return isGivenUp();
    },
  };
}

interface Page extends ReferrersPage {
  readonly link: string | undefined;
  /** We never ask for one sort alone: an answer that was filtered all the same is not the whole. */
  readonly isFiltered: boolean;
}

type Answer = Page | 'not-spoken';

/** The next page, or null after the last; `lost` where a link speaks of one and cannot be followed. */
function followLink(link: string | undefined, page: URL, firstPage: URL, base: URL): URL | null | 'lost' {
  const target = parseNextLink(link);
  if (target === null) return null;
  return target === 'unreadable' ? 'lost' : (resolveNextLink(target.uri, page, firstPage, base)?.url ?? 'lost');
}

/** How servers, and proxies before them, say that they do not know the endpoint: a repository that has tags is there. */
const notSpoken = [400, 401, 403, 404, 405, 406, 410, 501];

function readPage({ status, bytes, headers }: TransportResponse): Answer {
  if (status !== 200) return 'not-spoken';
  try {
    const page = decodeReferrers(parseJson(bytes, 'the list of referrers'));
    return { ...page, link: headers.get('link'), isFiltered: headers.get('oci-filters-applied') !== undefined };
  } catch (error) {
    if (error instanceof DecodeError) return 'not-spoken';
    throw error;
  }
}
