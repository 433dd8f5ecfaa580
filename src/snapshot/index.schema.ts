/** `catalogue.json`: the index and commit point of a snapshot. What it does not name does not exist. */
import { z } from 'astro/zod';
import type { CatalogueSummary } from '../catalogue/model.ts';
import { isRepositoryName } from '../oci/reference.ts';

export const snapshotSchemaVersion = 2;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const mark = z.string().regex(/^[0-9a-f]{32}$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

export const indexSchema = z.object({
  schemaVersion: z.literal(snapshotSchemaVersion),
  checkedAt: instant,
  changedAt: instant,
  beganAt: instant,
  registry: z.string().nullable(),
  runs: z.int().nonnegative(),
  withheldRepositories: z.int().nonnegative(),
  unreadRepositories: z.int().nonnegative(),
  /** Of the names and patterns that every text was searched for, a fingerprint: another one, and all are searched anew. */
  hiddenNames: z.string().optional(),
  /** Marks of these names, for a run that cannot list all of them. What is no mark is not kept: no name may stand here. */
  hiddenMarks: z.object({ strict: z.array(mark), referred: z.array(mark) }).optional(),
  /** They were others in the run before: the next run reads anew what something was taken out of. */
  hiddenNamesChanged: z.literal(true).optional(),
  /** Environment values of images read with credentials stood in what was published. */
  environmentPublished: z.literal(true).optional(),
  /** Of the patterns by which settings show names: with others, what they hide goes first of all. */
  shownPatterns: z.string().optional(),
  /** Of those for tags, by which the newest crawl went; and its first crawl that did, where one before went by others. */
  tagPatterns: z.object({ fingerprint: z.string(), since: instant.optional() }).optional(),
  heldBackRemovals: z.object({
    repositories: z.int().nonnegative(),
    tags: z.int().nonnegative(),
  }),
  sources: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['complete', 'incomplete', 'failed', 'refused']),
      completeAt: instant.nullable(),
      /** It answers a condition with the whole manifest: later runs ask by HEAD from the beginning. */
      ignoresConditions: z.literal(true).optional(),
    }),
  ),
  /** Of which shards it was joined: the same ones are not joined again. */
  joined: z
    .object({
      count: z.int().positive(),
      /** Each shard's number, and the SHA-256 of its file. */
      shards: z.array(z.tuple([z.int().positive(), sha256])),
      /** How the run ended that joined them. */
      exitCode: z.int().nonnegative(),
    })
    .optional(),
  repositories: z.array(
    z.object({
      name: z.custom<import('../oci/reference.ts').RepositoryName>(isRepositoryName, 'not a repository name'),
      /** The SHA-256 of the repository's file, in hexadecimal: its name, and the proof of its bytes. */
      file: sha256,
      /** The files of its older events, named in the same way. They belong to it for as long as it names them. */
      archives: z.array(sha256).optional(),
      source: z.string(),
      state: z.enum(['unread', 'listed', 'removed']),
      tags: z.int().nonnegative(),
    }),
  ),
});

/** One repository of the index. */
export type IndexEntry = z.output<typeof indexSchema>['repositories'][number];

/** One source of the index. */
export type SourceEntry = z.output<typeof indexSchema>['sources'][number];

/** By what names that are hidden are known again: strictly, or only where they are referred to. */
export type HiddenMarks = Readonly<NonNullable<z.output<typeof indexSchema>['hiddenMarks']>>;

/** By which patterns tags were shown. */
export type TagPatterns = Readonly<NonNullable<z.output<typeof indexSchema>['tagPatterns']>>;

/** The shards that a snapshot was joined of. */
export type JoinedShards = NonNullable<z.output<typeof indexSchema>['joined']>;

/** The index: the catalogue's summary, and where each repository's file is. Sorted by name. */
export interface SnapshotIndex extends CatalogueSummary {
  readonly sources: readonly SourceEntry[];
  readonly hiddenNames?: string | undefined;
  readonly hiddenMarks?: HiddenMarks | undefined;
  readonly hiddenNamesChanged?: true | undefined;
  readonly shownPatterns?: string | undefined;
  readonly tagPatterns?: TagPatterns | undefined;
  readonly environmentPublished?: true | undefined;
  readonly joined?: JoinedShards | undefined;
  readonly repositories: readonly IndexEntry[];
}
