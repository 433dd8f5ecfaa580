/** A repository's outline as the file of all of them keeps it: each digest once, and named by its place. */
import { z } from 'astro/zod';
import { type Digest, isDigest } from '../oci/digest.ts';
import { isTag, type Tag } from '../oci/reference.ts';

const digest = z.custom<Digest>(isDigest, 'not a digest');
const place = z.int().nonnegative();

const referrer = z.strictObject({
  mediaType: z.string(),
  digest,
  sizeBytes: z.int().nonnegative(),
  artifactType: z.string().nullable(),
  annotations: z.record(z.string(), z.string()),
  firstSeenAt: z.string(),
});

export const outlineSchema = z.strictObject({
  source: z.string(),
  tags: z.array(z.custom<Tag>(isTag, 'not a tag')),
  digests: z.array(digest),
  /** What each tag points to. */
  places: z.array(place),
  withholdsEnvironment: z.boolean(),
  showsEnvironment: z.boolean(),
  recommended: digest.nullable(),
  /** Null where they are `digests`. */
  subjects: z.array(digest).nullable(),
  referrers: z.array(z.tuple([digest, z.array(referrer)])),
});

export type OutlineRow = z.output<typeof outlineSchema>;
