/** The newest run's outcome -> `status.json`. */

import type { BlobAudit } from '../catalogue/blob-audit.ts';
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
    integrity: toIntegrityJson(status.integrity),
    sources: status.sources.map(({ name, outcome, completeAt }) => ({ name, outcome, completeAt })),
  };
  return { path: fixedAddresses.statusJson, text: encodeJson(json) };
}

function toIntegrityJson(view: StatusView['integrity']): StatusJson['integrity'] {
  if (view === null) return null;
  return {
    bytes: view.bytes === null ? null : toAuditJson(view.bytes),
    sizes: view.sizes === null ? null : toAuditJson(view.sizes),
    faults: view.faults.map(({ digest, kind, foundAt, isElsewhere, places }) => ({
      ...{ digest, kind, foundAt, isElsewhere },
      images: places.map(({ name, tags }) => ({ name, tags: [...tags] })),
    })),
  };
}

function toAuditJson(audit: BlobAudit) {
  const { namedBlobs, namedSizeBytes, soundBlobs, soundSizeBytes, unreadBlobs, foreignBlobs } = audit;
  const { oldestCheckedAt, newestCheckedAt } = audit;
  return {
    ...{ namedBlobs, namedSizeBytes, soundBlobs, soundSizeBytes, oldestCheckedAt, newestCheckedAt },
    ...{ unreadBlobs, foreignBlobs },
  };
}
