/**
 * One repository's file. Whatever repeats (digests, descriptors, steps of a build, environment) stands once in a table and
 * is named by its place there, for the rebuilds of an image share nearly all of it.
 */
import { z } from 'astro/zod';
import { isDigest } from '../oci/digest.ts';
import { isRepositoryName, isTag } from '../oci/reference.ts';
import { eventRowSchema } from './event-row.schema.ts';

export const repositorySchemaVersion = 2;

const digest = z.custom<import('../oci/digest.ts').Digest>(isDigest, 'not a digest');
const tag = z.custom<import('../oci/reference.ts').Tag>(isTag, 'not a tag');
const place = z.int().nonnegative();
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
/** Keys and texts, each by its place: a list, not a map, for keys repeat from build to build, and `__proto__` may be one. */
const texts = z.array(z.tuple([place, place]));

const platform = z.tuple([place, place, place.nullable(), place.nullable()]);
const interval = z.object({ notBefore: instant.nullable(), notAfter: instant });

const tagRecord = z.object({
  tag,
  digest: place.nullable(),
  state: z.enum(['current', 'stale', 'settling']).default('current'),
  firstSeenAt: instant,
  moved: interval.nullable().default(null),
  observedAt: instant.nullable().default(null),
  missedRuns: z.int().nonnegative().default(0),
});

const facts = z.object({
  mediaType: place,
  sizeBytes: z.int().nonnegative(),
  artifactType: place.optional(),
  subject: place.optional(),
  annotations: texts.optional(),
});

const child = z.object({
  descriptor: place,
  platform: platform.optional(),
  artifactType: place.optional(),
  annotations: texts.optional(),
});

const imageConfig = z.object({
  type: z.literal('image'),
  withheld: z.literal(true).optional(),
  createdAt: z.string().optional(),
  platform: platform.optional(),
  author: place.optional(),
  user: place.optional(),
  workingDir: place.optional(),
  entrypoint: z.array(place).optional(),
  command: z.array(place).optional(),
  environment: z.array(place).optional(),
  exposedPorts: z.array(place).optional(),
  volumes: z.array(place).optional(),
  stopSignal: place.optional(),
  labels: texts.optional(),
  history: z.array(place).optional(),
  diffIds: z.array(place).optional(),
});

const referrer = z.object({
  descriptor: place,
  artifactType: place.optional(),
  annotations: texts.optional(),
  firstSeenAt: instant,
});

/** The file. Tables first: `digests`, `texts`, `descriptors` [digest, media type, bytes], `steps` [created, by, comment, empty]. */
export const repositoryFileSchema = z.object({
  schemaVersion: z.literal(repositorySchemaVersion),
  name: z.custom<import('../oci/reference.ts').RepositoryName>(isRepositoryName, 'not a repository name'),
  source: z.string(),
  state: z.enum(['unread', 'listed', 'removed']),
  firstSeenAt: instant,
  staleSince: instant.nullable(),
  missedRuns: z.int().nonnegative(),
  digests: z.array(digest),
  texts: z.array(z.string()),
  descriptors: z.array(z.tuple([place, place, z.int().nonnegative()])),
  steps: z.array(z.tuple([z.string().nullable(), place.nullable(), place.nullable(), z.literal([0, 1])])),
  /** A list, not a map: `__proto__` is a valid tag. */
  tags: z.array(tagRecord),
  manifests: z.record(
    z.string(),
    z.discriminatedUnion('shape', [
      facts.extend({ shape: z.literal('manifest'), config: place, layers: z.array(place) }),
      facts.extend({ shape: z.literal('index'), children: z.array(child) }),
      facts.extend({ shape: z.literal('opaque'), problem: z.string().nullable() }),
    ]),
  ),
  configs: z.record(
    z.string(),
    z.discriminatedUnion('type', [
      imageConfig,
      z.object({ type: z.literal('chart'), chart: texts }),
      z.object({ type: z.literal('problem'), problem: z.enum(['invalid', 'too-large', 'redirect-refused']) }),
    ]),
  ),
  /** By what they are about. */
  referrers: z.record(z.string(), z.array(referrer)).default({}),
  /** Files of older events, oldest first: those of `events` are newer. */
  archives: z
    .array(z.object({ year: z.int(), file: z.string().regex(/^[0-9a-f]{64}$/), events: z.int().positive() }))
    .optional(),
  events: z.array(eventRowSchema),
});

export type RepositoryFileInput = z.input<typeof repositoryFileSchema>;
