/** What an audit found, in words: for titles and sentences where there is no table. */
import type { BlobFaultKind } from '../catalogue/blob-faults.ts';
import type { Instant } from '../catalogue/model.ts';
import type { Digest } from '../oci/digest.ts';
import { formatDay } from './format-date.ts';
import { formatCounted } from './format-size.ts';
import { type FaultFigure, type FaultPlace, toFaultText } from './integrity-view.ts';

/** A blob that is at fault in one way, wherever it stands. */
export interface FoundFault {
  readonly digest: Digest;
  readonly kind: BlobFaultKind;
  readonly foundAt: Instant;
  /** Whether another image has it. */
  readonly isElsewhere: boolean;
  /** At least one. */
  readonly places: readonly FaultPlace[];
}

/** Of each, more than these are counted. */
const mostPlaces = 10;
const mostTags = 5;

/** One for each digest and kind, the newest first: which source it stands in is not told. */
export function mergeFaults(figures: readonly FaultFigure[]): readonly FoundFault[] {
  const merged = new Map<string, FoundFault>();
  for (const { digest, kind, foundAt, isElsewhere, places } of figures) {
    if (places.length === 0) continue;
    const key = `${digest} ${kind}`;
    const known = merged.get(key);
    merged.set(key, {
      ...{ digest, kind },
      isElsewhere: isElsewhere && known?.isElsewhere !== false,
      foundAt: known !== undefined && known.foundAt < foundAt ? known.foundAt : foundAt,
      places: known === undefined ? places : mergePlaces([...known.places, ...places]),
    });
  }
  return [...merged.values()].sort((a, b) => {
    if (a.foundAt !== b.foundAt) return a.foundAt < b.foundAt ? 1 : -1;
    return a.digest < b.digest ? -1 : 1;
  });
}

function mergePlaces(places: readonly FaultPlace[]): readonly FaultPlace[] {
  return [...Map.groupBy(places, ({ name }) => name)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, alike]) => ({ name, tags: [...new Set(alike.flatMap(({ tags }) => tags))].sort() }));
}

/** `releng/node24 and 3 more images: content is corrupt`. */
export function toFaultTitle({ kind, places }: Pick<FoundFault, 'kind' | 'places'>): string {
  const [first, ...others] = places.map(({ name }) => name);
  const more = others.length === 0 ? '' : ` and ${formatCounted(others.length, 'more image')}`;
  return `${first}${more}: content is ${kind}`;
}

/** `sha256:… is missing from the registry, found on 2026-11-20. Affected: base:1.0, base:1.1; web/front:2.0.` */
export function toFaultSentence({ digest, kind, foundAt, isElsewhere, places }: FoundFault): string {
  const shown = places.slice(0, mostPlaces).map(({ name, tags }) => {
    const words = tags.slice(0, mostTags).map((tag) => `${name}:${tag}`);
    const more = tags.length > mostTags ? [formatCounted(tags.length - mostTags, 'more tag')] : [];
    return [...(words.length === 0 ? [name] : words), ...more].join(', ');
  });
  const rest = places.length > mostPlaces ? [formatCounted(places.length - mostPlaces, 'more image')] : [];
  const affected = [...shown, ...rest].join('; ');
  return `${digest} ${toFaultText(kind, isElsewhere)}. Found on ${formatDay(foundAt)}. Affected: ${affected}.`;
}
