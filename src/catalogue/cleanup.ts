/**
 * What a clean-up by rule would take away, and what that would win. Nothing is ever deleted from here.
 *
 * A registry deletes digests: every tag of a digest goes with it. So a digest goes only when all of its tags may go, and never
 * while an image index that stays holds it. What a digest alone leads to within its repository (the platforms of an index)
 * goes with it, and so do tags that are about nothing else, such as its signatures.
 */
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { InventoryRow } from './inventory.ts';
import type { Instant } from './model.ts';
import { keepInMemory, type PutAway } from './put-away.ts';
import { createFreedCounter, type FreedCounter } from './storage.ts';
import type { LedgerRow, StorageLedger } from './storage-ledger.ts';

/** A rule. What it names must all hold before a digest may go. */
export interface CleanupRule {
  /** Whether it speaks of a repository. The first rule that does decides. */
  readonly covers: (name: RepositoryName) => boolean;
  /** Tags that never go. */
  readonly isProtected: (tag: string) => boolean;
  /** Built (first seen, where nobody recorded that) longer ago than this. */
  readonly olderThanDays?: number | undefined;
  /** Not among so many newest of its repository. */
  readonly beyondNewest?: number | undefined;
  /** For so long no tag has come to point at it. */
  readonly untouchedForDays?: number | undefined;
}

export interface CleanupOptions {
  readonly rules: readonly CleanupRule[];
  /** What ages are measured at. */
  readonly measuredAt: Instant;
  /** The tag of a repository that is recommended: its digest never goes. */
  readonly recommendedTagOf: (name: RepositoryName) => Tag | null;
}

/** A digest that may go. */
export interface CleanupItem {
  readonly digest: Digest;
  /** Every tag that vanishes: the digest's own. */
  readonly tags: readonly Tag[];
  /** From when on the rule lets it go. */
  readonly dueAt: Instant;
  readonly builtAt: Instant | null;
  readonly touchedAt: Instant;
  /** What is about it and goes with it, or null where it is what the rule speaks of. */
  readonly about: Digest | null;
  /** What would be freed if it alone went. */
  readonly freedAloneBytes: number;
  /** All digests that have to be deleted in its repository, each index before what it holds. Each stands once in a plan. */
  readonly manifests: readonly Digest[];
}

export interface CleanupRepository {
  readonly name: RepositoryName;
  readonly digestCount: number;
  readonly tagCount: number;
  /** What would be freed if only this repository's went. */
  readonly freedBytes: number;
  /** Brings back what goes. */
  readItems(): readonly CleanupItem[];
}

export interface CleanupPlan {
  readonly measuredAt: Instant;
  /** How many repositories each rule decides about. */
  readonly coveredCounts: readonly number[];
  /** Those with something to go, sorted by name. */
  readonly repositories: readonly CleanupRepository[];
  readonly digestCount: number;
  readonly tagCount: number;
  /** Of all together: what several of them share goes when the last does. */
  readonly freedBytes: number;
  /** Digests that fall due within so many days after `measuredAt`, by the day. */
  readonly upcoming: readonly { readonly day: string; readonly digestCount: number }[];
}

/** How far ahead `upcoming` looks. */
export const upcomingDays = 31;

/** Plans, one repository after the other. Digests that are stale, unreadable or not wholly known stay. */
export function planCleanup(
  ledger: StorageLedger,
  options: CleanupOptions,
  putAway: PutAway = keepInMemory,
): CleanupPlan {
  const { rules, measuredAt } = options;
  const until = addDays(measuredAt, upcomingDays);
  const upcoming = new Map<string, number>();
  const coveredCounts = rules.map(() => 0);
  const countFreedBytes = createFreedCounter(ledger);
  const repositories: CleanupRepository[] = [];
  const going: number[] = [];
  for (const repository of ledger.repositories) {
    const place = rules.findIndex(({ covers }) => covers(repository.name));
    const rule = rules[place];
    if (rule === undefined) continue;
    coveredCounts[place] = (coveredCounts[place] ?? 0) + 1;
    if (repository.isStale) continue;
    const rows = repository.readRows();
    const due = listDue(rows, rule, options.recommendedTagOf(repository.name));
    for (const { dueAt } of due) {
      if (dueAt <= measuredAt || dueAt > until) continue;
      upcoming.set(dueAt.slice(0, 10), (upcoming.get(dueAt.slice(0, 10)) ?? 0) + 1);
    }
    const now = due.filter(({ dueAt }) => dueAt <= measuredAt);
    const leaving = withAttachments(rows, withoutHeld(rows, now), rule);
    if (leaving.length === 0) continue;
    const own = leaving.map(({ row }) => row.at);
    going.push(...own);
    repositories.push({
      name: repository.name,
      digestCount: leaving.length,
      tagCount: leaving.reduce((sum, { row }) => sum + row.row.tags.length, 0),
      freedBytes: countFreedBytes(own),
      readItems: putAway(toItems(rows, leaving, countFreedBytes)),
    });
  }
  return {
    ...{ measuredAt, coveredCounts, repositories },
    digestCount: going.length,
    tagCount: repositories.reduce((sum, { tagCount }) => sum + tagCount, 0),
    freedBytes: countFreedBytes(going),
    upcoming: [...upcoming].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, digestCount]) => ({ day, digestCount })),
  };
}

