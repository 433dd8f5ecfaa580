/**
 * Folders that releases share. All that lies in one depends on what its id stands for, and is never written to again: an hour
 * in which ten of five thousand images changed makes a link for each of the others, and not one for each of their files.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { syncFolder } from '../snapshot/durable-write.ts';
import type { LeftLinks } from './clear-release.ts';
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
  /** The ids of those that are kept. */
  readIds(): ReadonlySet<string>;
  /** Whether all its files are there. */
  isWhole(folder: SealedFolder): boolean;
  /** Removes those of a cleared release's links that lead to none of these folders. Returns the folders that the others lead to. */
  leaveOnly(release: string, links: LeftLinks, folders: Iterable<SealedFolder>): ReadonlySet<SealedFolder>;
  /** Makes a staged release show folders that are kept. */
  link(staged: string, folders: Iterable<SealedFolder>): Promise<void>;
  /** Takes folders out of a staged release to keep them, and links them there. One that is kept already, and whole, is what it would be. */
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
    /** By the folder of a link, for many lie in one. */
    const waysToKept = new Map<string, string>();
    let count = 0;
    for (const { folder, id } of folders) {
      const path = join(staged, folder);
      const above = dirname(path);
      const way = waysToKept.get(above) ?? relative(above, kept);
      waysToKept.set(above, way);
      makeFolder(path);
      symlinkSync(`${way}/${id}`, path);
      if (++count % linksAtOnce === 0) await setImmediate();
    }
  };
  /** Read once: a run asks for it three times, and while it has the lock nobody else keeps or removes any. */
  let known: Set<string> | null = null;
  const readIds = () => {
    known ??= listIds(kept);
    return known;
  };
  const isWhole = ({ folder, id, listFiles }: SealedFolder) =>
    existsSync(join(kept, id)) &&
    listFiles().every((file) => existsSync(join(kept, id, file.slice(folder.length + 1))));
  return {
    readIds,
    leaveOnly(release, links, folders) {
      const found = new Set<SealedFolder>();
      const idle = new Set(links.keys());
      for (const each of folders) {
        if (links.get(each.folder) !== each.id) continue;
        idle.delete(each.folder);
        found.add(each);
      }
      for (const path of idle) {
        unlinkSync(join(release, path));
        removeEmpty(release, dirname(path));
      }
      return found;
    },
    isWhole,
    link,
    async seal(staged, folders) {
      mkdirSync(kept, { recursive: true });
      for (const each of folders) {
        const path = join(staged, each.folder);
        const place = join(kept, each.id);
        if (isWhole(each)) rmSync(path, { recursive: true });
        else {
          // One that lost files would be taken for what was made in its place.
          rmSync(place, { recursive: true, force: true });
          renameSync(path, place);
        }
        known?.add(each.id);
        await link(staged, [each]);
      }
      await syncFolder(kept);
    },
    async keepOnly(ids) {
      const held = readIds();
      for (const id of held) {
        if (ids.has(id)) continue;
        rmSync(join(kept, id), { recursive: true, force: true });
        held.delete(id);
      }
    },
  };
}

function listIds(kept: string): Set<string> {
  try {
    return new Set(readdirSync(kept).filter((name) => idPattern.test(name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}

/** Removes a folder below `root`, and those above it, as far as nothing is left in them. */
function removeEmpty(root: string, folder: string): void {
  for (let each = folder; each !== '.'; each = dirname(each)) {
    try {
      rmdirSync(join(root, each));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return;
      throw error;
    }
  }
}
