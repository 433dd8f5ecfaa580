/**
 * What a clean-up by rule would take away, and what that would win. Nothing is ever deleted from here.
 *
 * A registry deletes digests: every tag of a digest goes with it. So a digest goes only when all of its tags may go, and never
 * while an image index that stays holds it. What a digest alone leads to within its repository (the platforms of an index)
 * goes with it, and so do tags that are about nothing else, such as its signatures.
 */
import { hash } from 'node:crypto';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName, Tag } from '../oci/reference.ts';
import type { InventoryRow } from './inventory.ts';
import type { Instant } from './model.ts';
import { createFreedCounter, type FreedCounter } from './storage.ts';
import type { LedgerRow, StorageLedger } from './storage-ledger.ts';
import { toTagFamily } from './tag-family.ts';

/** A rule. What it names must all hold before a digest may go. */
export interface CleanupRule {
  /** Stands for all of it. */
  readonly key: string;
  /** Whether it speaks of a repository. The first rule that does decides. */
  readonly covers: (name: RepositoryName) => boolean;
  /** Tags that never go. */
  readonly isProtected: (tag: string) => boolean;
  /** Built (first seen, where nobody recorded that) longer ago than this. */
  readonly olderThanDays?: number | undefined;
  /** Not among so many newest of its repository: by name, or by date where names have no order. */
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
  /** What was decided about a repository some time ago. */
  readonly decisionOf?: (name: RepositoryName) => CleanupDecision | undefined;
}

/** What a rule lets go of one repository. It follows from that repository, and holds until more of it falls due. */
export interface CleanupDecision {
  /** Stands for the repository, the rule and the recommended tag. */
  readonly madeFrom: string;
  readonly measuredAt: Instant;
  /** What goes, by its place among the rows of the repository. */
  readonly leaving: readonly number[];
  /** When more falls due, sorted. */
  readonly later: readonly Instant[];
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
  /** Stands for `freedBytes` and all items. */
  readonly key: string;
  /** Reads what goes. */
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
  /** About every repository that a rule speaks of. */
  readonly decisions: ReadonlyMap<RepositoryName, CleanupDecision>;
}

/** How far ahead `upcoming` looks. */
export const upcomingDays = 31;

/**
 * Plans, one repository after the other. Digests that are stale, unreadable or not wholly known stay. Only repositories about which
 * nothing is decided are read; whoever wants to know what goes of the others reads them.
 */
export function planCleanup(ledger: StorageLedger, options: CleanupOptions): CleanupPlan {
  const { rules, measuredAt, recommendedTagOf, decisionOf } = options;
  const until = addDays(measuredAt, upcomingDays);
  const upcoming = new Map<string, number>();
  const coveredCounts = rules.map(() => 0);
  const countFreedBytes = createFreedCounter(ledger);
  const repositories: CleanupRepository[] = [];
  const decisions = new Map<RepositoryName, CleanupDecision>();
  const going: number[] = [];
  for (const repository of ledger.repositories) {
    const { name, stretch } = repository;
    const place = rules.findIndex(({ covers }) => covers(name));
    const rule = rules[place];
    if (rule === undefined) continue;
    coveredCounts[place] = (coveredCounts[place] ?? 0) + 1;
    if (repository.isStale) continue;
    const recommended = recommendedTagOf(name);
    const madeFrom = digestOf([repository.key, rule.key, recommended]);
    const known = decisionOf?.(name);
    const decision =
      known !== undefined && holdsAt(known, madeFrom, measuredAt)
        ? known
        : { madeFrom, measuredAt, ...decide(repository.readRows(), rule, recommended, measuredAt) };
    decisions.set(name, decision);
    const { leaving, later } = decision;
    for (const dueAt of later) {
      if (dueAt > until) break;
      upcoming.set(dueAt.slice(0, 10), (upcoming.get(dueAt.slice(0, 10)) ?? 0) + 1);
    }
    if (leaving.length === 0) continue;
    const own = leaving.map((row) => stretch[0] + row);
    going.push(...own);
    const freedBytes = countFreedBytes(own);
    repositories.push({
      ...{ name, freedBytes },
      digestCount: own.length,
      tagCount: own.reduce((sum, row) => sum + (ledger.rows.tagCounts[row] as number), 0),
      key: digestOf([madeFrom, leaving, freedBytes, own.map((row) => countFreedBytes([row]))]),
      readItems() {
        const rows = repository.readRows();
        return toItems(rows, listLeaving(rows, rule, recommended, measuredAt), countFreedBytes);
      },
    });
  }
  return {
    ...{ measuredAt, coveredCounts, repositories, decisions },
    digestCount: going.length,
    tagCount: repositories.reduce((sum, { tagCount }) => sum + tagCount, 0),
    freedBytes: countFreedBytes(going),
    upcoming: [...upcoming].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, digestCount]) => ({ day, digestCount })),
  };
}

/** Clocks may be set back: what was due then may not be due now. */
function holdsAt(decision: CleanupDecision, madeFrom: string, at: Instant): boolean {
  const [next] = decision.later;
  return decision.madeFrom === madeFrom && decision.measuredAt <= at && (next === undefined || at < next);
}

function decide(rows: readonly LedgerRow[], rule: CleanupRule, recommended: Tag | null, measuredAt: Instant) {
  const [first] = rows;
  const due = listDue(rows, rule, recommended);
  return {
    leaving: listLeaving(rows, rule, recommended, measuredAt).map(({ row }) => row.at - (first?.at ?? 0)),
    later: due
      .map(({ dueAt }) => dueAt)
      .filter((dueAt) => dueAt > measuredAt)
      .sort(),
  };
}

function listLeaving(
  rows: readonly LedgerRow[],
  rule: CleanupRule,
  recommended: Tag | null,
  measuredAt: Instant,
): readonly Due[] {
  const now = listDue(rows, rule, recommended).filter(({ dueAt }) => dueAt <= measuredAt);
  return withAttachments(rows, withoutHeld(rows, now), rule);
}

function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url');
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
  return listBeyond(
    rows.filter(({ row }) => !row.isAttachment),
    beyondNewest ?? 0,
  )
    .filter(({ row, isWhole }) => isWhole && row.state === 'current')
    .filter(({ row }) => !row.tags.some((tag) => tag === recommended || isProtected(tag)))
    .map((row) => ({ row, about: null, dueAt: toDueAt(row.row, olderThanDays, untouchedForDays) }));
}

/**
 * Without the `count` newest. Commits, channels and other names have no order: of such a digest its date must say that so many
 * are newer, and what nobody dated was all seen first at one moment, and stays.
 */
function listBeyond(rows: readonly LedgerRow[], count: number): readonly LedgerRow[] {
  if (count === 0) return rows;
  const dates = rows.map(dateOf).sort();
  const bound = dates.at(-count);
  return rows.filter((row, place) => {
    const [lead] = row.row.tags;
    const isOrdered = lead !== undefined && toTagFamily(lead).isOrdered;
    return isOrdered ? place >= count : bound !== undefined && dateOf(row) < bound;
  });
}

function dateOf({ row: { builtAt, firstSeenAt } }: LedgerRow): Instant {
  return builtAt ?? firstSeenAt;
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
    if (!row.row.isAttachment || row.row.state !== 'current' || leaving.has(row)) return [];
    if (row.row.tags.some(isProtected)) return [];
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
