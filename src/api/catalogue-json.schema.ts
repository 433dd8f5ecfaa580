/** `/-/api/v1/catalogue.json`: the whole catalogue in one file. A promise: fields are added, never changed or taken away. */
import { z } from 'astro/zod';

export const apiVersion = 1;

const instant = z.string().describe('ISO 8601 in UTC, to the second.');
const digest = z.string().describe('`sha256:` and 64 hexadecimal digits, or `sha512:` and 128.');
const count = z.int().nonnegative();

export const countsSchema = z
  .object({
    repositories: count,
    emptyRepositories: count.describe('Repositories without a tag; `repositories` counts them too.'),
    withheldRepositories: count.describe('Repositories that may not be read. They are in no other number.'),
    tags: count,
    manifests: count.describe('Distinct manifests that tags lead to, summed over the repositories.'),
    uniqueCompressedSizeBytes: count.describe(
      'The bytes of all layers that tags lead to, each layer counted once. What could not be read is not in it.',
    ),
  })
  .describe('The catalogue in numbers.');

export const recommendedSchema = z
  .object({
    tag: z.string(),
    digest,
    reason: z.object({
      code: z.enum(['same-digest', 'newest-build', 'newest-seen', 'highest-name', 'only-channel']),
      text: z.string().describe('Completes the sentence "recommended: …".'),
    }),
    createdAt: instant.nullable().describe('When it was built, or null where that is not recorded.'),
    platforms: z.array(
      z.object({
        platform: z.string().nullable().describe('Such as `linux/arm/v7`; null is unknown.'),
        compressedSizeBytes: count.nullable().describe('What a pull transfers; null is unknown.'),
      }),
    ),
  })
  .describe('The tag to pull.');

export const catalogueJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  title: z.string(),
  publicHost: z.string().describe('The host in pull commands.'),
  changedAt: instant.describe('The run that found the newest difference in any repository.'),
  complete: z.boolean().describe('Every source, repository and tag was read, and no removal was held back.'),
  counts: countsSchema,
  repositories: z
    .array(
      z.object({
        name: z.string(),
        kinds: z
          .array(z.string())
          .describe("What its versions are, sorted: `kind` in the repository's file has the words."),
        tagCount: count,
        recommended: recommendedSchema.nullable(),
        firstSeenAt: instant,
        changedAt: instant,
        staleSince: instant.nullable().describe('Since when it could not be read; null while it is current.'),
        links: z.object({ html: z.string(), json: z.string() }).describe('Absolute paths on this host.'),
      }),
    )
    .describe('Sorted by name.'),
});

export type CatalogueJson = z.output<typeof catalogueJsonSchema>;
