/**
 * What a shard leaves, in a folder of its own: `shard.json`, which is renamed into place last, and beside it the files of the
 * repositories that are not as the snapshot has them. The snapshot itself is only read.
 */
import { hash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, syncFileSystem } from './durable-write.ts';
import { snapshotSchemaVersion } from './index.schema.ts';
import { readSchemaVersion } from './migrations.ts';
import { mergedShardSchema, type ShardFile, shardFileSchema, shardSettingsSchema } from './shard-file.schema.ts';
import { describeCause, SnapshotError } from './snapshot-error.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';
import { encodeStableJson } from './stable-json.ts';

export interface ShardStore {
  readonly folder: string;
  /** The repositories that it wrote. It has no index. */
  readonly repositories: Pick<
    SnapshotStore,
    'readRepository' | 'readHistory' | 'readMark' | 'writeRepository' | 'removeUnnamed'
  >;
  /** Takes back what an earlier run left: until this one commits there is nothing. `settings` are those that it goes by from now on. */
  begin(settings: string): Promise<void>;
  /** The settings that what is here goes by; null where that is not known. */
  readSettings(): Promise<string | null>;
  /** What it left, and the SHA-256 of that; null where there is nothing. Throws a `SnapshotError`. */
  read(): Promise<{ readonly file: ShardFile; readonly id: string } | null>;
  /** Flushes what was written, then renames the file into place. */
  commit(file: Omit<ShardFile, 'schemaVersion'>): Promise<void>;
  /** Takes back what was committed, and removes what it named. */
  withdraw(): Promise<void>;
  /** Leaves no more of it than its id: all that it saw stands in the snapshot now. */
  putAway(merged: MergedShard): Promise<void>;
  /** What is left of one that was put away; null where none was. */
  readMerged(): Promise<MergedShard | null>;
  /** Removes all that it left, and what it kept to save time. */
  forget(): Promise<void>;
}

/** A shard that a snapshot was joined of: which, and the SHA-256 of what it left. */
export type MergedShard = ReturnType<typeof mergedShardSchema.parse>;

export function createShardStore(folder: string): ShardStore {
  const path = join(folder, 'shard.json');
  const mergedPath = join(folder, 'merged.json');
  const settingsPath = join(folder, 'settings.json');
  const withdraw = async () => {
    for (const one of [path, mergedPath, join(folder, 'snapshot')]) await rm(one, { recursive: true, force: true });
  };
  return {
    folder,
    repositories: createSnapshotStore(folder),
    withdraw,

    async begin(settings) {
      await withdraw();
      await replaceFile(settingsPath, encodeStableJson({ settings }));
    },

    async readSettings() {
      return (await readOwn(settingsPath, shardSettingsSchema))?.settings ?? null;
    },

    async read() {
      const text = await readText(path);
      return text === null ? null : { file: decodeShardFile(text, path), id: hash('sha256', text) };
    },

    async commit(file) {
      await mkdir(join(folder, 'snapshot'), { recursive: true });
      if (file.looked.some(({ entry, heir }) => entry !== 'as-known' || heir !== undefined))
        await syncFileSystem(folder);
      await replaceFile(path, encodeStableJson({ schemaVersion: snapshotSchemaVersion, ...file }));
    },

    async putAway({ number, count, id }) {
      await replaceFile(mergedPath, encodeStableJson({ number, count, id }));
      for (const one of [path, join(folder, 'snapshot')]) await rm(one, { recursive: true, force: true });
    },

    async readMerged() {
      return readOwn(mergedPath, mergedShardSchema);
    },

    async forget() {
      // First what makes the rest true.
      for (const one of [
        path,
        ...['merged.json', 'report.json', 'snapshot', 'cache', 'settings.json'].map((name) => join(folder, name)),
      ]) {
        await rm(one, { recursive: true, force: true });
      }
    },
  };
}

/** What cannot be read is as good as nothing. */
async function readOwn<T>(path: string, schema: { parse(value: unknown): T }): Promise<T | null> {
  const text = await readText(path);
  try {
    return text === null ? null : schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

function decodeShardFile(text: string, path: string): ShardFile {
  try {
    const value: unknown = JSON.parse(text);
    const version = readSchemaVersion(value);
    if (version !== null && version > snapshotSchemaVersion) {
      throw new SnapshotError(
        'SNAPSHOT_NEWER',
        `${path} has schema version ${version}; this program knows ${snapshotSchemaVersion}`,
        'A newer registry-homepage wrote it. Let the same program crawl and merge.',
      );
    }
    if (version !== null && version < snapshotSchemaVersion) {
      throw new SnapshotError(
        'SNAPSHOT_BROKEN',
        `${path} has schema version ${version}; this program knows ${snapshotSchemaVersion}`,
        'An older registry-homepage wrote it. Crawl that shard again.',
      );
    }
    return shardFileSchema.parse(value);
  } catch (cause) {
    if (cause instanceof SnapshotError) throw cause;
    throw new SnapshotError(
      'SNAPSHOT_BROKEN',
      `${path} cannot be used: ${describeCause(cause)}`,
      'Crawl that shard again.',
      {
        cause,
      },
    );
  }
}
