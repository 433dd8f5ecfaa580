/** What differed in files of schema version 1. */
import { z } from 'astro/zod';
import { isDigest } from '../oci/digest.ts';
import { isTag, type Tag } from '../oci/reference.ts';

type Digest = import('../oci/digest.ts').Digest;

const digest = z.custom<Digest>(isDigest, 'not a digest');
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

export const versionOneIndexSchema = z.looseObject({
  schemaVersion: z.literal(1),
  runsBefore: z.int().nonnegative().optional(),
});

/** Each event stood with its id and whole digests, and nobody counted runs. */
export const versionOneRepositorySchema = z.looseObject({
  schemaVersion: z.literal(1),
  digests: z.array(digest),
  events: z.array(
    z.object({
      type: z.enum(['added', 'moved', 'removed', 'returned']),
      tag: z.custom<Tag>(isTag, 'not a tag').nullable(),
      from: digest.nullable(),
      to: digest.nullable(),
      notBefore: instant.nullable(),
      notAfter: instant,
    }),
  ),
});
