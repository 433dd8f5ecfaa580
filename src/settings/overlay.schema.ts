/** The overlay: what the operator adds to images that say too little of themselves. */
import { z } from 'astro/zod';
import { anyPattern } from './pattern.schema.ts';
import { linesOfText, link } from './text.schema.ts';

const notes = z.strictObject({
  description: linesOfText(600).optional().describe("A sentence or two. Wins over the image's own description."),
  owner: linesOfText(300).optional().describe('Who looks after it. Addresses in it become links.'),
  docs: link.optional().describe('Where its documentation is.'),
  source: link.optional().describe('Where its source is.'),
  licence: linesOfText(300).optional().describe('Its licence, best as an SPDX expression.'),
  deprecatedSince: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, 'expected a day, such as 2026-04-30')
    .refine(isDay, 'expected a day that exists')
    .optional()
    .describe('The day from which it should be used no more.'),
  replacement: linesOfText(300)
    .optional()
    .describe('What to use instead: the name of a repository, which becomes a link, or a few words.'),
});

/**
 * The notes of each pattern. They are read in order, and what a later entry says wins over an earlier one. Notes that nothing is
 * meant by are harmless, and programs that write overlays know of images that this registry cannot have.
 */
export const overlaySchema = z.record(
  anyPattern,
  notes,
  'expected names or patterns of repositories, each with its notes',
);

/** What the operator says of a repository. */
export type RepositoryNotes = z.output<typeof notes>;
export type Overlay = z.output<typeof overlaySchema>;

/** `Date` itself takes the 30th of February for the 1st of March. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
