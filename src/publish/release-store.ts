/**
 * Published releases. Each is a whole site in a folder of its own; `current` is a link to one of them and is replaced by a
 * rename, so that a reader sees one whole generation or another. Only what carries our record, or a name that only we give,
 * is ever removed.
 */
import { rmSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isTemporaryName, replaceFile, syncFileSystem, syncFolder } from '../snapshot/durable-write.ts';
import { encodeStableJson } from '../snapshot/stable-json.ts';
import type { LeftLinks } from './clear-release.ts';
import { ForeignFileError } from './foreign-file-error.ts';
import { type ReleaseRecord, releaseRecordSchema } from './release-record.schema.ts';
import { createSealedFolderStore, type SealedFolder, type SealedFolderStore } from './sealed-folders.ts';

export interface Release {
  readonly id: string;
  readonly folder: string;
  readonly record: ReleaseRecord;
}

export interface ReleaseStore {
  /** Removes what killed runs left. Throws where `current` is something that we did not make. To be called under the lock. */
  repair(): Promise<void>;
  /** Makes an empty folder to build in, on the file system of the releases. */
  stage(): Promise<string>;
  /**
   * The release that goes when another is published, where `keep` of them are kept and a reader may still be shown it; null where
   * none goes yet, or none but the current one.
   */
  findSpare(keep: number, hiddenNames: string | null): Promise<Release | null>;
  /** Makes a release over into a folder to build in, when it is cleared. */
  makeOver(spare: Release, clear: (staged: string) => Promise<LeftLinks>): Promise<MadeOver>;
  /** The release that readers see, or null. */
  readCurrent(): Promise<Release | null>;
  /** All releases that carry our record, in the order of their making. */
  list(): Promise<readonly Release[]>;
  /** The folders that releases share. */
  readonly sealed: SealedFolderStore;
  /** Makes a staged folder the current release: flush, seal, rename, record, switch. `sealed` are those to be kept from now on. */
  publish(staged: string, record: ReleaseRecord, builtAt: string, sealed?: readonly SealedFolder[]): Promise<Release>;
  /**
   * Removes all but the newest `keep` releases, and all that were made when other names were hidden; never the current one.
   * Resolves to the ids removed.
   */
  prune(keep: number, hiddenNames: string | null): Promise<readonly string[]>;
}

export interface MadeOver {
  readonly staged: string;
  readonly links: LeftLinks;
}

const idPattern = /^(\d{8}T\d{6}Z)(?:-(\d+))?$/;
/** What is being built, and what is being removed. */
const unfinishedPattern = /^\.(?:staging|removed)-[\w-]+$/;
const temporaryLinkPattern = /^\.current-\d+$/;

