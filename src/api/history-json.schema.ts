/** `/-/api/v1/repositories/<name>/-/history.json`: all that is remembered of one repository. A promise: fields are only added. */
import { z } from 'astro/zod';
import { apiVersion } from './catalogue-json.schema.ts';
import { eventJsonSchema } from './event-json.schema.ts';

const instant = z.string().describe('ISO 8601 in UTC, to the second.');
const interval = z
  .object({ notBefore: instant.nullable(), notAfter: instant })
  .describe('Between these two observations; `notBefore` is null where nobody had looked before.');
const digest = z.string().describe('`sha256:` and 64 hexadecimal digits, or `sha512:` and 128.');

export const historyJsonSchema = z.object({
  schemaVersion: z.literal(apiVersion),
  name: z.string(),
  state: z.enum(['listed', 'removed']),
  firstSeenAt: instant,
  tags: z
    .array(
      z.object({
        tag: z.string(),
        firstSeenAt: instant,
        spans: z
          .array(
            z.object({
              digest: digest.nullable().describe('Null where it could not be read in all that time.'),
              began: interval,
              ended: interval.nullable().describe('Null while it goes on.'),
            }),
          )
          .describe(
            'What the tag pointed to, oldest first. Between two of them it was gone, unless one began as the other ended.',
          ),
      }),
    )
    .describe('Every tag that is or ever was, sorted by name.'),
  digests: z
    .record(digest, z.array(z.object({ tag: z.string(), began: interval, ended: interval.nullable() })))
    .describe('When each digest was tagged what.'),
  events: z.array(eventJsonSchema).describe('All of them, oldest first.'),
});

export type HistoryJson = z.output<typeof historyJsonSchema>;
