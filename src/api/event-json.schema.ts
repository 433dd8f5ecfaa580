/** An event as every file of the API gives it. */
import { z } from 'astro/zod';

const instant = z.string().describe('ISO 8601 in UTC, to the second.');
const digest = z.string().describe('`sha256:` and 64 hexadecimal digits, or `sha512:` and 128.');

export const eventJsonSchema = z.object({
  id: z.string().describe('From what happened and never from the time: the same on every host and in every rebuild.'),
  type: z.enum(['added', 'moved', 'removed', 'returned']),
  tag: z.string().nullable().describe('Null where it happened to the whole repository.'),
  from: digest.nullable(),
  to: digest.nullable(),
  notBefore: instant.nullable().describe('It was not so yet; null where nobody had looked before.'),
  notAfter: instant.describe('It was so.'),
  firstSeenAt: instant.nullable().describe('When a tag that was removed was first seen; null for all else.'),
});

export type EventJson = z.output<typeof eventJsonSchema>;
