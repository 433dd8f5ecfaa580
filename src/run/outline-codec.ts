/**
 * `RepositoryOutline` <-> the JSON that the file of outlines keeps of it, in one line: each digest once, and named by its place.
 * The file proves that this program wrote it, so only what is sent to registries is held against its grammar once more.
 */
import type { Referrer } from '../catalogue/model.ts';
import type { RepositoryOutline } from '../crawl/repository-outline.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import type { Tag } from '../oci/reference.ts';
import { rowAt } from '../snapshot/place-table.ts';

interface OutlineRow extends Omit<RepositoryOutline, 'digests' | 'subjects' | 'referrers'> {
  readonly tags: readonly Tag[];
  readonly digests: readonly Digest[];
  /** What each tag points to. */
  readonly places: readonly number[];
  /** Null where they are `digests`. */
  readonly subjects: readonly Digest[] | null;
  readonly referrers: readonly (readonly [Digest, readonly Referrer[]])[];
}

export function encodeOutline({ digests, subjects, referrers, ...outline }: RepositoryOutline): string {
  const places = new Map<Digest, number>();
  for (const digest of digests) if (!places.has(digest)) places.set(digest, places.size);
  const table = [...places.keys()];
  const isSame = subjects.length === table.length && subjects.every((subject, at) => subject === table[at]);
  const row: OutlineRow = {
    ...outline,
    digests: table,
    places: digests.map((digest) => places.get(digest) ?? 0),
    subjects: isSame ? null : subjects,
    referrers: [...referrers],
  };
  return JSON.stringify(row);
}

/** Throws a `SyntaxError` or `TypeError` where the text is not one that was encoded. */
export function decodeOutline(text: string): RepositoryOutline {
  const { digests, places, subjects, referrers, ...outline } = JSON.parse(text) as OutlineRow;
  const table = digests.map(parseDigest);
  return {
    ...outline,
    digests: places.map((place) => rowAt(table, place)),
    recommended: outline.recommended === null ? null : parseDigest(outline.recommended),
    subjects: subjects?.map(parseDigest) ?? table,
    referrers: new Map(referrers),
  };
}
