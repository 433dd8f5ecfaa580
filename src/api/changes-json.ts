/** Changes -> `changes.json`. */
import type { Instant } from '../catalogue/model.ts';
import { fixedAddresses, historyJsonAddress, imageAddress, repositoryJsonAddress } from '../view/addresses.ts';
import type { Change } from '../view/changes-view.ts';
import { type Site, toHref } from '../view/site.ts';
import { apiVersion } from './catalogue-json.schema.ts';
import type { ChangesJson } from './changes-json.schema.ts';
import { encodeJson } from './encode-json.ts';
import { toEventJson } from './event-json.ts';
import type { OutputFile } from './output-file.ts';

const mostChanges = 2000;

/** Writes the newest changes; `changes` are the newest first. */
export function encodeChangesJson(changes: readonly Change[], beganAt: Instant, site: Site): OutputFile {
  const json: ChangesJson = {
    schemaVersion: apiVersion,
    beganAt,
    changes: changes.slice(0, mostChanges).map((change) => ({
      name: change.name,
      ...toEventJson(change.name, change),
      links: {
        html: toHref(site, imageAddress(change.name)),
        json: toHref(site, repositoryJsonAddress(change.name)),
        history: toHref(site, historyJsonAddress(change.name)),
      },
    })),
  };
  return { path: fixedAddresses.changesJson, text: encodeJson(json) };
}
