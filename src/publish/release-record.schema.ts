/** What lies beside a release and says what it was made from. */
import { z } from 'astro/zod';

export const releaseRecordSchema = z.object({
  /** What every page's bytes depend on besides the snapshot: settings and program. */
  fingerprint: z.string(),
  /** What shared files depend on besides the repositories: whether the catalogue is whole, and what is left out. */
  shared: z.string(),
  /** Which names were hidden when it was made, as a fingerprint; null where none were. */
  hiddenNames: z.string().nullable(),
  /** What the snapshot held: each repository and the name of its file. */
  repositories: z.record(z.string(), z.string()),
  /** The hashed files that this release made itself, relative to its root; newer releases carry them forward. */
  assets: z.array(z.string()),
});

/** What a release was made from. It lies beside the release, where no web server shows it. */
export type ReleaseRecord = z.output<typeof releaseRecordSchema>;
