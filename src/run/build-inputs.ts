/** What a site is made from: the snapshot summed up, the settings, what audits found; and what stands for each of these. */

import type { Settings } from '../settings/settings.ts';
import type { SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { listChangeDays } from '../view/changes-view.ts';
import { createSite, type SiteSettings, toCatalogueSettings, toSiteSettings } from '../view/site.ts';
import { toStatusView } from '../view/status-view.ts';
import type { BuildContext } from './build-result.ts';
import { toCatalogueKey } from './catalogue-key.ts';
import { readProgramFingerprint } from './program-fingerprint.ts';
import { describeIntegrity, readIntegrity } from './read-integrity.ts';
import type { ReadExtras } from './read-site-extras.ts';
import type { Stopwatch } from './stopwatch.ts';
import { type KeptSummaries, readKeptSummaries, readSummaries } from './summaries.ts';
import type { ProcessOptions } from './work-process.ts';

export type BuildInputs = Awaited<ReturnType<typeof readBuildInputs>>;

/** What a site is made with, whatever the snapshot says. */
export interface DescribedSite {
  readonly siteSettings: SiteSettings;
  readonly programFingerprint: string;
  /** What every page depends on besides the snapshot. */
  readonly fingerprint: string;
}

export async function describeSite(settings: Settings, extras: ReadExtras['extras']): Promise<DescribedSite> {
  const siteSettings = toSiteSettings(settings, extras);
  const programFingerprint = await readProgramFingerprint();
  // What the overlay says of a repository is a matter of that repository's own pages.
  const { overlay: _, ...common } = siteSettings;
  return { siteSettings, programFingerprint, fingerprint: JSON.stringify([programFingerprint, common]) };
}

/** Reads what the build before kept, which does not depend on what the crawl of this run finds. */
export async function readKeptInputs(
  settings: Settings,
  extras: ReadExtras['extras'],
  signal: AbortSignal,
): Promise<KeptSummaries | null> {
  const { siteSettings, programFingerprint } = await describeSite(settings, extras);
  const { stateDir } = settings;
  const made = { settings: toCatalogueSettings(siteSettings), programVersion: programFingerprint };
  return readKeptSummaries({ stateDir, ...made }, signal);
}

/** Reads all that can be read before anything is decided. Of the repositories only those that changed are read. */
export async function readBuildInputs(
  settings: Settings,
  store: SnapshotStore,
  index: SnapshotIndex,
  { siteSettings, programFingerprint, fingerprint }: DescribedSite,
  { signal, log }: ProcessOptions,
  ahead: BuildContext['ahead'],
  { measure }: Stopwatch,
) {
  const summaries = await measure('summarise', async () =>
    readSummaries({
      process: { signal, log },
      kept: await ahead.take(),
      stateDir: settings.stateDir,
      store,
      index,
      settings: toCatalogueSettings(siteSettings),
      programVersion: programFingerprint,
    }),
  );
  const integrity = await readIntegrity(settings.stateDir, summaries.repositories, log);
  const { totals } = summaries;
  const status = toStatusView(index, totals, await describeIntegrity(integrity, store));
  const origin = { registry: index.registry ?? siteSettings.publicHost, beganAt: index.beganAt };
  const { withheldRepositories, unreadRepositories } = index;
  const isWholeListed = index.sources.every(({ outcome }) => outcome === 'complete');
  return {
    siteSettings,
    programFingerprint,
    /** The file that holds the summaries. */
    summariesFile: summaries.file,
    measured: summaries.repositories,
    tallyLayers: summaries.tallyLayers,
    faults: integrity.faults,
    site: createSite(siteSettings, index.repositories, integrity.faults),
    totals,
    status,
    days: listChangeDays(
      summaries.repositories.map(({ summary: { name }, recentEvents }) => ({ name, events: recentEvents })),
    ),
    origin,
    fingerprint,
    /** All that pages of repositories depend on. */
    catalogue: toCatalogueKey(summaries.repositories, [
      ...[index.changedAt, siteSettings.overlay ?? null, origin],
      integrity.faults,
    ]),
    /** What shared files depend on besides the repositories. */
    shared: JSON.stringify([
      ...[status.complete, isWholeListed, withheldRepositories, unreadRepositories],
      settings.cleanup,
    ]),
    hidden: toHiddenFingerprint(index),
  };
}

/** What is hidden in a release: names, and since when they were open to all the values of environments too. */
export function toHiddenFingerprint({ hiddenNames, environmentPublished }: SnapshotIndex): string | null {
  return environmentPublished ? `${hiddenNames ?? ''}+environment` : (hiddenNames ?? null);
}
