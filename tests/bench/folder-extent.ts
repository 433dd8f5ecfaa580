/** What a folder takes on the disk. */
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderExtent {
  readonly files: number;
  /** Files and folders; what is linked twice counts once. */
  readonly inodes: number;
  /** As the files say; a file that is linked twice counts once. */
  readonly bytes: number;
  /** In whole blocks, folders included. */
  readonly diskBytes: number;
}

/** Walks several folders as one: what they share counts once. */
export async function readExtent(...folders: readonly string[]): Promise<FolderExtent> {
  const seen = new Set<number>();
  const extent = { files: 0, inodes: 0, bytes: 0, diskBytes: 0 };
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      const { ino, size, blocks } = await lstat(path);
      if (!seen.has(ino)) {
        seen.add(ino);
        extent.inodes++;
        extent.diskBytes += blocks * 512;
        if (entry.isFile()) extent.bytes += size;
      }
      if (entry.isFile()) extent.files++;
      if (entry.isDirectory()) await walk(path);
    }
  };
  for (const folder of folders) await walk(folder);
  return extent;
}
