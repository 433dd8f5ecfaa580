/** `/-/api/v1/repositories/<name>/-/repository.json`: everything about one repository. A promise: fields are only added. */
import { z } from 'astro/zod';
import { apiVersion, recommendedSchema } from './catalogue-json.schema.ts';
import { eventJsonSchema } from './event-json.schema.ts';

const instant = z.string().describe('ISO 8601 in UTC, to the second.');
const digest = z.string().describe('`sha256:` and 64 hexadecimal digits, or `sha512:` and 128.');
const sizeBytes = z.int().nonnegative();
const texts = z.record(z.string(), z.string());

export const repositoryJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  name: z.string(),
  recommended: recommendedSchema.nullable(),
  staleSince: instant.nullable().describe('Since when it could not be read; null while it is current.'),
  tags: z
    .array(
      z.object({
        tag: z.string(),
        digest: digest.nullable().describe('Null where the tag was never readable.'),
        state: z.enum(['current', 'stale', 'settling']),
        firstSeenAt: instant,
        moved: z
          .object({ notBefore: instant.nullable(), notAfter: instant })
          .nullable()
          .describe('When it came to point at `digest`, if that was after it was first seen.'),
      }),
    )
    .describe('Sorted by name.'),
  manifests: z
    .record(
      digest,
      z.object({
        mediaType: z.string(),
        kind: z
          .string()
          .describe(
            '`image`, `image-index`, `helm-chart`, `signature`, `attestation`, `sbom`, `artifact`, `docker-schema1` or `unknown`.',
          ),
        artifactType: z.string().nullable(),
        createdAt: instant.nullable().describe('When it was built, or null where that is not plausibly recorded.'),
        subject: digest.nullable().describe('The manifest that this one is about.'),
        compressedSizeBytes: sizeBytes
          .nullable()
          .describe(
            "The bytes of the manifest's own layers, each once; null for an index, whose platforms have sizes.",
          ),
        platforms: z.array(
          z.object({
            os: z.string().describe('`unknown` where nobody says.'),
            architecture: z.string(),
            variant: z.string().nullable(),
            osVersion: z.string().nullable(),
            digest,
            compressedSizeBytes: sizeBytes.nullable().describe('What a pull transfers; null is unknown.'),
            createdAt: instant.nullable(),
          }),
        ),
        attachments: z
          .array(
            z.object({
              digest,
              kind: z.string().describe('`signature`, `attestation`, `sbom`, or what else it is.'),
              artifactType: z.string().nullable(),
              mediaType: z.string(),
              createdAt: instant.nullable(),
              tag: z.string().nullable().describe('The tag that it is kept under, or null.'),
            }),
          )
          .describe('What is about this very manifest: by the referrers API, by tag, or in the index that holds it.'),
        annotations: texts,
        labels: texts.describe('Of the config; of an index, what the labels of all its platforms have in common.'),
      }),
    )
    .describe('By digest: what tags point at, and the platforms of indexes. Sorted.'),
  events: z.array(eventJsonSchema).describe('Oldest first.'),
});

export type RepositoryJson = z.output<typeof repositoryJsonSchema>;
