/**
 * From sources to the next snapshot, one repository at a time: read what was known, look, reconcile, write. The memory it
 * takes grows with the largest repository, not with the catalogue.
 */
import { type CrawlRunResult, concludeLook } from './conclude-look.ts';
import type { CrawlRunOptions } from './crawl-run-options.ts';
import { lookAround } from './look-around.ts';

/** Crawls and commits the next snapshot. Throws a `RunError` when no source answered; then the old snapshot stands. */
export async function runCrawl(options: CrawlRunOptions): Promise<CrawlRunResult> {
  const previous = await options.store.readIndex();
  return concludeLook(await lookAround(previous, options), previous, options);
}
