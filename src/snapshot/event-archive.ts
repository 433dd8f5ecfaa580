/**
 * Old events are put away, so that the file of a repository in which much happens stays small. What is put away where follows
 * from the events alone: whoever writes the same history writes the same files.
 */
import type { CatalogueEvent } from '../catalogue/model.ts';
import type { RepositoryName } from '../oci/reference.ts';
import { archiveSchemaVersion, eventArchiveSchema } from './event-archive.schema.ts';
import { decodeEvent, encodeEvent } from './event-rows.ts';
import { createTable, rowAt } from './place-table.ts';
import { encodeStableJson } from './stable-json.ts';

/** Events are put away by so many at once, and as many stay; so the newest file of a year is not written for each of them. */
const putAwayAtOnce = 64;
/** A year in which more happened has several files, of which only the newest is ever written again. */
const mostEventsInArchive = 1024;

/** One archive's events, oldest first. */
export interface ArchivedEvents {
  readonly year: number;
  readonly events: readonly CatalogueEvent[];
}

export interface SplitEvents {
  /** Oldest first. */
  readonly archived: readonly ArchivedEvents[];
  /** What stays in the repository's own file. */
  readonly recent: readonly CatalogueEvent[];
}

/** Splits a whole history. */
export function splitEvents(events: readonly CatalogueEvent[]): SplitEvents {
  const count = Math.max(0, Math.floor(events.length / putAwayAtOnce) - 1) * putAwayAtOnce;
  const archived: { year: number; events: CatalogueEvent[] }[] = [];
  for (const event of events.slice(0, count)) {
    const last = archived.at(-1);
    // A clock that was set back at the turn of a year must not put later events before earlier ones.
    const year = Math.max(last?.year ?? 0, Number(event.notAfter.slice(0, 4)));
    if (last === undefined || last.year !== year || last.events.length >= mostEventsInArchive) {
      archived.push({ year, events: [event] });
    } else last.events.push(event);
  }
  return { archived, recent: events.slice(count) };
}

/** Encodes an archive as the text of its file. */
export function encodeArchive(name: RepositoryName, { year, events }: ArchivedEvents): string {
  const digests = createTable<import('../oci/digest.ts').Digest>((digest) => digest);
  const rows = events.map((event) => encodeEvent(event, digests.place));
  return encodeStableJson({ schemaVersion: archiveSchemaVersion, name, year, digests: digests.rows, events: rows });
}

/** Decodes the parsed JSON of an archive's file. Throws a `ZodError` or `TypeError` when it is not one of that repository. */
export function decodeArchive(value: unknown, name: RepositoryName): readonly CatalogueEvent[] {
  const archive = eventArchiveSchema.parse(value);
  if (archive.name !== name) throw new TypeError(`it is the history of ${archive.name}`);
  return archive.events.map((event) => decodeEvent(event, (place) => rowAt(archive.digests, place)));
}
