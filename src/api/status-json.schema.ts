/** `/-/status.json`: for monitors. The only JSON that is written every hour. A promise: fields are only added. */
import { z } from 'astro/zod';
import { apiVersion, countsSchema } from './catalogue-json.schema.ts';

const instant = z.string().describe('ISO 8601 in UTC, to the second.');
const count = z.int().nonnegative();

const auditSchema = z.object({
  namedBlobs: count.describe('Layers and configs that manifests name and the registry must hold.'),
  namedSizeBytes: count,
  soundBlobs: count,
  soundSizeBytes: count,
  oldestCheckedAt: instant.nullable().describe('The oldest check of what is sound.'),
  newestCheckedAt: instant.nullable(),
  unreadBlobs: count.describe('Those whose newest attempt told nothing.'),
  foreignBlobs: count.describe('Layers that registries need not hold. They are not read.'),
});

export const statusJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  checkedAt: instant.describe('The newest run that reached a source. If it is old, the job does not run.'),
  changedAt: instant.describe('The run that found the newest difference in any repository.'),
  beganAt: instant.describe('The first run of all.'),
  complete: z.boolean().describe('Every source, repository and tag was read, and no removal was held back.'),
  counts: countsSchema,
  listedRepositories: count.describe(
    'Repositories that sources list and that may be read, whether they could be or not.',
  ),
  currentRepositories: count.describe('Of these, the ones that were read in the newest run.'),
  unreadRepositories: count.describe('Of these, the ones that were never read yet.'),
  incompleteRepositories: z
    .array(
      z.object({
        name: z.string(),
        staleSince: instant.nullable().describe('Since when none of it could be read; null where tags are affected.'),
        staleTags: count,
        settlingTags: count,
      }),
    )
    .describe('Repositories of which not everything is current. Sorted by name.'),
  heldBackRemovals: z.object({ repositories: count, tags: count }).describe('Removals that were too many to believe.'),
  integrity: z
    .object({
      bytes: auditSchema.nullable().describe('Blobs whose bytes were read and hashed; null where none ever were.'),
      sizes: auditSchema.nullable().describe('Blobs whose length was asked for by HEAD; null where none ever were.'),
      faults: z.array(
        z.object({
          digest: z.string(),
          kind: z
            .enum(['corrupt', 'missing', 'misstated'])
            .describe('`misstated`: the bytes are right, and a manifest says another length.'),
          foundAt: instant.describe('When it was first found so.'),
          isElsewhere: z.boolean().describe('Missing from these images alone: the registry has it for another one.'),
          images: z.array(z.object({ name: z.string(), tags: z.array(z.string()) })),
        }),
      ),
    })
    .nullable()
    .describe('What `registry-homepage verify` found; null where it never ran.'),
  sources: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['complete', 'incomplete', 'failed', 'refused']),
      completeAt: instant.nullable().describe('Its last complete listing.'),
    }),
  ),
});

export type StatusJson = z.output<typeof statusJsonSchema>;