export function createReleaseStore(siteDir: string): ReleaseStore {
  const releases = join(siteDir, 'releases');
  const current = join(siteDir, 'current');
  const sealed = createSealedFolderStore(join(releases, 'parts'));
  const recordOf = (id: string) => join(releases, `${id}.json`);
  /** A record is never written again, is asked for ten times in a run, and of a large site is a megabyte. */
  const read = new Map<string, Release>();

  async function readRelease(id: string): Promise<Release | null> {
    const known = read.get(id);
    if (known !== undefined) return known;
    try {
      const value: unknown = JSON.parse(await readFile(recordOf(id), 'utf8'));
      if (typeof value !== 'object' || value === null || !('fingerprint' in value)) return null;
      const release = { id, folder: join(releases, id), record: releaseRecordSchema.parse(value) };
      read.set(id, release);
      return release;
    } catch {
      return null;
    }
  }

  async function listIds(): Promise<readonly string[]> {
    const entries = await readdir(releases, { withFileTypes: true }).catch(orNothing);
    return entries
      .filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
      .map(({ name }) => name)
      .sort(compareIds);
  }

  /** An id after every other: a clock that was set back does not make a new release an old one. */
  async function pickId(builtAt: string): Promise<string> {
    const wanted = builtAt.replace(/[-:]/g, '');
    const newest = (await listIds()).at(-1);
    if (newest === undefined || compareIds(newest, wanted) < 0) return wanted;
    const [, second, count = '1'] = idPattern.exec(newest) ?? [];
    return `${second}-${Number(count) + 1}`;
  }

  async function currentId(): Promise<string | null> {
    try {
      // An operator who goes back to an older release may have written the link another way than we do.
      const target = await readlink(current);
      const id = basename(resolve(siteDir, target));
      return idPattern.test(id) && (await isInReleases(target)) ? id : null;
    } catch {
      return null;
    }
  }

  /** By its words, or by where they lead: the folder of the site, or one above it, may be a link itself. */
  async function isInReleases(target: string): Promise<boolean> {
    if (dirname(resolve(siteDir, target)) === resolve(releases)) return true;
    const folder = isAbsolute(target) ? dirname(target) : `${siteDir}/${dirname(target)}`;
    return (await realpath(folder)) === (await realpath(releases));
  }

  async function takeOut(id: string, folder: string): Promise<void> {
    await rename(join(releases, id), folder);
    read.delete(id);
    await rm(recordOf(id), { force: true });
  }

  /** Takes the release out of the list at once, then its files one by one: a kill in between leaves nothing half removed. */
  async function remove(id: string): Promise<void> {
    const removed = join(releases, `.removed-${id}`);
    await takeOut(id, removed);
    // The kernel has them in memory, and there may be a hundred thousand: one by one they take three times the processor's time.
    rmSync(removed, { recursive: true, force: true });
  }

  async function listReleases(): Promise<readonly Release[]> {
    const found: Release[] = [];
    for (const id of await listIds()) {
      const release = await readRelease(id);
      if (release !== null) found.push(release);
    }
    return found;
  }

  /** While nobody knows what the current release shows, all of it stays. */
  async function removeUnusedFolders(): Promise<void> {
    const shown = await currentId();
    const all = await listReleases();
    if (shown === null || all.some(({ id }) => id === shown)) {
      await sealed.keepOnly(new Set(all.flatMap(({ record }) => record.sealed)));
    }
  }

  return {
    sealed,

    async repair() {
      read.clear();
      const link = await lstat(current).catch(() => null);
      if (link !== null && (!link.isSymbolicLink() || (await currentId()) === null)) {
        throw new ForeignFileError(current);
      }
      for (const entry of await readdir(releases, { withFileTypes: true }).catch(orNothing)) {
        const path = join(releases, entry.name);
        // A renderer whose run was killed may still be writing there for a moment: then the next run removes it.
        if (unfinishedPattern.test(entry.name)) await rm(path, { recursive: true, force: true }).catch(ignoreNotEmpty);
        else if (isTemporaryName(entry.name)) await rm(path, { force: true });
        else if (entry.isFile() && (await isLoneRecord(entry.name))) await rm(path);
      }
      for (const name of await readdir(siteDir).catch(orNothing)) {
        if (temporaryLinkPattern.test(name)) await rm(join(siteDir, name), { force: true });
      }
      await removeUnusedFolders();
    },

    async stage() {
      await mkdir(releases, { recursive: true });
      const folder = await mkdtemp(join(releases, '.staging-'));
      await chmod(folder, 0o755);
      return folder;
    },

    async findSpare(keep, hiddenNames) {
      const all = await listReleases();
      const [oldest] = all;
      if (oldest === undefined || all.length < keep || oldest.record.hiddenNames !== hiddenNames) return null;
      return oldest.id === (await currentId()) ? null : oldest;
    },

    async makeOver({ id }, clear) {
      const staged = join(releases, `.staging-${id}`);
      await takeOut(id, staged);
      return { staged, links: await clear(staged) };
    },

    async readCurrent() {
      const id = await currentId();
      return id === null ? null : readRelease(id);
    },

    list: listReleases,

    async publish(staged, record, builtAt, toSeal = []) {
      const id = await pickId(builtAt);
      const folder = join(releases, id);
      await syncFileSystem(staged);
      if (toSeal.length > 0) {
        // A folder is kept once its files are on the disk, and the release is named once its links are.
        await sealed.seal(staged, toSeal);
        await syncFileSystem(staged);
      }
      read.delete(id);
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

    async prune(keep, hiddenNames) {
      const shown = await currentId();
      const all = await listReleases();
      const old = all
        .filter(({ record }, at) => at < all.length - keep || record.hiddenNames !== hiddenNames)
        .map(({ id }) => id)
        .filter((id) => id !== shown);
      for (const id of old) await remove(id);
      await removeUnusedFolders();
      return old;
    },
  };

  /** Whether a file is the record of a release that a killed run did not get to make. */
  async function isLoneRecord(name: string): Promise<boolean> {
    const id = name.slice(0, -'.json'.length);
    if (!name.endsWith('.json') || !idPattern.test(id) || (await readRelease(id)) === null) return false;
    return (await lstat(join(releases, id)).catch(() => null)) === null;
  }
}

function compareIds(a: string, b: string): number {
  const [, secondA = a, countA = '1'] = idPattern.exec(a) ?? [];
  const [, secondB = b, countB = '1'] = idPattern.exec(b) ?? [];
  if (secondA !== secondB) return secondA < secondB ? -1 : 1;
  return Number(countA) - Number(countB);
}

function orNothing(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function ignoreNotEmpty(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY') throw error;
}