function toItems(
  rows: readonly LedgerRow[],
  leaving: readonly Due[],
  countFreedBytes: FreedCounter,
): readonly CleanupItem[] {
  const going = new Set(leaving.map(({ row }) => row));
  const kept = new Set(rows.filter((row) => !going.has(row)).flatMap(({ manifests }) => manifests));
  const listed = new Set<Digest>();
  return leaving.map(({ row: { at, row, manifests }, dueAt, about }) => ({
    ...{ digest: row.digest, tags: row.tags, dueAt, about, builtAt: row.builtAt, touchedAt: row.touchedAt },
    freedAloneBytes: countFreedBytes([at]),
    manifests: manifests.filter((digest) => !kept.has(digest) && listed.size < listed.add(digest).size),
  }));
}

/** The instant so many days later. */
export function addDays(instant: Instant, days: number): Instant {
  return `${new Date(Date.parse(instant) + days * 86_400_000).toISOString().slice(0, 19)}Z`;
}

interface Due {
  readonly row: LedgerRow;
  readonly dueAt: Instant;
  readonly about: Digest | null;
}

/** What the rule lets go now or some day. A rule that asks for nothing lets nothing go. */
function listDue(rows: readonly LedgerRow[], rule: CleanupRule, recommended: Tag | null): readonly Due[] {
  const { olderThanDays, beyondNewest, untouchedForDays, isProtected } = rule;
  if (olderThanDays === undefined && beyondNewest === undefined && untouchedForDays === undefined) return [];
  return rows
    .filter(({ row }) => !row.isAttachment)
    .slice(beyondNewest ?? 0)
    .filter(({ row, isWhole }) => isWhole && row.state === 'current')
    .filter(({ row }) => !row.tags.some((tag) => tag === recommended || isProtected(tag)))
    .map((row) => ({ row, about: null, dueAt: toDueAt(row.row, olderThanDays, untouchedForDays) }));
}

function toDueAt(
  { builtAt, firstSeenAt, touchedAt }: Pick<InventoryRow, 'builtAt' | 'firstSeenAt' | 'touchedAt'>,
  older?: number,
  untouched?: number,
): Instant {
  const times = [
    ...(older === undefined ? [] : [addDays(builtAt ?? firstSeenAt, older)]),
    ...(untouched === undefined ? [] : [addDays(touchedAt, untouched)]),
  ];
  return times.sort().at(-1) ?? firstSeenAt;
}

/** Without the digests that something which stays holds; what stays for that reason may hold others. */
function withoutHeld(rows: readonly LedgerRow[], due: readonly Due[]): readonly Due[] {
  let going = due;
  for (;;) {
    const leaving = new Set(going.map(({ row }) => row));
    const held = new Set(rows.filter((row) => !leaving.has(row)).flatMap(({ manifests }) => manifests));
    const free = going.filter(({ row }) => !held.has(row.row.digest));
    if (free.length === going.length) return free;
    going = free;
  }
}

/** With the tags that are about what goes, and about nothing else. */
function withAttachments(
  rows: readonly LedgerRow[],
  going: readonly Due[],
  { isProtected }: CleanupRule,
): readonly Due[] {
  const leaving = new Set(going.map(({ row }) => row));
  const kept = new Set(rows.filter((row) => !leaving.has(row)).flatMap(({ manifests }) => manifests));
  const goingBy = new Map<string, Due>();
  for (const due of going) {
    for (const digest of due.row.manifests) if (!kept.has(digest)) goingBy.set(digest, due);
  }
  const attached = rows.flatMap((row): readonly Due[] => {
    if (!row.row.isAttachment || leaving.has(row) || row.row.tags.some(isProtected)) return [];
    const subjects = new Set(row.row.tags.map((tag) => toSubject(tag) ?? row.row.subject));
    const [about] = subjects;
    const due = about == null ? undefined : goingBy.get(about);
    if (subjects.size !== 1 || about == null || due === undefined) return [];
    return [{ row, dueAt: due.dueAt, about }];
  });
  return withoutHeld(rows, [...going, ...attached]).filter(({ about }) => about === null || goingBy.has(about));
}

/** `sha256-<hex>.sig` -> the digest that it is about. */
function toSubject(tag: string): Digest | null {
  const match = /^(sha256|sha512)-([0-9a-f]+)(?:\.[\w-]+)?$/.exec(tag);
  return match === null ? null : (`${match[1]}:${match[2]}` as Digest);
}
