/** The parts of a signed schema 1 manifest that say what was signed. */
import { z } from 'astro/zod';

export const signedManifestSchema = z.object({ signatures: z.array(z.object({ protected: z.string() })).min(1) });
export const protectedHeaderSchema = z.object({ formatLength: z.int().nonnegative(), formatTail: z.string() });
