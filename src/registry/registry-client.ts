/** A client of one registry: the operations of the Distribution API that reading a catalogue takes. It never writes. */
import { computeDigest, type Digest, matchesDigest } from '../oci/digest.ts';
import { decodeHelmChart } from '../oci/helm-chart.schema.ts';
import type { HelmChart } from '../oci/helm-chart.ts';
import { decodeImageConfig } from '../oci/image-config.schema.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import { acceptedManifestTypes } from '../oci/media-type.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import { type Authenticator, catalogScope } from './authenticator.ts';
import { type BlobReader, createBlobReader } from './blob-reader.ts';
import { apiUrl, blobUrl, catalogUrl, manifestUrl, referrersUrl, tagsListUrl } from './endpoints.ts';
import { createEntryReader, type ListingPage, listPages } from './listing.ts';
import { createReferrersReader, type ListedReferrers } from './referrers.ts';
import { isLastWord, RegistryError } from './registry-error.ts';
import type { RequestCounts } from './request-counts.ts';
import type { SourceRequests } from './source-requests.ts';
import type { TransportResponse } from './transport.ts';
import { announcedDigest, type FetchedManifest, mismatch, verifyManifest } from './verify-manifest.ts';
import { catalogSchema, tagsSchema } from './wire.schema.ts';

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
  /** What is about a digest. Null where the registry does not speak that API; then it is not asked again. */
  fetchReferrers(name: RepositoryName, subject: Digest, signal: AbortSignal): Promise<ListedReferrers | null>;
  /** Whether it is known that `fetchReferrers` gives nothing but null. */
  readonly hasNoReferrers: boolean;
  /** Any blob, streamed: for layers, which may be of any size. */
  readonly blobs: BlobReader;
  /** Whether it was seen to answer a condition with the whole manifest all the same, so that it is asked by HEAD instead. */
  readonly ignoresConditions: boolean;
  /** Asks by HEAD from the beginning, as an earlier run learned to. It is unlearned where HEAD does not tell the digest. */
  expectIgnoredConditions(): void;
  readonly counts: RequestCounts;
  /** Whether any request was made with credentials, and whether any about this repository was. */
  readonly usedCredentials: boolean;
  usesCredentialsFor(name: RepositoryName): boolean;
  close(): Promise<void>;
}

export interface RegistryClientOptions {
  readonly base: URL;
  readonly requests: SourceRequests;
  readonly pageSize: number;
  readonly timeoutMs: number;
  readonly listingTimeoutMs: number;
  readonly authenticator: Pick<Authenticator, 'usedCredentials' | 'usesCredentialsFor'>;
  readonly close: () => Promise<void>;
}

