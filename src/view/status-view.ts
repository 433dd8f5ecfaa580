/** Is the catalogue whole, and how fresh is it? What the homepage's line, the status page and `/-/status.json` say. */
import type { CatalogueSummary } from '../catalogue/model.ts';
import type { CatalogueTotals } from './catalogue-totals.ts';
import type { IntegrityView } from './integrity-view.ts';

export interface StatusView extends Omit<CatalogueSummary, 'registry' | 'runs'> {
  /** Every source listed all it has, every repository and tag was read, and no removal was held back. */
  readonly complete: boolean;
  readonly totals: CatalogueTotals;
  /** Repositories that are listed and may be read, whether they could be or not. */
  readonly listedRepositories: number;
  /** Of these, the ones that were read in the newest run. */
  readonly currentRepositories: number;
  /** What the audit of blobs knows; null where there was none. */
  readonly integrity: IntegrityView | null;
}

/** Judges the newest run by what the snapshot says of it. */
export function toStatusView(
  summary: CatalogueSummary,
  totals: CatalogueTotals,
  integrity: IntegrityView | null = null,
): StatusView {
  const { repositories, incompleteRepositories } = totals;
  const { checkedAt, changedAt, beganAt, sources, withheldRepositories, unreadRepositories, heldBackRemovals } =
    summary;
  return {
    complete:
      incompleteRepositories.length === 0 &&
      unreadRepositories === 0 &&
      heldBackRemovals.repositories === 0 &&
      heldBackRemovals.tags === 0 &&
      sources.every(({ outcome }) => outcome === 'complete'),
    totals,
    integrity,
    listedRepositories: repositories + unreadRepositories,
    currentRepositories: repositories - incompleteRepositories.filter(({ staleSince }) => staleSince !== null).length,
    ...{ checkedAt, changedAt, beganAt, sources, withheldRepositories, unreadRepositories, heldBackRemovals },
  };
}
