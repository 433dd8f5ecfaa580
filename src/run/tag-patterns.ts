/**
 * Which tags the looks of the past could see. Nobody notes the hidden ones, so a tag that is new since a look that went by
 * other patterns may have been there all along.
 */
import type { Instant } from '../catalogue/model.ts';
import { toPossibleRun } from '../catalogue/possible-run.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { SnapshotIndex, TagPatterns } from '../snapshot/index.schema.ts';
import type { ShownNames } from './shown-names.ts';

type Patterns = Pick<ShownNames['patterns'], 'includeTags' | 'excludeTags'>;
type Previous = Pick<SnapshotIndex, 'tagPatterns'> | null;

/** What the snapshot says of the patterns that this crawl went by. */
export function toTagPatterns(previous: Previous, patterns: Patterns, now: Instant): TagPatterns {
  const fingerprint = fingerprintOfTagPatterns(patterns);
  const before = previous?.tagPatterns;
  if (before === undefined) return { fingerprint };
  if (before.fingerprint !== fingerprint) return { fingerprint, since: now };
  // A clock that ran ahead then would keep every look for years from being one since.
  return before.since === undefined ? before : { fingerprint, since: toPossibleRun(before.since, now) };
}

/** Whether a look, the newest one or one before, may have gone by other patterns. Of a snapshot that says nothing none is taken for one. */
export function createMayHaveHiddenTags(previous: Previous, patterns: Patterns): (lookedAt: Instant | null) => boolean {
  const before = previous?.tagPatterns;
  if (before === undefined) return () => false;
  if (before.fingerprint !== fingerprintOfTagPatterns(patterns)) return () => true;
  const { since } = before;
  return (lookedAt) => since !== undefined && lookedAt !== null && lookedAt < since;
}

function fingerprintOfTagPatterns({ includeTags, excludeTags }: Patterns): string {
  return fingerprintOf([includeTags, excludeTags]).slice(0, 16);
}
