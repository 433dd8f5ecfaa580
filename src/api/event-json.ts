import { toEventId } from '../catalogue/events.ts';
import type { CatalogueEvent } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import type { EventJson } from './event-json.schema.ts';

/** An event of a repository, with its id. */
export function toEventJson(name: RepositoryName, event: CatalogueEvent): EventJson {
  const { type, tag, from, to, notBefore, notAfter, firstSeenAt } = event;
  return { id: toEventId(name, event), type, tag, from, to, notBefore, notAfter, firstSeenAt };
}
