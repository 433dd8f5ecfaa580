/**
 * `shard.json`: what one shard of a crawl saw, and its commit point. It is no snapshot: what of it stands is decided when all
 * shards are there. Hidden names stand in it as marks alone.
 */
import { z } from 'astro/zod';
import { isRepositoryName, isTag } from '../oci/reference.ts';
import { indexSchema, snapshotSchemaVersion } from './index.schema.ts';

type RepositoryName = import('../oci/reference.ts').RepositoryName;
type Tag = import('../oci/reference.ts').Tag;

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const mark = z.string().regex(/^[0-9a-f]{32}$/);
const name = z.custom<RepositoryName>(isRepositoryName, 'not a repository name');
const tag = z.custom<Tag>(isTag, 'not a tag');
const failure = z.object({ code: z.string(), message: z.string() });
const finding = z.object({
  code: z.string(),
  source: z.string().nullable(),
  repository: name.nullable(),
  tag: tag.nullable(),
  text: z.string(),
});
const { beganAt, checkedAt, runs, hiddenNames, hiddenNamesChanged, repositories, sources } = indexSchema.shape;

export const shardFileSchema = z.object({
  schemaVersion: z.literal(snapshotSchemaVersion),
  shard: z.object({ number: z.int().positive(), count: z.int().positive() }),
  /** Of the settings that all shards of a crawl must share. */
  settings: sha256,
  /** The snapshot that it went by; null where there was none. */
  base: z.object({ beganAt, checkedAt, runs, hiddenNames, hiddenNamesChanged }).nullable(),
  lookedAt: checkedAt,
  /** Of what needs no decision. */
  counts: z.object({ repositories: counts, tags: counts }),
  /** Names that may stand in no text: marks of them, and of those that were searched for the fingerprint. */
  hidden: z.object({
    searchedFor: z.string().optional(),
    withheld: count,
    strict: z.array(mark),
    referred: z.array(mark),
    /** Listed, and not known to the snapshot, by the shard whose they are: if it is missing, they are hidden. */
    unvouched: z.array(z.object({ number: z.int().positive(), marks: z.array(mark) })),
  }),
  sources: z.array(
    z.object({
      name: z.string(),
      outcome: sources.element.shape.outcome,
      listed: count,
      excluded: count,
      ignoresConditions: z.boolean(),
      /** Of the names that settings gave, where they did. */
      givenNames: sha256.nullable(),
      failure: failure.nullable(),
      hint: z.string().nullable(),
      answers: z.object({
        answered: count,
        refused: count,
        failed: count,
        firstFailure: failure.nullable(),
        isGiven: z.boolean(),
        isOpen: z.boolean(),
      }),
      requests: z.object({
        byKind: counts,
        unchanged: count,
        retries: count,
        rateLimited: count,
        receivedBytes: count,
      }),
      findings: z.array(finding),
    }),
  ),
  looked: z.array(
    z.object({
      name,
      source: z.string(),
      isEmpty: z.boolean(),
      isNew: z.boolean(),
      /** The very file that the snapshot has of it, or one that lies beside this file. */
      entry: z.union([z.literal('as-known'), repositories.element]),
      due: z.object({ repository: z.boolean(), missedRuns: count, tags: z.array(z.tuple([tag, count])) }).nullable(),
      /** What takes its place if it goes; without an entry where that may not be read. Left out where nothing does. */
      heir: z
        .object({
          source: z.string(),
          isEmpty: z.boolean(),
          entry: repositories.element.nullable(),
          findings: z.array(finding),
        })
        .optional(),
    }),
  ),
  unanswered: z.array(z.object({ name, source: z.string(), failure })),
  refused: z.array(z.object({ name, source: z.string() })),
  findings: z.array(finding),
});

/** `merged.json`: that a shard was joined. */
export const mergedShardSchema = z.object({ number: z.int().positive(), count: z.int().positive(), id: sha256 });

/** `settings.json`: of the settings that all in a shard's folder goes by, what it kept to save time too. */
export const shardSettingsSchema = z.object({ settings: sha256 });

/** What a shard left. */
export type ShardFile = z.output<typeof shardFileSchema>;
