/** What one rendering is to make: written by a run, read by the pages. */
import { z } from 'astro/zod';
import { type Digest, isDigest } from '../oci/digest.ts';
import { isRepositoryName, type RepositoryName } from '../oci/reference.ts';
import { overlaySchema } from '../settings/overlay.schema.ts';
import { settingsSchema } from '../settings/settings.schema.ts';

/** The environment variable that holds the path of the plan's file. */
export const planVariable = 'REGISTRY_HOMEPAGE_PLAN';

const name = z.custom<RepositoryName>(isRepositoryName, 'not a repository name');
const digest = z.custom<Digest>(isDigest, 'not a digest');
const page = z.int().positive();

export const renderPlanSchema = z.object({
  /** The folder whose snapshot is rendered. */
  stateDir: z.string(),
  /** The summaries of that snapshot, as `encodeSummaries` wrote them. Read only where a listing is to be rendered. */
  summariesFile: z.string(),
  /** What no single repository knows, as `encodeWholeViews` wrote it. */
  wholeFile: z.string(),
  settings: z.object({
    title: z.string(),
    publicHost: z.string(),
    alternateHosts: z.array(z.string()),
    base: z.string(),
    movingTags: z.array(z.string()),
    ...settingsSchema.pick({ siteUrl: true, intro: true, accentColour: true }).shape,
    footerLinks: settingsSchema.shape.footerLinks.unwrap().optional(),
    linkTemplates: settingsSchema.shape.linkTemplates.unwrap().optional(),
    tools: settingsSchema.shape.tools.unwrap().optional(),
    logo: z.object({ address: z.string(), width: z.int(), height: z.int() }).optional(),
    overlay: overlaySchema.optional(),
  }),
  /** The catalogue in numbers, for the homepage. */
  counts: z.object({
    repositories: z.int().nonnegative(),
    tags: z.int().nonnegative(),
    uniqueCompressedSizeBytes: z.int().nonnegative(),
  }),
  /** What an audit found wrong with blobs. */
  faults: z
    .array(
      z.object({
        source: z.string(),
        digest,
        kind: z.enum(['corrupt', 'missing', 'misstated']),
        sizeBytes: z.int().nonnegative().nullable(),
        foundAt: z.string(),
        lackedBy: z.string().nullable(),
      }),
    )
    .optional(),
  /** The pages to render, those of one repository side by side. */
  pages: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('listing'), path: z.string(), page }),
      z.object({ kind: z.literal('image'), name, page }),
      z.object({ kind: z.literal('signpost'), name }),
      z.object({ kind: z.literal('manifest'), name, digest }),
      z.object({ kind: z.literal('selection'), slug: z.string(), page }),
      z.object({ kind: z.literal('changes'), day: z.string().nullable(), page }),
      z.object({ kind: z.literal('status') }),
      z.object({ kind: z.literal('storage') }),
      z.object({ kind: z.literal('lineage'), page }),
      z.object({ kind: z.literal('cleanup') }),
      z.object({ kind: z.literal('help') }),
    ]),
  ),
});

export type RenderPlan = Readonly<z.output<typeof renderPlanSchema>>;
