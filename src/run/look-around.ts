/** The first half of a crawl: list the sources, plan, look at every repository, write what became of it. Nothing is decided yet. */
import { listSource } from '../crawl/list-source.ts';
import { planCrawl } from '../crawl/plan-crawl.ts';
import { isOfShard, type Shard, takeShare } from '../crawl/shard.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { LookOptions } from './crawl-run-options.ts';
import { collectHiddenNames, toRedactor } from './hidden-names.ts';
import type { Look } from './look.ts';
import { lookAtRepositories } from './look-at-repositories.ts';
import { createRunCounts } from './run-counts.ts';
import { throwIfNoneAnswered } from './source-verdicts.ts';
import { throwIfCancelled } from './throw-if-cancelled.ts';

/**
 * Looks at all repositories, or at those of one shard: what is not of it is neither asked about nor missed. Throws a `RunError`
 * when no source could be listed or the run is stopped.
 */
export async function lookAround(
  previous: SnapshotIndex | null,
  options: LookOptions,
  shard: Shard | null = null,
): Promise<Look> {
  const { sources, now, isRepositoryShown, patterns, deadline, cancel } = options;
  const shown = (previous?.repositories ?? []).filter(({ name }) => isRepositoryShown(name));
  const own = shard === null ? shown : shown.filter(({ name }) => isOfShard(name, shard));
  const known = new Map(own.map((entry) => [entry.name, entry]));

  for (const { name, client } of sources) {
    if (previous?.sources.some((one) => one.name === name && one.ignoresConditions)) client.expectIgnoredConditions();
  }

  const signal = AbortSignal.any([deadline, cancel]);
  const whole = await Promise.all(sources.map((source) => listSource(source, isRepositoryShown, signal)));
  const listings = shard === null ? whole : whole.map((listing) => takeShare(listing, shard));
  throwIfCancelled(cancel);
  options.onListed?.(listings);
  throwIfNoneAnswered(listings);
  const plan = planCrawl(listings, new Map([...known].filter(([, { state }]) => state !== 'removed')));

  const counts = createRunCounts();
  const leftOutNames = whole.flatMap(({ excludedNames }) => [...excludedNames]);
  const shownNames = [...shown.map(({ name }) => name), ...whole.flatMap(({ names }) => [...names])];
  const hidden = collectHiddenNames({ leftOutNames, withheldNames: [], knownNames: shownNames, patterns });
  const redact = toRedactor(hidden);
  const seen = await lookAtRepositories({ plan, listings, previous, known, redact, counts, options });
  const unanswered = plan.unanswered.map(({ name, source }) => {
    const failure = listings.find((listing) => listing.source === source)?.failure;
    const unknown = { code: 'UNREACHABLE', message: 'the source did not answer' };
    return { name, source: source.name, failure: failure ?? unknown };
  });
  return {
    lookedAt: now,
    base: previous,
    listings: listings.map((listing) => ({ ...listing, ignoresConditions: listing.source.client.ignoresConditions })),
    answers: seen.answers,
    looked: seen.looked,
    unanswered,
    refused: seen.refused.map(({ name, source }) => ({ name, source: source.name })),
    names: { leftOutNames, shownNames, searchedFor: hidden.fingerprint, elsewhere: null },
    findings: [...plan.findings, ...seen.findings],
    counts,
  };
}
