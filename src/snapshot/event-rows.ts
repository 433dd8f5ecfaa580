/** `CatalogueEvent` <-> the row that a file keeps of it. */
import { toInstant } from '../catalogue/dates.ts';
import type { CatalogueEvent, Instant } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';
import type { EventRow } from './event-row.schema.ts';

/** Encodes an event. `place` gives a digest its place in the file's table. */
export function encodeEvent(event: CatalogueEvent, place: (digest: Digest) => number): EventRow {
  const { type, tag, from, to, notBefore, notAfter, ordinal, run, firstSeenAt } = event;
  const row: EventRow = [
    type,
    tag,
    from === null ? null : place(from),
    to === null ? null : place(to),
    notAfter,
    notBefore === null ? null : (Date.parse(notAfter) - Date.parse(notBefore)) / 1000,
    run,
  ];
  if (ordinal > 0 || firstSeenAt !== null) row.push(ordinal);
  if (firstSeenAt !== null) row.push(firstSeenAt);
  return row;
}

/** Decodes a row. `read` gives the digest of a place. */
export function decodeEvent(row: EventRow, read: (place: number) => Digest): CatalogueEvent {
  const [type, tag, from, to, notAfter, seconds, run, ordinal = 0, firstSeenAt = null] = row;
  return {
    ...{ type, tag },
    from: from === null ? null : read(from),
    to: to === null ? null : read(to),
    notBefore: seconds === null ? null : subtractSeconds(notAfter, seconds),
    ...{ notAfter, ordinal, run, firstSeenAt },
  };
}

function subtractSeconds(at: Instant, seconds: number): Instant {
  return toInstant(new Date(Date.parse(at) - seconds * 1000));
}
