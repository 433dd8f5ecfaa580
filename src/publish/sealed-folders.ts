/**
 * Folders that releases share. All that lies in one depends on what its id stands for, and is never written to again: an hour
 * in which ten of five thousand images changed makes a link for each of the others, and not one for each of their files.
 */

import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { syncFolder } from '../snapshot/durable-write.ts';

export interface SealedFolder {
  /** Relative to the release. */
  readonly folder: string;
  /** Stands for everything that its bytes depend on. */
  readonly id: string;
  /** All files in it, relative to the release, without compressed twins. */
  readonly files: readonly string[];
}

export interface SealedFolderStore {
  has(id: string): boolean;
  /** Whether all its files are there. */
  isWhole(folder: SealedFolder): boolean;
  /** Makes a staged release show the folder that is kept. */
  link(staged: string, folder: SealedFolder): Promise<void>;
  /** Takes folders out of a staged release to keep them, and links them there. One that is kept already is what it would be. */
  seal(staged: string, folders: Iterable<SealedFolder>): Promise<void>;
  /** Removes all but these. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>;
}

const idPattern = /^[0-9a-f]{32}$/;

/** The sealed folders that lie in a folder beside the releases. */
export function createSealedFolderStore(kept: string): SealedFolderStore {
  const link = async (staged: string, { folder, id }: SealedFolder) => {
    const path = join(staged, folder);
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(path), join(kept, id)), path);
  };
  return {
    has: (id) => existsSync(join(kept, id)),
    isWhole: ({ folder, id, files }) =>
      files.every((file) => existsSync(join(kept, id, file.slice(folder.length + 1)))),
    link,
    async seal(staged, folders) {
      await mkdir(kept, { recursive: true });
      for (const each of folders) {
        const path = join(staged, each.folder);
        if (existsSync(join(kept, each.id))) await rm(path, { recursive: true });
        else await rename(path, join(kept, each.id));
        await link(staged, each);
      }
      await syncFolder(kept);
    },
    async keepOnly(ids) {
      const names = await readdir(kept).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      for (const name of names) {
        if (idPattern.test(name) && !ids.has(name)) await rm(join(kept, name), { recursive: true, force: true });
      }
    },
  };
}
