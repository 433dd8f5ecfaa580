/**
 * The audit of a registry's blobs: what was unchecked for longest is read first, within a budget, and every result is kept as
 * soon as it is known. It has a lock of its own, so that the hourly run goes on beside it.
 */
import { toInstant } from '../catalogue/dates.ts';
import { type CrawlSource, closeSources } from '../crawl/crawl-source.ts';
import { readChecks } from '../integrity/blob-check.ts';
import { keepNamed, toBlobKey, toNamedTotals } from '../integrity/blob-inventory.ts';
import { createIntegrityStore } from '../integrity/integrity-store.ts';
import { planBlobs } from '../integrity/plan-blobs.ts';
import { listBlobFaults } from '../integrity/sum-up-checks.ts';
import type { Settings } from '../settings/settings.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import { createAudit, type SourceFailures } from './audit-blobs.ts';
import { locateFaults, type RepositoryFaults } from './locate-faults.ts';
import { openSources } from './open-sources.ts';
import type { RunContext } from './refresh.ts';
import { requireIndex } from './require-index.ts';
import { RunError } from './run-error.ts';
import { takeRunLock } from './run-lock.ts';
import { createShownNames } from './shown-names.ts';
import { takeInventory } from './take-inventory.ts';
import type { VerifyOptions, VerifyResult } from './verify-result.ts';

/**
 * Verifies. Rejects with a `RunError`: another verification is at work, there is no snapshot, or no source gave anything.
 */
export async function runVerify(
  settings: Settings,
  options: VerifyOptions,
  context: RunContext,
): Promise<VerifyResult> {
  const { clock } = context;
  const startedAt = clock();
  const integrity = createIntegrityStore(settings.stateDir, (path) => {
    context.log.write(
      'warning',
      'integrity-damaged',
      `${path} is damaged: what it knew is lost, and all is verified anew`,
    );
  });
  const store = createSnapshotStore(settings.stateDir);
  const shown = createShownNames(settings);
  // Whoever has not crawled yet is told so before anything is made.
  await requireIndex(store, settings.stateDir);
  const lock = await takeRunLock(integrity.folder);
  let sources: readonly CrawlSource[] = [];
  try {
    const before = await integrity.read(options.mode);
    const sourceNames = new Set(settings.sources.map(({ name }) => name));
    const inventory = await takeInventory(store, settings.stateDir, shown, sourceNames);
    const plan = planBlobs(inventory.blobs, readChecks(before.checks, toInstant(clock())), before.cycle);
    const named = toNamedTotals(inventory);
    const checks = keepNamed(before.checks, inventory.blobs);
    await integrity.write(options.mode, { cycle: plan.cycle, named, checks });
    sources = await openSources(settings, {
      environment: context.environment,
      clock: () => clock().getTime(),
      ...(options.firstWaitMs === undefined ? {} : { firstWaitMs: options.firstWaitMs }),
      onRetry: (source, error, waitMs) =>
        context.log.write('debug', 'retry', `${source}: ${error.message}; trying again in ${Math.round(waitMs)} ms`),
    });
    const journal = await integrity.openJournal(options.mode);
    const audit = createAudit({ ...plan, checks, sources, journal, options, context });
    try {
      await audit.run();
    } finally {
      await journal.close();
    }
    // What was hidden or removed meanwhile is not to come back with what this run remembers.
    const isSame = (await store.readIndex())?.checkedAt === inventory.index.checkedAt;
    const now = isSame ? inventory : await takeInventory(store, settings.stateDir, shown, sourceNames);
    const kept = keepNamed(checks, now.blobs);
    const cycle = audit.isCycleOver() ? plan.cycle + 1 : plan.cycle;
    await integrity.write(options.mode, { cycle, named: toNamedTotals(now), checks: kept });
    const result = audit.finish({ mode: options.mode, startedAt, named }, kept);
    throwIfNothingWasGiven(audit.failures, result);
    const faults = listBlobFaults(kept, new Map());
    const entries = now.index.repositories.filter(
      ({ name, state }) => state === 'listed' && shown.isRepositoryShown(name),
    );
    return withTags(result, await locateFaults(store, entries, faults));
  } finally {
    context.progress.clear();
    await closeSources(sources);
    lock.release();
  }
}

/** Says of each fault which tags it concerns. */
function withTags(result: VerifyResult, located: readonly RepositoryFaults[]): VerifyResult {
  const tagsOf = new Map<string, string[]>();
  const keyOf = (blob: Parameters<typeof toBlobKey>[0], lackedBy: string | undefined) =>
    `${toBlobKey(blob)} ${lackedBy ?? ''}`;
  for (const { name, faults } of located) {
    for (const fault of faults) {
      const key = keyOf(fault, fault.lackedBy === null ? undefined : name);
      const tags = tagsOf.get(key) ?? [];
      tagsOf.set(key, tags);
      for (const tag of fault.tags) if (!tags.includes(`${name}:${tag}`)) tags.push(`${name}:${tag}`);
    }
  }
  const reports = result.reports.map((report) => ({
    ...report,
    tags: tagsOf.get(keyOf(report.blob, report.lackedBy))?.sort() ?? report.tags,
  }));
  return { ...result, reports };
}

/** Whatever was stopped or over by itself is no failure; silence is. */
function throwIfNothingWasGiven(
  failures: ReadonlyMap<string, SourceFailures>,
  { checkedBlobs, goneBlobs, end }: VerifyResult,
): void {
  const asked = [...failures.values()].filter(({ refused, failed }) => refused + failed > 0);
  if (checkedBlobs + goneBlobs > 0 || asked.length === 0 || end === 'stopped') return;
  const isRefused = asked.every(({ failed }) => failed === 0);
  const message = asked.flatMap(({ first }) => first?.message ?? []).join('\n');
  const hint = (asked[0]?.first as { hint?: string } | null)?.hint ?? '';
  throw new RunError(isRefused ? 'ALL_SOURCES_REFUSED' : 'NO_SOURCE_ANSWERED', message, hint);
}
