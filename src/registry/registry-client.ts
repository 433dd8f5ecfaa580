/** A client of one registry: the operations of the Distribution API that reading a catalogue takes. It never writes. */
import { computeDigest, type Digest, digestAlgorithm, isDigest, matchesDigest } from '../oci/digest.ts';
import { decodeHelmChart } from '../oci/helm-chart.schema.ts';
import type { HelmChart } from '../oci/helm-chart.ts';
import { decodeImageConfig } from '../oci/image-config.schema.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { acceptedManifestTypes } from '../oci/media-type.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { apiUrl, blobUrl, catalogUrl, manifestUrl, tagsListUrl } from './endpoints.ts';
import { createEntryReader, type ListingPage, listPages } from './listing.ts';
import { looksLikeHtml } from './looks-like-html.ts';
import { RegistryError } from './registry-error.ts';
import type { RequestCounts } from './request-counts.ts';
import type { SourceRequests } from './source-requests.ts';
import type { TransportResponse } from './transport.ts';
import { catalogSchema, tagsSchema } from './wire.schema.ts';

/** A manifest's own bytes. Their digest has been computed and is the one that was asked for or announced. */
export interface FetchedManifest {
  readonly outcome: 'fetched';
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

/** The registry says that the tag still points at the digest that is known already. */
export interface UnchangedManifest {
  readonly outcome: 'unchanged';
  readonly digest: Digest;
}

export interface RegistryClient {
  /** Asks `/v2/`. Throws a `RegistryError` when the API is not spoken there, or not to us. */
  checkApi(signal: AbortSignal): Promise<void>;
  /** The pages of `_catalog`, in order. */
  listRepositories(signal: AbortSignal): AsyncIterable<ListingPage>;
  /** The pages of a repository's tags, in the registry's order, which means nothing. */
  listTags(name: RepositoryName, signal: AbortSignal): AsyncIterable<ListingPage>;
  /** The manifest behind a tag or digest. With `known`, it is not transferred again if the tag still points there. */
  fetchManifest(
    name: RepositoryName,
    reference: Tag | Digest,
    known: Digest | null,
    signal: AbortSignal,
  ): Promise<FetchedManifest | UnchangedManifest>;
  /** Whether a tag exists, without reading it. */
  headManifest(name: RepositoryName, reference: Tag | Digest, signal: AbortSignal): Promise<'present' | 'absent'>;
  /** An image config, verified by its digest. */
  fetchImageConfig(
    name: RepositoryName,
    config: { readonly digest: Digest },
    signal: AbortSignal,
  ): Promise<ImageConfig>;
  /** The config of a Helm chart, verified in the same way. */
  fetchHelmChart(name: RepositoryName, config: { readonly digest: Digest }, signal: AbortSignal): Promise<HelmChart>;
  readonly counts: RequestCounts;
  readonly usedCredentials: boolean;
  close(): Promise<void>;
}

export interface RegistryClientOptions {
  readonly base: URL;
  readonly requests: SourceRequests;
  readonly pageSize: number;
  readonly timeoutMs: number;
  readonly listingTimeoutMs: number;
  readonly usedCredentials: () => boolean;
  readonly close: () => Promise<void>;
}

/** The specification asks registries to take manifests of at least 4 MiB; nobody needs larger ones. */
const largestManifest = 4 * 1024 * 1024;
const largestConfig = 8 * 1024 * 1024;
const catalogScope = 'registry:catalog:*';

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { base, requests, timeoutMs, listingTimeoutMs } = options;
  const accept = acceptedManifestTypes.join(', ');
  let ignoresConditions = false;

  const getManifest = (name: RepositoryName, reference: Tag | Digest, known: Digest | null, signal: AbortSignal) =>
    requests.send<FetchedManifest | UnchangedManifest>(
      {
        kind: 'manifest',
        method: 'GET',
        url: manifestUrl(base, name, reference),
        scope: pullScope(name),
        headers: known === null ? { accept } : { accept, 'if-none-match': `"${known}"` },
        maxBytes: largestManifest,
        timeoutMs,
        expected: known === null ? [] : [304],
        read: (response) => {
          if (response.status === 304 && known !== null) return { outcome: 'unchanged', digest: known };
          const fetched = verifyManifest(response, reference);
          if (fetched.digest !== known) return fetched;
          ignoresConditions = true;
          return { outcome: 'unchanged', digest: fetched.digest };
        },
      },
      signal,
    );

