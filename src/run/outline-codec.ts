/** `RepositoryOutline` <-> the JSON that the file of outlines keeps of it, in one line. */
import type { RepositoryOutline } from '../crawl/repository-outline.ts';
import type { Digest } from '../oci/digest.ts';
import { type OutlineRow, outlineSchema } from './outline.schema.ts';

export function encodeOutline(outline: RepositoryOutline): string {
  const { source, tags, withholdsEnvironment, showsEnvironment, recommended, subjects, referrers } = outline;
  const places = new Map<Digest, number>();
  for (const digest of outline.digests) if (!places.has(digest)) places.set(digest, places.size);
  const digests = [...places.keys()];
  const isSame = subjects.length === digests.length && subjects.every((subject, at) => subject === digests[at]);
  const row: OutlineRow = {
    source,
    tags: [...tags],
    digests,
    places: outline.digests.map((digest) => places.get(digest) ?? 0),
    ...{ withholdsEnvironment, showsEnvironment, recommended },
    subjects: isSame ? null : [...subjects],
    referrers: [...referrers].map(([subject, list]) => [subject, list.map((one) => ({ ...one }))]),
  };
  return JSON.stringify(row);
}

/** Throws a `SyntaxError`, `ZodError` or `TypeError` where the text is not one that was encoded. */
export function decodeOutline(text: string): RepositoryOutline {
  const { digests: table, places, subjects, referrers, ...row } = outlineSchema.parse(JSON.parse(text));
  const digests = places.map((place) => table[place]).filter((digest) => digest !== undefined);
  if (digests.length !== row.tags.length) throw new TypeError('not every tag has a digest');
  return { ...row, digests, subjects: subjects ?? table, referrers: new Map(referrers) };
}
