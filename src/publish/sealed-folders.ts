/**
 * Folders that releases share. All that lies in one depends on what its id stands for, and is never written to again: an hour
 * in which ten of five thousand images changed makes a link for each of the others, and not one for each of their files.
 */
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { syncFolder } from '../snapshot/durable-write.ts';
import { createFolderMaker } from './link-file.ts';

export interface SealedFolder {
  /** Relative to the release. */
  readonly folder: string;
  /** Stands for everything that its bytes depend on. */
  readonly id: string;
  readonly fileCount: number;
  /** Works out all files in it, relative to the release, without compressed twins: of a large site they are many. */
  listFiles(): readonly string[];
}

export interface SealedFolderStore {
  has(id: string): boolean;
  /** Whether all its files are there. */
  isWhole(folder: SealedFolder): boolean;
  /** Makes a staged release show folders that are kept. */
  link(staged: string, folders: Iterable<SealedFolder>): Promise<void>;
  /** Takes folders out of a staged release to keep them, and links them there. One that is kept already is what it would be. */
  seal(staged: string, folders: Iterable<SealedFolder>): Promise<void>;
  /** Removes all but these. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>;
}

/** After so many others have their turn: pages may be made meanwhile, by processes that ask what to do next. */
const linksAtOnce = 200;

const idPattern = /^[0-9a-f]{32}$/;

/** The sealed folders that lie in a folder beside the releases. */
export function createSealedFolderStore(kept: string): SealedFolderStore {
  // There may be ten thousand: to wait for each would take ten times as long as all of them do.
  const link = async (staged: string, folders: Iterable<SealedFolder>) => {
    const makeFolder = createFolderMaker();
    let count = 0;
    for (const { folder, id } of folders) {
      const path = join(staged, folder);
      makeFolder(path);
      symlinkSync(relative(dirname(path), join(kept, id)), path);
      if (++count % linksAtOnce === 0) await setImmediate();
    }
  };
  return {
    has: (id) => existsSync(join(kept, id)),
    isWhole: ({ folder, id, listFiles }) =>
      listFiles().every((file) => existsSync(join(kept, id, file.slice(folder.length + 1)))),
    link,
    async seal(staged, folders) {
      mkdirSync(kept, { recursive: true });
      for (const each of folders) {
        const path = join(staged, each.folder);
        if (existsSync(join(kept, each.id))) rmSync(path, { recursive: true });
        else renameSync(path, join(kept, each.id));
        await link(staged, [each]);
      }
      await syncFolder(kept);
    },
    async keepOnly(ids) {
      const names = await readdir(kept).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      for (const name of names) {
        if (idPattern.test(name) && !ids.has(name)) rmSync(join(kept, name), { recursive: true, force: true });
      }
    },
  };
}
