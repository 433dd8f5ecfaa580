/** Registry clients for one test: quick to try again, closed when it ends. */
import type { TestContext } from 'node:test';
import { parseRepositoryName, parseTag, type RepositoryName, type Tag } from '../../src/oci/reference.ts';
import { anonymous, type Credentials } from '../../src/registry/credentials.ts';
import type { ListingPage } from '../../src/registry/listing.ts';
import { openRegistry, type RegistryOptions } from '../../src/registry/open-registry.ts';
import type { RegistryClient } from '../../src/registry/registry-client.ts';
import { RegistryError, type RegistryErrorCode } from '../../src/registry/registry-error.ts';

/** A signal that is never aborted. */
export const never = new AbortController().signal;

export const user: Credentials = { kind: 'password', username: 'reader', password: 'hunter2-secret' };

export const app: RepositoryName = parseRepositoryName('team/app');
export const latest: Tag = parseTag('latest');

/** A client of `url`. Waits before retries are about a millisecond. */
export function useClient(t: TestContext, url: string, options: Partial<RegistryOptions> = {}): RegistryClient {
  const client = openRegistry({
    url,
    userAgent: 'registry-homepage/test',
    credentials: anonymous,
    concurrency: 8,
    pageSize: 1000,
    timeoutMs: 10_000,
    listingTimeoutMs: 10_000,
    retries: 4,
    firstWaitMs: 1,
    followRedirects: true,
    clock: () => Date.UTC(2026, 7, 16, 12),
    ...options,
  });
  t.after(() => client.close());
  return client;
}

/** All pages of a listing. */
export async function readPages(pages: AsyncIterable<ListingPage>): Promise<readonly ListingPage[]> {
  return Array.fromAsync(pages);
}

/** All entries of a listing, and the codes of what was odd about it. */
export async function readListing(pages: AsyncIterable<ListingPage>) {
  const all = await readPages(pages);
  return {
    entries: all.flatMap(({ entries }) => entries),
    findings: all.flatMap(({ findings }) => findings.map(({ code }) => code)),
    repeated: all.reduce((sum, { repeated }) => sum + repeated, 0),
  };
}

/** The error that `promise` rejects with, which must be one of these. */
export async function rejection(promise: Promise<unknown>, code: RegistryErrorCode): Promise<RegistryError> {
  const error = await promise.then(
    () => new Error('it did not reject'),
    (reason: unknown) => reason,
  );
  if (error instanceof RegistryError && error.code === code) return error;
  throw new Error(`expected ${code}`, { cause: error });
}