  const getConfig = <T>(
    name: RepositoryName,
    digest: Digest,
    decode: (bytes: Uint8Array) => T,
    signal: AbortSignal,
  ) => {
    const url = blobUrl(base, name, digest);
    const read = ({ bytes }: TransportResponse) => {
      if (!matchesDigest(bytes, digest)) throw mismatch(url, digest, computeDigest(bytes));
      return decode(bytes);
    };
    const scope = pullScope(name);
    return requests.send<T>(
      { kind: 'config', method: 'GET', url, scope, maxBytes: largestConfig, timeoutMs, read },
      signal,
    );
  };

  const headDigest = (name: RepositoryName, reference: Tag | Digest, signal: AbortSignal) =>
    requests.send<{ present: boolean; digest: Digest | null }>(
      {
        kind: 'manifest-head',
        method: 'HEAD',
        url: manifestUrl(base, name, reference),
        scope: pullScope(name),
        headers: { accept },
        maxBytes: 0,
        timeoutMs,
        expected: [404],
        read: (response) => ({ present: response.status === 200, digest: announcedDigest(response) }),
      },
      signal,
    );

  return {
    async checkApi(signal) {
      const url = apiUrl(base);
      await requests.send(
        {
          kind: 'api',
          method: 'GET',
          url,
          scope: catalogScope,
          maxBytes: 1024 * 1024,
          timeoutMs,
          read: (response) => {
            if (!looksLikeHtml(response)) return;
            throw new RegistryError('NOT_A_REGISTRY', 'answered with a web page', { method: 'GET', url });
          },
        },
        signal,
      );
    },

    listRepositories: (signal) =>
      listPages(
        {
          requests,
          base,
          kind: 'catalog',
          scope: catalogScope,
          timeoutMs: listingTimeoutMs,
          firstPage: catalogUrl(base, options.pageSize),
          firstPageWithoutSize: catalogUrl(base, null),
          toEntries: createEntryReader(catalogSchema, ({ repositories }) => repositories),
        },
        signal,
      ),

    listTags: (name, signal) =>
      listPages(
        {
          requests,
          base,
          kind: 'tags',
          scope: pullScope(name),
          timeoutMs,
          firstPage: tagsListUrl(base, name),
          firstPageWithoutSize: null,
          toEntries: createEntryReader(tagsSchema, ({ tags }) => tags),
        },
        signal,
      ),

    async fetchManifest(name, reference, known, signal) {
      if (known !== null && ignoresConditions) {
        const { digest } = await headDigest(name, reference, signal);
        if (digest === known) return { outcome: 'unchanged', digest };
      }
      return getManifest(name, reference, known, signal);
    },

    async headManifest(name, reference, signal) {
      const { present } = await headDigest(name, reference, signal);
      return present ? 'present' : 'absent';
    },

    fetchImageConfig: (name, { digest }, signal) => getConfig(name, digest, decodeImageConfig, signal),
    fetchHelmChart: (name, { digest }, signal) => getConfig(name, digest, decodeHelmChart, signal),

    get counts() {
      return requests.counts;
    },
    get usedCredentials() {
      return options.usedCredentials();
    },
    close: options.close,
  };
}

function verifyManifest(response: TransportResponse, reference: Tag | Digest): FetchedManifest {
  const { bytes, url, headers } = response;
  if (looksLikeHtml(response))
    throw new RegistryError('NOT_A_REGISTRY', 'answered with a web page', { method: 'GET', url });
  const asked = isDigest(reference) ? reference : announcedDigest(response);
  const computed = computeDigest(bytes, asked === null ? 'sha256' : digestAlgorithm(asked));
  if (asked !== null && computed !== asked) throw mismatch(url, asked, computed);
  return { outcome: 'fetched', digest: computed, bytes, contentType: headers.get('content-type') ?? null };
}

/** The digest that the registry announces, or null where it announces none that can be checked. */
function announcedDigest({ headers }: TransportResponse): Digest | null {
  const digest = headers.get('docker-content-digest')?.trim();
  return isDigest(digest) ? digest : null;
}

function mismatch(url: URL, asked: Digest, computed: Digest): RegistryError {
  return new RegistryError('DIGEST_MISMATCH', `the bytes have digest ${computed}, not ${asked}`, {
    method: 'GET',
    url,
  });
}

function pullScope(name: RepositoryName): string {
  return `repository:${name}:pull`;
}
