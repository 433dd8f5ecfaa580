/** `/-/api/v1/lineage.json`: who stands on which base. A promise: fields are added, never changed or taken away. */
import { z } from 'astro/zod';
import { apiVersion } from './catalogue-json.schema.ts';

const digest = z.string();
const platforms = z
  .array(z.string())
  .nullable()
  .describe('The platforms that it holds for; null for all of the image.');
const evidence = z
  .enum(['layers', 'annotation-and-layers', 'annotation'])
  .describe(
    "`layers`: the image's first layers are all of the base's. `annotation`: the image says so, and the base's layers are not known here any more.",
  );
const behind = z
  .int()
  .nonnegative()
  .nullable()
  .describe('How many builds of the same line are newer and have other layers; null is unknown.');

const tag = z.string().describe('The one of its tags that says most exactly which it is.');
const isTagged = z.boolean().describe('False where no tag points at it any more.');
const newest = z.string().nullable().describe('The newest tag of the same line; null where no order tells.');

const base = z.object({
  ...{ platforms, evidence, name: z.string(), tag, digest, isTagged },
  alsoNamed: z
    .array(z.object({ name: z.string(), tag: z.string() }))
    .describe('The same content in other repositories.'),
  ...{ newest, behind },
});
const named = z.array(z.object({ platforms, text: z.string() }));

export const lineageJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  publicHost: z.string(),
  bases: z
    .array(
      z.object({
        name: z.string(),
        isRemoved: z.boolean(),
        versions: z
          .array(
            z.object({
              ...{ tag, digest, isTagged },
              alsoNamed: z.array(z.string()).describe('The same content in other repositories, as `name:tag`.'),
              ...{ newest, behind },
              images: z
                .array(
                  z.object({
                    name: z.string(),
                    tags: z.array(z.string()),
                    isCurrent: z.boolean().describe('It is what one would pull of the image.'),
                    via: z
                      .array(z.string())
                      .describe('The bases between, nearest first; empty where it is its own base.'),
                    platforms,
                    evidence,
                  }),
                )
                .describe('Everything that stands on the version, directly or not. Sorted by name.'),
            }),
          )
          .describe('Those that something stands on, newest first: those after a version are older.'),
      }),
    )
    .describe('Every repository that images stand on. Sorted by name.'),
  images: z
    .array(
      z.object({
        ...{ name: z.string(), tag: z.string() },
        isOutdated: z.boolean().describe('Something that it stands on has newer builds.'),
        bases: z.array(base),
        beneath: z.array(base).describe('What its layers begin with, where its base is not known here.'),
        further: z.array(base).describe('What its bases stand on in turn, nearest first.'),
        outside: named.describe('Bases that are not of this registry, as annotations name them.'),
        denied: named.describe("What annotations name, and the image's layers deny."),
        builtOnCount: z.int().nonnegative().describe('How many images stand on a version of this one.'),
      }),
    )
    .describe('Each by the tag that one would pull; those of which nothing is known are left out. Sorted by name.'),
});

export type LineageJson = z.output<typeof lineageJsonSchema>;
