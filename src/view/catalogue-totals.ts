/**
 * The catalogue in numbers, and what in it is not current. It follows from the summaries alone, so an hour in which none of
 * them changed need not count again.
 */
import type { Instant } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { type LayerTally, tallyLayers } from './layer-uses.ts';
import type { RepositoryExtent } from './repository-extent.ts';
import type { RepositorySummary } from './repository-summary.ts';

/** A repository of which not everything is current. */
export interface IncompleteRepository {
  readonly name: RepositoryName;
  /** Since when none of it could be read; null where only some tags are affected. */
  readonly staleSince: Instant | null;
  readonly staleTags: number;
  readonly settlingTags: number;
}

/** Removed repositories are in none of these. */
export interface CatalogueTotals {
  readonly repositories: number;
  /** Repositories without a tag. They are in `repositories` too. */
  readonly emptyRepositories: number;
  readonly tags: number;
  /** Distinct manifests of each repository that tags lead to, summed over the repositories. */
  readonly manifests: number;
  /** The compressed bytes of all layers that tags lead to, each layer once however many images share it. */
  readonly uniqueCompressedSizeBytes: number;
  /** Whether something could not be read, so that there are at least so many bytes. */
  readonly isSizeLeast: boolean;
  /** Sorted by name. */
  readonly incompleteRepositories: readonly IncompleteRepository[];
}

/** What is counted of one repository. */
export interface Measured {
  readonly summary: RepositorySummary;
  readonly extent: RepositoryExtent;
}

/** Tallies the layers of a catalogue. */
export function tallyMeasured(repositories: readonly Measured[]): LayerTally {
  return tallyLayers(repositories.map(({ summary, extent }) => ({ extent, isStanding: summary.state !== 'removed' })));
}

/** Counts. `layers` is the tally of just these. */
export function countCatalogue(
  repositories: readonly Measured[],
  layers: LayerTally = tallyMeasured(repositories),
): CatalogueTotals {
  const totals = { repositories: 0, emptyRepositories: 0, tags: 0, manifests: 0 };
  const incompleteRepositories: IncompleteRepository[] = [];
  const standing = repositories.filter(({ summary }) => summary.state !== 'removed');
  let isSizeLeast = false;
  for (const { summary, extent } of standing) {
    totals.repositories++;
    totals.emptyRepositories += summary.tagCount === 0 ? 1 : 0;
    totals.tags += summary.tagCount;
    totals.manifests += extent.manifestCount;
    if (!extent.areLayersKnown) isSizeLeast = true;
    const { name, staleSince, staleTagCount: staleTags, settlingTagCount: settlingTags } = summary;
    if (staleSince !== null || staleTags > 0 || settlingTags > 0) {
      incompleteRepositories.push({ name, staleSince, staleTags, settlingTags });
    }
  }
  incompleteRepositories.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...totals, uniqueCompressedSizeBytes: layers.standingSizeBytes, isSizeLeast, incompleteRepositories };
}
