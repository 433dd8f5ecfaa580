/** `/-/api/v1/changes.json`: what happened lately, in the whole registry. A promise: fields are only added. */
import { z } from 'astro/zod';
import { apiVersion } from './catalogue-json.schema.ts';
import { eventJsonSchema } from './event-json.schema.ts';

export const changesJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  beganAt: z.string().describe('The first run of all. What that found is the beginning, and no news.'),
  changes: z
    .array(
      z.object({
        name: z.string(),
        ...eventJsonSchema.shape,
        links: z.object({ html: z.string(), json: z.string(), history: z.string() }),
      }),
    )
    .describe('Newest first: at most 2,000, of the newest 31 days on which anything happened. `history` has the rest.'),
});

export type ChangesJson = z.output<typeof changesJsonSchema>;
