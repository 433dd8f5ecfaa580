/** One backend of the crawl: its client, and what the settings say about it. */
import type { RegistryClient } from '../registry/registry-client.ts';

export interface CrawlSource {
  readonly name: string;
  readonly client: RegistryClient;
  /** Whether this backend serves a name, by `routes`. */
  readonly serves: (name: string) => boolean;
  /** The names to read instead of `_catalog`, or null. Not yet held against the grammar. */
  readonly fixedNames: readonly string[] | null;
  readonly concurrency: number;
  readonly followRedirects: boolean;
}

/**
 * How many tasks to have under way for a source. More than its client lets through at once, so that one which waits for its
 * retry leaves no place empty.
 */
export function tasksAtOnce({ concurrency }: CrawlSource): number {
  return concurrency + 8;
}

/** Closes every connection of the sources. */
export async function closeSources(sources: readonly CrawlSource[]): Promise<void> {
  await Promise.all(sources.map(({ client }) => client.close()));
}
