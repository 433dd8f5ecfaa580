/** What lies beside a release and says what it was made from. */
import { z } from 'astro/zod';

/**
 * What another version of the program wrote, or a field that it did not know, is read as a value that matches nothing: such a
 * release is still ours to remove, and nothing of it is taken over.
 */
const matchesNothing = 'unknown';

export const releaseRecordSchema = z.object({
  /** What every page's bytes depend on besides the snapshot: settings and program. */
  fingerprint: z.string().catch(matchesNothing),
  /** What shared files depend on besides the repositories: whether the catalogue is whole, and what is left out. */
  shared: z.string().catch(matchesNothing),
  /** What the snapshot said of its repositories, as a fingerprint. */
  catalogue: z.string().default(''),
  /** Which names were hidden when it was made, as a fingerprint; null where none were. */
  hiddenNames: z.string().nullable().catch(matchesNothing),
  /** What the snapshot held: each repository and the name of its file. */
  repositories: z.record(z.string(), z.string()).catch({}),
  /** Pages that depend on no one repository and not on all: each, and what its bytes depend on, as one digest. */
  pages: z.record(z.string(), z.string()).default({}),
  /** The ids of the folders that it shares with other releases. */
  sealed: z.array(z.string()).catch([]),
  /** Since when the ids of such folders mean what they mean: a release that was damaged is made anew under new ones. */
  sealedSince: z.string().default(''),
  /** The hashed files that this release made itself, relative to its root; newer releases carry them forward. */
  assets: z.array(z.string()).catch([]),
});

/** What a release was made from. It lies beside the release, where no web server shows it. */
export type ReleaseRecord = z.output<typeof releaseRecordSchema>;
