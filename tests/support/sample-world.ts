/** The sample catalogue with everything that pages and plain files are made from. */

import type { Repository } from '../../src/catalogue/model.ts';
import { pickRecommendedTag } from '../../src/catalogue/recommended-tag.ts';
import { workOutLineage, workOutStorage } from '../../src/run/whole-catalogue.ts';
import { countCatalogue } from '../../src/view/catalogue-totals.ts';
import { pickRecentEvents } from '../../src/view/changes-view.ts';
import { toRepositoryExtent } from '../../src/view/repository-extent.ts';
import { toRepositorySummary } from '../../src/view/repository-summary.ts';
import { createSite, type Site, type SiteSettings } from '../../src/view/site.ts';
import { type StatusView, toStatusView } from '../../src/view/status-view.ts';
import type { MeasuredFile } from '../../src/view/summary-lines.ts';
import type { WholeViews } from '../../src/view/whole-views.ts';
import { holdRepository } from './held-inventories.ts';
import { listSampleRepositories, sampleHost, sampleSummary } from './sample-catalogue.ts';

export interface SampleWorld {
  readonly settings: SiteSettings;
  readonly site: Site;
  /** Those that have pages. */
  readonly repositories: readonly Repository[];
  readonly measured: readonly MeasuredFile[];
  readonly status: StatusView;
}

function noList(): never {
  throw new TypeError('no list is asked for');
}

/** What only the whole sample can know. */
export async function workOutSample({ settings, site, repositories }: SampleWorld): Promise<WholeViews> {
  const options = {
    settings: { ...settings, cleanup: [{ repositories: ['**'], olderThanDays: 30, beyondNewest: 2, protect: [] }] },
    index: sampleSummary,
    inventories: repositories.map((repository) => ({
      ...holdRepository(repository),
      recommendedTag: pickRecommendedTag(repository, settings.movingTags)?.tag ?? null,
    })),
    files: { add: () => undefined, addStorage: () => undefined },
    keptCleanup: {
      decisionOf: () => undefined,
      say: noList,
      textsFile: noList,
    },
    site,
  };
  return { ...workOutLineage(options), ...workOutStorage(options).views };
}

/** Sums the sample up, as a run does. */
export function createSampleWorld(over: Partial<SiteSettings> = {}): SampleWorld {
  const settings = {
    title: 'Example images',
    publicHost: sampleHost,
    alternateHosts: [],
    base: '/',
    movingTags: ['latest'],
    ...over,
  };
  const all = listSampleRepositories();
  const repositories = all.filter(({ state }) => state !== 'unread');
  const measured = repositories.map((repository) => ({
    file: '0'.repeat(64),
    summary: toRepositorySummary(repository, settings),
    extent: toRepositoryExtent(repository, settings),
    recentEvents: pickRecentEvents(repository),
  }));
  const status = toStatusView(sampleSummary, countCatalogue(measured));
  return { settings, site: createSite(settings, all), repositories, measured, status };
}
