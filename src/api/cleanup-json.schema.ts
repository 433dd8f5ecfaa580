/** `/-/api/v1/cleanup.json`: what could go, and what that would win. A promise: fields are added, never changed or taken away. */
import { z } from 'astro/zod';
import { apiVersion } from './catalogue-json.schema.ts';

const instant = z.string().describe('ISO 8601 in UTC, to the second.');
const count = z.int().nonnegative();

export const cleanupJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  publicHost: z.string(),
  measuredAt: instant.describe("What ages are measured at: the catalogue's last change."),
  isExact: z
    .boolean()
    .describe(
      'False where something in the registry could not be read, and may share what would be freed, which is the most then; or where there is more than a number can say.',
    ),
  freedBytes: count.describe('Of all together. What is freed after the registry collects its garbage.'),
  digestCount: count,
  tagCount: count,
  images: z
    .array(
      z.object({
        name: z.string(),
        freedBytes: count.describe('If only this image were cleaned up.'),
        digests: z.array(
          z.object({
            digest: z.string(),
            tags: z.array(z.string()).describe('All tags of the digest: all of them vanish.'),
            about: z
              .string()
              .nullable()
              .describe('Of a signature and its like: the digest that it is about, and goes with.'),
            builtAt: instant.nullable(),
            touchedAt: instant.describe('When a tag last came to point at it.'),
            dueAt: instant.describe('From when on the rules let it go.'),
            freedAloneBytes: count.describe('If it alone went.'),
            manifests: z.array(z.string()).describe('All digests to delete, each image index before what it holds.'),
          }),
        ),
      }),
    )
    .describe('Sorted by name.'),
  upcoming: z
    .array(z.object({ day: z.string(), digestCount: count }))
    .describe('What falls due within 31 days after `measuredAt`.'),
});

export type CleanupJson = z.output<typeof cleanupJsonSchema>;