/** The specification asks registries to take manifests of at least 4 MiB; nobody needs larger ones. */
export const largestManifestBytes = 4 * 1024 * 1024;
/** The largest config that is read. */
export const largestConfigBytes = 8 * 1024 * 1024;
/** How servers, and rules before them, say that they do not answer HEAD. */
const headNotSpoken = [400, 405, 501];

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const { base, requests, timeoutMs, listingTimeoutMs, authenticator } = options;
  const accept = acceptedManifestTypes.join(', ');
  const referrers = createReferrersReader({ requests, base, timeoutMs });
  const blobs = createBlobReader({ requests, base, timeoutMs });
  /** How to ask whether a known manifest is still there: `head` where conditions are ignored and HEAD names the digest. */
  let revalidation: 'untried' | 'conditional' | 'head' = 'untried';

  const getManifest = (name: RepositoryName, reference: Tag | Digest, known: Digest | null, signal: AbortSignal) =>
    requests.send<FetchedManifest | UnchangedManifest>(
      {
        kind: 'manifest',
        method: 'GET',
        url: manifestUrl(base, name, reference),
        scope: pullScope(name),
        headers: known === null ? { accept } : { accept, 'if-none-match': `"${known}"` },
        maxBytes: largestManifestBytes,
        timeoutMs,
        expected: known === null ? [] : [304],
        read: (response) => {
          if (response.status === 304 && known !== null) return readUnchanged(response, known);
          const fetched = verifyManifest(response, reference);
          if (fetched.digest !== known) return fetched;
          if (revalidation === 'untried') revalidation = 'head';
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
      { kind: 'config', method: 'GET', url, scope, maxBytes: largestConfigBytes, timeoutMs, read },
      signal,
    );
  };

  const headDigest = (name: RepositoryName, reference: Tag | Digest, signal: AbortSignal) =>
    requests.send<{ outcome: 'present' | 'absent' | 'not-said'; digest: Digest | null }>(
      {
        kind: 'manifest-head',
        method: 'HEAD',
        url: manifestUrl(base, name, reference),
        scope: pullScope(name),
        headers: { accept },
        maxBytes: 0,
        timeoutMs,
        expected: [404, ...headNotSpoken],
        read: (response) => {
          if (response.status === 404) return { outcome: 'absent', digest: null };
          if (response.status !== 200) return { outcome: 'not-said', digest: null };
          return { outcome: 'present', digest: announcedDigest(response) };
        },
      },
      signal,
    );

  return {
    async checkApi(signal) {
      await requests.send(
        {
          kind: 'api',
          method: 'GET',
          url: apiUrl(base),
          scope: catalogScope,
          maxBytes: 1024 * 1024,
          timeoutMs,
          read: () => undefined,
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
          wholeTimeoutMs: listingTimeoutMs,
          firstPage: catalogUrl(base, options.pageSize),
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
          wholeTimeoutMs: listingTimeoutMs,
          firstPage: tagsListUrl(base, name),
          toEntries: createEntryReader(tagsSchema, ({ tags }) => tags),
        },
        signal,
      ),

    async fetchManifest(name, reference, known, signal) {
      if (known === null || revalidation !== 'head') return getManifest(name, reference, known, signal);
      const { digest } = await headDigest(name, reference, signal).catch(whereRefused);
      if (digest === known) return { outcome: 'unchanged', digest };
      const found = await getManifest(name, reference, known, signal);
      // Only now: what GET refuses, or does not have, as well says nothing about HEAD.
      if (digest === null) revalidation = 'conditional';
      return found;
    },

    async headManifest(name, reference, signal) {
      const { outcome } = await headDigest(name, reference, signal);
      if (outcome !== 'not-said') return outcome;
      try {
        await getManifest(name, reference, null, signal);
        return 'present';
      } catch (error) {
        if (error instanceof RegistryError && error.code === 'NOT_FOUND') return 'absent';
        throw error;
      }
    },

    fetchImageConfig: (name, { digest }, signal) => getConfig(name, digest, decodeImageConfig, signal),
    fetchHelmChart: (name, { digest }, signal) => getConfig(name, digest, decodeHelmChart, signal),

    fetchReferrers: (name, subject, signal) =>
      referrers.read(referrersUrl(base, name, subject), pullScope(name), signal),

    get hasNoReferrers() {
      return referrers.isGivenUp;
    },

    blobs,
    get ignoresConditions() {
      return revalidation === 'head';
    },
    expectIgnoredConditions() {
      if (revalidation === 'untried') revalidation = 'head';
    },
    get counts() {
      return requests.counts;
    },
    get usedCredentials() {
      return authenticator.usedCredentials;
    },
    usesCredentialsFor: (name) => authenticator.usesCredentialsFor(pullScope(name)),
    close: options.close,
  };
}

/** HEAD may be refused where GET is not: that one then decides. What fails for another reason fails the same way by GET. */
function whereRefused(error: unknown): { readonly outcome: 'not-said'; readonly digest: null } {
  if (isLastWord(error)) return { outcome: 'not-said', digest: null };
  throw error;
}

/** 304: what was asked about stands, unless the answer itself names another digest. */
function readUnchanged(response: TransportResponse, known: Digest): UnchangedManifest {
  const announced = announcedDigest(response);
  if (announced !== null && announced !== known) throw mismatch(response.url, known, announced);
  return { outcome: 'unchanged', digest: known };
}

function pullScope(name: RepositoryName): string {
  return `repository:${name}:pull`;
}
