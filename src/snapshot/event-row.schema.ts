/** An event as the snapshot keeps it: a row whose digests are places in the file's own table. */
import { z } from 'astro/zod';
import { isTag, type Tag } from '../oci/reference.ts';

const place = z.int().nonnegative();
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

/**
 * [type, tag, from, to, not after, seconds from not before to not after, run], then, where they say something: ordinal, and when
 * the removed tag was first seen.
 */
export const eventRowSchema = z.tuple([
  z.enum(['added', 'moved', 'removed', 'returned']),
  z.custom<Tag>(isTag, 'not a tag').nullable(),
  place.nullable(),
  place.nullable(),
  instant,
  z.int().nullable(),
  z.int().nonnegative(),
  z.int().nonnegative().optional(),
  instant.optional(),
]);

export type EventRow = z.output<typeof eventRowSchema>;
