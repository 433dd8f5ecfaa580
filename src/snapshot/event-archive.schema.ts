/** A file of events that were put away. */
import { z } from 'astro/zod';
import { isDigest } from '../oci/digest.ts';
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts';
import { eventRowSchema } from './event-row.schema.ts';

export const archiveSchemaVersion = 2;

export const eventArchiveSchema = z.object({
  schemaVersion: z.literal(archiveSchemaVersion),
  name: z.custom<RepositoryName>(isRepositoryName, 'not a repository name'),
  year: z.int(),
  digests: z.array(z.custom<import('../oci/digest.ts').Digest>(isDigest, 'not a digest')),
  /** Oldest first. */
  events: z.array(eventRowSchema),
});
