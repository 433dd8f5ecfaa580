/** The newest run's outcome -> `status.json`. */

import { fixedAddresses } from '../view/addresses.ts';
import type { StatusView } from '../view/status-view.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import { toCounts } from './catalogue-json.ts';
import { encodeJson } from './encode-json.ts';
import type { OutputFile } from './output-file.ts';
import type { StatusJson } from './status-json.schema.ts';

export function encodeStatusJson(status: StatusView): OutputFile {
  const { checkedAt, changedAt, beganAt, complete, totals, heldBackRemovals } = status;
  const json: StatusJson = {
    schemaVersion: apiVersion,
    ...{ checkedAt, changedAt, beganAt, complete },
    counts: toCounts(totals, status.withheldRepositories),
    listedRepositories: status.listedRepositories,
    currentRepositories: status.currentRepositories,
    unreadRepositories: status.unreadRepositories,
    incompleteRepositories: totals.incompleteRepositories.map(({ name, staleSince, staleTags, settlingTags }) => ({
      ...{ name, staleSince, staleTags, settlingTags },
    })),
    heldBackRemovals: { repositories: heldBackRemovals.repositories, tags: heldBackRemovals.tags },
    sources: status.sources.map(({ name, outcome, completeAt }) => ({ name, outcome, completeAt })),
  };
  return { path: fixedAddresses.statusJson, text: encodeJson(json) };
}
