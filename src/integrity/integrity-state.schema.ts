/** What is kept of an audit: a file that is replaced as a whole, and lines that are added to another one meanwhile. */
import { z } from 'astro/zod';
import { type Digest, isDigest } from '../oci/digest.ts';

export const integritySchemaVersion = 1;

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const count = z.int().nonnegative();

/** One blob: source, digest, cycle, when checked, outcome, length, fault since, unreadable since; who lacks it, if anybody does. */
export const checkRowSchema = z.tuple([
  z.string(),
  z.custom<Digest>(isDigest, 'not a digest'),
  count,
  instant.nullable(),
  z.enum(['sound', 'corrupt', 'missing', 'misstated']).nullable(),
  count.nullable(),
  instant.nullable(),
  instant.nullable(),
  z.array(z.tuple([z.string(), instant])).optional(),
]);

export type CheckRow = z.output<typeof checkRowSchema>;

/** What there was to verify, when a run last counted. */
export const namedTotalsSchema = z.object({
  blobs: count,
  sizeBytes: count,
  /** Layers that the registry need not hold, which are not among `blobs`. */
  foreignBlobs: count,
});

export type NamedTotals = z.output<typeof namedTotalsSchema>;

export const integrityFileSchema = z.object({
  schemaVersion: z.literal(integritySchemaVersion),
  /** The newest cycle that was begun. */
  cycle: count,
  named: namedTotalsSchema,
  checks: z.array(checkRowSchema),
});
