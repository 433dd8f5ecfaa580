/**
 * Published releases. Each is a whole site in a folder of its own; `current` is a link to one of them and is replaced by a
 * rename, so that a reader sees one whole generation or another. Only what carries our record is ever removed.
 */
import { mkdir, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, syncFileSystem, syncFolder } from '../snapshot/durable-write.ts';
import { encodeStableJson } from '../snapshot/stable-json.ts';
import { type ReleaseRecord, releaseRecordSchema } from './release-record.schema.ts';

export interface Release {
  readonly id: string;
  readonly folder: string;
  readonly record: ReleaseRecord;
}

export interface ReleaseStore {
  /** Makes an empty folder to build in, on the file system of the releases. Removes what killed runs left. */
  stage(): Promise<string>;
  /** The release that readers see, or null. */
  readCurrent(): Promise<Release | null>;
  /** All releases that carry our record, oldest first. */
  list(): Promise<readonly Release[]>;
  /** Makes a staged folder the current release: flush, rename, record, switch. */
  publish(staged: string, record: ReleaseRecord, builtAt: string): Promise<Release>;
  /** Removes all but the newest `keep` releases; never the current one. Resolves to the ids removed. */
  prune(keep: number): Promise<readonly string[]>;
}

const idPattern = /^\d{8}T\d{6}Z(?:-\d+)?$/;
const stagingPrefix = '.staging-';

export function createReleaseStore(siteDir: string): ReleaseStore {
  const releases = join(siteDir, 'releases');
  const current = join(siteDir, 'current');
  const recordOf = (id: string) => join(releases, `${id}.json`);

  async function readRelease(id: string): Promise<Release | null> {
    try {
      const record = releaseRecordSchema.parse(JSON.parse(await readFile(recordOf(id), 'utf8')));
      return { id, folder: join(releases, id), record };
    } catch {
      return null;
    }
  }

  async function listIds(): Promise<readonly string[]> {
    const entries = await readdir(releases, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
      .map(({ name }) => name)
      .sort();
  }

  async function pickId(builtAt: string): Promise<string> {
    const base = builtAt.replace(/[-:]/g, '');
    const taken = new Set(await listIds());
    for (let count = 1; ; count++) {
      const id = count === 1 ? base : `${base}-${count}`;
      if (!taken.has(id)) return id;
    }
  }

  async function currentId(): Promise<string | null> {
    try {
      const target = await readlink(current);
      const id = /^releases\/([^/]+)$/.exec(target)?.[1];
      return id !== undefined && idPattern.test(id) ? id : null;
    } catch {
      return null;
    }
  }

  return {
    async stage() {
      await mkdir(releases, { recursive: true });
      for (const name of await readdir(releases)) {
        if (name.startsWith(stagingPrefix)) await rm(join(releases, name), { recursive: true, force: true });
      }
      const folder = join(releases, `${stagingPrefix}${process.pid}`);
      await mkdir(folder);
      return folder;
    },

    async readCurrent() {
      const id = await currentId();
      return id === null ? null : readRelease(id);
    },

    async list() {
      const found: Release[] = [];
      for (const id of await listIds()) {
        const release = await readRelease(id);
        if (release !== null) found.push(release);
      }
      return found;
    },

    async publish(staged, record, builtAt) {
      const id = await pickId(builtAt);
      const folder = join(releases, id);
      await syncFileSystem(staged);
      await replaceFile(recordOf(id), encodeStableJson(record));
      await rename(staged, folder);
      await syncFolder(releases);
      const link = join(siteDir, `.current-${process.pid}`);
      await rm(link, { force: true });
      await symlink(join('releases', id), link);
      await rename(link, current);
      await syncFolder(siteDir);
      return { id, folder, record };
    },

    async prune(keep) {
      const shown = await currentId();
      const ids = (await this.list()).map(({ id }) => id);
      const old = ids.slice(0, Math.max(0, ids.length - keep)).filter((id) => id !== shown);
      for (const id of old) {
        await rm(join(releases, id), { recursive: true, force: true });
        await rm(recordOf(id), { force: true });
      }
      return old;
    },
  };
}
