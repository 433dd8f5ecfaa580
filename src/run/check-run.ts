/** A rehearsal: asks every source for its names and tags, and changes nothing. */

import type { Finding } from '../catalogue/observation.ts';
import type { CrawlSource } from '../crawl/crawl-source.ts';
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { listSource, type SourceListing } from '../crawl/list-source.ts';
import { planCrawl } from '../crawl/plan-crawl.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { RegistryError } from '../registry/registry-error.ts';

export interface CheckRunOptions {
  readonly sources: readonly CrawlSource[];
  readonly isRepositoryShown: (name: string) => boolean;
  readonly isTagShown: (tag: string) => boolean;
  readonly cancel: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface CheckResult {
  readonly listings: readonly SourceListing[];
  /** Repositories that a run would read, and the tags it would ask for. */
  readonly readable: number;
  readonly tags: number;
  /** Names that the credentials may not read. For the operator's eyes alone. */
  readonly withheld: readonly RepositoryName[];
  readonly failed: readonly { readonly name: RepositoryName; readonly message: string }[];
  readonly findings: readonly Finding[];
  /** Sources that were read with credentials: environment and build history of their images are kept out of the pages. */
  readonly sourcesWithCredentials: readonly string[];
}

/** Asks, counts, and forgets. Never rejects for what a registry does. */
export async function runCheck(options: CheckRunOptions): Promise<CheckResult> {
  const { sources, isRepositoryShown, isTagShown, cancel } = options;
  const listings = await Promise.all(sources.map((source) => listSource(source, isRepositoryShown, cancel)));
  const { assignments, findings } = planCrawl(listings, new Map());
  const withheld: RepositoryName[] = [];
  const failed: { name: RepositoryName; message: string }[] = [];
  let readable = 0;
  let tags = 0;
  let done = 0;
  await Promise.all(
    sources.map((source) => {
      const own = assignments.filter((assignment) => assignment.source === source);
      return forEachConcurrently(own, source.concurrency, async ({ name }) => {
        try {
          for await (const page of source.client.listTags(name, cancel)) {
            tags += page.entries.filter((entry) => typeof entry === 'string' && isTagShown(entry)).length;
          }
          readable++;
        } catch (error) {
          if (!(error instanceof RegistryError)) throw error;
          if (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN') withheld.push(name);
          else if (error.code === 'NOT_FOUND') readable++;
          else failed.push({ name, message: error.message });
        }
        options.onProgress?.(++done, assignments.length);
      });
    }),
  );
  return {
    listings,
    readable,
    tags,
    withheld: withheld.sort(),
    failed,
    findings: [...listings.flatMap((listing) => listing.findings), ...findings],
    sourcesWithCredentials: sources.filter(({ client }) => client.usedCredentials).map(({ name }) => name),
  };
}
