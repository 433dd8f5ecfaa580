/**
 * What settings newly hide goes before anything else is done, for it must go also in an hour in which no source answers, and
 * from a snapshot that is built and not crawled.
 */
import { forEachConcurrently } from '../crawl/for-each-concurrently.ts';
import { fingerprintOf } from '../snapshot/fingerprint.ts';
import type { IndexEntry, SnapshotIndex } from '../snapshot/index.schema.ts';
import type { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { collectHiddenNames, keepHidden, toHiddenPart, toRedactor } from './hidden-names.ts';
import { redactEntry } from './redact-entry.ts';
import type { ShownNames } from './shown-names.ts';

/** Files read or written at once. */
const filesAtOnce = 8;

export interface HiddenNow {
  /** The repositories that went. */
  readonly names: ReadonlySet<string>;
  /** Whether anything went, be it a tag or a mention: whatever was made from the snapshot before may still have it. */
  readonly hasChanged: boolean;
}

/** Forgets what may hold a name that is hidden now. */
export interface ForgetBefore {
  /** What shards saw: perhaps a name that the snapshot never had. */
  readonly seen: () => Promise<void>;
  /** What was made from a snapshot that had the name. */
  readonly made: () => Promise<void>;
}

/**
 * Takes what `shown` hides out of the snapshot, if that has not been done with the same patterns before. What else may hold it
 * is forgotten first: a run that is killed between the two must leave nothing that the next one takes for done.
 * Throws a `SnapshotError`.
 */
export async function hideNames(store: SnapshotStore, shown: ShownNames, forget: ForgetBefore): Promise<HiddenNow> {
  const previous = await store.readIndex();
  const shownPatterns = fingerprintOfPatterns(shown);
  if (previous === null || previous.shownPatterns === shownPatterns) return { names: new Set(), hasChanged: false };
  const { isRepositoryShown, patterns } = shown;
  const kept = previous.repositories.filter(({ name }) => isRepositoryShown(name));
  const gone = new Set<string>(previous.repositories.map(({ name }) => name));
  for (const { name } of kept) gone.delete(name);
  const knownNames = kept.map(({ name }) => name);
  // The lists that tell of the others may fail in this hour.
  const elsewhere = keepHidden(null, previous, knownNames, []);
  const hidden = collectHiddenNames({ leftOutNames: gone, withheldNames: [], knownNames, patterns, elsewhere });
  const redact = toRedactor(hidden);
  const repositories: IndexEntry[] = [];
  await forEachConcurrently(kept, filesAtOnce, async (entry) => {
    repositories.push(redact === null ? entry : await redactEntry(entry, redact, { store, ...shown }));
  });
  const files = new Set(previous.repositories.map(({ file }) => file));
  const isSame = gone.size === 0 && repositories.every(({ file }) => files.has(file));
  const { hiddenMarks: _, ...others } = previous;
  const index: SnapshotIndex = isSame
    ? { ...previous, shownPatterns }
    : { ...others, shownPatterns, repositories, ...toHiddenPart(hidden), hiddenNamesChanged: true };
  await forget.seen();
  if (!isSame) await forget.made();
  await store.commit(index);
  await store.removeUnnamed(index);
  return { names: gone, hasChanged: !isSame };
}

/** Of what decides which names are shown. */
export function fingerprintOfPatterns({ patterns }: ShownNames): string {
  const { include, exclude, includeTags, excludeTags } = patterns;
  return fingerprintOf([include, exclude, includeTags, excludeTags]).slice(0, 16);
}
